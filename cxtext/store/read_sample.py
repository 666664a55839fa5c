"""What a look at the health of a store needs: some tickets spread over all, and a few facts about runs, rejects and messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t
from cxtext.store.alert_tables import outbox
from cxtext.store.source_tables import watermark

MOST = 4_000  # tickets that are looked at
FACTS = (
    "text", "language", "fold", "created_at", "updated_at", "first_response_at", "resolved_at", "given_department",
    "given_category", "customer_id", "csat", "nps", "ces",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """Tickets of one run, evenly drawn; `total` counts all of them."""

    total: int
    rows: tuple[Any, ...]  # with the attributes of FACTS

    def share(self, count: int) -> float:
        """A number of rows as a part of all that were drawn; 0.0 where there is none."""
        return count / len(self.rows) if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class NightFacts:
    """One run as the doctor sees it."""

    id: int
    state: str
    note: str
    started_at: datetime
    heartbeat_at: datetime
    counts: Mapping[str, Any]


def sample(connection: Connection, run_id: int) -> Sample:
    """At most MOST tickets as they are seen at a run, every k-th of them, so that the same store gives the same."""
    seen = t.seen_at(t.version, run_id)
    total = connection.scalar(sa.select(sa.func.count()).select_from(t.version).where(seen)) or 0
    step = max(total // MOST, 1)
    query = sa.select(*(t.version.c[name] for name in FACTS)).where(seen, t.version.c.no % step == 0)
    return Sample(total, tuple(connection.execute(query.order_by(t.version.c.no).limit(MOST))))


def nights(connection: Connection, kinds: tuple[str, ...] = ("night", "ingest")) -> list[NightFacts]:
    """Every night and reading, the oldest first, finished or not."""
    names = NightFacts.__dataclass_fields__
    query = sa.select(*(t.run.c[name] for name in names)).where(t.run.c.kind.in_(kinds)).order_by(t.run.c.id)
    return [NightFacts(**row) for row in connection.execute(query).mappings()]


def reject_counts(connection: Connection, prefixes: tuple[str, ...]) -> dict[str, int]:
    """How many rows lie in quarantine because of a field; "" counts all of them."""
    rows = sa.select(sa.func.count()).select_from(t.quarantine)
    found = {name: connection.scalar(rows.where(t.quarantine.c.reason.like(f"{name}%"))) or 0 for name in prefixes}
    return found | {"": connection.scalar(rows) or 0}


def undelivered(connection: Connection, before: datetime) -> dict[str, int]:
    """Messages per channel that were given up, or that have waited since before a moment."""
    late = sa.and_(outbox.c.state == "waiting", outbox.c.created_at < before)
    query = (
        sa.select(outbox.c.channel, sa.func.count())
        .where(sa.or_(outbox.c.state == "dead", late))
        .group_by(outbox.c.channel)
        .order_by(outbox.c.channel)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def read_at(connection: Connection, run_id: int) -> dict[str, datetime]:
    """When the place in each online source last moved."""
    query = sa.select(watermark.c.source, watermark.c.at).where(t.seen_at(watermark, run_id))
    return {row.source: row.at for row in connection.execute(query.order_by(watermark.c.source))}
