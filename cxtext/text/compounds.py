"""German compounds: where "Lieferterminänderung" can be cut, so that a keyword meets it."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import inf

from cxtext.text.fold import fold
from cxtext.text.language import load_language

# Natural logarithm of a word's share of running text. Rarer entries of the list are mostly misspellings and fragments.
_RAREST = -16.0
_SHORTEST_PART = 4
_LONGEST_WORD = 60
_LINKS = {"s": ("s", "es"), "n": ("n", "en", "nen"), "r": ("er",), "e": ("e",)}  # by their last letter


@dataclass(frozen=True, slots=True)
class _WordList:
    """Log probabilities by folded word (with a capital, without, stems of verbs), and the hand-made lists of `de.toml`."""

    nouns: dict[str, float]
    others: dict[str, float]
    stems: dict[str, float]
    short_parts: frozenset[str]
    no_heads: frozenset[str]
    no_modifiers: frozenset[str]
    by_hand: dict[str, tuple[int, ...]]  # whole word -> lengths of its pieces


def parts(word: str) -> tuple[str, ...]:
    """Return the parts of a German compound without linking letters; `(word,)` where there is nothing to cut.

    A piece that is itself common ("Kreditkarten" in "Kreditkartenabrechnung") may stay whole; ask for its parts then.

    >>> parts("Zahlungsart")
    ('Zahlung', 'art')
    """
    cut = pieces(word)
    return (*map(_without_link, cut[:-1]), cut[-1])


@lru_cache(maxsize=200_000)
def pieces(word: str) -> tuple[str, ...]:
    """Return the same parts with their linking letters; put together they are `word` again."""
    key = word.lower()
    if not 2 * _SHORTEST_PART - 2 <= len(key) <= _LONGEST_WORD or len(key) != len(word) or not key.isalpha():
        return (word,)
    lengths = _word_list().by_hand.get(key) or (_lengths(key) if _is_noun(key) else (len(key),))
    ends = [sum(lengths[: place + 1]) for place in range(len(lengths))]
    return tuple(word[end - length : end] for end, length in zip(ends, lengths, strict=True))


def _lengths(key: str) -> tuple[int, ...]:
    return _cut(key, 4)[1] or (len(key),)


def _cut(key: str, most: int) -> tuple[float, tuple[int, ...]]:
    """The likeliest cut of `key` into two to `most` pieces: its score and the lengths; -inf and () if there is none."""
    best: tuple[float, tuple[int, ...]] = (-inf, ())
    lengths: tuple[int, ...]
    plain = key.isascii()  # most words are, and folding each beginning of a word takes longer than looking it up
    whole = _word_list().nouns.get(fold(key), -inf)  # "Material" is more common than "Mate" and "Rial": an accident
    for place in range(3, len(key) - 2):
        left = _as_modifier(key[:place] if plain else fold(key[:place]), place)
        if left == -inf:
            continue
        rest = key[place:]
        right, lengths = _as_head(rest), (len(rest),)
        if right == -inf and most > 2:
            right, lengths = _cut(rest, most - 1)
        if left + right > best[0] and max(left, right) > whole:
            best = (left + right, (place, *lengths))
    return best


def _as_head(piece: str) -> float:
    known, folded = _word_list(), fold(piece)
    if (len(piece) < _SHORTEST_PART and folded not in known.short_parts) or folded in known.no_heads:
        return -inf
    weight = known.nouns.get(folded, -inf)
    # "Werde" and "Ende" with a capital are mostly sentence starts.
    return weight if weight + 2 > known.others.get(folded, -inf) else -inf


def _as_modifier(folded: str, length: int) -> float:
    known = _word_list()
    if (length < _SHORTEST_PART and folded not in known.short_parts) or folded in known.no_modifiers:
        return -inf
    best = max(known.nouns.get(folded, -inf), known.stems.get(folded, -inf))
    for link in _LINKS.get(folded[-1:], ()):
        if folded.endswith(link) and len(folded) - len(link) >= _SHORTEST_PART - 1:
            best = max(best, known.nouns.get(folded.removesuffix(link), -inf) - 0.5)
    return best


def _is_noun(key: str) -> bool:
    known, folded = _word_list(), fold(key)
    return known.nouns.get(folded, _RAREST) >= known.others.get(folded, -inf)


def _without_link(piece: str) -> str:
    """Take the link off. "Rechnungs" is no word, "Kunden" is one: the link goes only where what is left is much more common."""
    nouns = _word_list().nouns
    have = nouns.get(fold(piece), -inf)
    for link in ("s", "es"):
        if piece.endswith(link) and nouns.get(fold(piece.removesuffix(link)), -inf) > max(have + 2, _RAREST):
            return piece.removesuffix(link)
    return piece


@lru_cache(maxsize=1)
def _word_list() -> _WordList:
    """German words with their frequency, from `spacy-lookups-data` (MIT); a quarter of a second, once per process."""
    nouns: dict[str, float] = {}
    others: dict[str, float] = {}
    stems: dict[str, float] = {}
    for word, weight in _common_words():
        folded = fold(word)
        if word[0].isupper() and word[1:].islower():
            nouns[folded] = max(weight, nouns.get(folded, -inf))
        elif word.islower():
            others[folded] = max(weight, others.get(folded, -inf))
            for ending in ("en", "n"):
                if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_PART:
                    stems.setdefault(folded.removesuffix(ending), weight)
    by_hand = load_language("de").compounds
    return _WordList(
        nouns,
        others,
        stems,
        short_parts=frozenset(by_hand["short_parts"].split()),
        no_heads=frozenset(by_hand["no_heads"].split()),
        no_modifiers=frozenset(by_hand["no_modifiers"].split()),
        by_hand={cut.replace("|", ""): tuple(map(len, cut.split("|"))) for cut in by_hand["cuts"].split()},
    )


def _common_words() -> Iterator[tuple[str, float]]:
    # The file is sorted by falling frequency, one word a line: reading stops at a fifth of it.
    packed = files("spacy_lookups_data").joinpath("data", "de_lexeme_prob.json.gz")
    with packed.open("rb") as raw, gzip.open(raw, "rt", encoding="ascii") as lines:
        for line in lines:
            quoted, separator, weight = line.strip().rstrip(",").rpartition(":")
            if not separator:
                continue
            if float(weight) < _RAREST:
                return
            word = json.loads(quoted)
            if len(word) >= 3 and word.isalpha():
                yield word, float(weight)
