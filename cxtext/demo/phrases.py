"""The small language of the demo's phrases: ``{slot}`` and ``[this|that|]``, compiled once and rendered fast."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from cxtext.errors import ConfigurationError

Option = TypeVar("Option")

_MARK = re.compile(r"\[([^\[\]]*)\]|\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap that is filled with a word of the ticket, such as an order number."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several wordings."""

    options: tuple["Phrase", ...]


Phrase = tuple[str | Slot | Choice, ...]
Draw = Callable[[Random, dict[str, str]], str]


def compile_phrase(source: str) -> Phrase:
    """Read one phrase.

    >>> compile_phrase("Wo ist [mein|das] Paket {order}?")[0]
    'Wo ist '

    Raises:
        ConfigurationError: a bracket is left open.
    """
    pieces: list[str | Slot | Choice] = []
    position = 0
    for found in _MARK.finditer(source):
        pieces.append(_literal(source, position, found.start()))
        options, slot = found.groups()
        if slot is not None:
            pieces.append(Slot(slot))
        else:
            pieces.append(Choice(tuple(compile_phrase(option) for option in options.split("|"))))
        position = found.end()
    pieces.append(_literal(source, position, len(source)))
    return tuple(piece for piece in pieces if piece != "")


def compile_phrases(sources: Iterable[str]) -> tuple[Phrase, ...]:
    """Read a list of phrases, in order."""
    return tuple(compile_phrase(source) for source in sources)


def render(phrase: Phrase, random: Random, known: dict[str, str], draws: Mapping[str, Draw]) -> str:
    """One wording of a phrase. Slots are drawn once per ticket: `known` remembers them, so a text agrees with itself."""
    parts: list[str] = []
    for piece in phrase:
        if type(piece) is str:
            parts.append(piece)
        elif type(piece) is Slot:
            value = known.get(piece.name)
            if value is None:
                value = known[piece.name] = draws[piece.name](random, known)
            parts.append(value)
        elif type(piece) is Choice:
            parts.append(render(pick(piece.options, random), random, known, draws))
    return "".join(parts)


def pick(options: tuple[Option, ...], random: Random) -> Option:
    """One of the options, all alike; several times faster than `Random.choice`."""
    return options[int(random.random() * len(options))]


def slots_of(phrase: Phrase) -> set[str]:
    """The names of all slots in a phrase."""
    names: set[str] = set()
    for piece in phrase:
        if isinstance(piece, Slot):
            names.add(piece.name)
        elif isinstance(piece, Choice):
            for option in piece.options:
                names |= slots_of(option)
    return names


def _literal(source: str, start: int, end: int) -> str:
    text = source[start:end]
    if any(mark in text for mark in "[]{}"):
        raise ConfigurationError(f"demo phrase {source!r}: a bracket is not closed")
    return text
