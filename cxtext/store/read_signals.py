"""Signals as they were told, and what a morning brings: what screens show of them, without tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import read_topics, runs
from cxtext.store import tables as t
from cxtext.store.signal_tables import signal

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
