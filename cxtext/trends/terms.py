"""The words that tell texts apart: what is written here and hardly anywhere else."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from sys import intern

import numpy as np

from cxtext.text.fold import fold_word
from cxtext.text.words import lemma, stop_words, words

SHORTEST = 3  # letters of a word that says something
LONGEST = 40


@lru_cache(maxsize=5_000)  # products share their texts: one is compared with many rows of the table; 30 MB
def terms(text: str, language: str) -> frozenset[str]:
    """Return the content words of a text in dictionary form, folded, and the pairs that stand side by side."""
    empty = stop_words(language)
    kept: list[str | None] = []
    for word in words(text, language):
        base = fold_word(lemma(word.capitalize() if word.isupper() else word, language))
        hollow = word.lower() in empty or base in empty or not base.isalpha()
        kept.append(None if hollow or not SHORTEST <= len(base) <= LONGEST else base)
    pairs = (f"{first} {second}" for first, second in pairwise(kept) if first and second and first != second)
    return frozenset(map(intern, (*filter(None, kept), *pairs)))  # each kept once, in however many texts it stands


def telling_terms(
    here: Sequence[Iterable[str]], elsewhere: Sequence[Iterable[str]], *, most: int = 8, least: int = 3
) -> tuple[str, ...]:
    """Return the terms whose share of texts here stands furthest above their share elsewhere, surest first.

    Ranked by the difference of the log odds over its standard error, half a text added everywhere; a pair of words
    takes the place of its words where they hardly occur without each other.

    Args:
        here: the terms of each text.
        elsewhere: the terms of each text to compare with.
        most: how many are wanted.
        least: texts in which a term must occur.
    """
    own = Counter(term for text in here for term in set(text))
    other = Counter(term for text in elsewhere for term in set(text))
    ranked = []
    for term, count in own.items():
        if count < least:
            continue
        rest = other[term]
        odds = np.log((count + 0.5) / (len(here) - count + 0.5)) - np.log((rest + 0.5) / (len(elsewhere) - rest + 0.5))
        error = np.sqrt(1 / (count + 0.5) + 1 / (rest + 0.5))
        if odds / error > 2.0:
            ranked.append((-float(odds / error), -count, term))
    chosen: list[str] = []
    for _, _, term in sorted(ranked):
        if len(chosen) == most:
            break
        if not any(set(term.split()) & set(known.split()) for known in chosen):
            chosen.append(term)
    return tuple(chosen)
