"""Kill the workers of whole nights, and the scheduler of a Dask cluster, and see whether the night is the same.

    python tests/benchmarks/faults_workers.py --what local --rounds 20      # kill -9 of workers of the local pool
    python tests/benchmarks/faults_workers.py --what dask --rounds 20       # kill -9 of workers of a local Dask cluster
    python tests/benchmarks/faults_workers.py --what scheduler --rounds 5   # kill -9 of the scheduler under a run

Every round is a first night of `--tickets` demo tickets. Workers die at moments drawn by lot, often several times in one
night (never twice over the same tickets: a ticket that ends two workers is set apart, as it should be). In the end all
exports must be those of a night in one process. A run whose scheduler dies must end with an error and publish
nothing; the next one, on a new cluster, takes it up and must give the same exports.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import cxtext.jobs.ingest
import cxtext.jobs.nightly
import cxtext.jobs.sharing
from cxtext.demo.generate import generate
from cxtext.demo.sample_file import write_jsonl
from cxtext.errors import EngineError
from cxtext.jobs.nightly import Order, run_night
from cxtext.settings import Settings
from cxtext.store import open_store, runs
from tests.benchmarks.scale import children, exports

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
LAST = date(2026, 10, 31)
SHARD, BATCH = 20, 25  # tickets of a shard and of a transaction here: many places to die at
APART = 8 * SHARD  # tickets between two blows: more than are under way at once


@dataclass(slots=True)
class Reaper:
    """A progress that kills one worker, or the scheduler, after so many tickets as the lot says."""

    lots: random.Random
    left: int
    victim: subprocess.Popen[bytes] | None = None
    steps: int = 0
    next_at: int = 0
    killed: list[int] = field(default_factory=list)

    def stage(self, name: str, total: int | None) -> None:
        """Nothing to show."""

    def note(self, what: str, facts: Mapping[str, object]) -> None:
        """Nothing to show."""

    def advance(self, steps: int) -> None:
        """Look whether it is time."""
        self.steps += steps
        self.next_at = self.next_at or self.lots.randint(1, 2 * APART)
        if self.left <= len(self.killed) or self.steps < self.next_at:
            return
        chosen = [self.victim.pid] if self.victim else [one for one in children() if is_worker(one)]
        if chosen:
            number = self.lots.choice(chosen)
            os.kill(number, signal.SIGKILL)
            self.killed.append(number)
            self.next_at = self.steps + self.lots.randint(APART, 2 * APART)


def is_worker(number: int) -> bool:
    """Whether a process is a spawned worker of either engine."""
    try:
        return b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return False


def night(url: str, file: Path, progress: Reaper | None, **chosen: Any) -> dict[str, str]:
    """One night; returns a hash of every export."""
    store = open_store(url)
    try:
        order = Order(sources=(str(file),), as_of=LAST)
        run_night(store, Settings.load(db=url, **chosen), order, now=lambda: NOW, progress=progress)
    finally:
        store.close()
    return exports(url)


def kill_workers(folder: Path, file: Path, calm: dict[str, str], rounds: int, engine: str) -> dict[str, object]:
    """Nights with workers that die until so many have died."""
    lots, killed, nights, unequal = random.Random(0), 0, 0, 0
    while killed < rounds:
        reaper = Reaper(lots, rounds - killed)
        told = night(f"sqlite:///{folder}/{engine}-{nights}.db", file, reaper, workers=2, engine=engine)
        unequal += told != calm
        nights, killed = nights + 1, killed + len(reaper.killed)
    return {"workers killed": killed, "nights": nights, "unequal": unequal, "wrong": unequal}


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler and two workers as programs of their own; its address, and the scheduler."""
    told = folder / "scheduler.json"
    told.unlink(missing_ok=True)
    begin = [sys.executable, "-m"]
    words = ["--scheduler-file", str(told), "--no-dashboard"]
    scheduler = subprocess.Popen(
        [*begin, "distributed.cli.dask_scheduler", "--port", "0", *words], stderr=subprocess.DEVNULL
    )
    threads = ["--nthreads", "1", "--no-nanny"]
    workers = [
        subprocess.Popen([*begin, "distributed.cli.dask_worker", *words, *threads], stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    try:
        while not told.exists():
            time.sleep(0.1)
        time.sleep(1)  # it is written in one go, but not in one moment
        yield json.loads(told.read_text(encoding="utf-8"))["address"], scheduler
    finally:
        for one in (*workers, scheduler):
            one.kill()
            one.wait()


def kill_schedulers(folder: Path, file: Path, calm: dict[str, str], rounds: int) -> dict[str, object]:
    """Runs whose scheduler dies, each followed by one on a new cluster."""
    lots = random.Random(0)
    seen = {"schedulers killed": 0, "runs that ended with an error": 0, "half": 0, "unequal": 0}
    for number in range(rounds):
        url = f"sqlite:///{folder}/scheduler-{number}.db"
        with cluster(folder) as (address, scheduler):
            reaper = Reaper(lots, 1, victim=scheduler)
            try:
                night(url, file, reaper, engine="dask", scheduler=address)
            except EngineError:
                seen["runs that ended with an error"] += 1
            seen["schedulers killed"] += len(reaper.killed)
        store = open_store(url)
        with store.read() as connection:
            seen["half"] += runs.current(connection) != 0
        store.close()
        with cluster(folder) as (address, _):
            seen["unequal"] += night(url, file, None, engine="dask", scheduler=address) != calm
    return {**seen, "wrong": seen["half"] + seen["unequal"] + rounds - seen["runs that ended with an error"]}


def main() -> None:
    """Break what was asked for and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", choices=("local", "dask", "scheduler"), default="local")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--tickets", type=int, default=800)
    asked = parser.parse_args()
    os.environ["CXTEXT_SECRET"] = "a secret of these rounds"
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    cxtext.jobs.sharing.SHARD = SHARD  # type: ignore[misc]  # smaller than a company's
    cxtext.jobs.ingest.BATCH = cxtext.jobs.nightly.BATCH = BATCH
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cxtext-workers-") as name:
        folder = Path(name)
        file = folder / "tickets.jsonl"
        write_jsonl(file, generate(asked.tickets, 30, until=LAST))
        calm = night(f"sqlite:///{folder}/calm.db", file, None, workers=1)
        if asked.what == "scheduler":
            told = kill_schedulers(folder, file, calm, asked.rounds)
        else:
            told = kill_workers(folder, file, calm, asked.rounds, asked.what)
    told |= {"what": asked.what, "tickets": asked.tickets, "minutes": round((time.monotonic() - began) / 60, 1)}
    print(json.dumps(told), flush=True)
    if told["wrong"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
