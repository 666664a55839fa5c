"""A report as CSV: one line per figure, with its interval, its n, and where it stands in the report."""

import csv
import io

from cxtext.export import harmless
from cxtext.reports.document import Bars, Block, Cell, Document, Form, Intervals, Number, Table, Text, Trend, Voices
from cxtext.reports.speech import Speech
from cxtext.reports.twins import twin

COLUMNS = ("section", "row", "column", "value", "lower", "upper", "level", "n", "text")


def as_csv(document: Document, say: Speech) -> str:
    """All figures of the report in order; texts cannot become formulas."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerow(_line(document.name, "", "", f"{document.title} ({document.period})"))
    for figure in document.figures:
        writer.writerow(_line(document.name, figure.name, "", figure.value))
    for section in document.sections:
        for block in section.blocks:
            writer.writerows(_lines(section.title, block, say))
    return file.getvalue()


def _lines(section: str, block: Block, say: Speech) -> list[tuple[object, ...]]:
    match block:
        case Table():
            return _table(section, block)
        case Intervals():  # the table of the same signals follows it
            return []
        case Trend() | Bars():
            return _table(section, twin(block, say))
        case Voices():
            return [_line(section, quote.ticket, "", quote.text) for quote in block.quotes]
        case Form():
            return [_line(section, name, "", known) for name, known in block.fields]
        case Text():
            return [_line(section, "", "", block.text)]


def _table(section: str, table: Table) -> list[tuple[object, ...]]:
    lines = []
    for row in table.rows:
        name = row[0] if isinstance(row[0], str) else row[0].text
        lines += [_line(section, name, table.headings[place], value) for place, value in enumerate(row) if place]
    return lines


def _line(section: str, row: str, column: str, value: Cell) -> tuple[object, ...]:
    if not isinstance(value, Number):
        value = Number(value)
    lower, upper = value.interval or (None, None)
    level = value.level if value.interval else None
    told = (_rounded(value.value), _rounded(lower), _rounded(upper), level, value.n)
    names = tuple(harmless(text) for text in (section, row, column))
    return (*names, *told, harmless(f"{value.text} {value.interval_text}".strip()))


def _rounded(value: float | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == int(value) else round(value, 4)
