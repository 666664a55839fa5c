"""What charts draw: small pictures as SVG, and the numbers of the large ones for static/charts.js."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from api.dashboard.words import Speech

WEEK = timedelta(days=7)
Spec = dict[str, Any]


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def by_week(days: Sequence[tuple[date, int]], first: date, last: date) -> list[tuple[date, int]]:
    """Counts per week from Monday on, empty weeks included."""
    start = monday(first)
    counts: dict[date, int] = {}
    for day, count in days:
        counts[monday(day)] = counts.get(monday(day), 0) + count
    weeks = []
    while start <= last:
        weeks.append((start, counts.get(start, 0)))
        start += WEEK
    return weeks


def sparkline(counts: Sequence[int], label: str, *, usual: float | None = None, recent: int = 1) -> Markup:
    """Bars as high as a line of text; the newest ones stand out, a dashed line shows what was usual."""
    step, height = 6, 24
    width, top = max(len(counts), 1) * step - 2, max([*counts, usual or 0, 1])
    bars = Markup("").join(
        Markup('<rect{} x="{}" y="{:.1f}" width="4" height="{:.1f}"/>').format(
            Markup(' class="now"') if at >= len(counts) - recent else "",
            at * step, height - max(count / top * height, 0.8), max(count / top * height, 0.8),
        )
        for at, count in enumerate(counts)
    )  # fmt: skip
    line = (
        Markup('<line class="usual" x1="0" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
            width, height - usual / top * height, height - usual / top * height
        )
        if usual
        else Markup("")
    )
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}{}</svg>'
    ).format(width, height, width, height, label, bars, line)


def pareto(speech: Speech, rows: Sequence[Mapping[str, Any]], *, title: str, whole: float | None) -> Spec:
    """Bars by falling value and the line of their sum, in percent of the whole (None: sums mean nothing here)."""
    values = [float(row["value"] or 0) for row in rows]
    sums, running = [], 0.0
    for value in values:
        running += value
        sums.append(round(running / whole * 100, 1) if whole else 0.0)
    return {
        "kind": "pareto", "language": speech.language,
        "names": [row["label"] for row in rows], "values": values, "written": [row["written"] for row in rows],
        "thin": [bool(row["thin"]) for row in rows], "links": [row["link"] for row in rows],
        "cumulative": sums if whole else None,
        "words": {"value": title, "cumulative": speech.say("cumulative")},
    }  # fmt: skip


def scatter(
    speech: Speech, points: Sequence[Mapping[str, Any]], *, x: str = "", y: str = "", square: bool = False,
    log: bool = False, unit: str = "", middle: tuple[float, float] | None = None,
) -> Spec:  # fmt: skip
    """Points with a size; `square`: a map without axes."""
    sizes = [float(point["x"]) for point in points]
    return {
        "kind": "scatter", "language": speech.language, "points": list(points), "square": square, "log": log,
        "unit": unit, "middle": middle, "reach": [min(sizes) * 0.8, max(sizes) * 1.4], "words": {"x": x, "y": y},
    }  # fmt: skip


def lines(
    speech: Speech, days: Sequence[date], values: Sequence[float | None], *, name: str,
    lower: Sequence[float | None] | None = None, upper: Sequence[float | None] | None = None,
    sizes: Sequence[int] | None = None, thin: Sequence[bool] | None = None, **more: Any,
) -> Spec:  # fmt: skip
    """One line over the weeks with its interval as a band."""
    return {
        "kind": "lines", "language": speech.language, "days": [day.isoformat() for day in days], "values": list(values),
        "lower": list(lower) if lower else None, "upper": list(upper) if upper else None,
        "sizes": list(sizes) if sizes else None, "thin": list(thin) if thin else None,
        "words": {"value": name, "week": speech.say("week_from")}, **more,
    }  # fmt: skip
