"""The nightly job: claim the run, ingest, read, find topics, count, publish. The same night twice changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cxtext.assemble import artefact_folder, models_hash
from cxtext.batches import batches
from cxtext.domain import Case, Rejected, Ticket
from cxtext.errors import EngineError, SourceError, Stopped
from cxtext.jobs.alerts import tell_failure
from cxtext.jobs.corrections import corrected
from cxtext.jobs.gather import Wanted, gather
from cxtext.jobs.memory import give_back
from cxtext.jobs.progress import Progress, Silent
from cxtext.jobs.recount import Stage
from cxtext.jobs.sharing import UNREAD, Crew, crew
from cxtext.jobs.signals import check_settings
from cxtext.jobs.stages import AFTER_PUBLISHING, BEFORE_PUBLISHING
from cxtext.jobs.topics import find_topics
from cxtext.jobs.visits import Stay
from cxtext.settings import Settings
from cxtext.store import Store, cases, corrections, results, runs
from cxtext.text.repeats import folds_of

BATCH = 1000  # tickets in one transaction: a kill costs at most these


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody asked of a night."""

    sources: Sequence[str] = ()
    given: Iterable[Ticket | Rejected] = ()  # rows that are at hand already
    mapping: dict[str, str] = field(default_factory=dict)
    as_of: date | None = None
    limit: int | None = None
    strict: bool = False
    only_ingest: bool = False
    surveys: Sequence[str] = ()  # files with answers to surveys


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a night did."""

    run_id: int
    counts: dict[str, Any]
    lines: tuple[str, ...] = ()  # what was recognised in the sources
    resumed: bool = False

    @property
    def quarantined(self) -> int:
        """Rows of the sources that are no tickets."""
        return int(self.counts.get("quarantined", 0))


def run_night(
    store: Store,
    settings: Settings,
    order: Order,
    *,
    now: Callable[[], datetime],
    progress: Progress | None = None,
    tell: Callable[[str], None] = lambda _line: None,
    hired: Crew | None = None,
) -> Outcome:
    """Do one night. Killed, it goes on where it stopped; failed, it leaves nothing behind.

    `hired` is who works; a replay of many nights passes its crew on and spares the seconds that loading models takes.

    Raises:
        Locked: another run is writing.
        CxtextError: the job failed; nothing of it was kept.
    """
    check_settings(settings, now().date())
    with store.lock(), ExitStack() as close_after:
        if (past := _already(store, order.as_of)) is not None:
            return past
        hands = hired or close_after.enter_context(crew(store, settings))
        kind = "ingest" if order.only_ingest else "night"
        with store.write() as connection:
            run = runs.begin(
                connection,
                kind=kind,
                now=now(),
                as_of=order.as_of or now().astimezone(ZoneInfo(settings.timezone)).date(),
                exactly=order.as_of is not None,
                recipe=settings.recipe,
                models_hash=models_hash(hands.parts.recipe, artefact_folder(store.file)),
            )
        watch = progress or Silent()
        watch.note("began", _begun(store, run))
        try:
            outcome = _work(store, settings, order, run, hands, now=now, progress=watch, tell=tell)
        except Stopped:  # as asked: the next run goes on from here
            raise
        except EngineError:  # workers or their scheduler are gone, the tickets are not: the next run goes on from here
            tell_failure(store, run, settings, now)
            raise
        except Exception as error:  # whatever it is: a run that failed leaves nothing behind
            with store.write() as connection:
                runs.discard(connection, run.id, now=now(), note=type(error).__name__)
                failed = runs.get(connection, run.id)
            tell_failure(store, failed, settings, now)
            raise
        watch.note("published", {})
        if order.only_ingest:
            return outcome
        told = _stages(AFTER_PUBLISHING, store, settings, run, now=now, progress=watch)
        return replace(outcome, counts=outcome.counts | told)  # the night stands, whatever becomes of these stages


def _begun(store: Store, run: runs.Run) -> dict[str, Any]:
    """What those who watch are told at the beginning."""
    with store.read() as connection:
        last = runs.last_done(connection, "night")
    done = last.finished_at.timestamp() if last is not None and last.finished_at is not None else None
    return {"run": run.id, "kind": run.kind, "as_of": run.as_of, "resumed": run.resumed, "last_done": done}


def _already(store: Store, as_of: date | None) -> Outcome | None:
    """An old night is never run again: it would know what came later. Its results are still there to be exported."""
    if as_of is None:
        return None
    with store.read() as connection:
        last = runs.last_done(connection, "night")
        if last is None or last.as_of is None or last.as_of <= as_of:
            return None
        old = runs.get(connection, runs.at(connection, as_of))
    line = f"the night of {as_of} has already run (run {old.id}); `cxtext export … --as-of {as_of}` shows it as it was"
    return Outcome(run_id=old.id, counts=dict(old.counts) | {"quarantined": 0}, lines=(line,))


def _work(
    store: Store,
    settings: Settings,
    order: Order,
    run: runs.Run,
    hands: Crew,
    *,
    now: Callable[[], datetime],
    progress: Progress,
    tell: Callable[[str], None],
) -> Outcome:
    stay = Stay(
        store=store, crew=hands, run_id=run.id, as_of=order.as_of, zone=ZoneInfo(settings.timezone), now=now,
        progress=progress,
    )  # fmt: skip
    wanted = Wanted(
        sources=order.sources, given=order.given, mapping=order.mapping, limit=order.limit, surveys=order.surveys
    )
    taken, lines = gather(wanted, settings, stay, tell=tell)
    if order.strict and taken.quarantined:
        raise SourceError(
            f"{taken.quarantined} rows are no tickets, and --strict allows none: `cxtext run` without it shows them"
        )
    counts: dict[str, Any] = asdict(taken)
    progress.note("counted", counts)
    fold_new(store, run.id)
    if not order.only_ingest:
        counts |= _read(store, run, hands, now=now, progress=progress)
        with store.write() as connection:
            results.save_taxonomy(connection, hands.parts.taxonomy.causes, hands.parts.taxonomy.departments, run.id)
        give_back()
        progress.stage("finding topics", None)
        counts |= find_topics(store, run.id, settings, (), as_of=order.as_of, now=now, kept=hands.parts.kept)
        counts |= _stages(BEFORE_PUBLISHING, store, settings, run, now=now, progress=progress)
    with store.write() as connection:
        runs.publish(connection, run.id, now=now(), counts=counts)
    return Outcome(run_id=run.id, counts=counts, lines=tuple(lines), resumed=run.resumed)


def _stages(
    stages: Sequence[Stage],
    store: Store,
    settings: Settings,
    run: runs.Run,
    *,
    now: Callable[[], datetime],
    progress: Progress,
) -> dict[str, int]:
    counts: dict[str, int] = {}
    for stage in stages:
        give_back()
        progress.stage(stage.title, None)
        with store.write() as connection:
            runs.heartbeat(connection, run.id, now=now())
        counted = stage.work(store, run, settings, now)
        progress.note("counted", counted)
        counts |= counted
    return counts


def fold_new(store: Store, run_id: int) -> None:
    """Give near-identical texts one fold: those of this run among themselves and with all that is known."""
    with store.write() as connection:
        numbers = cases.written(connection, run_id)
        before: dict[int, str] = {}

        def texts() -> Iterator[str]:
            for no, text, fold in cases.texts(connection, numbers, run_id):
                before[no] = fold
                yield text

        folded = folds_of(texts(), lambda among: cases.known_folds(connection, run_id, among))
        changed = {no: after for (no, fold), after in zip(before.items(), folded, strict=True) if fold != after}
        cases.refold(connection, changed, run_id)


def _read(
    store: Store, run: runs.Run, hands: Crew, *, now: Callable[[], datetime], progress: Progress
) -> dict[str, int]:
    """Read what is new; and everything again where lexicons, languages, taxonomy or recipe have changed since."""
    with store.read() as connection:
        before = runs.last_done(connection, "night")
        fresh = cases.pending(connection, run.id, since=before.id if before else 0)
        stale = before is not None and before.models_hash != run.models_hash
        again = sorted(set(cases.everything(connection, run.id)) - set(fresh)) if stale else []
    counts = {"readings": 0}
    progress.stage("reading moods, causes and aims", len(fresh) + len(again))
    for numbers, always in ((fresh, True), (again, False)):
        for part in batches(hands.read(_loaded(store, numbers, run.id), len(numbers)), BATCH):
            with store.read() as connection:
                said = corrections.newest(connection, run.id, [number for number, _ in part])
            by_number = {number: corrected(reading or UNREAD, said.get(number, {})) for number, reading in part}
            with store.write() as connection:
                counts["readings"] += results.save_readings(connection, by_number, run.id, always=always)
                runs.heartbeat(connection, run.id, now=now())
            if unread := [number for number, reading in part if reading is None]:
                counts["unread"] = counts.get("unread", 0) + len(unread)
            progress.advance(len(part))
    return counts


def _loaded(store: Store, numbers: Sequence[int], run_id: int) -> Iterator[tuple[int, Case]]:
    for part in batches(numbers, BATCH):
        with store.read() as connection:
            loaded = list(cases.load(connection, part, run_id))
        yield from loaded
