"""Who watches a job: one JSON line per step for a log, a file for Prometheus, and an ear for those who want it to stop."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cxtext.errors import ConfigurationError, CxtextError, Locked, Stopped
from cxtext.jobs.progress import Progress

EVERY = 10.0  # seconds between two heartbeats of the file while one stage lasts
STATES = ("running", "done", "failed", "stopped")


@dataclass
class Watch:
    """Progress that is passed on, logged, measured, and interrupted between two transactions once somebody asks.

    No line and no figure holds a text of a ticket, a name or an address: numbers, names of stages and sources alone.
    """

    inner: Progress
    now: Callable[[], datetime]
    log: Callable[[str], None] | None = None  # where JSON lines go
    file: Path | None = None  # for the textfile collector of Prometheus' node_exporter
    warn: Callable[[str], None] = lambda _line: None
    run: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)  # per stage
    asked_to_stop: bool = False
    _published: bool = False
    _stage: str = ""
    _steps: int = 0
    _began: float = field(default_factory=time.monotonic)
    _since: float = 0.0
    _told: float = 0.0

    def __post_init__(self) -> None:
        if self.file is not None and (self.file.suffix != ".prom" or not self.file.parent.is_dir()):
            raise ConfigurationError(f"metrics file {self.file}: name a file *.prom in a folder that is there")

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; the one before is done."""
        self._close()
        self._stage, self._steps, self._since = name, 0, time.monotonic()
        self.inner.stage(name, total)
        self._write("running")
        self._stop_if_asked()

    def advance(self, steps: int) -> None:
        """So many steps are done, and kept."""
        self._steps += steps
        self.inner.advance(steps)
        if time.monotonic() - self._told >= EVERY:
            self._write("running")
        self._stop_if_asked()

    def note(self, what: str, facts: Mapping[str, Any]) -> None:
        """What the job says of itself: "began", "counted" or "published"."""
        if what == "began":
            self.run = dict(facts)
            self._line("info", "run_began", **{name: facts[name] for name in ("kind", "as_of", "resumed")})
        elif what == "counted":
            self.counts |= {name: count for name, count in facts.items() if isinstance(count, int)}
        elif what == "published":
            self._published = True
        self.inner.note(what, facts)

    def stop(self) -> None:
        """Somebody asks the job to stop: it does so after the transaction it is in, or goes on to its end if that is near."""
        self.asked_to_stop = True

    def ended(self, error: BaseException | None = None) -> None:
        """The job is over; `error` is what ended it, if something did."""
        self._close()
        if isinstance(error, Locked):  # the file belongs to the run that is working
            self._line("error", "run_refused", error="Locked", message=str(error))
            return
        state = "done" if error is None else "stopped" if isinstance(error, Stopped | KeyboardInterrupt) else "failed"
        told: dict[str, Any] = {"seconds": round(time.monotonic() - self._began, 3), "counts": self.counts}
        if error is not None:  # words of errors that are not ours may quote a ticket
            told |= {"error": type(error).__name__, "message": str(error) if isinstance(error, CxtextError) else ""}
        self._line("info" if state != "failed" else "error", f"run_{state}", **told)
        self._write(state)

    def _stop_if_asked(self) -> None:
        if self.asked_to_stop and not self._published:
            raise Stopped("stopped as asked. Nothing is lost: the same command goes on where it stopped")

    def _close(self) -> None:
        if not self._stage:
            return
        spent = time.monotonic() - self._since
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + spent
        steps = {"steps": self._steps} if self._steps else {}
        self._line("info", "stage_done", stage=self._stage, seconds=round(spent, 3), **steps)
        self._stage = ""

    def _line(self, level: str, event: str, **facts: Any) -> None:
        if self.log is None:
            return
        moment = self.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        known = {"time": moment, "level": level, "event": event, "run": self.run.get("run")}
        self.log(json.dumps(known | facts, ensure_ascii=False, default=str))

    def _write(self, state: str) -> None:
        self._told = time.monotonic()
        if self.file is None:
            return
        draft = self.file.with_name(f".{self.file.name}.unfinished")  # the collector reads *.prom alone
        try:
            draft.write_text("".join(self._figures(state)), encoding="utf-8")
            draft.replace(self.file)
        except OSError as error:  # a night must not fail because nobody can look at it
            self.warn(f"metrics file {self.file}: {error.strerror or error}")
            self._line("warning", "metrics_file_not_written", message=str(error.strerror))

    def _figures(self, state: str) -> list[str]:
        moment = self.now().timestamp()
        last = moment if state == "done" else self.run.get("last_done")
        lines = _gauge("run_number", "Number of the run.", self.run.get("run"))
        lines += _gauge(
            "run_state", "1 for the state that the run is in.", {name: int(name == state) for name in STATES}, "state"
        )
        lines += _gauge("run_heartbeat_timestamp_seconds", "When the run last said that it is alive.", moment)
        lines += _gauge("run_success_timestamp_seconds", "When a night was last finished.", last)
        lines += _gauge(
            "run_duration_seconds", "Time since the run began, or that it took.", time.monotonic() - self._began
        )
        lines += _gauge("run_processor_seconds", "Processor time of the run and its workers.", _processor())
        lines += _gauge("run_memory_peak_bytes", "Most memory that the process has held.", _memory())
        lines += _gauge("run_stage_duration_seconds", "Time that each stage took.", self.seconds, "stage")
        return lines + _gauge("run_rows", "What the run counted.", self.counts, "what")


def _gauge(name: str, what: str, value: Any, label: str = "") -> list[str]:
    """The lines of one figure in Prometheus' text format; none where there is no value."""
    values = value if isinstance(value, dict) else {"": value}
    rows = [
        f"cxtext_{name}{{{label}={json.dumps(key, ensure_ascii=False)}}} {number:.10g}\n"
        if label
        else f"cxtext_{name} {number:.13g}\n"
        for key, number in sorted(values.items())
        if number is not None
    ]
    return [f"# HELP cxtext_{name} {what}\n", f"# TYPE cxtext_{name} gauge\n", *rows] if rows else []


def _processor() -> float:
    import resource  # noqa: PLC0415 – with the next function, all that needs it

    own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime


def _memory() -> int:
    import resource  # noqa: PLC0415

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
