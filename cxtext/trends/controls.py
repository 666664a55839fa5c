"""What a fix changed beyond what changed anyway: the issue before and after, against issues that nobody touched."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxtext.trends.calendar import Floats
from cxtext.trends.fixes import ENOUGH, SETTLING, FixCheck, Verdict, judge_fix

BEFORE = 28  # days before a fix that are compared with the days after it
TREND = 56  # days before those in which a control must have gone the same way
MOST = 20  # controls
LEAST = 3  # controls under which the issue is compared with itself alone
BUSY = 20.0  # tickets a control must have before the fix
STEADY = np.log(2.0)  # a control that doubled or halved just before is no yardstick: it would swing back
PLACEBO = 0.1
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Effect:
    """The change that the fix made, as a factor on the tickets that would have come; 0.2 is four fifths fewer.

    Attributes:
        factor, low, high: with its 95 % interval.
        common: the factor by which the controls changed.
        without: tickets that would have come since the fix without it.
        after, before: tickets since the fix and in the days before it.
        controls: columns of the issues it was compared with.
        placebo: share of the controls (itself included) that fell at least as far; None without controls.
    """

    factor: float
    low: float
    high: float
    common: float
    without: float
    after: float
    before: float
    controls: tuple[int, ...]
    placebo: float | None

    def saved(self) -> tuple[float, float, float]:
        """Return the tickets saved so far with the 95 % interval."""
        return (
            self.without * (1 - self.factor),
            self.without * (1 - self.high),
            self.without * (1 - self.low),
        )


def effect_of_fix(
    counts: Floats, own: int, candidates: Sequence[int], *, since: int, fix: int, night: int, dispersion: Floats
) -> Effect:
    """Difference in differences of the logarithms; how much controls differ among themselves widens the interval.

    Args:
        counts: (days, series), NaN where missing.
        own: column of the issue.
        candidates: columns that nobody fixed and that share no tickets with it.
        since: first day of the level before the fix (the onset of the surge, or `BEFORE` days before the fix).
        fix: index of the day of the fix.
        night: index of the last day to look at.
        dispersion: (series,) variance over mean of a day.
    """
    before, after = slice(since, fix), slice(fix + SETTLING, night + 1)
    change, error = _changes(counts, before, after, dispersion)
    controls = _alike(counts, own, candidates, since, fix)
    shift, spread = _pooled(change[list(controls)], error[list(controls)])
    effect = float(change[own] - shift)
    wide = Z * float(np.sqrt(error[own] + spread))
    known_before, known_after = (np.sum(~np.isnan(counts[part, own])) for part in (before, after))
    level = float(np.nansum(counts[before, own])) / max(int(known_before), 1)
    placebo = None
    if controls:
        fell = sum(change[column] - shift <= effect for column in controls)
        placebo = (1 + int(fell)) / (1 + len(controls))
    return Effect(
        factor=float(np.exp(effect)), low=float(np.exp(effect - wide)), high=float(np.exp(effect + wide)),
        common=float(np.exp(shift)), without=level * float(np.exp(shift)) * int(known_after), after=float(np.nansum(counts[after, own])),
        before=float(np.nansum(counts[before, own])), controls=controls, placebo=placebo,
    )  # fmt: skip


def verdict(
    counts: Floats, expected: Floats, effect: Effect, *, fix: int, night: int, dispersion: float
) -> tuple[Verdict, FixCheck]:
    """Judge by both yardsticks: the level before the surge, moved as the controls moved, and the controls themselves.

    Args:
        counts: (days,) of the issue.
        expected: (days,) as for `judge_fix`.
        effect: of `effect_of_fix`.
        fix: index of the day of the fix.
        night: index of the last day to look at.
        dispersion: of the issue.
    """
    moved = expected.copy()
    moved[fix:] *= effect.common
    check = judge_fix(counts, moved, fix, night, dispersion)
    if check.verdict == "too early" or effect.without < ENOUGH:
        return "too early", check
    floor = 1 / (1 + len(effect.controls))  # with few controls no smaller share than this can be told
    real = effect.high < 1 and (effect.placebo is None or effect.placebo <= max(PLACEBO, floor))
    return (check.verdict if real else "not resolved"), check


def _changes(counts: Floats, before: slice, after: slice, dispersion: Floats) -> tuple[Floats, Floats]:
    """Logarithm of the ratio of both daily levels per series, and its variance."""
    then, now = np.nansum(counts[before], axis=0) + 0.5, np.nansum(counts[after], axis=0) + 0.5
    days_then, days_now = (np.maximum((~np.isnan(counts[part])).sum(axis=0), 1) for part in (before, after))
    return np.log(now / days_now) - np.log(then / days_then), dispersion * (1 / then + 1 / now)


def _alike(counts: Floats, own: int, candidates: Sequence[int], since: int, fix: int) -> tuple[int, ...]:
    """Return the controls whose way before the surge was most like the issue's, in the order of their columns."""
    half = TREND // 2
    first, second = (np.nansum(counts[max(at, 0) : max(at + half, 0)], axis=0) for at in (since - TREND, since - half))
    way = np.log((second + 2.0) / (first + 2.0))  # two tickets added: a way between few tickets is none
    days = max(fix - since, 1)
    level = np.nansum(counts[since:fix], axis=0)
    jump = np.log((level / days + 0.02) / (second / half + 0.02))
    fit = [column for column in candidates if column != own and level[column] >= BUSY * days / BEFORE]
    fit = [column for column in fit if abs(jump[column]) <= STEADY]
    nearest = sorted(fit, key=lambda column: (round(abs(float(way[column] - way[own])), 6), column))[:MOST]
    return tuple(sorted(nearest)) if len(nearest) >= LEAST else ()


def _pooled(change: Floats, error: Floats) -> tuple[float, float]:
    """Return the common change of the controls and the variance with which it holds for one more issue.

    Random effects after DerSimonian and Laird, Controlled Clinical Trials 7 (1986) 177.
    """
    if not len(change):
        return 0.0, 0.0
    weight = 1 / error
    mean = float(weight @ change / weight.sum())
    excess = float(weight @ (change - mean) ** 2) - (len(change) - 1)
    between = max(0.0, excess / float(weight.sum() - (weight**2).sum() / weight.sum()))
    weight = 1 / (error + between)
    return float(weight @ change / weight.sum()), between + 1 / float(weight.sum())
