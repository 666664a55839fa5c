"""Figures that say how well topics agree with given categories, and how good their keywords are."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
KEYWORDS = 10
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def agreement(gold: Sequence[str], labels: Index) -> dict[str, float]:
    """ARI, NMI, V, one-to-one accuracy, purity, the share without topic and the number of topics.

    Strict: every text without a topic counts as a cluster of its own, so that saying nothing never helps. One-to-one
    accuracy is the share of texts in the best matching of topics and categories (Hungarian method, Kuhn 1955).
    """
    from sklearn.metrics import (  # noqa: PLC0415 - a second, and only measuring pays it
        adjusted_rand_score,
        normalized_mutual_info_score,
        v_measure_score,
    )

    given = np.unique(np.asarray(gold), return_inverse=True)[1]
    strict = strictly(labels)
    table = _contingency(given, strict)
    return {
        "ari": float(adjusted_rand_score(given, strict)),
        "nmi": float(normalized_mutual_info_score(given, strict)),
        "v": float(v_measure_score(given, strict)),
        "accuracy": _one_to_one(table),
        "purity": float(table.max(axis=0).sum() / max(len(labels), 1)),
        "without_topic": float((labels < 0).mean()) if len(labels) else 0.0,
        "topics": float(len(np.unique(labels[labels >= 0]))),
    }


def strictly(labels: Index) -> Index:
    """The same labels where each -1 is a cluster of its own."""
    alone = labels < 0
    strict = labels.copy()
    strict[alone] = labels.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return strict


def diversity(keywords: Sequence[Sequence[str]]) -> float:
    """Share of different words among the ten first keywords of all topics (Dieng, Ruiz and Blei 2020)."""
    shown = [word.lower() for words in keywords for word in words[:KEYWORDS]]
    return len(set(shown)) / len(shown) if shown else 0.0


def coherence(keywords: Sequence[Sequence[str]], texts: Sequence[str]) -> float:
    """Mean normalised pointwise mutual information of keywords within texts, -1…1 (Bouma 2009); 0 without keywords.

    A keyword stands in a text if the text holds it as a word, whatever the case.
    """
    wanted = {word.lower() for words in keywords for word in words[:KEYWORDS]}
    alone: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    pairs = {
        pair for words in keywords for pair in combinations(sorted({word.lower() for word in words[:KEYWORDS]}), 2)
    }
    for text in texts:
        here = sorted(wanted.intersection(_words(text)))
        alone.update(here)
        together.update(pair for pair in combinations(here, 2) if pair in pairs)
    values = [_normalised(together[pair], alone[pair[0]], alone[pair[1]], len(texts)) for pair in sorted(pairs)]
    return float(np.mean(values)) if values else 0.0


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _normalised(both: int, one: int, other: int, texts: int) -> float:
    if both == 0:
        return -1.0
    if both == texts:
        return 1.0
    return float(np.log(both * texts / (one * other)) / -np.log(both / texts))


def _contingency(given: Index, found: Index) -> Index:
    found = np.unique(found, return_inverse=True)[1]
    table = np.zeros((int(given.max(initial=-1)) + 1, int(found.max(initial=-1)) + 1), np.int64)
    np.add.at(table, (given, found), 1)
    return table


def _one_to_one(table: Index) -> float:
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - as above

    rows, columns = linear_sum_assignment(-table)
    return float(table[rows, columns].sum() / max(table.sum(), 1))
