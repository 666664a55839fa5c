"""Words as the search index knows them: one spelling, without endings, German compounds also by their parts."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cxtext.text.compounds import parts
from cxtext.text.fold import fold_word
from cxtext.text.words import lemma, stop_words

MOST_WORDS = 20  # of one question; more narrow nothing down
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_JOINED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")  # "Liefer-Zeit" is also found as one word
_ENDING = re.compile("(?:ern|em|en|er|es|e|(?<=[lr])n|(?<!s)s)$")
_SHORTEST_STEM = 4
_LONGEST = 60  # characters of a key; what is longer is no word
_PLURALS = (("aeu", "au"), ("ae", "a"), ("oe", "o"), ("ue", "u"))


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question: any of its keys will do, or a key that begins with `prefix` ("Liefer*")."""

    keys: tuple[str, ...]
    prefix: str | None = None


def index_words(text: str, language: str) -> list[str]:
    """All keys under which a text is found, sorted, each once; stop words have none."""
    found: set[str] = set()
    plain = unicodedata.normalize("NFC", text)
    idle = stop_words(language)
    for match in _WORD.finditer(plain):
        if fold_word(match[0]) not in idle:
            found |= _keys_of(match[0], language)
    for match in _JOINED.finditer(plain):
        found |= _keys_of(match[0].replace("-", ""), language)
    return sorted(found)


def terms(question: str) -> tuple[Term, ...]:
    """The words that all must occur; stop words count only where there is nothing else."""
    plain = unicodedata.normalize("NFC", question)
    told = [(match[0], plain[match.end() : match.end() + 1] == "*") for match in _WORD.finditer(plain)]
    idle = stop_words("de") | stop_words("en")
    wanted = [(word, star) for word, star in told if star or fold_word(word) not in idle] or told
    found = dict.fromkeys(_term(word, star) for word, star in wanted)
    return tuple(term for term in found if term.keys)[:MOST_WORDS]


def marks(text: str, wanted: tuple[Term, ...]) -> Iterator[tuple[int, int]]:
    """Where in a text the words stand, as (start, end); a compound is marked whole."""
    for match in _WORD.finditer(text):
        folded, found = fold_word(match[0]), key(match[0])
        for term in wanted:
            starts = term.prefix is not None and folded.startswith(term.prefix)
            inside = any(len(one) >= _SHORTEST_STEM and one in folded for one in term.keys)
            if starts or inside or found in term.keys:
                yield match.span()
                break


@lru_cache(maxsize=100_000)
def key(word: str) -> str:
    """The spelling under which a word is looked up: folded, endings off. It is no stem that a linguist would sign.

    >>> key("Überweisungen"), key("UEBERWEISUNG"), key("refunds")
    ('ueberweisung', 'ueberweisung', 'refund')
    """
    found = _folded(word)
    while (cut := _ENDING.sub("", found)) != found and len(cut) >= _SHORTEST_STEM:
        found = cut
    return found


def _folded(word: str) -> str:
    return fold_word(word).replace("'", "")[:_LONGEST]


def _term(word: str, prefix: bool) -> Term:  # noqa: FBT001 – two facts of one match
    if prefix:
        return Term((key(word),), _folded(word))
    found = key(word)
    singular = found
    for plural, plain in _PLURALS:  # "Verträge" must find "Vertrag"; the index holds the way back
        if plural in found:
            singular = found.replace(plural, plain)
            break
    return Term(tuple(dict.fromkeys(one for one in (found, singular) if one)))


@lru_cache(maxsize=200_000)
def _keys_of(word: str, language: str) -> frozenset[str]:
    found = {key(word), key(lemma(word, language))}
    if language == "de":
        for part in parts(word):
            found |= {key(one) for one in (part, *parts(part))}
            if part != word:
                found.add(key(lemma(part.capitalize(), language)))
    return frozenset(found) - {""}
