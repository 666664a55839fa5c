"""Day and customer of tickets, as the run that is being written sees them: what nobody has closed."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.batches import batches
from cxtext.store import tables as t
from cxtext.store.cases import number_of

FEW = 400
Mentioned = tuple[str, date, str]  # key, day, customer; where nobody knows the customer, the text


def since(connection: Connection, day: date) -> Iterator[Mentioned]:
    """The tickets from a day on, by number; those that a machine wrote are left out."""
    yield from _mentions(connection, t.version.c.day >= day, t.version.c.to_run.is_(None))


def of(connection: Connection, keys: Collection[str]) -> Iterator[Mentioned]:
    """Those of some tickets that have a day."""
    for part in batches(sorted(number_of(connection, sorted(keys)).values()), FEW):
        yield from _mentions(connection, t.version.c.no.in_(part), t.version.c.day.is_not(None), t.stands(t.version))


def _mentions(connection: Connection, *chosen: sa.ColumnElement[bool]) -> Iterator[Mentioned]:
    facts = ("no", "day", "customer_id", "fold")
    query = (
        sa.select(t.ticket.c.source, t.ticket.c.id, *(t.version.c[name] for name in facts))
        .join(t.version, t.version.c.no == t.ticket.c.no)
        .where(t.version.c.auto_reply.is_(sa.false()), *chosen)
        .order_by(t.version.c.no)
    )
    row: Any
    for row in connection.execute(query):
        yield f"{row.source}:{row.id}", row.day, row.customer_id or row.fold or f"#{row.no}"
