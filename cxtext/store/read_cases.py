"""Tickets newest first, page by page, as lists on screens show them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import read_tickets
from cxtext.store import tables as t
from cxtext.store.read_tickets import Filter, Row

Place = tuple[str, str]  # where a page ended: day ("" for none) and number
PAGE = 500  # of a stream


def newest(
    connection: Connection, run_id: int, chosen: Filter | None = None, *, after: Place | None = None, limit: int = 50
) -> list[tuple[Place, Row]]:
    """Tickets with all that is known of them, newest day first, those without a date last.

    Rows that hold today and rows that a later run has closed are asked for one after the other: each question then
    walks an index in its order and stops after one page, however many tickets there are.
    """
    found: list[tuple[str, int]] = []
    for seen in t.seen_parts(t.version, run_id):
        query = _numbers(connection, run_id, chosen, after).where(seen)
        found += [(row.day.isoformat() if row.day else "", row.no) for row in connection.execute(query.limit(limit))]
    ordered = sorted(found, key=lambda pair: (pair[0], pair[1]), reverse=True)[:limit]
    rows = read_tickets.by_number(connection, run_id, [no for _, no in ordered])
    return [((day, str(no)), rows[no]) for day, no in ordered if no in rows]


def stream(connection: Connection, run_id: int, chosen: Filter | None) -> Iterator[Row]:
    """The same, all of them, a page at a time."""
    after: Place | None = None
    while page := newest(connection, run_id, chosen, after=after, limit=PAGE):
        yield from (row for _, row in page)
        after = page[-1][0]


def _numbers(connection: Connection, run_id: int, chosen: Filter | None, after: Place | None) -> sa.Select[Any]:
    query = sa.select(t.version.c.no, t.version.c.day).order_by(
        t.version.c.day.desc().nulls_last(), t.version.c.no.desc()
    )
    if chosen is not None:
        if chosen.department is not None or chosen.cause is not None:
            query = query.join(t.reading, sa.and_(t.reading.c.no == t.version.c.no, t.seen_at(t.reading, run_id)))
        if chosen.topic is not None:
            query = query.join(
                t.assignment, sa.and_(t.assignment.c.no == t.version.c.no, t.seen_at(t.assignment, run_id))
            )
        query = query.where(*read_tickets.conditions(connection, chosen, run_id))
    if after is not None:
        query = query.where(_behind(after))
    return query


def _behind(after: Place) -> sa.ColumnElement[bool]:
    day, number = after[0], int(after[1])
    if not day:
        return sa.and_(t.version.c.day.is_(None), t.version.c.no < number)
    at = date.fromisoformat(day)
    return sa.or_(
        t.version.c.day < at, t.version.c.day.is_(None), sa.and_(t.version.c.day == at, t.version.c.no < number)
    )
