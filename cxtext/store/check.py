"""Whether a database is sound: what its own check says, and what must always hold in a store."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from cxtext.store import tables as t
from cxtext.store.connect import Store
from cxtext.store.search_tables import is_ours, search_entry


def check_store(store: Store) -> list[str]:
    """What is wrong, in words; nothing is changed."""
    problems: list[str] = []
    with store.read() as connection:
        if store.is_sqlite:
            problems += _sqlite(connection)
        problems += [f"the schema differs: {difference!r}" for difference in schema_differences(connection)]
        problems += _rows(connection)
    return problems


def schema_differences(connection: Connection) -> list[object]:
    """What the database has and the code does not describe, or the other way round."""
    options = {"include_name": lambda name, _kind, _parents: not is_ours(name)}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), t.metadata))


def _sqlite(connection: Connection) -> list[str]:
    said = connection.execute(sa.text("pragma integrity_check")).scalars().all()
    broken = [f"integrity check: {line}" for line in said if line != "ok"]
    return broken + [
        f"{row[0]}: row {row[1]} names a row of {row[2]} that is not there"
        for row in connection.execute(sa.text("pragma foreign_key_check"))
    ]


def _rows(connection: Connection) -> list[str]:
    problems = []
    current = connection.scalar(sa.select(t.published.c.run_id))
    if current is not None:
        state = connection.scalar(sa.select(t.run.c.state).where(t.run.c.id == current))
        if state != "done":
            problems.append(f"run {current} is shown, but it is {state}")
    for table in (t.version, t.reading, t.assignment):
        twice = sa.select(table.c.no).where(table.c.to_run.is_(None)).group_by(table.c.no).having(sa.func.count() > 1)
        if (count := _count(connection, twice)) > 0:
            problems.append(f"{table.name}: {count} tickets have two rows that hold today")
    lost = sa.select(t.ticket.c.no).where(~sa.exists().where(t.version.c.no == t.ticket.c.no))
    if (count := _count(connection, lost)) > 0:
        problems.append(f"{count} tickets have no text")
    there = sa.exists().where(t.version.c.no == search_entry.c.no, t.version.c.from_run == search_entry.c.version_run)
    if (count := _count(connection, sa.select(search_entry.c.id).where(~there))) > 0:
        problems.append(f"the search finds {count} texts that are gone")
    return problems


def _count(connection: Connection, query: sa.Select[tuple[int]]) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
