"""Charts as SVG: drawn here, so that they are in mails, on paper and in PDF without a script. Colours are attributes."""

from collections.abc import Callable
from datetime import date
from math import ceil, floor, log, log10

from markupsafe import Markup, escape

from cxtext.reports.document import Bars, Intervals, Number, Point, Trend
from cxtext.reports.speech import Speech

WIDTH = 720
INK, MUTED, LINE, ACCENT, BAND, ALERT = "#1b1f24", "#5b6470", "#d9dee4", "#0b6e99", "#e1edf3", "#b3261e"
LEFT, RIGHT, TOP, FOOT = 44, 12, 14, 26  # pixels around a trend
PLOT = 170  # pixels of its height
ROW = 26  # pixels per bar
LABEL = 270  # pixels for the names of bars
LETTERS = 36  # of a name


def trend_svg(trend: Trend, say: Speech) -> Markup:
    """Bars per week, the expected range behind them, marks above them; hollow where a week is not whole."""
    points = trend.points
    if not points:
        return Markup()
    top = _nice(max([*(p.count for p in points), *(p.upper or 0 for p in points), 4]))
    step = (WIDTH - LEFT - RIGHT) / len(points)

    def y(value: float) -> float:
        return round(TOP + PLOT * (1 - value / top), 1)

    parts = [_axis(y, top, say)]
    for number, point in enumerate(points):
        x = LEFT + number * step
        if point.expected is not None and point.lower is not None and point.upper is not None:
            parts.append(_rect(x, y(point.upper), step, y(point.lower) - y(point.upper), BAND))
            parts.append(_line(x, y(point.expected), x + step, y(point.expected), ACCENT, dash=True))
    for number, point in enumerate(points):
        x = LEFT + number * step + step * 0.18
        high = point.upper is not None and point.count > point.upper
        height = TOP + PLOT - y(point.count)
        parts.append(_rect(x, y(point.count), step * 0.64, height, ALERT if high else ACCENT, hollow=not point.whole))
    parts += _months(points, step, say)
    parts += [_mark(points, step, day, word) for day, word in trend.marks]
    told = f"{trend.title}: " + ", ".join(f"{say.day(p.day, year=False)} {say.number(p.count)}" for p in points[-6:])
    return _svg(told, TOP + PLOT + FOOT, parts)


def bars_svg(bars: Bars, say: Speech) -> Markup:  # noqa: ARG001 – all charts are drawn alike
    """Shares as bars with their intervals as whiskers, longest first."""
    known = [(name, number) for name, number in bars.rows if number.value is not None]
    if not known:
        return Markup()
    top = max(max(number.value or 0, (number.interval or (0, 0))[1]) for _, number in known) or 1
    room = WIDTH - LABEL - 130
    parts = []
    for row, (name, number) in enumerate(known):
        middle = row * ROW + ROW / 2
        width = room * (number.value or 0) / top
        parts.append(_text(LABEL - 10, middle + 4, _short(name), anchor="end", size=13))
        parts.append(_rect(LABEL, middle - 7, width, 14, ACCENT))
        if number.interval:
            low, high = (LABEL + room * bound / top for bound in number.interval)
            parts.append(_line(low, middle, high, middle, INK))
        parts.append(
            _value(max(LABEL + width, LABEL + room * (number.interval or (0, 0))[1] / top) + 8, middle, number)
        )
    told = f"{bars.title}: " + ", ".join(f"{name} {number.text}" for name, number in known)
    return _svg(told, len(known) * ROW, parts)


def intervals_svg(chart: Intervals, say: Speech) -> Markup:
    """Ratios as points with their ranges on a logarithmic axis; the line stands at 1, "as elsewhere"."""
    known = [(name, number) for name, number in chart.rows if number.value and number.interval]
    if not known:
        return Markup()
    low = min(0.8, *(max(number.interval[0], 0.05) for _, number in known if number.interval))
    high = max(2.0, *(number.interval[1] for _, number in known if number.interval))
    room = WIDTH - LABEL - 140

    def x(value: float) -> float:
        return LABEL + room * (log(max(value, low)) - log(low)) / (log(high) - log(low))

    height = len(known) * ROW
    parts = [_line(x(1), 0, x(1), height + 4, MUTED), _text(x(1), height + 18, "1×", anchor="middle", fill=MUTED)]
    for tick in (2, 5, 10, 20, 50):
        if tick < high:
            parts.append(_text(x(tick), height + 18, f"{say.number(tick)}×", anchor="middle", fill=MUTED))
            parts.append(_line(x(tick), 0, x(tick), height + 4, LINE))
    for row, (name, number) in enumerate(known):
        middle = row * ROW + ROW / 2
        bounds = number.interval or (1.0, 1.0)
        parts.append(_text(LABEL - 10, middle + 4, _short(name), anchor="end", size=13))
        parts.append(_line(x(bounds[0]), middle, x(bounds[1]), middle, ACCENT, wide=3))
        parts.append(f'<circle cx="{x(number.value or 1):.1f}" cy="{middle:.1f}" r="5" fill="{ACCENT}"/>')
        parts.append(_value(x(bounds[1]) + 10, middle, number))
    told = f"{chart.title}: " + ", ".join(f"{name} {number.text} {number.interval_text}" for name, number in known)
    return _svg(told, height + 24, parts)


def _svg(label: str, height: float, parts: list[str]) -> Markup:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" '
    head += f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}" font-family="sans-serif">'
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704 – every text in it is escaped


def _rect(x: float, y: float, width: float, height: float, fill: str, *, hollow: bool = False) -> str:
    paint = f'fill="#ffffff" stroke="{fill}"' if hollow else f'fill="{fill}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(height, 0):.1f}" {paint}/>'


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, *, dash: bool = False, wide: float = 1) -> str:
    dashes = ' stroke-dasharray="3 3"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{wide}"{dashes}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12, fill: str = INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{fill}">{escape(text)}</text>'
    )


def _value(x: float, middle: float, number: Number) -> str:
    return _text(x, middle + 4, f"{number.text} {number.interval_text}".strip(), fill=INK)


def _axis(y: Callable[[float], float], top: float, say: Speech) -> str:
    ticks = [_line(LEFT, y(value), WIDTH - RIGHT, y(value), LINE) for value in (0, top / 2, top)]
    ticks += [_text(LEFT - 6, y(value) + 4, say.number(value), anchor="end", fill=MUTED) for value in (0, top / 2, top)]
    return "".join(ticks)


def _months(points: tuple[Point, ...], step: float, say: Speech) -> list[str]:
    told, every = [], max(1, ceil(len(points) / 8))
    for number, point in enumerate(points):
        if number % every == 0:
            x = LEFT + (number + 0.5) * step
            told.append(_text(x, TOP + PLOT + 17, say.day(point.day, year=False), anchor="middle", size=11, fill=MUTED))
    return told


def _mark(points: tuple[Point, ...], step: float, day: date, word: str) -> str:
    x = LEFT + step * (day - points[0].day).days / 7
    return _line(x, 4, x, TOP + PLOT, INK, dash=True) + _text(x + 4, 12, word, size=11)


def _nice(value: float) -> float:
    """The next round number above, such as 2, 4, 6, 10, 20, 40."""
    base = 10.0 ** floor(log10(value))
    return next(step * base for step in (1, 2, 4, 6, 10) if step * base >= value)


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else name[: LETTERS - 1].rstrip() + "…"
