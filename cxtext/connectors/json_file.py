"""Reads `.jsonl` (also from stdin) and `.json`: an array of objects, or an object that holds one."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from cxtext.connectors.encoding import Encoding, find_encoding, open_text
from cxtext.connectors.flatten import flatten
from cxtext.connectors.json_document import MOST_ITEM, Step, once, walk
from cxtext.connectors.open_bytes import Content
from cxtext.connectors.table import Broken, Line, Table
from cxtext.errors import SourceError

SAMPLE = 1_000  # records whose names become the columns; later names are recognised as they come
MOST_VALUES = 100_000  # in the lists of a document that is one ticket
WHOLE = "\0"  # instead of the name of a list: the document itself is the one ticket


def open_table(content: Content) -> Table:
    """JSON Lines as a table: one object a line. A line that is none comes back as `Broken`.

    Raises:
        SourceError: nothing is in it.
    """
    encoding = find_encoding(content)
    columns, count = _columns(_cut(content, encoding))
    if not count:
        raise SourceError(f"{content.name} is empty")

    def lines() -> Iterator[Line | Broken]:
        return _aligned(columns, _cut(content, encoding))

    return Table(f"JSON Lines ({encoding.words})", columns, lines)


def open_document(content: Content) -> Table:
    """A JSON document as a table; the number of a line is the position in the array, from 1.

    Raises:
        SourceError: it is no JSON, one item is longer than 8 million characters, or it holds no list of objects.
    """
    encoding = find_encoding(content)
    name, count = _where(content, encoding)

    def records() -> Iterator[tuple[int, dict[str, object]] | Broken]:
        number = 0
        if name == WHOLE:
            yield _record(1, _one_ticket(_steps(content, encoding), content.name), "")
            return
        for step in _steps(content, encoding):
            if step.name == name and step.kind in {"item", "twice"}:
                number += 1
                yield Broken(number, step.value, "") if step.kind == "twice" else _record(number, step.value, "")

    columns, _ = _columns(records())
    return Table(f"JSON ({encoding.words})", columns, lambda: _aligned(columns, records()), count)


def _where(content: Content, encoding: Encoding) -> tuple[str | None, int]:
    """The name of the list with the tickets (None: the document is one; `WHOLE`: it is one ticket), and its length."""
    lists: dict[str | None, int] = {}
    others: set[str | None] = set()  # lists of something else
    told = False
    for step in _steps(content, encoding):
        if step.kind == "list":
            lists[step.name] = 0
        elif step.kind == "value":
            told = told or (step.name is not None and isinstance(step.value, str))
        else:
            lists[step.name] += 1
            if step.kind == "item" and not isinstance(step.value, dict):
                others.add(step.name)
    if None in lists:
        return None, lists[None]
    found = {name: count for name, count in lists.items() if name not in others}
    full = [name for name, count in found.items() if count]
    if len(full) == 1 or (found and not full):
        name = (full or list(found))[0]
        return name, found[name]
    if not found and told:
        return WHOLE, 1
    if found:
        raise SourceError(f"{content.name} holds {len(full)} lists of objects: keep the one with the tickets")
    raise SourceError(f'{content.name} holds no list of objects such as [{{"text": …}}] or {{"tickets": […]}}')


def _one_ticket(steps: Iterable[Step], name: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    count = 0
    for step in steps:
        if step.kind == "list":
            told[str(step.name)] = []
        elif step.kind == "value":
            told[str(step.name)] = step.value
        else:
            told[str(step.name)].append(step.value)
            count += 1
        if count > MOST_VALUES:
            raise SourceError(f"{name} holds one object with more than {MOST_VALUES:,} values: that is no ticket")
    return told


def _steps(content: Content, encoding: Encoding) -> Iterator[Step]:
    with open_text(content, encoding) as stream:
        try:
            yield from walk(stream)
        except RecursionError as error:
            raise SourceError(f"{content.name} is no JSON that can be read: nested too deep") from error
        except ValueError as error:
            raise SourceError(f"{content.name} is no JSON: {error}. One object a line belongs in a .jsonl") from error


def _cut(content: Content, encoding: Encoding) -> Iterator[tuple[int, dict[str, object]] | Broken]:
    with open_text(content, encoding) as stream:
        number, whole = 0, True
        while text := stream.readline(MOST_ITEM):
            number += whole
            ended = text.endswith(("\n", "\r"))
            if whole and len(text) >= MOST_ITEM and not ended:
                yield Broken(number, f"a line of more than {MOST_ITEM:,} characters", text[:4_000])
            elif whole and (plain := text.strip("\ufeff\0 \t\r\n")):
                yield _parsed(number, plain)
            whole = ended


def _parsed(number: int, text: str) -> tuple[int, dict[str, object]] | Broken:
    try:
        return _record(number, json.loads(text, object_pairs_hook=once), text)
    except json.JSONDecodeError as error:
        return Broken(number, f"no whole JSON object: {error.msg} at character {error.colno}", text[:4_000])
    except RecursionError:
        return Broken(number, "no JSON that can be read: nested too deep", text[:4_000])
    except ValueError as error:
        return Broken(number, f"no JSON that can be read: {error}"[:300], text[:4_000])


def _record(number: int, item: Any, raw: str) -> tuple[int, dict[str, object]] | Broken:
    if not isinstance(item, dict):
        return Broken(number, f"not an object but {type(item).__name__}", raw[:4_000] or str(item)[:4_000])
    try:
        return number, flatten(item)
    except ValueError as error:
        return Broken(number, str(error), raw[:4_000])


def _columns(records: Iterable[tuple[int, dict[str, object]] | Broken]) -> tuple[tuple[str, ...], int]:
    names: dict[str, None] = {}
    count = 0
    for record in records:
        count += 1
        if not isinstance(record, Broken):
            names.update(dict.fromkeys(record[1]))
        if count >= SAMPLE or len(names) > 5_000:
            break
    return tuple(names), count


def _aligned(
    columns: tuple[str, ...], records: Iterable[tuple[int, dict[str, object]] | Broken]
) -> Iterator[Line | Broken]:
    known = frozenset(columns)
    for record in records:
        if isinstance(record, Broken):
            yield record
            continue
        number, cells = record
        row = [cells.get(name) for name in columns]
        if cells.keys() <= known:
            yield Line(number, row)
        else:
            yield Line(number, row, {name: cell for name, cell in cells.items() if name not in known})
