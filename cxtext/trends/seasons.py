"""Whether a rise is the season's: the same rise in the same fortnight of the years before."""

from collections.abc import Sequence

import numpy as np
from scipy.special import betainc

from cxtext.trends.calendar import Floats
from cxtext.trends.scan import tail

FORTNIGHT, BEFORE, SHIFT = 14, 28, 7  # days
SHORTEST = 425  # days of history under which no season can be told
LIFT, SURE, BEYOND = 1.3, 0.001, 0.01
YEARS_DIFFER = 0.15  # standard deviation of one season's height against another's


def seasonal(counts: Floats, night: int, expected: float, dispersion: float) -> bool:
    """Say whether the fortnight that ends on `night` rises as it did in the years before, and not beyond.

    Args:
        counts: (days,) of one series, NaN where missing.
        night: index of the last day of the fortnight.
        expected: tickets of that fortnight by the forecast.
        dispersion: variance over mean of a day.
    """
    known = np.nan_to_num(counts)
    years = [night - 364 * year for year in range(1, 1 + night // 364) if night - 364 * year >= SHORTEST - 364]
    if night + 1 < SHORTEST or not years:
        return False
    lift, chance, error = max(_lift(known, years, shift, dispersion) for shift in range(-SHIFT, SHIFT + 1))
    if lift <= LIFT or chance < -np.log10(SURE):
        return False
    today = float(known[night - FORTNIGHT + 1 : night + 1].sum())
    mean = np.array(max(expected, 0.1) * lift)
    # the past season is itself a count, and no two seasons are quite alike
    beyond = tail(np.array(today), mean, dispersion * mean + (error + YEARS_DIFFER**2) * mean**2)
    return bool(beyond < -np.log10(BEYOND))


def _lift(known: Floats, years: Sequence[int], shift: int, dispersion: float) -> tuple[float, float, float]:
    """Return the rise over the weeks before at this shift, -log10 of its chance (conditional binomial), its error squared.

    Every year must show it: a surge of one year is no season.
    """
    inside = outside = 0.0
    days = 0
    for end in years:
        stop = end + shift + 1
        start = stop - FORTNIGHT
        before = slice(start - SHIFT - BEFORE, start - SHIFT)
        if before.start < 0:
            continue
        then, earlier = known[start:stop].sum(), known[before].sum()
        if then / FORTNIGHT <= LIFT * earlier / BEFORE:
            return 0.0, 0.0, 0.0
        inside, outside, days = inside + then, outside + earlier, days + 1
    if not days or inside <= 0:
        return 0.0, 0.0, 0.0
    share = FORTNIGHT / (FORTNIGHT + BEFORE)
    chance = betainc(inside / dispersion, outside / dispersion + 1, share)
    lift = (inside / FORTNIGHT) / ((outside + 0.5) / BEFORE)
    error = dispersion * (1 / inside + 1 / (outside + 1))
    return float(lift), float(-np.log10(max(chance, 1e-300))), float(error)
