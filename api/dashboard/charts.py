"""Small pictures as SVG: sparklines and weekly bars. No script, no inline style, so the strict policy stays."""

from collections.abc import Sequence
from datetime import date, timedelta

from markupsafe import Markup

from api.dashboard.words import Speech

WEEK = timedelta(days=7)
WIDTH, HEIGHT, LEFT = 720, 180, 36
RECT = Markup('<rect{} x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>')
TEXT = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
LINE = Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>')


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
    """Bars as high as a line of text."""
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


def weekly_bars(weeks: Sequence[tuple[date, int]], speech: Speech, first: date | None, last: date | None) -> Markup:
    """A bar a week with a scale at the left; weeks that the tickets cover only in part are hollow."""
    if not weeks or first is None or last is None:
        return Markup("")
    top = max(count for _, count in weeks) or 1
    step = (WIDTH - LEFT) / len(weeks)
    parts: list[Markup] = []
    for value in sorted({0, (top + 1) // 2, top}):
        parts.append(LINE.format(LEFT, WIDTH, _y(value, top), _y(value, top)))
        parts.append(TEXT.format(LEFT - 6, _y(value, top) + 4, "end", speech.write(value)))
    for number, (monday, count) in enumerate(weeks):
        whole = first <= monday and monday + timedelta(days=6) <= last
        words = f"{speech.say('week')} {speech.write(monday)}: {speech.write(count)}"
        words += "" if whole else f" ({speech.say('part_week')})"
        place = (LEFT + (number + 0.1) * step, _y(count, top), step * 0.8, HEIGHT - _y(count, top))
        parts.append(RECT.format("" if whole else Markup(' class="part"'), *place, words))
    for number in sorted({0, len(weeks) // 2, len(weeks) - 1}):
        anchor = "start" if number == 0 else "end" if number == len(weeks) - 1 else "middle"
        x = LEFT + {"start": 0.0, "end": len(weeks), "middle": number + 0.5}[anchor] * step
        parts.append(TEXT.format(x, HEIGHT + 18, anchor, speech.short(weeks[number][0])))
    return Markup('<svg class="bars" viewBox="0 -10 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT + 34, speech.say("per_week"), Markup("").join(parts)
    )


def _y(count: int, top: int) -> float:
    return HEIGHT - count / top * HEIGHT
