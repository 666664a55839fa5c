"""Turns nested JSON into one level of columns: `{"customer": {"name": …}}` becomes `customer.name`."""

import json
from collections.abc import Mapping

MOST_LEVELS = 8
MOST_CELLS = 1_000


def flatten(record: Mapping[str, object]) -> dict[str, object]:
    """One level of cells; lists of plain values stay lists, of a list of messages the first one's text is kept.

    Raises:
        ValueError: the record is nested deeper than 8 levels or has more than 1,000 cells.
    """
    cells: dict[str, object] = {}
    _into(cells, record, "", 1)
    return cells


def _into(cells: dict[str, object], record: Mapping[str, object], prefix: str, level: int) -> None:
    if level > MOST_LEVELS:
        raise ValueError(f"nested deeper than {MOST_LEVELS} levels")
    for name, value in record.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and value.get("type") == "doc" and isinstance(value.get("content"), list):
            cells[path] = _document_text(value)
        elif isinstance(value, dict):
            _into(cells, value, f"{path}.", level + 1)
        elif isinstance(value, list):
            _list_into(cells, path, value)
        else:
            cells[path] = value
        if len(cells) > MOST_CELLS:
            raise ValueError(f"more than {MOST_CELLS:,} cells")


def _list_into(cells: dict[str, object], path: str, items: list[object]) -> None:
    if not any(isinstance(item, dict | list) for item in items):
        cells[path] = items
        return
    first = next((item for item in items if isinstance(item, dict)), {})
    message = next(
        (first[name] for name in ("body_text", "plain_body", "body") if isinstance(first.get(name), str)), None
    )
    if message is not None:  # a conversation, as Zammad's articles: the customer's message opens it
        cells[f"{path}.body"] = message
        return
    names = [item["name"] for item in items if isinstance(item, dict) and isinstance(item.get("name"), str)]
    try:
        cells[path] = names if len(names) == len(items) else json.dumps(items, ensure_ascii=False)
    except RecursionError as error:
        raise ValueError(f"nested deeper than {MOST_LEVELS} levels") from error


def _document_text(node: Mapping[str, object]) -> str:
    """The words of a rich text as Jira Cloud sends it (Atlassian Document Format); a line for each block."""
    lines: list[str] = []
    waiting: list[tuple[object, bool]] = [(node, False)]
    while waiting:
        item, inside = waiting.pop()
        if not isinstance(item, dict):
            continue
        if item.get("type") in {"paragraph", "heading", "listItem", "codeBlock", "blockquote"} and not inside:
            lines.append("")
            inside = item["type"] in {"paragraph", "heading", "codeBlock"}
        if item.get("type") == "hardBreak":
            lines.append("")
        if isinstance(item.get("text"), str):
            lines[-1:] = [(lines[-1] if lines else "") + item["text"]]
        content = item.get("content")
        waiting.extend((child, inside) for child in reversed(content if isinstance(content, list) else []))
    return "\n".join(line for line in lines if line)
