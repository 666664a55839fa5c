"""Counts per day beside what was expected, and sums over periods: what curves and rankings are drawn from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import read_topics
from cxtext.store import tables as t
from cxtext.store.signal_tables import ALL, day_tally, expectation

PAGE = 2000  # rows fetched at a time; bounds the memory of a long export


@dataclass(frozen=True, slots=True)
class TrendDay:
    """One day of a topic (None: all tickets): customers counted and expected (None: not looked at), mean sentiment."""

    day: date
    topic_id: str | None
    department: str | None
    product: str | None
    count: int
    expected: float | None
    lower: float | None
    upper: float | None
    sentiment: float | None
    tickets: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over a period; `key` is a topic or the value of a dimension. Answers of CSAT are on 1-5."""

    key: str
    tickets: int
    customers: int  # per day, added up
    negative: int
    sentiment: float  # mean, -1…+1
    csat: float | None  # mean; None without answers
    csat_answers: int
    csat_good: int

    @property
    def negative_share(self) -> float:
        """0…1."""
        return self.negative / self.tickets if self.tickets else 0.0


def trend(
    connection: Connection,
    run_id: int,
    topic_id: str | None,
    *,
    since: date,
    until: date,
    department: str | None = None,
    product: str | None = None,
) -> list[TrendDay]:
    """Every day of a period for one topic with its subtopics (None: all tickets), with what was expected of it.

    At most one of `department` and `product` narrows it down; days without tickets count zero.
    """
    dimension, value = _slice(department, product)
    leaves = [ALL] if topic_id is None else read_topics.below(connection, run_id, topic_id)
    node = ALL if topic_id is None else str(read_topics.topic(connection, run_id, topic_id)["topic_id"])
    within = (day_tally.c.day >= since, day_tally.c.day <= until, t.seen_at(day_tally, run_id))
    query = (
        _sums(day_tally.c.day)
        .where(
            day_tally.c.topic_id.in_(leaves), day_tally.c.dimension == dimension, day_tally.c.value == value, *within
        )
        .group_by(day_tally.c.day)
    )
    counted = {row.key: row for row in connection.execute(query)}
    chosen = (expectation.c.topic_id == node, expectation.c.dimension == dimension, expectation.c.value == value)
    bands = sa.select(expectation).where(
        *chosen, expectation.c.day >= since, expectation.c.day <= until, t.seen_at(expectation, run_id)
    )
    expected = {row.day: row for row in connection.execute(bands)}
    days = [since + timedelta(offset) for offset in range((until - since).days + 1)]
    return [_trend_day(day, node or None, department, product, counted.get(day), expected.get(day)) for day in days]


def trends(connection: Connection, run_id: int) -> Iterator[dict[str, Any]]:
    """Every counted day of every topic, and of its departments and products: the rows of `export trends`."""
    dimensions = ("all", "department", "product")
    band = sa.and_(
        *(expectation.c[name] == day_tally.c[name] for name in ("topic_id", "dimension", "value", "day")),
        t.seen_at(expectation, run_id),
    )
    query = (
        sa.select(day_tally, expectation.c.expected, expectation.c.lower, expectation.c.upper)
        .outerjoin(expectation, band)
        .where(t.seen_at(day_tally, run_id), day_tally.c.dimension.in_(dimensions))
        .order_by(day_tally.c.day, day_tally.c.topic_id, day_tally.c.dimension, day_tally.c.value)
    )
    yield from (_exported(row) for row in connection.execute(query, execution_options={"yield_per": PAGE}).mappings())


def by_dimension(
    connection: Connection,
    run_id: int,
    dimension: str,
    *,
    topic_id: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Tally]:
    """Sums per value of a dimension (department, product, channel, language, version, cause), largest first.

    `topic_id`: of this topic and its subtopics; None: of all tickets.
    """
    leaves = [ALL] if topic_id is None else read_topics.below(connection, run_id, topic_id)
    query = _sums(day_tally.c.value).where(day_tally.c.topic_id.in_(leaves), day_tally.c.dimension == dimension)
    return _tallies(connection, query.group_by(day_tally.c.value), run_id, since, until)


def by_topic(
    connection: Connection,
    run_id: int,
    *,
    since: date | None = None,
    until: date | None = None,
    dimension: str = "all",
    value: str = ALL,
) -> list[Tally]:
    """Sums per topic that holds tickets itself, largest first (a Pareto chart); of one slice where it is named."""
    query = _sums(day_tally.c.topic_id).where(day_tally.c.topic_id != ALL)
    query = query.where(day_tally.c.dimension == dimension, day_tally.c.value == value)
    return _tallies(connection, query.group_by(day_tally.c.topic_id), run_id, since, until)


def total(connection: Connection, run_id: int, *, since: date | None = None, until: date | None = None) -> Tally | None:
    """Sums of all dated tickets of a period; None where there are none."""
    found = by_dimension(connection, run_id, "all", since=since, until=until)
    return found[0] if found else None


def _slice(department: str | None, product: str | None) -> tuple[str, str]:
    if department is not None:
        return "department", department
    if product is not None:
        return "product", product
    return "all", ALL


def _sums(key: sa.ColumnElement[Any]) -> sa.Select[Any]:
    names = ("tickets", "customers", "negative", "mood", "csat", "csat_answers", "csat_good")
    return sa.select(key.label("key"), *(sa.func.sum(day_tally.c[name]).label(name) for name in names))


def _tallies(
    connection: Connection, query: sa.Select[Any], run_id: int, since: date | None, until: date | None
) -> list[Tally]:
    query = query.where(t.seen_at(day_tally, run_id))
    if since is not None:
        query = query.where(day_tally.c.day >= since)
    if until is not None:
        query = query.where(day_tally.c.day <= until)
    found = [_tally(row) for row in connection.execute(query)]
    return sorted(found, key=lambda one: (-one.tickets, one.key))


def _tally(row: Any) -> Tally:
    tickets, answers = int(row.tickets), int(row.csat_answers)
    return Tally(
        key=row.key, tickets=tickets, customers=int(row.customers), negative=int(row.negative),
        sentiment=_mean(row.mood, tickets), csat=round(int(row.csat) / 100 / answers, 3) if answers else None,
        csat_answers=answers, csat_good=int(row.csat_good),
    )  # fmt: skip


def _mean(mood: Any, tickets: int) -> float:
    return round(int(mood) / 10_000 / max(tickets, 1), 4)


def _trend_day(
    day: date, topic_id: str | None, department: str | None, product: str | None, counted: Any, band: Any
) -> TrendDay:
    tickets = int(counted.tickets) if counted else 0
    return TrendDay(
        day, topic_id, department, product,
        int(counted.customers) if counted else 0,
        band.expected if band else None, band.lower if band else None, band.upper if band else None,
        _mean(counted.mood, tickets) if tickets else None, tickets,
    )  # fmt: skip


def _exported(row: Mapping[Any, Any]) -> dict[str, Any]:
    sliced = row["dimension"]
    return {
        "day": row["day"],
        "topic_id": row["topic_id"] or None,
        "department": row["value"] if sliced == "department" else None,
        "product": row["value"] if sliced == "product" else None,
        "count": row["customers"],
        "expected": row["expected"],
        "lower": row["lower"],
        "upper": row["upper"],
        "sentiment": _mean(row["mood"], row["tickets"]),
    }
