"""What people put right, as seen at one run."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t

Row = dict[str, Any]


def corrections(
    connection: Connection, run_id: int, *, limit: int, before: int | None = None, topic: str | None = None
) -> list[Row]:
    """The newest first; `before` is the number of the last one seen, `topic` keeps those into or out of a topic."""
    columns = [t.correction.c[name] for name in ("at", "field", "was", "should_be", "by", "run_id")]
    query = (
        sa.select(t.correction.c.id.label("number"), *columns, t.ticket.c.source, t.ticket.c.id)
        .join(t.ticket, t.ticket.c.no == t.correction.c.no)
        .where(t.correction.c.run_id <= run_id)
        .order_by(t.correction.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(t.correction.c.id < before)
    if topic is not None:
        query = query.where(
            t.correction.c.field == "topic", sa.or_(t.correction.c.was == topic, t.correction.c.should_be == topic)
        )
    return [dict(row) for row in connection.execute(query).mappings()]
