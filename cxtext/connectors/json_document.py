"""Walks through a JSON document of any length item by item, holding one item of its lists at a time."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TextIO

MOST_ITEM = 8_000_000  # characters; text of that length can hold values that take ten times as much memory
BLANKS = "\ufeff \t\r\n"
_BLOCK = 1 << 20  # characters


@dataclass(frozen=True, slots=True)
class Step:
    """A list begins, an item of it follows, an item is there that says something twice, or a value that is no list."""

    kind: Literal["list", "item", "twice", "value"]
    name: str | None  # of the list or value in the object; None: the document itself is the list
    value: Any = None


def walk(stream: TextIO) -> Iterator[Step]:
    """The items of the list that a document is, or of all lists that its object holds, in their order.

    Raises:
        ValueError: it is no JSON, or one item is longer than 8 million characters.
        RecursionError: it is nested too deep.
    """
    text = _Text(stream)
    first = text.peek()
    if first == "[":
        yield from _list(text, None)
    elif first == "{":
        yield from _object(text)
    else:
        yield Step("value", None, text.value())
    if text.peek():
        raise ValueError(f"something follows its end, at character {text.place:,}")


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Of a name that is there twice, as where two lines have grown together, one value would be lost.

    Raises:
        ValueError: a name is there twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for at, (name, _) in enumerate(pairs) if any(name == other for other, _ in pairs[:at]))
        raise ValueError(f"the name {twice[:60]!r} is there twice")
    return found


def _object(text: "_Text") -> Iterator[Step]:
    seen: set[str] = set()
    text.take("{")
    while text.peek() != "}":
        if seen:
            text.take(",")
        if text.peek() != '"':
            raise text.wrong('a name in "quotes"')
        name = str(text.value())
        if name in seen:
            raise ValueError(f"the name {name[:60]!r} is there twice")
        seen.add(name)
        text.take(":")
        if text.peek() == "[":
            yield from _list(text, name)
        else:
            yield Step("value", name, text.value())
    text.take("}")


def _list(text: "_Text", name: str | None) -> Iterator[Step]:
    yield Step("list", name)
    text.take("[")
    started = False
    while text.peek() != "]":
        if started:
            text.take(",")
        started = True
        yield text.item(name)
    text.take("]")


class _Text:
    """What is read of the document and not yet understood."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._held, self._at, self._before = "", 0, 0
        self._strict = json.JSONDecoder(object_pairs_hook=once, parse_int=_whole)
        self._plain = json.JSONDecoder(parse_int=_whole)

    @property
    def place(self) -> int:
        """The character that comes next, counted from 1."""
        return self._before + self._at + 1

    def peek(self) -> str:
        """The next character that is no blank; nothing at the end."""
        while True:
            while self._at < len(self._held):
                if (letter := self._held[self._at]) not in BLANKS:
                    return letter
                self._at += 1
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        """Pass a mark that must come next."""
        if self.peek() != wanted:
            raise self.wrong(repr(wanted))
        self._at += 1

    def wrong(self, wanted: str) -> ValueError:
        """What to raise where something else stands."""
        return ValueError(f"{wanted} is missing at character {self.place:,}")

    def item(self, name: str | None) -> Step:
        """The next item of a list."""
        try:
            return Step("item", name, self._decoded(self._strict))
        except json.JSONDecodeError:
            raise
        except ValueError as error:
            if self._decoded(self._plain) is None:
                raise
            return Step("twice", name, str(error))

    def value(self) -> Any:
        """The next value."""
        return self._decoded(self._strict)

    def _decoded(self, decoder: json.JSONDecoder) -> Any:
        self.peek()
        while True:
            try:
                found, end = decoder.raw_decode(self._held, self._at)
            except json.JSONDecodeError as error:
                if not self._more():
                    raise ValueError(f"{error.msg} at character {self._before + error.pos + 1:,}") from error
                continue
            if end < len(self._held) or not self._more():  # a number may go on behind what is read
                self._at = end
                return found

    def _more(self) -> bool:
        """Read on, twice as much each time, so that a long item is not looked at too often."""
        waiting = len(self._held) - self._at
        if waiting > MOST_ITEM:
            raise ValueError(f"one item is longer than {MOST_ITEM:,} characters, at character {self.place:,}")
        block = self._stream.read(max(_BLOCK, waiting))
        self._before += self._at
        self._held, self._at = self._held[self._at :] + block, 0
        return bool(block)


def _whole(digits: str) -> int | str:
    """A whole number; what nobody can count with stays text."""
    return int(digits) if len(digits) <= 300 else digits
