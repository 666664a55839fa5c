"""Reads `.jsonl` (also from stdin) and `.json`: an array of objects, or an object that holds one."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from cxtext.connectors.encoding import Encoding, find_encoding, open_text
from cxtext.connectors.flatten import flatten
from cxtext.connectors.open_bytes import Content
from cxtext.connectors.table import Broken, Line, Table
from cxtext.errors import SourceError

SAMPLE = 1_000  # records whose names become the columns; later names are recognised as they come
MOST_LINE = 32_000_000  # characters
MOST_DOCUMENT = 256_000_000  # characters of a `.json`, which is read at once


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
        SourceError: it is no JSON, is longer than 256 million characters, or holds no list of objects.
    """
    encoding = find_encoding(content)
    with open_text(content, encoding) as stream:
        text = stream.read(MOST_DOCUMENT + 1)
    if not text.strip("\ufeff \t\r\n"):
        raise SourceError(f"{content.name} is empty")
    if len(text) > MOST_DOCUMENT:
        raise SourceError(
            f"{content.name} is longer than {MOST_DOCUMENT:,} characters: write it as .jsonl, one object a line"
        )
    try:
        items = _items(json.loads(text.lstrip("\ufeff")), content.name)
    except json.JSONDecodeError as error:
        raise SourceError(f"{content.name} is no JSON: {error}. One object a line belongs in a .jsonl") from error
    except (RecursionError, ValueError) as error:
        raise SourceError(f"{content.name} is no JSON that can be read: {type(error).__name__}, {error}") from error

    def records() -> Iterator[tuple[int, dict[str, object]] | Broken]:
        for number, item in enumerate(items, start=1):
            yield _record(number, item, "")

    columns, _ = _columns(records())
    return Table(f"JSON ({encoding.words})", columns, lambda: _aligned(columns, records()), len(items))


def _items(document: Any, name: str) -> list[Any]:
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        lists = [
            value for value in document.values() if isinstance(value, list) and all(isinstance(x, dict) for x in value)
        ]
        full = [value for value in lists if value]
        if len(full) == 1 or (lists and not full):
            return (full or lists)[0]
        if not lists and any(isinstance(value, str) for value in document.values()):
            return [document]
        if lists:
            raise SourceError(f"{name} holds {len(full)} lists of objects: keep the one with the tickets")
    raise SourceError(f'{name} holds no list of objects such as [{{"text": …}}] or {{"tickets": […]}}')


def _cut(content: Content, encoding: Encoding) -> Iterator[tuple[int, dict[str, object]] | Broken]:
    with open_text(content, encoding) as stream:
        number, whole = 0, True
        while text := stream.readline(MOST_LINE):
            number += whole
            ended = text.endswith(("\n", "\r"))
            if whole and len(text) >= MOST_LINE and not ended:
                yield Broken(number, f"a line of more than {MOST_LINE:,} characters", text[:4_000])
            elif whole and (plain := text.strip("\ufeff\0 \t\r\n")):
                yield _parsed(number, plain)
            whole = ended


def _parsed(number: int, text: str) -> tuple[int, dict[str, object]] | Broken:
    try:
        return _record(number, json.loads(text), text)
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
