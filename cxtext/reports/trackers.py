"""A defect report as JSON: the bodies that Jira and GitHub take, and the figures for anybody else."""

from typing import Any

import re2

from cxtext.reports.document import Bars, Block, Cell, Document, Form, Intervals, Table, Text, Trend, Voices
from cxtext.reports.markdown import as_markdown
from cxtext.reports.speech import Speech
from cxtext.reports.twins import twin

TITLE = 200  # characters; Jira takes 255
BODY = 30_000  # characters; Jira takes 32,767, GitHub 65,536
_LABEL = re2.compile(r"[^0-9A-Za-zÄÖÜäöüß._-]+")
_WIKI = re2.compile(r"([\\{}\[\]*_?^~|!+-])")


def jira(document: Document, say: Speech, project: str | None) -> dict[str, Any]:
    """Body of `POST /rest/api/2/issue`. Without a project Jira refuses it, so then none is named."""
    fields: dict[str, Any] = {
        "summary": document.title[:TITLE],
        "issuetype": {"name": "Bug"},
        "description": _cut(_wiki(document, say)),
        "labels": [label for text in document.labels if (label := _LABEL.sub("-", text).strip("-"))],
    }
    return {"fields": fields | ({"project": {"key": project}} if project else {})}


def github(document: Document, say: Speech) -> dict[str, Any]:
    """Body of `POST /repos/OWNER/REPO/issues`."""
    labels = [label[:50] for text in document.labels if (label := " ".join(text.replace(",", " ").split()))]
    return {"title": document.title[:TITLE], "body": _cut(as_markdown(document, say, first_level=2)), "labels": labels}


def figures(document: Document, say: Speech) -> dict[str, Any]:
    """The report itself: every section with its blocks."""
    return {
        "kind": document.kind, "language": document.language, "name": document.name, "title": document.title,
        "subject": document.subject, "period": document.period, "run_id": document.run_id,
        "made_at": document.made_at.isoformat().replace("+00:00", "Z"), "summary": list(document.summary),
        "figures": [{"name": figure.name, "note": figure.note, **_number(figure.value)} for figure in document.figures],
        "sections": [
            {"title": section.title, "blocks": [_told(block, say) for block in section.blocks]}
            for section in document.sections
        ],
        "method": list(document.method),
    }  # fmt: skip


def _told(block: Block, say: Speech) -> dict[str, Any]:
    match block:
        case Table():
            rows = [dict(zip(block.headings, map(_number, row), strict=True)) for row in block.rows]
            return {"type": "table", "key": block.key, "rows": rows}
        case Trend() | Bars() | Intervals():
            return _told(twin(block, say), say) | {"title": block.title}
        case Voices():
            days = [quote.day.isoformat() if quote.day else None for quote in block.quotes]
            told = [{"text": q.text, "ticket": q.ticket, "day": day} for q, day in zip(block.quotes, days, strict=True)]
            return {"type": "quotes", "quotes": told}
        case Form():
            return {"type": "form", "fields": dict(block.fields)}
        case Text():
            return {"type": "text", "text": block.text}


def _number(value: Cell) -> Any:
    if isinstance(value, str):
        return value
    lower, upper = value.interval or (None, None)
    level = value.level if value.interval else None
    return {"text": value.text, "value": value.value, "lower": lower, "upper": upper, "level": level, "n": value.n}


def _wiki(document: Document, say: Speech) -> str:
    """Jira's own markup, in which version 2 of its interface wants descriptions."""
    lines = [_safe(document.name), "", *(_safe(line) for line in document.summary), ""]
    lines += [f"* *{_safe(figure.name)}:* {_cell(figure.value)}" for figure in document.figures]
    for section in document.sections:
        lines += ["", f"h3. {_safe(section.title)}"]
        for block in section.blocks:
            lines += _wiki_block(block, say)
    return "\n".join(
        [*lines, "", f"_cxtext · {_safe(say('made', run=document.run_id, moment=say.moment(document.made_at)))}_"]
    )


def _wiki_block(block: Block, say: Speech) -> list[str]:
    match block:
        case Table():
            if not block.rows:
                return [_safe(block.empty)] if block.empty else []
            head = "||" + "||".join(_safe(heading) for heading in block.headings) + "||"
            return [head, *("|" + "|".join(_cell(value) or " " for value in row) + "|" for row in block.rows)]
        case Trend():
            whole = twin(block, say)
            return _wiki_block(Table(whole.key, whole.headings, whole.rows[-8:]), say)
        case Intervals():  # the table of the same signals follows it
            return []
        case Bars():
            return _wiki_block(twin(block, say), say)
        case Voices():
            return [f"bq. {_safe(quote.text)} ({_safe(quote.ticket)})" for quote in block.quotes]
        case Form():
            return [f"* {_safe(name)}: {_safe(known) if known else '…'}" for name, known in block.fields]
        case Text():
            return [_safe(block.text)]


def _cell(value: Cell) -> str:
    return _safe(value if isinstance(value, str) else f"{value.text} {value.interval_text}".strip())


def _safe(text: str) -> str:
    return str(_WIKI.sub(r"\\\1", " ".join(text.split())))


def _cut(text: str) -> str:
    return text if len(text) <= BODY else text[:BODY].rsplit("\n", 1)[0] + "\n…"
