"""A report as Markdown: for wikis, issue trackers and terminals."""

import re2

from cxtext.reports.document import Bars, Block, Cell, Document, Form, Intervals, Table, Text, Trend, Voices
from cxtext.reports.speech import Speech
from cxtext.reports.twins import twin

_SPECIAL = re2.compile(r"([\\`*_{}\[\]<>#|~])")
_MENTION = re2.compile(r"(^|\W)([@#])(\w)")
WEEKS = 8  # lines of a course: the newest


def as_markdown(document: Document, say: Speech, *, first_level: int = 1) -> str:
    """The whole report; texts of customers are escaped, so that they mark up and mention nothing."""
    level = "#" * first_level
    lines = [f"{level} {plain(document.title)}", "", f"{plain(document.name)} · {plain(document.period)}", ""]
    lines += [f"{plain(line)}  " for line in document.summary]
    lines += [
        "",
        *(
            f"- **{plain(f.name)}:** {cell(f.value)}" + (f" – {plain(f.note)}" if f.note else "")
            for f in document.figures
        ),
    ]
    for section in document.sections:
        lines += ["", f"{level}# {plain(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block, say), ""]
    lines += [
        "",
        f"{level}# {say('method')}",
        "",
        *(f"{n}. {plain(line)}" for n, line in enumerate(document.method, 1)),
    ]
    lines += ["", f"cxtext · {say('made', run=document.run_id, moment=say.moment(document.made_at))}", ""]
    return _single(lines)


def plain(text: str) -> str:
    """A text in which nothing is markup, a mention or a reference to an issue."""
    escaped = str(_SPECIAL.sub(r"\\\1", " ".join(text.split())))
    return str(_MENTION.sub("\\1\\2\u200b\\3", escaped))


def cell(value: Cell) -> str:
    """One value on one line."""
    if isinstance(value, str):
        return plain(value)
    return plain(f"{value.text} {value.interval_text}".strip())


def _block(block: Block, say: Speech) -> list[str]:
    match block:
        case Table():
            return _table(block)
        case Trend():
            whole = twin(block, say)
            return (
                [plain(block.title), "", *_table(Table(whole.key, whole.headings, whole.rows[-WEEKS:]))]
                if block.points
                else []
            )
        case Intervals():  # the table of the same signals follows it
            return []
        case Bars():
            return [plain(block.title), "", *_table(twin(block, say))] if block.rows else []
        case Voices():
            told = [
                f"> {plain(quote.text)}\n> — {plain(quote.ticket)}" + (f", {say.day(quote.day)}" if quote.day else "")
                for quote in block.quotes
            ]
            return ["\n\n".join(told)] if told else [plain(block.empty)]
        case Form():
            return [f"- {plain(name)}: {plain(known) if known else '…'}" for name, known in block.fields]
        case Text():
            return [plain(block.text)]


def _table(table: Table) -> list[str]:
    if not table.rows:
        return [plain(table.empty)] if table.empty else []
    head = [
        "| " + " | ".join(plain(heading) for heading in table.headings) + " |",
        "|" + " --- |" * len(table.headings),
    ]
    return head + ["| " + " | ".join(cell(value) for value in row) + " |" for row in table.rows]


def _single(lines: list[str]) -> str:
    """The lines without empty ones beside each other."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip() + "\n"
