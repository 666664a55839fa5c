"""Quotes: a few tickets that show what a topic is about."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

QUOTES = 5
_TWIN = 0.95  # cosine from which two texts say the same words
_RELEVANCE = 0.7  # against diversity
_COMFORTABLE = 200  # characters that a reader takes in at a glance
_TOO_SHORT = 15  # characters that explain nothing


def choose_quotes(vectors: NDArray[np.float32], texts: Sequence[str], count: int = QUOTES) -> tuple[int, ...]:
    """Rows of at most `count` texts: central, unlike each other, short ones preferred; the most typical first.

    Maximal marginal relevance (Carbonell and Goldstein 1998) over rows of length 1. Of near-equal texts one is taken.
    """
    if not texts:
        return ()
    centre = vectors.mean(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(centre))
    typical = np.round(vectors @ (centre / length if length > 0 else centre), 5)
    relevance = np.array([value - _discomfort(text) for value, text in zip(typical.tolist(), texts, strict=True)])
    chosen: list[int] = []
    closest = np.full(len(texts), -1.0)
    while len(chosen) < min(count, len(texts)):
        worth = np.where(closest >= _TWIN, -np.inf, _RELEVANCE * relevance - (1 - _RELEVANCE) * np.maximum(closest, 0))
        if chosen:
            worth[chosen] = -np.inf
        best = int(worth.argmax())
        if worth[best] == -np.inf:
            break
        chosen.append(best)
        closest = np.maximum(closest, np.round(vectors @ vectors[best], 5))
    return tuple(chosen)


def _discomfort(text: str) -> float:
    """What a text loses for being too long to be read at a glance, or too short to say anything."""
    if len(text) < _TOO_SHORT:
        return 0.3
    return min(0.3, 0.1 * max(0.0, len(text) / _COMFORTABLE - 1.0))
