"""Parts that several reports share: signals, the most frequent issues, courses, defects, fixes, metrics."""

from collections.abc import Sequence
from datetime import date, timedelta

from cxtext.metrics.definitions import METRICS
from cxtext.reports.document import Bars, Cell, Number, Point, Table, Trend
from cxtext.reports.looking import WEEK, Look
from cxtext.store import read_metrics, read_signals
from cxtext.store.read_defects import DefectRow
from cxtext.store.read_fixes import Estimate, FixRow
from cxtext.store.read_metrics import Metric
from cxtext.store.read_signals import Signal
from cxtext.store.read_trends import Tally

LOUD = ("new", "rising", "spike")
TOLD = 10  # lines of a list
BARS = 8
WEEKS = 26  # of a course
SHOWN = (
    "csat", "nps", "ces", "frt_median", "ttr_median", "resolution_rate", "reopen_rate", "churned", "cost_per_resolution",
    "negative_share", "sentiment",
)  # fmt: skip
DIGITS = {"csat_mean": 2, "ces": 2, "sentiment": 2, "frt_median": 1, "ttr_median": 1, "cost_per_resolution": 2}


def name_of(look: Look, signal: Signal) -> str:
    """What a signal is about: the topic, and the slice where only a part of it is concerned."""
    label = signal.label or look.label(signal.topic_id)
    if signal.slice_ is None:
        return label
    dimension, value = signal.slice_
    if dimension == "alike":  # an event beside the topics is called by its words
        return f"„{value}“" if look.say.language == "de" else f"“{value}”"
    return f"{label} ({look.title(value) if dimension in ('department', 'cause') else value})"


def why(look: Look, signal: Signal) -> str:
    """Why it was told, in the language of the report."""
    return signal.why_de if look.say.language == "de" else signal.why_en


def open_signals(look: Look, *, topic: str | None = None, department: str | None = None) -> list[Signal]:
    """Signals that a person should see: open, loud, surest first."""
    found = read_signals.signals(look.connection, look.run_id, open_only=True, topic=topic, department=department)
    return sorted((one for one in found if one.kind in LOUD), key=lambda one: (-one.evidence_strength, one.signal_id))


def signal_table(look: Look, signals: Sequence[Signal]) -> Table:
    """One line per signal with what was expected, its volume, how sure it is, and why."""
    say, shown = look.say, signals[:TOLD]
    shipped = any(one.per_thousand_units is not None for one in shown)
    headings = ["issue", "kind", "count", "expected", "thousand_head", *(["shipped_head"] if shipped else [])]
    headings += ["chance_head", "why"]
    rows: list[tuple[Cell, ...]] = [
        (
            name_of(look, one), say(f"kind_{one.kind}"), say.count(one.count),
            say.bounded(one.expected, (one.lower, one.upper), digits=1),
            *(_volume(look, rate) for rate in (one.per_thousand, *([one.per_thousand_units] if shipped else []))),
            say.chance(one.chance_share), why(look, one),
        )
        for one in shown
    ]  # fmt: skip
    return Table("signals", tuple(say(key) for key in headings), tuple(rows), empty=say("nothing_open"))


def _volume(look: Look, rate: float | None) -> str:
    return look.say("none") if rate is None else look.say.number(rate, 1)


def issue_table(look: Look, tallies: Sequence[Tally], whole: int) -> Table:
    """The most frequent issues with share, mood, department and what they do to satisfaction."""
    say = look.say
    harm = {one.topic_id: one for one in read_metrics.drivers(look.connection, look.run_id, "csat")}
    headings = ("issue", "count", "share", "sum", "negative", "owner", "impact")
    rows: list[tuple[Cell, ...]] = []
    running = 0
    for tally in tallies[:TOLD]:
        running += tally.tickets
        driver = harm.get(tally.key)
        impact: Cell = say("none")
        if driver is not None and driver.effect is not None and driver.lower is not None and driver.upper is not None:
            impact = say.bounded(
                driver.effect, (driver.lower, driver.upper), n=driver.n, digits=2, sign=True, thin=driver.thin
            )
        rows.append(
            (
                look.label(tally.key),
                say.count(tally.tickets),
                say.share(tally.tickets, whole),
                Number(say.percent(100 * running / max(whole, 1)), 100 * running / max(whole, 1), n=whole),
                say.share(tally.negative, tally.tickets),
                look.title(look.owner(tally.key)),
                impact,
            )
        )
    return Table("issues", tuple(say(key) for key in headings), tuple(rows), empty=say("no_topics"))


def issue_bars(look: Look, tallies: Sequence[Tally], whole: int) -> Bars:
    """The same as bars, longest first."""
    rows = tuple((look.label(tally.key), look.say.share(tally.tickets, whole)) for tally in tallies[:BARS])
    return Bars(look.say("most_chart"), rows)


def value_table(look: Look, key: str, tallies: Sequence[Tally], heading: str, *, named: bool = False) -> Table:
    """Tickets per value of a dimension (product, version, channel, language)."""
    say = look.say
    whole = sum(tally.tickets for tally in tallies)
    rows: list[tuple[Cell, ...]] = [
        (
            look.title(tally.key) if named else tally.key or say("unknown"), say.count(tally.tickets),
            say.share(tally.tickets, whole), say.share(tally.negative, tally.tickets),
        )
        for tally in tallies[:TOLD]
    ]  # fmt: skip
    headings = (say(heading), say("count"), say("share"), say("negative"))
    return Table(key, headings, tuple(rows), empty=say("no_values"))


