"""Did the fix work: the counts after it against the surge before it and the level before the surge."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betainc, gammaincinv

from cxtext.trends.calendar import Floats

Verdict = Literal["resolved", "improved", "not resolved", "too early"]

SETTLING = 2  # days after a fix that do not count: tickets on their way
BEFORE = 14
ENOUGH = 8.0  # tickets the surge would have brought since; with fewer a quiet week proves nothing
SURE = 0.01


@dataclass(frozen=True, slots=True)
class FixCheck:
    """The verdict, the tickets since the fix over the level before the surge with its 90 % interval, and the peak."""

    verdict: Verdict
    ratio: float
    low: float
    high: float
    peak: float


def judge_fix(counts: Floats, expected: Floats, fix: int, night: int, dispersion: float) -> FixCheck:
    """Judge a fix from the nights until `night`, as known then.

    Args:
        counts: (days,) of one series, NaN where missing.
        expected: (days,) forecast made before the surge began; only days from `fix - 14` on are read.
        fix: index of the day of the fix.
        night: index of the last day to look at.
        dispersion: variance over mean of a day; counts are divided by it.
    """
    before, after = slice(fix - BEFORE, fix), slice(fix + SETTLING, night + 1)
    seen_before, seen_after = ~np.isnan(counts[before]), ~np.isnan(counts[after])
    surge, since = np.nansum(counts[before]), np.nansum(counts[after])
    usual_before = max(float(expected[before][seen_before].sum()), 1e-6)
    usual = max(float(expected[after][seen_after].sum()), 1e-6)
    peak = float(surge / usual_before)
    low, ratio, high = (_bound(since, usual, dispersion, q) for q in (0.05, 0.5, 0.95))
    if usual * max(peak, 1.0) < ENOUGH:
        return FixCheck("too early", ratio, low, high, peak)
    share = usual / (usual + usual_before)
    # conditional binomial: were the tickets shared as the calendar shares them, so few would fall after the fix …
    chance = float(betainc(surge / dispersion + 1e-9, since / dispersion + 1, 1 - share))
    improved = chance < SURE
    if improved and high < max(1.5, 0.6 * peak) and low < 1.25:
        return FixCheck("resolved", ratio, low, high, peak)
    return FixCheck("improved" if improved else "not resolved", ratio, low, high, peak)


def _bound(count: float, usual: float, dispersion: float, quantile: float) -> float:
    return float(dispersion * gammaincinv(count / dispersion + 0.5, quantile) / usual)
