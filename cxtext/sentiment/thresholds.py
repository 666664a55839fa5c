"""Where negative ends and positive begins: chosen on labelled texts, when there are any."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxtext.domain import SentimentLabel

_GRID: Final = np.round(np.arange(-0.9, 0.91, 0.05), 2)
_LABELS: Final[tuple[SentimentLabel, ...]] = ("negative", "neutral", "positive")


def choose_thresholds(scores: Sequence[float], labels: Sequence[SentimentLabel]) -> tuple[float, float]:
    """The pair (negative, positive) with the best macro F1 on these texts; two numbers, so little can be overfitted."""
    felt = np.asarray(scores, dtype=np.float64)
    truth = np.array([_LABELS.index(label) for label in labels])
    best, chosen = -1.0, (-0.2, 0.2)
    for low, high in combinations(_GRID.tolist(), 2):
        value = _macro_f1(np.where(felt <= low, 0, np.where(felt >= high, 2, 1)), truth)
        if value > best:
            best, chosen = value, (low, high)
    return chosen


def _macro_f1(guess: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    table = np.bincount(truth * 3 + guess, minlength=9).reshape(3, 3)
    present = np.flatnonzero(table.sum(axis=1))
    return float(np.mean((2 * np.diag(table) / np.maximum(1, table.sum(axis=0) + table.sum(axis=1)))[present]))
