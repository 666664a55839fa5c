"""How good the data is: what lies in quarantine and why."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t


def quarantine_reasons(connection: Connection, run_id: int) -> list[tuple[str, int]]:
    """Why rows are no tickets, most frequent first."""
    count = sa.func.count().label("rows")
    query = (
        sa.select(t.quarantine.c.reason, count)
        .where(t.quarantine.c.run_id <= run_id)
        .group_by(t.quarantine.c.reason)
        .order_by(count.desc(), t.quarantine.c.reason)
    )
    return [(row.reason, int(row.rows)) for row in connection.execute(query)]


def quarantined(connection: Connection, run_id: int, *, limit: int) -> list[dict[str, Any]]:
    """The newest rows in quarantine."""
    columns = (
        t.quarantine.c.source,
        t.quarantine.c.line,
        t.quarantine.c.reason,
        t.quarantine.c.raw,
        t.quarantine.c.run_id,
    )
    query = sa.select(*columns).where(t.quarantine.c.run_id <= run_id).order_by(t.quarantine.c.id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]
