"""Write defects, fixes and their checks; read the tickets that they are made of."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from cxtext.store import tables as t
from cxtext.store.defect_tables import defect, fix, fix_check
from cxtext.store.results import replace_rows

Row = dict[str, Any]
PAGE = 5000


def tickets_of_products(connection: Connection, run_id: int, *, until: date, days: int, most: int) -> Iterator[Row]:
    """The newest tickets that name a product, at most `most` of the last `days` days, newest first."""
    version, reading, assignment = t.version.c, t.reading.c, t.assignment.c
    query = (
        sa.select(t.ticket.c.source, t.ticket.c.id, version.no, version.day, version.customer_id, version.fold)
        .add_columns(version.product, version.version, version.language, version.channel, version.extra)
        .add_columns(version.stars, version.csat, reading.sentiment_label, reading.intent, reading.tags)
        .add_columns(assignment.topic_id)
        .join(t.version, version.no == t.ticket.c.no)
        .join(t.reading, sa.and_(reading.no == version.no, t.seen_at(t.reading, run_id)))
        .outerjoin(t.assignment, sa.and_(assignment.no == version.no, t.seen_at(t.assignment, run_id)))
        .where(t.seen_at(t.version, run_id), version.product.is_not(None), version.product != "")
        .where(version.day > until - timedelta(days), version.day <= until)
        .order_by(version.day.desc(), version.no.desc())
        .limit(most)
    )
    yield from (dict(row) for row in connection.execute(query, execution_options={"yield_per": PAGE}).mappings())


def texts_of(connection: Connection, run_id: int, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Text and language by number of the ticket."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(numbers), PAGE):
        part = numbers[start : start + PAGE]
        query = sa.select(t.version.c.no, t.version.c.text, t.version.c.language)
        query = query.where(t.seen_at(t.version, run_id), t.version.c.no.in_(part))
        found |= {row.no: (row.text, row.language) for row in connection.execute(query)}
    return found


def save_defects(connection: Connection, rows: Sequence[Row], run_id: int, *, night: date) -> int:
    """Keep the table of this night; what has left it is closed, what stays keeps its `since`. Returns the rows written."""
    known = {
        row.id: row.since
        for row in connection.execute(sa.select(defect.c.id, defect.c.since).where(t.seen_at(defect, run_id - 1)))
    }
    named = []
    for row in rows:
        words = "\n".join((row["product"], row["version"] or "", row["kind"], row["issue"]))
        name = f"D-{hashlib.sha256(words.encode()).hexdigest()[:10]}"
        named.append({"id": name, "since": known.get(name, night)} | row)
    _close_all_but(connection, defect, "id", [row["id"] for row in named], run_id)
    return replace_rows(connection, defect, "id", named, run_id, always=set())


def save_fix(connection: Connection, row: Row, run_id: int) -> str:
    """Keep a fix; returns its id, which is never used twice."""
    newest = connection.scalar(sa.select(sa.func.max(fix.c.id)))
    name = f"F-{int(newest[2:]) + 1 if newest else 1:04d}"
    connection.execute(fix.insert().values(**row, id=name, from_run=run_id, to_run=None))
    return name


def close_fix(connection: Connection, fix_id: str, run_id: int) -> None:
    """Take a fix and its check back; older runs still show them."""
    for table, column in ((fix, fix.c.id), (fix_check, fix_check.c.fix_id)):
        seen = sa.and_(column == fix_id, t.seen_at(table, run_id))
        connection.execute(table.update().where(seen).values(to_run=run_id))


def close_fixes_of(connection: Connection, undone: int, run_id: int) -> None:
    """Take back the fixes that an act recorded."""
    for name in list(connection.scalars(sa.select(fix.c.id).where(fix.c.from_run == undone).order_by(fix.c.id))):
        close_fix(connection, name, run_id)


def save_checks(connection: Connection, rows: Sequence[Row], run_id: int) -> int:
    """Keep the verdicts of this night."""
    return replace_rows(connection, fix_check, "fix_id", rows, run_id, always=set())


def _close_all_but(connection: Connection, table: Table, key: str, names: Sequence[str], run_id: int) -> None:
    gone = sa.and_(t.seen_at(table, run_id), table.c[key].not_in(names))
    connection.execute(table.delete().where(gone, table.c.from_run == run_id))
    connection.execute(table.update().where(gone).values(to_run=run_id))


def plain_row(value: Any) -> Row:
    """The fields of a dataclass as columns: tuples become lists."""
    return {name: list(item) if isinstance(item, tuple) else item for name, item in asdict(value).items()}
