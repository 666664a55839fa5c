"""One day of one slice of one topic: its sums and its customers, counted from tickets."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from cxtext.store import tables as t
from cxtext.store.signal_tables import ALL

DIMENSIONS = ("department", "product", "channel", "language", "version", "cause")
SUMS = ("tickets", "customers", "negative", "mood", "csat", "csat_answers", "csat_good")
GOOD = 4.0  # answers of CSAT from here on are good

Key = tuple[date, str, str, str]  # day, topic, dimension, value
Sums = tuple[int, ...]


@dataclass(slots=True)
class Slice:
    """Sums while they grow; `who` holds the customers of the day."""

    tickets: int = 0
    negative: int = 0
    mood: int = 0
    csat: int = 0
    csat_answers: int = 0
    csat_good: int = 0
    who: set[str] = field(default_factory=set)

    def add(self, row: Any) -> None:
        """One ticket more."""
        self.tickets += 1
        self.negative += row.sentiment_label == "negative"
        self.mood += round((row.sentiment or 0.0) * 10_000)
        if row.csat is not None:
            self.csat += round(row.csat * 100)
            self.csat_answers += 1
            self.csat_good += row.csat >= GOOD
        if not row.auto_reply:  # a machine that answers is no customer
            self.who.add(who_of(row))

    def sums(self, besides: Collection[str] = ()) -> Sums:
        """What `SUMS` names, of customers only those that are not among some others."""
        customers = len(self.who.difference(besides))
        return (self.tickets, customers, self.negative, self.mood, self.csat, self.csat_answers, self.csat_good)


def who_of(row: Any) -> str:
    """The customer of a ticket; where nobody knows it, the text."""
    return str(row.customer_id or row.fold or f"#{row.no}")


def slices_of(rows: Iterable[Any]) -> dict[Key, Slice]:
    """All slices that some tickets with a day belong to."""
    found: dict[Key, Slice] = {}
    for row in rows:
        for key in keys_of(row):
            found.setdefault(key, Slice()).add(row)
    return found


def keys_of(row: Any) -> Iterator[Key]:
    """The slices of one ticket, of all tickets and of its topic."""
    values = list(_values(row))
    for topic_id in (ALL, row.topic_id) if row.topic_id else (ALL,):
        for dimension, value in values:
            yield row.day, topic_id, dimension, value


def facts(seen: Any) -> sa.Select[Any]:
    """What the sums need of tickets that have been read; `seen` says which rows of a table count."""
    told = ("no", "day", "customer_id", "fold", "auto_reply", "product", "version", "channel", "language", "csat")
    said = ("department", "cause", "sentiment", "sentiment_label")
    return (
        sa.select(*(t.version.c[name] for name in told), *(t.reading.c[name] for name in said))
        .add_columns(t.assignment.c.topic_id)
        .join(t.reading, sa.and_(t.reading.c.no == t.version.c.no, seen(t.reading)))
        .outerjoin(t.assignment, sa.and_(t.assignment.c.no == t.version.c.no, seen(t.assignment)))
        .where(seen(t.version))
    )


def _values(row: Any) -> Iterator[tuple[str, str]]:
    yield "all", ALL
    for dimension in DIMENSIONS:
        value = getattr(row, dimension)
        if value:
            if dimension == "version" and row.product:  # 2.0 of one product is not 2.0 of another
                value = f"{row.product} {value}"
            yield dimension, value[:400]
