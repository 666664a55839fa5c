"""Which department a person made responsible for an issue; it counts more than what the tickets say."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t


@dataclass(frozen=True, slots=True)
class Owner:
    """Who made whom responsible, and when."""

    department: str
    by: str
    at: datetime


def owners(connection: Connection, run_id: int) -> dict[str, Owner]:
    """The owner of every topic that a person gave one to, as it was at a run. An act that was undone does not count."""
    undone = {
        row.payload.get("undone_run")
        for row in connection.execute(
            sa.select(t.act.c.payload).where(t.act.c.kind == "undo", t.act.c.run_id <= run_id)
        )
    }
    query = sa.select(t.act).where(t.act.c.kind == "own", t.act.c.run_id <= run_id).order_by(t.act.c.id)
    found: dict[str, Owner] = {}
    for row in connection.execute(query):
        if row.run_id in undone or row.topic_id is None:
            continue
        if row.payload["department"] is None:
            found.pop(row.topic_id, None)
        else:
            found[row.topic_id] = Owner(row.payload["department"], row.by, row.at)
    return found
