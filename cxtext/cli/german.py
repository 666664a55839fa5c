"""Says in German what the command line says in English: a table of sentences, and the places in them that change.

English is written where it is said; this table stands beside it, and a test demands a line for everything that people read. A sentence
that the table does not know stays English: it is better read than lost.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("german.tsv")
PLACES = {"{}": "(.*?)", "{#}": r"([\d.,]+)"}
_NUMBER = re.compile(r"\d{1,3}(,\d{3})+")
_PLACE = re.compile(r"\{#?\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One English sentence with places that change, as a pattern, and the German one with the same places in the same order."""

    kinds: frozenset[str]
    pattern: re.Pattern[str]
    german: tuple[str, ...]  # what stands between the places

    def say(self, values: Sequence[str]) -> str:
        """The German sentence with its places filled."""
        return "".join(part + value for part, value in zip(self.german, [*values, ""], strict=True))


def german(words: str, kind: str = "") -> str:
    """A help text, an error or a line in German; paragraphs, and what stands in the places, are sentences of their own.

    Args:
        words: as they are said in English.
        kind: "help", "error" or "line": only sentences of this kind, so that a text of a customer is not taken for an error; "" takes all.
    """
    if "\n\n" in words:
        return "\n\n".join(german(" ".join(part.split()), kind) for part in words.split("\n\n"))
    exact, sentences = _table()
    known = exact.get(words) or exact.get(" ".join(words.split()))
    if known is not None and kind in ("", *known[0]):
        return known[1]
    for sentence in sentences:
        if kind in ("", *sentence.kinds) and (found := sentence.pattern.fullmatch(words)):
            return sentence.say([_inside(value) for value in found.groups()])
    head, mark, tail = words.partition(": ")
    return head + mark + german(tail) if mark and " " in tail and kind != "line" else words


def template_pattern(english: str) -> str:
    """The pattern that a sentence with places matches."""
    parts = _PLACE.split(english)
    places = [PLACES[place] for place in _PLACE.findall(english)]
    return "".join(re.escape(part) + place for part, place in zip(parts, [*places, ""], strict=True))


def lines() -> Iterator[tuple[frozenset[str], str, str]]:
    """Every line of the table: kinds, English and German."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kinds, english, said = line.split("\t")
            yield frozenset(kinds.split("+")), english, said


def _inside(value: str) -> str:
    if _NUMBER.fullmatch(value):
        return value.replace(",", ".")
    return german(value) if " " in value else value


@cache
def _table() -> tuple[dict[str, tuple[frozenset[str], str]], tuple[Sentence, ...]]:
    """Whole sentences, and those with places: the one with the most letters of its own first."""
    exact: dict[str, tuple[frozenset[str], str]] = {}
    open_ones = []
    for kinds, english, said in lines():
        if _PLACE.search(english):
            open_ones.append((-len(_PLACE.sub("", english)), english, kinds, said))
        else:
            exact[english] = (kinds, said)
    sentences = (
        Sentence(kinds, re.compile(template_pattern(english), re.DOTALL), tuple(_PLACE.split(said)))
        for _, english, kinds, said in sorted(open_ones, key=lambda one: one[:2])
    )
    return exact, tuple(sentences)
