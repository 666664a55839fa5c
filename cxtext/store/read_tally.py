"""Sums per topic and facet, as seen at one run: what screens show without looking at a ticket."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t
from cxtext.store.tally_tables import tally, topic_place


@dataclass(frozen=True, slots=True)
class Sum:
    """Tickets that share something: how many, how many of them negative, and their sums.

    Attributes:
        key: what they share; empty where the source did not say.
        sentiment: mean, -1…+1.
        cost: sum over the `priced` tickets that say it.
        hours: sum from creation to resolution over the `closed` ones.
    """

    key: str
    count: int
    negative: int
    sentiment: float
    priced: int
    cost: float
    closed: int
    hours: float

    @property
    def negative_share(self) -> float:
        """0…1."""
        return self.negative / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a topic lies on the map (-1…1), and which topics are most like it (id, cosine)."""

    topic_id: str
    x: float
    y: float
    neighbours: tuple[tuple[str, float], ...]


def by_value(connection: Connection, run_id: int, facet: str, topics: Sequence[str] | None = None) -> list[Sum]:
    """Sums per value of a facet, largest first; of some topics, or of all tickets."""
    query = _query(tally.c.value).where(tally.c.facet == facet, t.seen_at(tally, run_id)).group_by(tally.c.value)
    if topics is not None:
        query = query.where(tally.c.topic_id.in_(topics))
    return [_sum(row) for row in connection.execute(query.order_by(sa.text("count desc"), tally.c.value))]


def by_topic(connection: Connection, run_id: int, facet: str = "language") -> dict[str, Sum]:
    """One sum per topic that holds tickets itself; the key "" holds those without a topic."""
    query = _query(tally.c.topic_id).where(tally.c.facet == facet, t.seen_at(tally, run_id))
    found = connection.execute(query.group_by(tally.c.topic_id).order_by(tally.c.topic_id))
    return {row.key: _sum(row) for row in found}


def crossed(
    connection: Connection, run_id: int, facet: str, *, since: str | None = None
) -> dict[str, dict[str, tuple[int, int]]]:
    """Per topic and value: tickets, and how many of them negative. `since`: values from there on (days)."""
    query = sa.select(tally.c.topic_id, tally.c.value, tally.c.count, tally.c.negative)
    query = query.where(tally.c.facet == facet, t.seen_at(tally, run_id)).order_by(tally.c.topic_id, tally.c.value)
    if since is not None:
        query = query.where(tally.c.value >= since)
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.topic_id, {})[row.value] = (row[2], row.negative)
    return found


def facet_sums(connection: Connection, run_id: int, facet: str) -> Iterator[tuple[str, str, int, int, float]]:
    """Topic ("": none), value, tickets, negative ones and the sum of their sentiment, ordered."""
    query = sa.select(tally.c.topic_id, tally.c.value, tally.c.count, tally.c.negative, tally.c.mood)
    query = query.where(tally.c.facet == facet, t.seen_at(tally, run_id)).order_by(tally.c.topic_id, tally.c.value)
    for topic_id, value, count, negative, mood in connection.execute(query):
        yield topic_id, value, count, negative, mood / 10_000


def span(connection: Connection, run_id: int) -> tuple[date, date] | None:
    """The first and the last day with a ticket; None where no ticket has a date."""
    seen = sa.and_(tally.c.facet == "day", tally.c.value != "", t.seen_at(tally, run_id))
    first, last = connection.execute(
        sa.select(sa.func.min(tally.c.value), sa.func.max(tally.c.value)).where(seen)
    ).one()
    return (date.fromisoformat(first), date.fromisoformat(last)) if first else None


def places(connection: Connection, run_id: int) -> list[Spot]:
    """Where the topics lie, by id."""
    query = sa.select(topic_place).where(t.seen_at(topic_place, run_id)).order_by(topic_place.c.id)
    return [
        Spot(row.id, row.x, row.y, tuple((other, float(cosine)) for other, cosine in row.neighbours))
        for row in connection.execute(query)
    ]


def _query(key: sa.ColumnElement[str]) -> sa.Select[*tuple[Any, ...]]:
    names = ("count", "negative", "mood", "priced", "cents", "closed", "minutes")
    return sa.select(key.label("key"), *(sa.func.sum(tally.c[name]).label(name) for name in names))


def _sum(row: Any) -> Sum:
    key, count, negative, mood, priced, cents, closed, minutes = row
    return Sum(
        key=key, count=int(count), negative=int(negative), sentiment=round(int(mood) / 10_000 / max(int(count), 1), 4),
        priced=int(priced), cost=int(cents) / 100, closed=int(closed), hours=int(minutes) / 60,
    )  # fmt: skip
