"""A million tickets in minutes: the rows of a store copied within the database, as if so many had been read.

    python tests/benchmarks/grown.py FROM.db TO.db 50

FROM is a SQLite store after one night (tests/benchmarks/scale.py FOLDER --tickets 20000 --only first). Every copy has
numbers, customers and folds of its own; texts, days, answers and topics are those of the original. Words to search, sums
per day and facet, topics' sizes and what the topics remember grow likewise; metrics are measured anew. What this costs
is printed for the stages that a first night has too. Nothing of it is faster or slower than after reading a million
tickets, but for the caches of words: read ones hold more different words.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from cxtext.domain import Case
from cxtext.jobs.metrics import measure_all
from cxtext.settings import Settings
from cxtext.store import day_tally, open_store, results, runs, tally
from cxtext.store import tables as t
from cxtext.store.connect import Store
from cxtext.store.metric_tables import driver, metric
from cxtext.store.search_tables import ENTERS, search_entry
from cxtext.topics.memory import Memory, mark_of
from cxtext.topics.places import Place, Places

ROWS = (t.ticket, t.version, t.reading, t.assignment, search_entry)


def grow(store: Store, times: int) -> None:
    """Copy the tickets so often that there are `times` of each."""
    with store.write() as connection:
        connection.exec_driver_sql("drop trigger search_entry_in")
        connection.exec_driver_sql("create temp table copies (k integer)")
        connection.execute(sa.text("insert into copies values (:k)"), [{"k": k} for k in range(1, times)])
        most = connection.scalar(sa.select(sa.func.max(t.ticket.c.no)))
        entries = connection.scalar(sa.select(sa.func.max(search_entry.c.id)))
        for table in ROWS:
            changed = {"no": f"no + {most} * k", "customer_id": "customer_id || '-' || k", "fold": "fold || '-' || k"}
            changed["id"] = "id || '-' || k" if table is t.ticket else f"id + {entries} * k"
            names = [column.name for column in table.c]
            told = ", ".join(changed.get(name, name) for name in names)
            connection.exec_driver_sql(
                f"insert into {table.name} ({', '.join(names)}) select {told} from {table.name}, copies"
            )
    with store.write() as connection:
        connection.exec_driver_sql("insert into search_index(search_index) values ('rebuild')")
        connection.exec_driver_sql(ENTERS)
    with store.write() as connection:
        connection.execute(t.topic.update().values(size=t.topic.c.size * times))
        content = results.load_memory(connection, runs.current(connection))
        assert content is not None
        memory = remembered(Memory.from_bytes(content), connection, times)
        results.save_memory(connection, memory.to_bytes(), run_id=runs.current(connection))


def remembered(memory: Memory, connection: sa.Connection, times: int) -> Memory:
    """What the topics would remember of so many tickets."""
    name = (t.ticket.c.source + ":" + t.ticket.c.id).label("key")
    query = sa.select(name, t.version.c.fold, t.assignment.c.topic_id, t.assignment.c.confidence)
    query = query.join(t.version, t.version.c.no == t.ticket.c.no).join(
        t.assignment, t.assignment.c.no == t.ticket.c.no
    )
    places = {
        row.key: memory.places.get(row.key)
        or Place(row.topic_id, row.confidence, mark_of(Case(id="", source="", text="", language="", fold=row.fold)))
        for row in connection.execute(query)
    }
    known = tuple(
        replace(one, size=one.size * times, size_when_named=one.size_when_named * times) for one in memory.known
    )
    return replace(memory, places=Places.of(places), known=known, fitted_on=len(places))


def timed(name: str, work: Callable[[], object]) -> None:
    """Do it and print its CPU seconds."""
    began = time.process_time()
    work()
    print(json.dumps({"stage": name, "cpu": round(time.process_time() - began, 1)}), flush=True)


def main(source: Path, target: Path, times: int) -> None:
    """Copy, count, measure."""
    shutil.copy(source, target)
    shutil.copy(f"{source}.key", f"{target}.key")
    store = open_store(f"sqlite:///{target}")
    timed("copying rows", lambda: grow(store, times))
    with store.read() as connection:
        run = runs.get(connection, runs.current(connection))

    def writing(work: Callable[[sa.Connection, int], object]) -> Callable[[], None]:
        def done() -> None:
            with store.write() as connection:
                work(connection, run.id)

        return done

    timed("sums per topic and facet", writing(tally.update))
    timed("sums per day", writing(day_tally.update))
    for table in (metric, driver):
        with store.write() as connection:
            connection.execute(table.delete())
    moment = datetime(2026, 11, 20, 23, tzinfo=UTC)
    settings = Settings.load(db=store.url)
    timed("metrics", lambda: measure_all(store, run, settings, lambda: moment))
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