def course(
    look: Look,
    topic: str | None = None,
    *,
    department: str | None = None,
    product: str | None = None,
    marks: Sequence[tuple[date, str]] = (),
) -> Trend:
    """Counts per week back to `WEEKS` weeks, each week ending on the weekday of the report's last day."""
    first = look.end - timedelta(WEEKS * WEEK - 1)
    begun = look.totals["first_day"] or look.end
    days = look.course((first, look.end), topic, department=department, product=product)
    points = []
    for start in range(0, len(days), WEEK):
        week = days[start : start + WEEK]
        if week[-1].day < begun:
            continue
        band = [(day.expected, day.lower, day.upper) for day in week]
        expected: tuple[float, float, float] | None = None
        if all(day.expected is not None for day in week):
            middle, wide = _together([(m or 0.0, lo or 0.0, up or 0.0) for m, lo, up in band])
            expected = (middle, max(0.0, middle - wide), middle + wide)
        count = float(sum(day.count for day in week))
        mean, low, high = expected or (None, None, None)
        points.append(Point(week[0].day, count, mean, low, high, week[0].day >= begun))
    return Trend(look.say("course_of"), tuple(points), tuple(mark for mark in marks if mark[0] >= first))


def _together(days: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Expected sum of some days and half its 95 % range: the ranges of single days, taken as independent."""
    mean = sum(day[0] for day in days)
    return mean, sum((max(day[2] - day[0], day[0] - day[1])) ** 2 for day in days) ** 0.5


def compared_with(look: Look, row: DefectRow) -> str:
    """The comparison that a defect rests on."""
    values = {"others": look.say.number(row.others), "reference": look.say.number(row.reference)}
    if row.version is not None:
        return look.say("against_versions", product=row.product, **values)
    return look.say("against_family", **values)


def issue_of(look: Look, row: DefectRow) -> str:
    """What a defect is about, in words."""
    if row.kind == "topic":
        return row.label or look.label(row.issue)
    if row.kind == "cause":
        return look.title(row.issue)
    return ", ".join(f"„{word}“" if look.say.language == "de" else f"“{word}”" for word in row.words[:3])


def defect_table(look: Look, rows: Sequence[DefectRow]) -> Table:
    """Products and versions that stand out, with the comparison."""
    say = look.say
    headings = ("product", "version", "issue", "count", "times", "compared_with", "words")
    told: list[tuple[Cell, ...]] = [
        (
            row.product, row.version or say("none"), issue_of(look, row),
            Number(f"{say.number(row.count)} {say('of')} {say.number(row.total)}", float(row.count), n=row.total),
            say.times(row.ratio, row.low, row.high, n=row.count), compared_with(look, row), ", ".join(row.words[:6]),
        )
        for row in rows[:TOLD]
    ]  # fmt: skip
    return Table("defects", tuple(say(key) for key in headings), tuple(told), empty=say("no_defects"))


def fix_table(look: Look, fixes: Sequence[FixRow]) -> Table:
    """What was done, and what became of it."""
    say = look.say
    headings = ("fix", "issue", "on", "verdict", "effect", "saved")
    rows: list[tuple[Cell, ...]] = [
        (
            f"{row.id}: {row.what}" if row.what else row.id, row.label or look.label(row.topic_id), say.day(row.day),
            say(f"fix_{row.state}"), _estimate(look, row.change, percent=True), _saved(look, row),
        )
        for row in fixes[:TOLD]
    ]  # fmt: skip
    return Table("fixes", tuple(say(key) for key in headings), tuple(rows), empty=say("no_fixes"))


def metric_table(look: Look, metrics: Sequence[Metric]) -> Table:
    """The usual metrics, each with interval and n."""
    say = look.say
    by_name = {one.metric: one for one in metrics}
    rows: list[tuple[Cell, ...]] = []
    for name in SHOWN:
        if (one := by_name.get(name)) is not None and one.n:
            definition = METRICS[name]
            counted = f"{say.number(one.n)} {definition.of[say.language]}"
            rows.append((definition.titles[say.language], metric(look, one), Number(counted, float(one.n))))
    headings = (say("metric"), say("value"), say("n"))
    return Table("metrics", headings, tuple(rows), empty=say("no_metrics"))


def metric(look: Look, one: Metric) -> Number:
    """One metric in its unit."""
    unit = METRICS[one.metric].unit
    bounds = None if one.lower is None or one.upper is None else (one.lower, one.upper)
    digits = DIGITS.get(one.metric, 0 if unit in ("percent", "points", "count") else 1)
    return look.say.bounded(
        one.value, bounds, n=one.n, digits=digits, percent=unit == "percent",
        sign=unit == "points" or one.metric == "sentiment", unit="h" if unit == "hours" else "",
    )  # fmt: skip


def method(look: Look) -> tuple[str, ...]:
    """Ten lines on method and limits."""
    return tuple(look.say(f"m{number}") for number in range(1, 11))


def _estimate(look: Look, value: Estimate | None, *, percent: bool = False) -> Cell:
    if value is None:
        return look.say("none")
    return look.say.bounded(value.value, (value.lower, value.upper), sign=True, percent=percent)


def _saved(look: Look, row: FixRow) -> Cell:
    if row.tickets is None or row.tickets.lower <= 0:  # nothing is surely saved
        return look.say("none")
    bounds = (row.tickets.lower, row.tickets.upper)
    told = look.say("saved_tickets", value=look.say.number(row.tickets.value))
    if row.hours is not None:
        told += " · " + look.say("saved_hours", value=look.say.number(row.hours.value))
    between = f"[{look.say.number(bounds[0])} {look.say('to')} {look.say.number(bounds[1])}]"
    return Number(told, row.tickets.value, bounds, between, n=row.after)
