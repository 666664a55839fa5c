"""Every chart as a table: for screen readers, Markdown and CSV."""

from cxtext.reports.document import Bars, Cell, Intervals, Number, Table, Trend
from cxtext.reports.speech import Speech


def twin(chart: Trend | Bars | Intervals, say: Speech) -> Table:
    """The figures of a chart."""
    if isinstance(chart, Trend):
        headings = (say("week_of"), say("count"), say("expected"))
        rows: list[tuple[Cell, ...]] = [
            (
                say.day(point.day) + ("" if point.whole else f" ({say('partial')})"),
                Number(say.number(point.count), point.count),
                say("none") if point.expected is None or point.lower is None or point.upper is None
                else say.bounded(point.expected, (point.lower, point.upper), digits=1),
            )
            for point in chart.points
        ]  # fmt: skip
        return Table("course", headings, tuple(rows))
    heading, value = ("signal", "strength") if isinstance(chart, Intervals) else ("issue", "share")
    return Table("chart", (say(heading), say(value)), tuple(chart.rows))
