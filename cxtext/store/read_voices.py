"""What single customers ask for: tickets by what they want, with all that a list of reasons, wishes or answers needs."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.metrics.voices import Voice
from cxtext.store import tables as t


def last_day(connection: Connection, run_id: int) -> date | None:
    """The day of the newest ticket."""
    newest: date | None = connection.scalar(sa.select(sa.func.max(t.version.c.day)).where(t.seen_at(t.version, run_id)))
    return newest


def voices(
    connection: Connection,
    run_id: int,
    intents: Sequence[str],
    *,
    churned: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Voice]:
    """Tickets with one of some intents (`churned`: those of customers who left too), the newest first."""
    wanted = t.reading.c.intent.in_(intents)
    conditions: list[sa.ColumnElement[bool]] = [
        t.seen_at(t.version, run_id),
        sa.or_(wanted, t.version.c.churned.is_(True)) if churned else wanted,
    ]
    if since is not None:
        conditions.append(t.version.c.day >= since)
    if until is not None:
        conditions.append(t.version.c.day <= until)
    query = (
        sa.select(t.ticket.c.source, t.ticket.c.id.label("ticket_id"), t.version, t.reading.c.cause, t.reading.c.intent,
                  t.assignment.c.topic_id, t.topic.c.label)
        .join(t.version, t.version.c.no == t.ticket.c.no)
        .join(t.reading, sa.and_(t.reading.c.no == t.ticket.c.no, t.seen_at(t.reading, run_id)))
        .outerjoin(t.assignment, sa.and_(t.assignment.c.no == t.ticket.c.no, t.seen_at(t.assignment, run_id)))
        .outerjoin(t.topic, sa.and_(t.topic.c.id == t.assignment.c.topic_id, t.seen_at(t.topic, run_id)))
        .where(*conditions)
        .order_by(t.version.c.day.desc().nulls_last(), t.version.c.no)
    )  # fmt: skip
    for row in connection.execute(query):
        yield _voice(row)


def _voice(row: Any) -> Voice:
    answer = row.extra.get("answer") if row.extra else None
    return Voice(
        key=f"{row.source}:{row.ticket_id}",
        text=row.text,
        language=row.language,
        day=row.day,
        customer=row.customer_id or row.fold,
        topic_id=row.topic_id,
        topic_label=row.label,
        cause=row.cause,
        product=row.product,
        csat=row.csat,
        reopened=row.reopened,
        hours=_hours(row.created_at, row.resolved_at),
        answer=str(answer) if answer else None,
    )


def _hours(created: datetime | None, resolved: datetime | None) -> float | None:
    if created is None or resolved is None or resolved < created:
        return None
    return (resolved - created).total_seconds() / 3600
