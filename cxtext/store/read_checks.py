"""What people are asked to check this week, and what their checks say about everything that is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.errors import ConfigurationError
from cxtext.metrics.periods import week_label
from cxtext.metrics.precision import Answer, Precision, Shown, precision_of
from cxtext.metrics.sampling import Candidate, draw
from cxtext.store import tables as t
from cxtext.store.metric_tables import check
from cxtext.store.read_metrics import Checked, checks

Field = Literal["topic", "cause"]
FIELDS: tuple[Field, ...] = ("topic", "cause")
MOST = 30  # checks a week: half an hour of one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing to check: does the ticket show the right topic, or cause? `weight`: tickets of its week it stands for."""

    week: str
    field: Field
    no: int
    key: str
    text: str
    shown: str | None
    confidence: float
    weight: float
    suggestions: tuple[str, ...] = ()


def sample_of_week(
    connection: Connection, run_id: int, *, week: str | None = None, seed: int = 0, count: int = MOST
) -> list[Asked]:
    """Draw what is still to be checked of a week: the same for the same week, seed and state.

    Half of the checks are about topics, half about causes. `week` is an ISO week such as 2026-W44; default: the last
    one that is complete. What has been checked already is left out.

    Raises:
        ConfigurationError: `week` is none.
    """
    chosen = week or last_week(connection, run_id)
    if chosen is None:
        return []
    done = {(one.no, one.field) for one in checks(connection, run_id, week=chosen)}
    rows = _frame(connection, run_id, chosen)
    picked: list[tuple[Field, int, Candidate, float]] = []
    for field, many in zip(FIELDS, (count - count // 2, count // 2), strict=True):
        shown = [Candidate(f"{row['source']}:{row['id']}", row[field], row[f"{field}_sure"] or 0.0) for row in rows]
        picked += [
            (field, rows[drawn.place]["no"], shown[drawn.place], drawn.weight)
            for drawn in draw(shown, many, seed=seed, week=chosen, field=field)
            if (rows[drawn.place]["no"], field) not in done
        ]
    said = _said(connection, run_id, [no for _, no, _, _ in picked])
    return [_asked(said[no], candidate, weight, chosen, field) for field, no, candidate, weight in picked]


def last_week(connection: Connection, run_id: int) -> str | None:
    """Name the last complete ISO week up to the newest ticket, or its own if there is no earlier one."""
    first, last = _end_day(connection, run_id, newest=False), _end_day(connection, run_id, newest=True)
    if first is None or last is None:
        return None
    ended = last - timedelta(last.isoweekday() % 7)  # the Sunday on or before it
    return week_label(ended if ended >= first else last)


def _end_day(connection: Connection, run_id: int, *, newest: bool) -> date | None:
    """First or last day with a ticket, from the ends of an index."""
    day = t.version.c.day
    found: list[date] = []
    for seen in t.seen_parts(t.version, run_id):
        query = sa.select(day).where(seen, day.is_not(None)).order_by(day.desc() if newest else day).limit(1)
        found += connection.scalars(query)
    return (max if newest else min)(found, default=None)


def precision(connection: Connection, run_id: int, field: Field | None = None) -> list[Precision]:
    """How far topics and causes can be trusted, with 95 % intervals, from all checks until a run; "all" comes first."""
    found: list[Precision] = []
    for name in FIELDS if field is None else (field,):
        newest = _newest(checks(connection, run_id, field=name))
        weeks = sorted({one.week for one in newest})
        answers = [Answer(one.shown, one.verdict, one.right_value, one.confidence, one.weight) for one in newest]
        found += precision_of(name, answers, _shown(connection, run_id, weeks, name) if weeks else {})
    return found


def _newest(said: list[Checked]) -> list[Checked]:
    """The last word on every value: who thinks again is believed."""
    return list({(one.week, one.no): one for one in said}.values())


def _shown(connection: Connection, run_id: int, weeks: list[str], field: Field) -> Mapping[str | None, Shown]:
    """What all tickets of some weeks show; asked week by week, since their days need not be neighbours."""
    counts: dict[str | None, tuple[int, float]] = {}
    for week in weeks:
        for row in _frame(connection, run_id, week):
            before = counts.get(row[field], (0, 0.0))
            counts[row[field]] = (before[0] + 1, before[1] + (row[f"{field}_sure"] or 0.0))
    return {value: Shown(count, confidence / count) for value, (count, confidence) in counts.items()}


def _frame(connection: Connection, run_id: int, week: str) -> list[Mapping[str, Any]]:
    """All tickets of a week that have been read, with what they show, by number; their texts are not looked at."""
    first = monday(week)
    version, reading, assignment = t.version.c, t.reading.c, t.assignment.c
    query = (
        sa.select(version.no, t.ticket.c.source, t.ticket.c.id)
        .add_columns(assignment.topic_id.label("topic"), assignment.confidence.label("topic_sure"))
        .add_columns(reading.cause.label("cause"), reading.cause_confidence.label("cause_sure"))
        .select_from(t.version)
        .join(t.ticket, t.ticket.c.no == version.no)
        .join(t.reading, sa.and_(reading.no == version.no, t.seen_at(t.reading, run_id)))
        .join(t.assignment, sa.and_(assignment.no == version.no, t.seen_at(t.assignment, run_id)))
        .where(version.day >= first, version.day <= first + timedelta(6))
    )
    parts = (connection.execute(query.where(seen)).mappings().all() for seen in t.seen_parts(t.version, run_id))
    return sorted((dict(row) for rows in parts for row in rows), key=lambda row: row["no"])


def _said(connection: Connection, run_id: int, numbers: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """Text and suggestions of the few tickets that are asked about."""
    query = (
        sa.select(t.version.c.no, t.version.c.text, t.reading.c.suggestions)
        .join(t.reading, sa.and_(t.reading.c.no == t.version.c.no, t.seen_at(t.reading, run_id)))
        .where(t.version.c.no.in_(numbers), t.seen_at(t.version, run_id))
    )
    return {row["no"]: dict(row) for row in connection.execute(query).mappings()}


def monday(week: str) -> date:
    """First day of an ISO week such as 2026-W44.

    Raises:
        ConfigurationError: it is none.
    """
    year, _, number = week.partition("-W")
    try:
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError as error:
        raise ConfigurationError(f"week {week!r}: write it like 2026-W44") from error


def _asked(row: Mapping[str, Any], candidate: Candidate, weight: float, week: str, field: Field) -> Asked:
    offered = [name for name, _ in row["suggestions"].get("cause", [])] if field == "cause" else []
    return Asked(
        week=week,
        field=field,
        no=row["no"],
        key=candidate.key,
        text=row["text"],
        shown=candidate.shown,
        confidence=candidate.confidence,
        weight=weight,
        suggestions=tuple(name for name in offered if name != candidate.shown),
    )


def checked_weeks(connection: Connection, run_id: int) -> dict[str, int]:
    """How many checks were given per week, oldest week first."""
    query = sa.select(check.c.week, sa.func.count()).where(check.c.run_id <= run_id).group_by(check.c.week)
    return {row[0]: row[1] for row in connection.execute(query.order_by(check.c.week))}
