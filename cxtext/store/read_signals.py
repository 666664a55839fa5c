"""Signals, the course of counts beside what was expected, and sums per day: what screens show of trends, without tickets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import read_topics, runs
from cxtext.store import tables as t
from cxtext.store.signal_tables import ALL, day_tally, expectation, signal

PAGE = 2000  # rows fetched at a time; bounds the memory of a long export
FIRST_MORNING = 7  # days that count as "since last night" where there was no night before


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One event of one topic or slice, told once; the fields of `signal_tables.signal`.

    Attributes:
        topic_id: None stands for all tickets together.
        slice_: ("product", "X200") where only a part of the topic is concerned, else None.
        label: of the topic today; None for all tickets.
        state: open, closed or muted (kept, but no message).
        quiet: why nobody was told: "", topic (muted), budget, told (another line is about the same tickets), history.
        examples: keys of at most five tickets.
    """

    signal_id: str
    kind: str
    topic_id: str | None
    label: str | None
    slice_: tuple[str, str] | None
    day: date
    onset: date
    until: date | None
    window: int
    count: int
    expected: float
    lower: float
    upper: float
    ratio: float
    ratio_low: float
    ratio_high: float
    evidence_strength: float
    chance_share: float
    per_thousand: float | None  # of all tickets of the window
    per_thousand_units: float | None  # of what was shipped in it, where the company says so
    course: str
    state: str
    quiet: str
    language: str
    why_de: str
    why_en: str
    examples: tuple[str, ...]

    @property
    def why(self) -> str:
        """The reason in the company's first language."""
        return self.why_de if self.language == "de" else self.why_en


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


@dataclass(frozen=True, slots=True)
class Morning:
    """What is different since the night before: signals first told, and topics whose status has changed."""

    since: date | None
    signals: tuple[Signal, ...]
    changed: tuple[tuple[str, str, str], ...]  # topic, status before, status now


def signals(
    connection: Connection,
    run_id: int,
    *,
    open_only: bool = False,
    topic: str | None = None,
    department: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Signal]:
    """All signals as seen at a run, newest first.

    Args:
        connection: to the store.
        run_id: the run whose view is wanted.
        open_only: those that go on and are not muted.
        topic: of this topic and its subtopics; a merged id leads on.
        department: of slices of that department, and of topics it owns most of.
        since: first day on which they were told.
        until: last day on which they were told.
    """
    query = (
        sa.select(signal, t.topic.c.label, t.topic.c.departments)
        .outerjoin(t.topic, sa.and_(t.topic.c.id == signal.c.topic_id, t.seen_at(t.topic, run_id)))
        .where(t.seen_at(signal, run_id))
        .order_by(signal.c.day.desc(), signal.c.evidence_strength.desc(), signal.c.id)
    )
    if open_only:
        query = query.where(signal.c.state == "open")
    if topic is not None:
        query = query.where(signal.c.topic_id.in_(read_topics.below(connection, run_id, topic)))
    if since is not None:
        query = query.where(signal.c.day >= since)
    if until is not None:
        query = query.where(signal.c.day <= until)
    rows = connection.execute(query).mappings().all()
    return [_signal(row) for row in rows if department is None or _of_department(row, department)]


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


def morning(connection: Connection, run_id: int) -> Morning:
    """What is new, rising or resolved since the night before."""
    tonight, before = _last_two_nights(connection, run_id)
    if tonight is None or tonight.as_of is None:
        return Morning(None, (), ())
    since = before.as_of if before is not None and before.as_of else tonight.as_of - timedelta(FIRST_MORNING)
    told = [one for one in signals(connection, run_id, since=since + timedelta(1)) if not one.quiet]
    changed: list[tuple[str, str, str]] = []
    if before is not None:
        then = {row["topic_id"]: row["status"] for row in read_topics.topics(connection, before.id)}
        changed = [
            (row["topic_id"], then[row["topic_id"]], row["status"])
            for row in read_topics.topics(connection, run_id)
            if row["topic_id"] in then and then[row["topic_id"]] != row["status"]
        ]
    return Morning(since, tuple(told), tuple(changed))


def night_before(connection: Connection, run_id: int) -> date | None:
    """The day of the night before the newest one up to a run; None where that was the first."""
    _, before = _last_two_nights(connection, run_id)
    return before.as_of if before is not None else None


def _last_two_nights(connection: Connection, run_id: int) -> Sequence[runs.Run | None]:
    query = (
        sa.select(t.run.c.id)
        .where(t.run.c.kind == "night", t.run.c.id <= run_id, t.run.c.state == "done")
        .order_by(t.run.c.id.desc())
        .limit(2)
    )
    found: list[runs.Run | None] = [runs.get(connection, number) for number in connection.scalars(query)]
    return (*found, None, None)[:2]


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


def _signal(row: Mapping[Any, Any]) -> Signal:
    sliced = None if row["dimension"] == "all" else (row["dimension"], row["value"])
    plain = {
        name: row[name]
        for name in Signal.__slots__
        if name not in ("signal_id", "topic_id", "slice_", "examples", "label")
    }
    return Signal(
        signal_id=row["id"], topic_id=row["topic_id"] or None, label=row["label"], slice_=sliced,
        examples=tuple(row["examples"]), **plain,
    )  # fmt: skip


def _of_department(row: Mapping[Any, Any], department: str) -> bool:
    if row["dimension"] == "department":
        return bool(row["value"] == department)
    owners = row["departments"] or []
    return bool(owners) and owners[0][0] == department


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
