"""What people put right: kept for ever, shown at once, learned from at the next training."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.domain import Correction
from cxtext.store import tables as t

FEW = 400


def save(connection: Connection, corrections: Sequence[Correction], no: int, run_id: int) -> None:
    """Log corrections of one ticket."""
    rows = [
        {
            "run_id": run_id,
            "at": one.at,
            "no": no,
            "field": one.field,
            "was": one.was,
            "should_be": one.should_be,
            "by": one.by,
        }
        for one in corrections
    ]
    if rows:
        connection.execute(t.correction.insert(), rows)


def newest(
    connection: Connection, run_id: int, numbers: Sequence[int] | None = None
) -> dict[int, dict[str, str | None]]:
    """What holds today: per ticket number and field the last thing that a person said."""
    found: dict[int, dict[str, str | None]] = {}
    query = sa.select(t.correction).where(t.correction.c.run_id <= run_id).order_by(t.correction.c.id)
    parts = [None] if numbers is None else [numbers[start : start + FEW] for start in range(0, len(numbers), FEW)]
    for part in parts:
        chosen = query if part is None else query.where(t.correction.c.no.in_(part))
        for row in connection.execute(chosen):
            found.setdefault(row.no, {})[row.field] = row.should_be
    return found


def present(connection: Connection, no: int, run_id: int) -> Mapping[str, Any] | None:
    """The answers of one ticket as they are shown; None before it is read."""
    query = (
        sa.select(t.reading, t.assignment.c.topic_id)
        .outerjoin(t.assignment, sa.and_(t.assignment.c.no == t.reading.c.no, t.seen_at(t.assignment, run_id)))
        .where(t.reading.c.no == no, t.seen_at(t.reading, run_id))
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)
