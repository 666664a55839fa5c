"""The evidence of a defect: what speaks for it, ranked, with the comparison it rests on; words and voices."""

from collections.abc import Sequence

from cxtext.reports import parts
from cxtext.reports.document import Cell, Figure, Intervals, Number, Table, Text, Voices
from cxtext.reports.looking import Look
from cxtext.store import read_trends
from cxtext.store.read_defects import DefectRow
from cxtext.store.read_signals import Signal
from cxtext.store.read_trends import Tally

VOICES = 10


def ranked(look: Look, signals: Sequence[Signal], defects: Sequence[DefectRow]) -> tuple[Table | Intervals, ...]:
    """All that speaks for a defect, the surest first, each with the comparison that it rests on."""
    say = look.say
    lines: list[tuple[float, str, str, Number, str]] = []
    for one in (one for one in signals if one.kind in parts.LOUD):
        values = {
            name: say.number(value, 1)
            for name, value in (("expected", one.expected), ("lower", one.lower), ("upper", one.upper))
        }
        basis = say("against_forecast", window=one.window, **values)
        short, kind = parts.name_of(look, one), say(f"kind_{one.kind}")
        name = f"{short}: {say('signal_of', kind=kind, day=say.day(one.day))}"
        ratio = say.times(one.ratio, one.ratio_low, one.ratio_high, n=one.count, level=80)
        lines.append((one.ratio_low, name, f"{short}: {kind}", ratio, basis))
    for row in defects:
        name = (
            f"{say('defect_of', product=row.product, version=row.version or '').strip()}: {parts.issue_of(look, row)}"
        )
        lines.append(
            (row.low, name, name, say.times(row.ratio, row.low, row.high, n=row.count), parts.compared_with(look, row))
        )
    lines.sort(key=lambda line: (-line[0], line[1]))
    if not lines:
        return ()
    rows: tuple[tuple[Cell, ...], ...] = tuple((name, ratio, basis) for _, name, _, ratio, basis in lines[: parts.TOLD])
    table = Table("ranked", (say("signal"), say("strength"), say("basis")), rows)
    return Intervals(say("ranked_chart"), tuple((short, ratio) for _, _, short, ratio, _ in lines[: parts.BARS])), table


def times_others(look: Look, row: DefectRow) -> Figure:
    """How many times as often as elsewhere, as a figure."""
    say = look.say
    note = f"{say.number(row.count)} {say('of')} {say.number(row.total)}, {say.percent(90)}"
    return Figure(say("times_others"), say.times(row.ratio, row.low, row.high, n=row.count), note)


def by_value(look: Look, dimension: str, topic: str | None) -> list[Tally]:
    """Tickets of the month per value of a dimension, of a topic or of all."""
    return read_trends.by_dimension(
        look.connection, look.run_id, dimension, topic_id=topic, since=look.month[0], until=look.month[1]
    )


def telling(look: Look, words: str) -> tuple[Text, ...]:
    """The words that stand out, if any do."""
    return (Text(look.say("telling", words=words)),) if words else ()


def voices(look: Look, keys: list[str]) -> Voices:
    """Ten voices."""
    return Voices(look.quotes(keys, VOICES), look.say("no_voices"))
