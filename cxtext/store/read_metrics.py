"""Metrics, drivers and checks as seen at one run: what screens, API, exports and reports show alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.metrics.arrows import Arrow, arrow_of_values
from cxtext.metrics.definitions import METRICS, WHOLE
from cxtext.store import tables as t
from cxtext.store.metric_tables import check, driver
from cxtext.store.metric_tables import metric as metric_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One value with its 95 % interval.

    Attributes:
        period: 2026-W44 (ISO), 2026-10, 28d (the last 28 days), 28d-before (the 28 before them) or all.
        value: percentages 0–100, NPS −100…+100, hours, money as in the tickets; None under n = 5.
        n: what it rests on; `definitions.METRICS[metric].of` says what that counts.
        first_day: of the period; None in the period all.
    """

    scope: str
    key: str
    period: str
    metric: str
    value: float | None
    lower: float | None
    upper: float | None
    n: int
    kind: str = ""
    first_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """What one issue does to one outcome, channel, product and month being equal.

    Attributes:
        outcome: csat (1–5), nps (−100…+100), ces (1–7), reopened and churned (percent), hours (to resolution),
            sentiment (−1…+1), cost (money per week, not compared with other issues).
        rank: 1 is the worst, by `harm`.
        n: tickets of the issue, its subtopics included, whose outcome is known; `others` those of all other issues.
        effect: of one ticket against all others, 95 % interval `lower`…`upper`; None under n = 5.
        harm: what the issue surely takes from the overall value (at the harmless end of the interval); 0: nothing sure.
        overall: the outcome over all tickets; `without`: what it would be without this issue, with interval.
        thin: too few tickets to rely on.
    """

    outcome: str
    topic_id: str
    rank: int
    n: int
    others: int
    effect: float | None
    lower: float | None
    upper: float | None
    harm: float | None
    overall: float | None
    without: float | None
    without_lower: float | None
    without_upper: float | None
    thin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One answer that a person gave about one value that was shown."""

    at: datetime
    week: str
    no: int
    field: str
    shown: str | None
    verdict: bool
    right_value: str | None
    confidence: float
    weight: float
    by: str


def metrics(
    connection: Connection,
    run_id: int,
    *,
    scope: str | None = None,
    key: str | None = None,
    period: str | None = None,
    metric: str | None = None,
) -> Iterator[Metric]:
    """Metrics of some cut, by scope, key, period and metric; `period` is one period or a kind (week, month, 28d, all)."""
    query = sa.select(metric_table).where(t.seen_at(metric_table, run_id))
    if scope is not None:
        query = query.where(metric_table.c.scope == scope)
    if key is not None:
        query = query.where(metric_table.c.key == key)
    if period is not None:
        query = query.where(sa.or_(metric_table.c.period == period, metric_table.c.kind == period))
    columns = metric_table.c
    for row in connection.execute(query.order_by(columns.scope, columns.key, columns.kind, columns.period)):
        for name in METRICS:
            if name in row.figures and metric in (None, name):
                value, lower, upper, n = row.figures[name]
                yield Metric(
                    scope=row.scope, key=row.key, period=row.period, kind=row.kind, first_day=row.first_day,
                    metric=name, value=value, lower=lower, upper=upper, n=n,
                )  # fmt: skip


def series(
    connection: Connection, run_id: int, metric: str, *, scope: str = WHOLE, key: str = WHOLE, kind: str = "week"
) -> list[Metric]:
    """One metric over the weeks or months of one cut, oldest first."""
    found = metrics(connection, run_id, scope=scope, key=key, period=kind, metric=metric)
    return sorted(found, key=lambda one: (one.first_day or date.min, one.period))


def arrows(
    connection: Connection, run_id: int, metric: str, *, scope: str = WHOLE, key: str | None = None
) -> dict[str, Arrow]:
    """Where a metric goes, by key: the last 28 days against the 28 before, "flat" unless 95 % intervals exclude it."""
    values: dict[str, dict[str, Metric]] = {}
    for period in ("28d", "28d-before"):
        for one in metrics(connection, run_id, scope=scope, key=key, period=period, metric=metric):
            values.setdefault(one.key, {})[period] = one
    return {
        name: arrow_of_values(*((one.value, one.lower, one.upper) for one in (pair["28d"], pair["28d-before"])))
        for name, pair in values.items()
        if len(pair) == 2
    }


def drivers(
    connection: Connection,
    run_id: int,
    outcome: str,
    *,
    topic_id: str | None = None,
    leaves: bool = False,
    limit: int | None = None,
) -> list[Driver]:
    """The issues that pull an outcome down, the surest harm first; those that help or are hidden come last.

    `leaves`: without topics that only hold others, which would say the same things twice.
    """
    query = sa.select(driver).where(t.seen_at(driver, run_id), driver.c.outcome == outcome).order_by(driver.c.rank)
    if topic_id is not None:
        query = query.where(driver.c.topic_id == topic_id)
    if leaves:
        parents = sa.select(t.topic.c.parent_id).where(t.seen_at(t.topic, run_id), t.topic.c.parent_id.is_not(None))
        query = query.where(driver.c.topic_id.not_in(parents))
    rows = connection.execute(query if limit is None else query.limit(limit)).mappings()
    names = Driver.__dataclass_fields__
    return [Driver(**{name: row[name] for name in names}) for row in rows]


def checks(connection: Connection, run_id: int, *, week: str | None = None, field: str | None = None) -> list[Checked]:
    """What people said of sampled tickets, oldest first."""
    query = sa.select(check).where(check.c.run_id <= run_id).order_by(check.c.id)
    if week is not None:
        query = query.where(check.c.week == week)
    if field is not None:
        query = query.where(check.c.field == field)
    names = Checked.__dataclass_fields__
    return [Checked(**{name: row[name] for name in names}) for row in connection.execute(query).mappings()]
