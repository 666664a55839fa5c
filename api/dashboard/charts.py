"""Small pictures as SVG: sparklines and weekly bars. No script, no inline style, so the strict policy stays."""

from collections.abc import Sequence
from datetime import date, timedelta

from markupsafe import Markup

WEEK = timedelta(days=7)


def by_week(days: Sequence[tuple[date, int]], first: date, last: date) -> list[tuple[date, int]]:
    """Counts per week from Monday on, empty weeks included."""
    start = first - timedelta(days=first.weekday())
    counts: dict[date, int] = {}
    for day, count in days:
        monday = day - timedelta(days=day.weekday())
        counts[monday] = counts.get(monday, 0) + count
    weeks = []
    while start <= last:
        weeks.append((start, counts.get(start, 0)))
        start += WEEK
    return weeks


def sparkline(counts: Sequence[int], label: str) -> Markup:
    """A line of bars as high as a line of text."""
    width, height, top = max(len(counts), 1) * 5, 24, max(counts, default=0) or 1
    bars = Markup("").join(
        Markup('<rect x="{}" y="{:.1f}" width="4" height="{:.1f}"/>').format(
            number * 5, height - max(count / top * height, 0.6), max(count / top * height, 0.6)
        )
        for number, count in enumerate(counts)
    )
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>'
    ).format(width, height, width, height, label, bars)


def weekly_bars(weeks: Sequence[tuple[date, int]], label: str) -> Markup:
    """The trend of one topic: a bar a week with a scale at the left."""
    width, height, left, foot = 720, 200, 36, 24
    top = max((count for _, count in weeks), default=0) or 1
    step = (width - left) / max(len(weeks), 1)
    parts = [
        Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/><text x="{}" y="{:.1f}" text-anchor="end">{}</text>'
        ).format(
            left, width, _y(value, top, height), _y(value, top, height), left - 6, _y(value, top, height) + 4, value
        )
        for value in sorted({0, (top + 1) // 2, top})
    ]
    for number, (monday, count) in enumerate(weeks):
        x, y = left + number * step, _y(count, top, height)
        parts.append(
            Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}: {}</title></rect>').format(
                x + step * 0.1, y, step * 0.8, height - y, monday.isoformat(), count
            )
        )
    for number in {0, len(weeks) // 2, len(weeks) - 1} if weeks else ():
        x = left + (number + 0.5) * step
        anchor = "start" if number == 0 else "end" if number == len(weeks) - 1 else "middle"
        parts.append(
            Markup('<text x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(
                x, height + 18, anchor, weeks[number][0].isoformat()
            )
        )
    return Markup('<svg class="bars" viewBox="0 -8 {} {}" role="img" aria-label="{}">{}</svg>').format(
        width, height + foot + 8, label, Markup("").join(parts)
    )


def _y(count: int, top: int, height: int) -> float:
    return height - count / top * height
