"""Keep sums per day and slice; only the days and topics that a run touched are counted again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.batches import batches
from cxtext.store import tables as t
from cxtext.store.signal_tables import ALL, day_tally

DIMENSIONS = ("department", "product", "channel", "language", "version", "cause")
SUMS = ("tickets", "customers", "negative", "mood", "csat", "csat_answers", "csat_good")
DAYS_AT_A_TIME = 30
PAGE = 5000
GOOD = 4.0  # answers of CSAT from here on are good

Key = tuple[date, str, str, str]  # day, topic, dimension, value
Sums = tuple[int, ...]


@dataclass(slots=True)
class _Slice:
    """Sums while they grow; `who` holds the customers of the day."""

    tickets: int = 0
    negative: int = 0
    mood: int = 0
    csat: int = 0
    csat_answers: int = 0
    csat_good: int = 0
    who: set[str] | None = None

    def add(self, row: Any) -> None:
        self.tickets += 1
        self.negative += row.sentiment_label == "negative"
        self.mood += round((row.sentiment or 0.0) * 10_000)
        if row.csat is not None:
            self.csat += round(row.csat * 100)
            self.csat_answers += 1
            self.csat_good += row.csat >= GOOD
        if not row.auto_reply:  # a machine that answers is no customer
            self.who = self.who or set()
            self.who.add(row.customer_id or row.fold or f"#{row.no}")

    def sums(self) -> Sums:
        customers = len(self.who or ())
        return (self.tickets, customers, self.negative, self.mood, self.csat, self.csat_answers, self.csat_good)


def update(connection: Connection, run_id: int) -> dict[date, set[str]]:
    """Count the days and topics that `run_id` touched; returns them (the topics of each day, "" for all tickets).

    Where nothing has been counted yet, in a store that an older cxtext filled, every day and topic is. Only the run that is being written may be counted. Repeated after a kill, it writes the same.
    """
    connection.execute(day_tally.delete().where(day_tally.c.from_run == run_id))
    connection.execute(day_tally.update().where(day_tally.c.to_run == run_id).values(to_run=None))
    touched = _touched(connection, run_id, everything=not has_begun(connection, run_id))
    for days in batches(sorted(touched), DAYS_AT_A_TIME):
        _write(connection, {day: touched[day] for day in days}, run_id)
    return touched


def days_of(connection: Connection, numbers: Sequence[int]) -> dict[date, set[str]]:
    """Days of some tickets as they stand, with their topics ("" for all tickets)."""
    found: dict[date, set[str]] = {}
    for part in batches(numbers, PAGE // 10):
        query = (
            sa.select(t.version.c.day, t.assignment.c.topic_id)
            .outerjoin(t.assignment, sa.and_(t.assignment.c.no == t.version.c.no, t.assignment.c.to_run.is_(None)))
            .where(t.version.c.no.in_(part), t.version.c.to_run.is_(None), t.version.c.day.is_not(None))
        )
        for day, topic_id in connection.execute(query):
            found.setdefault(day, {ALL}).add(topic_id or ALL)
    return found


def correct(connection: Connection, touched: Mapping[date, set[str]]) -> None:
    """Count some days and topics again, in place: tickets of theirs were erased, and nobody may see them again."""
    for days in batches(sorted(touched), DAYS_AT_A_TIME):
        part = {day: touched[day] for day in days}
        fresh = _count(connection, part)
        for key, (sums, _) in _present(connection, part).items():
            here = [column == value for column, value in zip(day_tally.c, key, strict=False)]
            here.append(day_tally.c.to_run.is_(None))
            if key not in fresh:
                connection.execute(day_tally.delete().where(*here))
            elif fresh[key] != sums:
                connection.execute(day_tally.update().where(*here).values(**dict(zip(SUMS, fresh[key], strict=True))))


def has_begun(connection: Connection, run_id: int) -> bool:
    """Whether a run before this one has counted anything."""
    return connection.scalar(sa.select(day_tally.c.from_run).where(day_tally.c.from_run < run_id).limit(1)) is not None


def _touched(connection: Connection, run_id: int, *, everything: bool) -> dict[date, set[str]]:
    """Days and topics of all tickets of which the run wrote or closed something, as they were and as they are."""
    written = sa.union(
        *(
            sa.select(table.c.no).where(column == run_id)
            for table in (t.version, t.reading, t.assignment)
            for column in (table.c.from_run, table.c.to_run)
        )
    )
    numbers = (sa.select(t.ticket.c.no) if everything else written).subquery()
    found: dict[date, set[str]] = {}
    for moment in (run_id - 1, run_id):
        query = (
            sa.select(t.version.c.day, t.assignment.c.topic_id)
            .select_from(numbers)
            .join(t.version, sa.and_(t.version.c.no == numbers.c.no, t.seen_at(t.version, moment)))
            .outerjoin(t.assignment, sa.and_(t.assignment.c.no == numbers.c.no, t.seen_at(t.assignment, moment)))
            .where(t.version.c.day.is_not(None))
            .distinct()
        )
        for day, topic_id in connection.execute(query):
            found.setdefault(day, {ALL}).add(topic_id or ALL)
    return found


def _write(connection: Connection, touched: Mapping[date, set[str]], run_id: int) -> None:
    fresh = _count(connection, touched)
    old = _present(connection, touched)
    gone = [(*key, from_run) for key, (sums, from_run) in old.items() if fresh.get(key) != sums]
    if gone:
        names = ("day", "topic_id", "dimension", "value", "from_run")
        columns = [day_tally.c[name] == sa.bindparam(f"old_{name}") for name in names]
        parameters = [{f"old_{name}": part for name, part in zip(names, key, strict=True)} for key in gone]
        connection.execute(day_tally.update().where(*columns).values(to_run=run_id), parameters)
    rows = [
        dict(zip(("day", "topic_id", "dimension", "value"), key, strict=True))
        | dict(zip(SUMS, sums, strict=True))
        | {"from_run": run_id, "to_run": None}
        for key, sums in sorted(fresh.items())
        if key not in old or old[key][0] != sums
    ]
    for part in batches(rows, PAGE):
        connection.execute(day_tally.insert(), part)


def _count(connection: Connection, touched: Mapping[date, set[str]]) -> dict[Key, Sums]:
    slices: dict[Key, _Slice] = {}
    for row in _tickets(connection, sorted(touched)):
        topics = (ALL, row.topic_id) if row.topic_id else (ALL,)
        for topic_id in topics:
            if topic_id in touched[row.day]:
                for dimension, value in _values(row):
                    slices.setdefault((row.day, topic_id, dimension, value), _Slice()).add(row)
    return {key: found.sums() for key, found in slices.items()}


def _tickets(connection: Connection, days: Sequence[date]) -> Iterator[Any]:
    """The tickets of some days as the run that is being written sees them: what nobody has closed."""
    facts = ("no", "day", "customer_id", "fold", "auto_reply", "product", "version", "channel", "language", "csat")
    said = ("department", "cause", "sentiment", "sentiment_label")
    query = (
        sa.select(*(t.version.c[name] for name in facts), *(t.reading.c[name] for name in said))
        .add_columns(t.assignment.c.topic_id)
        .join(t.reading, sa.and_(t.reading.c.no == t.version.c.no, t.reading.c.to_run.is_(None)))
        .outerjoin(t.assignment, sa.and_(t.assignment.c.no == t.version.c.no, t.assignment.c.to_run.is_(None)))
        .where(t.version.c.to_run.is_(None), t.version.c.day.in_(days))
    )
    yield from connection.execute(query).yield_per(PAGE)


def _values(row: Any) -> Iterator[tuple[str, str]]:
    yield "all", ALL
    for dimension in DIMENSIONS:
        value = getattr(row, dimension)
        if value:
            if dimension == "version" and row.product:  # 2.0 of one product is not 2.0 of another
                value = f"{row.product} {value}"
            yield dimension, value[:400]


def _present(connection: Connection, touched: Mapping[date, set[str]]) -> dict[Key, tuple[Sums, int]]:
    query = sa.select(day_tally).where(day_tally.c.day.in_(list(touched)), day_tally.c.to_run.is_(None))
    return {
        (row.day, row.topic_id, row.dimension, row.value): (tuple(row._mapping[name] for name in SUMS), row.from_run)
        for row in connection.execute(query).yield_per(PAGE)
        if row.topic_id in touched[row.day]
    }
