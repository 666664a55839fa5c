"""Fixes and whether they worked, as seen at one run."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.errors import NotFound
from cxtext.store import tables as t
from cxtext.store.defect_tables import fix, fix_check


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FixRow:
    """What was done about an issue, and what became of it.

    Attributes:
        label: of the topic as it is called at the run.
        day: when the fix took effect; `what` was done, for which product, version or department (None: everywhere).
        state: recorded (no night has looked yet), too early, resolved, improved, not resolved, regressed.
        judged_day: last day that the verdict rests on (14 or 28 days after the fix).
        onset: first day of the surge that was fixed; None where the issue had always been there.
        before, after: distinct customers per day, added up, in `days_before` and `days_after` days.
        change: percent of the tickets that would have come without the fix, against untouched topics; -80: four fifths fewer.
        placebo: share of the control topics that fell at least as far, 0…1. controls: their ids.
        relapsed_on: the night on which it was back.
        tickets, hours, csat, cost: saved since the fix; hours from creation to resolution, csat in points of the mean
            (1-5) over all answers since, cost as in the tickets. None where nothing is known.
    """

    id: str
    topic_id: str
    label: str | None
    day: date
    what: str
    product: str | None
    version: str | None
    department: str | None
    by: str
    at: datetime
    state: str
    judged_day: date | None
    onset: date | None
    before: int
    after: int
    days_before: int
    days_after: int
    change: Estimate | None
    placebo: float | None
    controls: tuple[str, ...]
    relapsed_on: date | None
    tickets: Estimate | None
    hours: Estimate | None
    csat: Estimate | None
    cost: Estimate | None


def fixes(connection: Connection, run_id: int, *, topic: str | None = None) -> list[FixRow]:
    """All fixes that were not taken back, newest first; of one topic, or of all."""
    seen = sa.and_(fix_check.c.fix_id == fix.c.id, t.seen_at(fix_check, run_id))
    named = sa.and_(t.topic.c.id == fix.c.topic_id, t.seen_at(t.topic, run_id))
    told = [column for column in fix_check.c if column.name not in ("fix_id", "from_run", "to_run")]
    query = (
        sa.select(*(column for column in fix.c if column.name not in ("from_run", "to_run")), *told, t.topic.c.label)
        .outerjoin(fix_check, seen)
        .outerjoin(t.topic, named)
        .where(t.seen_at(fix, run_id))
        .order_by(fix.c.day.desc(), fix.c.id.desc())
    )
    if topic is not None:
        query = query.where(fix.c.topic_id == topic)
    return [_row(dict(row)) for row in connection.execute(query).mappings()]


def one_fix(connection: Connection, run_id: int, fix_id: str) -> FixRow:
    """One fix.

    Raises:
        NotFound: there is none, or it was taken back.
    """
    for row in fixes(connection, run_id):
        if row.id == fix_id:
            return row
    raise NotFound(f"no fix {fix_id}: `cxtext fix` lists all")


def _row(row: dict[str, Any]) -> FixRow:
    change = None if row["change"] is None else Estimate(row["change"], row["lower"], row["upper"])
    saved = {name: Estimate(*values) for name, values in (row["saved"] or {}).items()}
    plain = {name: row[name] for name in ("id", "topic_id", "label", "day", "what", "product", "version", "department")}
    return FixRow(
        **plain, by=row["by"], at=row["at"], state=row["state"] or "recorded", judged_day=row["judged_day"],
        onset=row["onset"], before=row["before"] or 0, after=row["after"] or 0, days_before=row["days_before"] or 0,
        days_after=row["days_after"] or 0, change=change, placebo=row["placebo"],
        controls=tuple(row["controls"] or ()), relapsed_on=row["relapsed_on"],
        tickets=saved.get("tickets"), hours=saved.get("hours"), csat=saved.get("csat"), cost=saved.get("cost"),
    )  # fmt: skip
