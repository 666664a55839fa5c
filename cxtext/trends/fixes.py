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
JUDGED = 28  # days after a fix at which it is judged for good
WATCHED = 90  # days after a fix in which a rise is a relapse
WEEK = 7
LEAST = 5  # tickets of a week that can be a relapse
AGAIN = 3.5  # -log10 of the chance, as for a rising issue
LOOKBACK = 84  # days in which the onset of a surge is sought
QUIET = 28  # of them, days that must lie before it
SHORTEST = 3  # days of a surge
STEP = 6.0  # log-likelihood (over dispersion) that a step upwards must explain
GONE = 0.2  # share of an issue's level at which it counts as gone where there was no level before it


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


def relapse(counts: Floats, fix: int, night: int, dispersion: float) -> int | None:
    """Return the first night on which an issue that had come down stands above the level it had come down to.

    Args:
        counts: (days,) of one series, NaN where missing.
        fix: index of the day of the fix; the level is that of the four weeks after it.
        night: index of the last day to look at; nothing is looked for later than `WATCHED` days after the fix.
        dispersion: variance over mean of a day.
    """
    level = counts[fix + SETTLING : fix + JUDGED + 1]
    known = int((~np.isnan(level)).sum())
    if not known:
        return None
    for last in range(fix + JUDGED + WEEK, min(night, fix + WATCHED) + 1):
        week = counts[last - WEEK + 1 : last + 1]
        came = float(np.nansum(week))
        share = int((~np.isnan(week)).sum()) / known
        if came < LEAST or np.sum(week > 0) < 2:
            continue
        whole = float(np.nansum(level))
        # so many of both periods' tickets in the last week alone, were the level the same
        chance = float(betainc(came / dispersion, whole / dispersion + 1, share / (1 + share)))
        if -np.log10(max(chance, 1e-300)) >= AGAIN:
            return last
    return None


def onset_before(counts: Floats, fix: int, dispersion: float) -> int | None:
    """Return the first day of the surge that ran when it was fixed; None where the level had long been the same.

    The step upwards that explains the last weeks best, if it explains much (Poisson likelihood ratio).

    Args:
        counts: (days,) of one series, NaN where missing.
        fix: index of the day of the fix.
        dispersion: variance over mean of a day.
    """
    first = max(fix - LOOKBACK, 0)
    best, found = STEP, None
    for onset in range(first + QUIET, fix - SHORTEST + 1):
        gain = _gain(counts[first:onset], counts[onset:fix]) / dispersion
        if gain > best:
            best, found = gain, onset
    return found


def _gain(before: Floats, after: Floats) -> float:
    (low, n), (high, m) = ((float(np.nansum(part)), int((~np.isnan(part)).sum())) for part in (before, after))
    if not n or not m or high / m <= 1.3 * low / n:
        return 0.0
    whole = (low + high) / (n + m)
    return high * float(np.log(high / m / whole)) + (low * float(np.log(low / n / whole)) if low else 0.0)
