"""Comparing detectors fairly: every one gets the threshold that costs the same number of false episodes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxtext.trends.calendar import Floats

QUIET = 7  # nights without an alarm between two episodes
DAYS = (3, 7, 14)  # P≤d: seen by a new alarm on one of the first d nights, the day of the first extra ticket included
NEVER = 10_000


@dataclass(frozen=True, slots=True)
class Surges:
    """Scores (nights, series) with one surge in each column, its first night (series,), and what kind it is."""

    kind: str
    scores: Floats
    onsets: NDArray[np.int64]


def false_rate(quiet: Sequence[Floats], threshold: float) -> float:
    """Return the alarm episodes per series and year of 364 nights."""
    years = sum(scores.size for scores in quiet) / 364
    return float(sum(_starts(scores >= threshold).sum() for scores in quiet) / years)


def threshold_at(quiet: Sequence[Floats], rate: float) -> float:
    """Return the lowest threshold that raises at most so many episodes per series-year."""
    low, high = 0.0, 400.0
    for _ in range(50):
        middle = (low + high) / 2
        if false_rate(quiet, middle) > rate:
            low = middle
        else:
            high = middle
    return high


def delays(surges: Surges, threshold: float) -> NDArray[np.int64]:
    """Return (series,) nights until a new alarm, `NEVER` if none; an alarm on in the week before does not count."""
    above = surges.scores >= threshold
    waits = np.full(len(surges.onsets), NEVER)
    for column, onset in enumerate(surges.onsets):
        if above[max(onset - QUIET, 0) : onset, column].any():
            continue
        alarms = np.flatnonzero(above[onset : onset + 60, column])
        if len(alarms):
            waits[column] = alarms[0] + 1
    return waits


def detection(all_surges: Sequence[Surges], threshold: float) -> dict[str, list[float]]:
    """Return [P≤3, P≤7, P≤14] per kind of surge and their mean over the kinds."""
    waits: dict[str, list[NDArray[np.int64]]] = {}
    for surges in all_surges:
        waits.setdefault(surges.kind, []).append(delays(surges, threshold))
    per_kind = {kind: [float((np.concatenate(w) <= day).mean()) for day in DAYS] for kind, w in waits.items()}
    mean = np.mean(list(per_kind.values()), axis=0)
    rounded = {kind: [round(value, 3) for value in values] for kind, values in per_kind.items()}
    return {"mean": [round(float(value), 3) for value in mean], **rounded}


def _starts(above: NDArray[np.bool_]) -> NDArray[np.bool_]:
    before = np.zeros_like(above)
    for night in range(1, QUIET + 1):
        before[night:] |= above[:-night]
    return above & ~before
