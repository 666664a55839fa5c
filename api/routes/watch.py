"""What changes: trends, signals, metrics, drivers."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from api import schemas_watch as schemas
from api.accounts.principal import Who
from api.days import Day
from api.deps import Cursor, Limit, Now, fresh, only_known
from api.interface import described
from api.paging import paged
from cxtext.errors import NotFound
from cxtext.store import read_metrics, read_signals, read_topics, read_trends, runs

router = APIRouter(prefix="/api/v1", dependencies=[Depends(only_known), Depends(fresh)])
ANSWERS = described(304, 403, 404)
LONGEST = 1100  # days of one trend: three years
USUAL = 90
Topic = Annotated[str | None, Query(max_length=20, description="Subtopics are included.", examples=["T-0001"])]
Department = Annotated[str | None, Query(max_length=120, description="Its key, such as logistics.")]
Product = Annotated[str | None, Query(max_length=400)]
Since = Annotated[Day | None, Query(description="First day, such as 2026-05-03.")]
Until = Annotated[Day | None, Query(description="Last day.")]
Dimension = Literal["department", "product", "channel", "language", "version", "cause", "topic"]


@router.get("/trends", tags=["trends"], responses=ANSWERS)
def trend(
    now: Now,
    who: Who,
    topic: Topic = None,
    department: Department = None,
    product: Product = None,
    since: Since = None,
    until: Until = None,
) -> schemas.Trend:
    """Customers per day of one topic, or of all tickets, beside what was expected of that day (95 %).

    Without `since` and `until` the last 90 days; at most the last 1,100. At most one of `department` and `product` narrows it down. Those who
    see some departments get the sum of theirs.
    """
    if department is not None and product is not None:
        raise NotFound("department and product together are not counted per day: give one of them")
    first, last = _period(now, since, until)
    topic_id = None if topic is None else str(read_topics.topic(now.connection, now.run_id, topic)["topic_id"])
    chosen = [department] if department or not who.departments else sorted(who.departments)
    courses = [
        read_trends.trend(
            now.connection, now.run_id, topic_id, since=first, until=last, department=one, product=product
        )
        for one in chosen
    ]
    days = courses[0] if len(courses) == 1 else [_together(list(days)) for days in zip(*courses, strict=True)]
    return schemas.Trend(items=[schemas.TrendDay.model_validate(day) for day in days])


@router.get("/trends/by/{dimension}", tags=["trends"], responses=ANSWERS)
def sums(now: Now, dimension: Dimension, topic: Topic = None, since: Since = None, until: Until = None) -> schemas.Sums:
    """Sums of a period per topic or per value of a dimension, largest first."""
    if dimension == "topic":
        rows = read_trends.by_topic(now.connection, now.run_id, since=since, until=until)
        if topic is not None:
            below = set(read_topics.below(now.connection, now.run_id, topic))
            rows = [row for row in rows if row.key in below]
    else:
        rows = read_trends.by_dimension(now.connection, now.run_id, dimension, topic_id=topic, since=since, until=until)
    return schemas.Sums(items=[schemas.SumOut.model_validate(row) for row in rows])


@router.get("/signals", tags=["signals"], responses=ANSWERS)
def list_signals(
    now: Now,
    topic: Topic = None,
    department: Department = None,
    since: Since = None,
    until: Until = None,
    state: Annotated[Literal["open", "all"], Query(description="open: what goes on and is not muted.")] = "all",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> schemas.Signals:
    """What is new, rising, jumping or resolved, each told once, with its why; newest first."""
    found = read_signals.signals(
        now.connection, now.run_id, open_only=state == "open", topic=topic, department=department, since=since, until=until
    )  # fmt: skip
    page, following = paged(found, lambda one: (one.signal_id,), cursor, limit)
    return schemas.Signals(items=[schemas.SignalOut.model_validate(one) for one in page], next_cursor=following)


@router.get("/metrics", tags=["metrics"], responses=ANSWERS)
def list_metrics(
    now: Now,
    scope: Annotated[
        str | None,
        Query(max_length=20, description="all, topic, cause, department, product, channel, language, version."),
    ] = None,
    key: Annotated[str | None, Query(max_length=620, description="Which topic, which department …")] = None,
    period: Annotated[
        str | None, Query(max_length=10, description="2026-W44, 2026-10, 28d, all; or week, month.")
    ] = None,
    metric: Annotated[str | None, Query(max_length=40, description="csat, nps, ces, …")] = None,
    cursor: Cursor = None,
    limit: Limit = 200,
) -> schemas.Metrics:
    """CSAT, NPS, CES, times, rates and more, by cut and period, each with its 95 % interval and n."""
    found = list(read_metrics.metrics(now.connection, now.run_id, scope=scope, key=key, period=period, metric=metric))
    page, following = paged(found, lambda one: (one.scope, one.key, one.period, one.metric), cursor, limit)
    return schemas.Metrics(items=[schemas.MetricOut.model_validate(one) for one in page], next_cursor=following)


@router.get("/drivers", tags=["metrics"], responses=ANSWERS)
def list_drivers(
    now: Now,
    outcome: Annotated[
        Literal["csat", "nps", "ces", "reopened", "churned", "hours", "sentiment", "cost"], Query(examples=["csat"])
    ] = "csat",
    topic: Topic = None,
) -> schemas.Drivers:
    """Which issues pull an outcome down and by how much, channel, product and month being equal."""
    found = read_metrics.drivers(now.connection, now.run_id, outcome, topic_id=topic)
    return schemas.Drivers(items=[schemas.DriverOut.model_validate(one) for one in found])


def _period(now: Now, since: date | None, until: date | None) -> tuple[date, date]:
    if until is None:
        last = runs.get(now.connection, now.run_id).as_of if now.run_id else None
        until = last or since or date(2000, 1, 1)
    if since is None:
        since = max(until - timedelta(USUAL - 1), date.min) if until.toordinal() > USUAL else date.min
    return max(since, until - timedelta(LONGEST - 1)) if until.toordinal() > LONGEST else since, until


def _together(days: list[read_trends.TrendDay]) -> read_trends.TrendDay:
    """One day of several departments; what was expected of their sum nobody has worked out."""
    tickets = sum(day.tickets for day in days)
    mood = sum((day.sentiment or 0.0) * day.tickets for day in days)
    return replace(
        days[0], department=None, count=sum(day.count for day in days), expected=None, lower=None, upper=None,
        sentiment=round(mood / tickets, 4) if tickets else None, tickets=tickets,
    )  # fmt: skip
