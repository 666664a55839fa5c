"""The course of an issue: counts beside what was expected, or the rate beside its control limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Any, Literal

from api.dashboard.charts import monday
from api.dashboard.view import View
from cxtext.store import read_trends
from cxtext.store.read_trends import TrendDay
from cxtext.trends.control import Limits, laney_limits

Range = Literal["30d", "90d", "1y", "all"]
Unit = Literal["counts", "rate"]
DAYS: Mapping[str, int] = {"30d": 30, "90d": 90, "1y": 365}
BY_DAY = 92  # longer periods are shown by the week


@dataclass(frozen=True, slots=True)
class Course:
    """What a trend chart shows, and its rows as a table."""

    spec: dict[str, Any]
    rows: list[dict[str, Any]]
    weekly: bool
    limits: Limits | None


def course(
    seen: View, topic_id: str | None, span: Range, unit: Unit, marks: Sequence[tuple[date, str]]
) -> Course | None:
    """The course of a topic (None: all tickets) up to the last day with a ticket; None where no ticket has a date."""
    if seen.first is None or seen.last is None:
        return None
    since = seen.first if span == "all" else max(seen.first, seen.last - timedelta(days=DAYS[span] - 1))
    days = read_trends.trend(seen.connection, seen.run_id, topic_id, since=since, until=seen.last)
    if unit == "rate":
        whole = read_trends.trend(seen.connection, seen.run_id, None, since=since, until=seen.last)
        return _rate(seen, days, whole, marks)
    if (seen.last - since).days >= BY_DAY:
        return _counts(seen, _weeks(days), marks, weekly=True)
    return _counts(seen, days, marks, weekly=False)


def _counts(seen: View, days: Sequence[TrendDay], marks: Sequence[tuple[date, str]], *, weekly: bool) -> Course:
    known = any(day.expected is not None for day in days)  # a young topic has no band for its first days
    spec = _spec(seen, [day.day for day in days], [day.count for day in days], marks, weekly=weekly)
    if known:
        spec |= {
            "expected": [_short(day.expected) for day in days], "lower": [_short(day.lower) for day in days],
            "upper": [_short(day.upper) for day in days],
        }  # fmt: skip
        spec["outside"] = [at for at, day in enumerate(days) if day.upper is not None and day.count > day.upper]
    rows = [
        {
            "day": day.day,
            "count": day.count,
            "expected": day.expected,
            "bounds": (day.lower, day.upper),
            "n": day.tickets,
        }
        for day in days
    ]
    return Course(spec, rows, weekly, None)


def _rate(seen: View, days: Sequence[TrendDay], whole: Sequence[TrendDay], marks: Sequence[tuple[date, str]]) -> Course:
    """Tickets per 1,000 by the week, with Laney's limits."""
    own, total = _weeks(days), _weeks(whole)
    sizes = [week.tickets for week in total]
    events = [week.tickets for week in own]
    limits = laney_limits(events, sizes)
    rates = [round(event / size * 1000, 2) if size else 0.0 for event, size in zip(events, sizes, strict=True)]
    spec = _spec(seen, [week.day for week in own], rates, marks, weekly=True) | {"sizes": sizes, "rate": True}
    spec["words"]["count"] = seen.speech.say("per_thousand")
    if limits:
        spec |= {
            "center": [round(limits.center * 1000, 2)] * len(own), "outside": list(limits.outside),
            "ucl": [round(one * 1000, 2) for one in limits.upper], "lcl": [round(one * 1000, 2) for one in limits.lower],
        }  # fmt: skip
    rows = [
        {
            "day": week.day, "count": rates[at], "n": sizes[at], "expected": limits.center * 1000 if limits else None,
            "bounds": (limits.lower[at] * 1000, limits.upper[at] * 1000) if limits else (None, None),
        }
        for at, week in enumerate(own)
    ]  # fmt: skip
    return Course(spec, rows, weekly=True, limits=limits)


def _spec(
    seen: View, days: Sequence[date], counts: Sequence[float], marks: Sequence[tuple[date, str]], *, weekly: bool
) -> dict[str, Any]:
    """What both charts share. Marks stand on the day, or on the week, that they fall into."""
    assert seen.last is not None
    assert seen.first is not None
    placed: dict[date, list[str]] = {}
    for day, mark in marks:
        at = monday(day) if weekly else day
        if days and days[0] <= at <= days[-1]:
            placed.setdefault(at, []).append(mark)
    part = [at for at, day in enumerate(days) if weekly and (day < seen.first or day + timedelta(days=6) > seen.last)]
    words = {name: seen.speech.say(f"chart_{name}") for name in ("expected", "ucl", "lcl", "center")}
    return {
        "kind": "trend", "language": seen.speech.language, "days": [day.isoformat() for day in days],
        "counts": list(counts), "part": part, "week": weekly,
        "marks": [{"day": day.isoformat(), "words": ", ".join(dict.fromkeys(told))} for day, told in sorted(placed.items())],
        "words": words | {"count": seen.speech.say("size"), "week": seen.speech.say("week_from")},
    }  # fmt: skip


def _weeks(days: Sequence[TrendDay]) -> list[TrendDay]:
    """Days added up by the week."""
    weeks: dict[date, list[TrendDay]] = {}
    for day in days:
        weeks.setdefault(monday(day.day), []).append(day)
    return [together(held, start) for start, held in weeks.items()]


def together(held: Sequence[TrendDay], start: date | None = None) -> TrendDay:
    """Days as one; the widths of bands of independent days add up as squares."""
    tickets = sum(day.tickets for day in held)
    moods = [(day.sentiment, day.tickets) for day in held if day.sentiment is not None]
    mood = sum(mood * count for mood, count in moods) / tickets if tickets and moods else None
    expected = lower = upper = None
    if all(day.expected is not None for day in held):
        expected = sum(day.expected or 0.0 for day in held)
        lower = max(expected - sqrt(sum(((day.expected or 0.0) - (day.lower or 0.0)) ** 2 for day in held)), 0.0)
        upper = expected + sqrt(sum(((day.upper or 0.0) - (day.expected or 0.0)) ** 2 for day in held))
    first = held[0]
    return TrendDay(
        start or first.day, first.topic_id, first.department, first.product, sum(day.count for day in held), expected, lower, upper,
        mood, tickets,
    )  # fmt: skip


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
