"""What many tickets cost: CPU seconds and peak memory of every stage of a first run and of the night after it.

    python tests/benchmarks/scale.py FOLDER --tickets 10000              # a first run, then a night of one fiftieth
    python tests/benchmarks/scale.py FOLDER --tickets 1000000 --night 20000 --workers 2
    python tests/benchmarks/scale.py FOLDER --tickets 1000000 --night 20000 --only night   # on the database of before

Four tickets in five come from the demo's generator, one in five is a review of ../shared/data/amazon_de_products put
together from sentences of three reviews of one kind of product (left out where the file is not there: then all come
from the generator). They spread over two years. The night brings new tickets of its day and of the day before, and
changes one known ticket for every forty new ones. Each run is a process of its own; CPU seconds are those of the process
and of its workers, memory is the largest resident set of the process and, apart from it, of its largest worker.
`exports` is a hash over all exports of the night: a faster version must give the same. Linux only (/proc).
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from random import Random

import sqlalchemy as sa

from cxtext.demo.generate import generate
from cxtext.demo.sample_file import write_jsonl
from cxtext.domain import Facts, Ticket
from cxtext.export import KINDS
from cxtext.jobs.nightly import Order, run_night
from cxtext.settings import Settings
from cxtext.store import open_store, runs
from cxtext.store import tables as t

REVIEWS = Path(__file__).parents[3] / "shared/data/amazon_de_products/amazon_de.parquet"
LAST = date(2026, 11, 20)  # of the first run
DAYS = 730
TICK = os.sysconf("SC_CLK_TCK")
SENTENCE = re.compile(r"(?<=[.!?])\s+")
SHARE = 5  # one ticket in so many is a review
SECRET = "the same pseudonyms in every measurement"
CHANGED = 40  # one known ticket is changed for so many new ones


@dataclass(slots=True)
class Meter:
    """A progress that writes down what every stage cost; it prints a line as soon as a stage is over."""

    stages: list[dict[str, object]] = field(default_factory=list)
    name: str = "opening"
    began: tuple[float, float] = (0.0, 0.0)
    workers: dict[int, float] = field(default_factory=dict)  # CPU seconds of every worker there ever was

    def stage(self, name: str, total: int | None) -> None:  # noqa: ARG002 – as the protocol names it
        """A stage begins, so that another has ended."""
        self.close()
        self.name = name

    def advance(self, steps: int) -> None:  # noqa: ARG002 – as the protocol names it
        """Look at the workers: those that are gone when the stage ends have worked as well."""
        self.workers |= {number: cpu_of(number) for number in children()}

    def note(self, what: str, facts: Mapping[str, object]) -> None:
        """Nothing."""

    def close(self) -> None:
        """Write the stage down and begin to measure anew."""
        self.advance(0)
        cpu, wall = time.process_time() + sum(self.workers.values()), time.perf_counter()
        memory = max((peak_of(number) for number in children()), default=0)
        told = {"stage": self.name, "cpu": round(cpu - self.began[0], 1), "wall": round(wall - self.began[1], 1)}
        told |= {"mb": peak_of(os.getpid()), "worker_mb": memory}
        if self.began[1]:
            self.stages.append(told)
            print(json.dumps(told), file=sys.stderr, flush=True)
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # from here on the peak counts anew
        self.began = cpu, wall


def children() -> list[int]:
    me = os.getpid()
    told = (part.read_text("ascii") for part in Path(f"/proc/{me}/task").glob("*/children") if part.exists())
    return sorted({int(number) for line in told for number in line.split()})


def cpu_of(number: int) -> float:
    try:
        words = Path(f"/proc/{number}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / TICK


def peak_of(number: int) -> int:
    """The largest resident set since it was last reset, in MB."""
    try:
        told = Path(f"/proc/{number}/status").read_text("utf-8")
    except OSError:
        return 0
    return int(next((line.split()[1] for line in told.splitlines() if line.startswith("VmHWM")), "0")) // 1024


def world(count: int, *, first: int, days: int, until: date, seed: int) -> Iterator[Ticket]:
    """`count` tickets; `first` is where the numbers of the reviews begin."""
    reviews = count // SHARE if REVIEWS.is_file() else 0
    made = generate(count - reviews, days, seed=seed, until=until)
    return chain((replace(one, id=f"{first}-{one.id}") for one in made), varied(reviews, first, days, until, seed))


def varied(count: int, first: int, days: int, until: date, seed: int) -> Iterator[Ticket]:
    """Reviews that nobody wrote, each of sentences of three that people wrote about the same kind of product."""
    if not count:
        return
    from pyarrow import parquet

    kinds: dict[str, list[dict[str, object]]] = {}
    for row in parquet.read_table(REVIEWS).to_pylist():
        kinds.setdefault(row["product_category"], []).append(row)
    random, names = Random(f"reviews {seed}"), sorted(kinds)
    for number in range(count):
        chosen = [random.choice(kinds[names[number % len(names)]]) for _ in range(3)]
        pool = [sentence for row in chosen for sentence in SENTENCE.split(str(row["text"])[:800])]
        random.shuffle(pool)
        written = datetime(until.year, until.month, until.day, 9, tzinfo=UTC) - timedelta(
            days=random.randrange(days), seconds=random.randrange(20_000)
        )
        facts = Facts(
            created_at=written, product=str(chosen[0]["asin"]), stars=float(str(chosen[0]["stars"])), channel="review",
            customer_id=f"r{random.randrange(max(1, count // 2))}",
        )  # fmt: skip
        yield Ticket(id=f"R-{first + number:07d}", text=" ".join(pool[:5]), source="reviews", facts=facts)


def write_files(folder: Path, tickets: int, night: int) -> None:
    """The two files that the two runs read; they are kept for the next measurement."""
    if not (folder / f"first-{tickets}.jsonl").exists():
        write_jsonl(folder / f"first-{tickets}.jsonl", world(tickets, first=0, days=DAYS, until=LAST, seed=0))
    later = folder / f"night-{tickets}-{night}.jsonl"
    if not later.exists():
        new = world(night, first=10_000_000, days=2, until=LAST + timedelta(1), seed=1)
        known = world(tickets, first=0, days=DAYS, until=LAST, seed=0)
        known = islice(known, tickets // 2, None, max(1, tickets // 4 // max(1, night // CHANGED)))
        old = (replace(one, text=f"{one.text}\nNachtrag: Bitte melden Sie sich.") for one in known)
        write_jsonl(later, chain(new, islice(old, night // CHANGED)))


def run(url: str, file: Path, day: date, workers: int | None, engine: str) -> None:
    """One run in this process; prints what it cost as one line of JSON."""
    settings = Settings.load(db=url, workers=workers, engine=engine, secret=SECRET)
    meter = Meter()
    meter.close()
    store = open_store(url)
    with store.read() as connection:
        known = connection.scalar(sa.select(sa.func.count()).select_from(t.ticket))
    moment = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
    outcome = run_night(
        store, settings, Order(sources=(str(file),), as_of=day), now=lambda: moment, progress=meter
    )  # fmt: skip
    meter.close()
    store.close()
    total = round(sum(float(str(one["cpu"])) for one in meter.stages), 1)
    told = {
        "known": known,
        "cpu": total,
        "mb": max(int(str(one["mb"])) for one in meter.stages),
        "stages": meter.stages,
    }
    print(json.dumps(told | {"counts": dict(outcome.counts)}), flush=True)


def exports(url: str) -> dict[str, str]:
    """A hash of every export."""
    store, told = open_store(url), {}
    for name, kind in KINDS.items():
        digest = hashlib.sha256()
        with store.read() as connection:
            for row in kind.rows(connection, runs.current(connection)):
                digest.update(json.dumps(row, sort_keys=True, default=str).encode())
        told[name] = digest.hexdigest()[:12]
    store.close()
    return told


def main() -> None:
    """Both runs, each in a process of its own; one line of JSON each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument(
        "--night", type=int, help="new tickets of the night after; a fiftieth of the tickets if left out"
    )
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--engine", default="local")
    parser.add_argument("--only", choices=("first", "night"))
    parser.add_argument("--db", help="URL of an empty database; a SQLite file in the folder if left out")
    parser.add_argument("--here", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        url, file, day = asked.here
        run(url, Path(file), date.fromisoformat(day), asked.workers, asked.engine)
        return
    night = asked.night or asked.tickets // 50
    asked.folder.mkdir(parents=True, exist_ok=True)
    write_files(asked.folder, asked.tickets, night)
    url = asked.db or f"sqlite:///{asked.folder / f'scale-{asked.tickets}.db'}"
    both = {"first": (f"first-{asked.tickets}", LAST), "night": (f"night-{asked.tickets}-{night}", LAST + timedelta(1))}
    for what, (name, day) in both.items():
        if asked.only not in (None, what):
            continue
        here = ["--here", url, str(asked.folder / f"{name}.jsonl"), day.isoformat()]
        words = [sys.executable, __file__, str(asked.folder), "--workers", str(asked.workers), "--engine", asked.engine]
        done = subprocess.run([*words, *here], check=True, stdout=subprocess.PIPE, text=True)
        told = {"what": what, "tickets": asked.tickets, "night": night, "db": url.split(":", 1)[0]}
        print(json.dumps(told | json.loads(done.stdout) | {"exports": exports(url)}), flush=True)


if __name__ == "__main__":
    main()
