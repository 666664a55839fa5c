"""Detectors of the literature, written from their papers, to be measured beside ours.

Farrington and EWMA stand on our regression, which helps them (weekday priors, many series at once), but not on the
level of the last weeks that we multiply it with: that is no part of the published methods. The week is measured with
that level too, to show what it brings.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cxtext.trends.calendar import Floats
from cxtext.trends.forecast import Block
from cxtext.trends.scan import WindowSums, tail

Detector = Callable[[Floats, Sequence[Block]], Floats]  # (days, series) to (nights from the first block, series)

EWMA_MEMORY = 0.2


def farrington_day(counts: Floats, blocks: Sequence[Block]) -> Floats:
    """Noufaily et al. 2013 on single days: -log10 of the negative binomial tail."""
    return _uncapped(counts, _published(blocks), 1)


def farrington_week(counts: Floats, blocks: Sequence[Block]) -> Floats:
    """Noufaily et al. 2013 on rolling sums of seven days."""
    return _uncapped(counts, _published(blocks), 7)


def farrington_week_with_level(counts: Floats, blocks: Sequence[Block]) -> Floats:
    """`farrington_week` on our whole forecast."""
    return _uncapped(counts, blocks, 7)


def ewma(counts: Floats, blocks: Sequence[Block]) -> Floats:
    """Exponentially weighted mean of standardised residuals, in its own standard deviations."""
    day = WindowSums(counts, _published(blocks), 1, None)
    residual = (day.count - day.mean) / np.sqrt(day.dispersion * day.mean + day.doubt**2 + 1e-9)
    residual = np.where(day.ready & (day.mean > 0), residual, 0.0)
    level, levels = np.zeros(counts.shape[1]), np.zeros_like(residual)
    for night, today in enumerate(residual):
        level = (1 - EWMA_MEMORY) * level + EWMA_MEMORY * today
        levels[night] = level
    return np.asarray(levels / np.sqrt(EWMA_MEMORY / (2 - EWMA_MEMORY)))


def z_score(counts: Floats, blocks: Sequence[Block]) -> Floats:
    """Return the last seven days against the eight weeks before, in their standard deviations."""
    weeks = _weekly(counts)
    scores = np.zeros_like(counts)
    for day in range(70, len(counts)):
        past = weeks[day - 6 - 56 : day - 6 : 7]
        scores[day] = (weeks[day - 6] - past.mean(axis=0)) / np.maximum(past.std(axis=0, ddof=1), 1.0)
    return np.asarray(scores[blocks[0].first :])


def ears_c1(counts: Floats, blocks: Sequence[Block]) -> Floats:
    """Hutwagner et al. 2003: today against the seven days before."""
    return _ears(counts, 0)[blocks[0].first :]


def ears_c2(counts: Floats, blocks: Sequence[Block]) -> Floats:
    """Hutwagner et al. 2003: today against seven days with a gap of two."""
    return _ears(counts, 2)[blocks[0].first :]


def ears_c3(counts: Floats, blocks: Sequence[Block]) -> Floats:
    """Hutwagner et al. 2003: the sum of what three days of C2 exceed one by."""
    excess = np.maximum(_ears(counts, 2) - 1.0, 0.0)
    total = excess.copy()
    total[1:] += excess[:-1]
    total[2:] += excess[:-2]
    return total[blocks[0].first :]


COMPARATORS: Mapping[str, Detector] = {
    "Farrington-7d": farrington_week,
    "Farrington-7d on our forecast": farrington_week_with_level,
    "Farrington-1d": farrington_day,
    "EWMA": ewma,
    "z-score": z_score,
    "EARS C1": ears_c1,
    "EARS C2": ears_c2,
    "EARS C3": ears_c3,
}
PUBLISHED: Mapping[str, float] = {"Farrington-1d": 2.301, "EARS C1": 3.0, "EARS C2": 3.0, "EARS C3": 2.0}


def _published(blocks: Sequence[Block]) -> list[Block]:
    """Take the level of the last weeks out of the forecasts."""
    return [replace(block, mean=block.mean / block.level) for block in blocks]


def _uncapped(counts: Floats, blocks: Sequence[Block], window: int) -> Floats:
    sums = WindowSums(counts, blocks, window, None)
    variance = sums.dispersion * sums.mean + sums.doubt**2
    return np.where(sums.ready, tail(sums.count, sums.mean, variance), 0.0)


def _ears(counts: Floats, gap: int) -> Floats:
    known = np.nan_to_num(counts)
    scores = np.zeros_like(known)
    past = sliding_window_view(known, 7, axis=0)
    start = 7 + gap
    before = past[: len(known) - start]
    scores[start:] = (known[start:] - before.mean(axis=-1)) / np.maximum(before.std(axis=-1, ddof=1), 0.5)
    return scores


def _weekly(counts: Floats) -> Floats:
    return np.asarray(sliding_window_view(np.nan_to_num(counts), 7, axis=0).sum(axis=-1))
