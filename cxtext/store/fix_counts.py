"""What a fix is judged by: customers per topic and day, and what one ticket of a topic costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t


@dataclass(frozen=True, slots=True)
class Price:
    """What one ticket of a topic brings with it, None where fewer than five tickets say so.

    Attributes:
        hours: mean from creation to resolution.
        csat: mean answer (1-5). others: that of all other tickets. answered: share of the topic's tickets with one.
        cost: mean, as in the tickets.
    """

    hours: float | None
    csat: float | None
    others: float | None
    answered: float
    cost: float | None


FEW = 5  # answers under which nothing is said


def customers_per_day(
    connection: Connection,
    run_id: int,
    *,
    first: date,
    last: date,
    topics: Sequence[str] | None = None,
    product: str | None = None,
    version: str | None = None,
    department: str | None = None,
) -> dict[str, dict[date, int]]:
    """Distinct customers per topic that holds tickets itself and day; with `topics` those together, under the key ""."""
    who = sa.func.count(sa.distinct(sa.func.coalesce(t.version.c.customer_id, t.version.c.fold)))
    name = t.assignment.c.topic_id if topics is None else sa.literal("")
    query = _tickets(run_id, first, last).with_only_columns(name.label("topic"), t.version.c.day, who.label("count"))
    if topics is None:
        query = query.where(t.assignment.c.topic_id.is_not(None)).group_by(t.assignment.c.topic_id, t.version.c.day)
    else:
        query = query.where(t.assignment.c.topic_id.in_(topics)).group_by(t.version.c.day)
    for column, value in (
        (t.version.c.product, product), (t.version.c.version, version), (t.reading.c.department, department),
    ):  # fmt: skip
        if value is not None:
            query = query.where(column == value)
    found: dict[str, dict[date, int]] = {}
    for topic, day, count in connection.execute(query):
        found.setdefault(topic, {})[day] = count
    return found


def days_with_tickets(connection: Connection, run_id: int, *, first: date, last: date) -> set[date]:
    """Days on which any ticket came; the others are lost or closed, not quiet."""
    query = (
        sa.select(t.version.c.day)
        .distinct()
        .where(t.seen_at(t.version, run_id), t.version.c.day >= first, t.version.c.day <= last)
    )
    return set(connection.scalars(query))


def price_of(connection: Connection, run_id: int, topics: Sequence[str], *, first: date, last: date) -> Price:
    """What one ticket of these topics costs in hours, satisfaction and money, from the tickets of some days."""
    columns = (t.version.c.created_at, t.version.c.resolved_at, t.version.c.csat, t.version.c.cost)
    rows = _tickets(run_id, first, last).with_only_columns(*columns)
    own = connection.execute(rows.where(t.assignment.c.topic_id.in_(topics))).all()
    rest = sa.or_(t.assignment.c.topic_id.is_(None), t.assignment.c.topic_id.not_in(topics))
    others = [row.csat for row in connection.execute(rows.where(rest, t.version.c.csat.is_not(None)))]
    hours = [_hours(row.created_at, row.resolved_at) for row in own if row.created_at and row.resolved_at]
    answers = [row.csat for row in own if row.csat is not None]
    return Price(
        hours=_mean([value for value in hours if value >= 0]), csat=_mean(answers), others=_mean(others),
        answered=len(answers) / max(len(own), 1), cost=_mean([row.cost for row in own if row.cost is not None]),
    )  # fmt: skip


def answers_between(connection: Connection, run_id: int, *, first: date, last: date) -> tuple[int, float]:
    """How many answers about satisfaction came in some days, and their sum."""
    query = sa.select(sa.func.count(t.version.c.csat), sa.func.coalesce(sa.func.sum(t.version.c.csat), 0.0))
    query = query.where(t.seen_at(t.version, run_id), t.version.c.day >= first, t.version.c.day <= last)
    count, total = connection.execute(query).one()
    return int(count), float(total)


def _tickets(run_id: int, first: date, last: date) -> sa.Select[tuple[int]]:
    version, reading, assignment = t.version.c, t.reading.c, t.assignment.c
    return (
        sa.select(version.no)
        .outerjoin(t.assignment, sa.and_(assignment.no == version.no, t.seen_at(t.assignment, run_id)))
        .outerjoin(t.reading, sa.and_(reading.no == version.no, t.seen_at(t.reading, run_id)))
        .where(t.seen_at(t.version, run_id), version.day >= first, version.day <= last)
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(sorted(values)) / len(values) if len(values) >= FEW else None


def _hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600
