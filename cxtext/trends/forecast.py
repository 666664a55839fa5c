"""The expected counts of every night as they were known then: a model refitted every week, blind to the last two weeks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cxtext.trends.baseline import Fit, fit, prior, weekday_profile
from cxtext.trends.calendar import TREND, Floats, features

HISTORY = 728  # days a fit looks back
GUARD = 14  # days before a night that its model does not see: a surge must not train its own baseline
WEEK = 7  # nights served by one fit
SPAN = GUARD - 1 + WEEK  # days a fit has to forecast: the window of its first night to its last night
SHORTEST = 14  # days of history under which nothing is said
LOCAL = 168  # days whose level, beside the regression, is believed to go on
HALF_LIFE = 56.0
HALF = 0.5  # ticket that Jeffreys' prior of a rate adds to what came: a thin series is not sure of its silence
PSEUDO = 20.0  # tickets (times dispersion) that stand for "the regression is right"


@dataclass(frozen=True, slots=True)
class Block:
    """One weekly fit and what it expects.

    Attributes:
        first: index of its first night; it serves the nights `first` to `first + WEEK - 1`.
        mean: (`SPAN`, series) expected counts of the days from `first - GUARD + 1` on.
        uncertainty: (`SPAN`, series) standard error of the logarithm of `mean`.
        dispersion: (series,) variance over mean of a day.
        ready: (series,) whether there was history enough.
        coefficients: (series, `COLUMNS`) of the regression.
        level: (series,) by which the last weeks stood above or below it.
    """

    first: int
    mean: Floats
    uncertainty: Floats
    dispersion: Floats
    ready: NDArray[np.bool_]
    coefficients: Floats
    level: Floats


def forecasts(
    days: Sequence[date],
    counts: Floats,
    *,
    first_night: int,
    holidays: Collection[date] = (),
    parents: NDArray[np.int64] | None = None,
    columns: NDArray[np.int64] | None = None,
) -> list[Block]:
    """Forecast every week from the one that holds `first_night` to the last day.

    Args:
        days: consecutive days.
        counts: (days, series), NaN where nothing is known (before a topic existed, lost days).
        first_night: index of the first night that needs a forecast.
        holidays: closed days, past and future.
        parents: (series,) column of the parent whose weekday profile a series inherits, -1 for none.
        columns: the series to forecast; default all. The others still lend their weekday profile.
    """
    rows = features(days, holidays)
    weekdays = np.array([day.weekday() for day in days])
    observed = ~np.isnan(counts)
    known = np.where(observed, counts, 0.0)
    blocks: list[Block] = []
    start: Fit | None = None
    # weeks begin on Mondays, not where the table ends: tomorrow's run must not change what was said yesterday
    for first in range(first_night - days[first_night].weekday(), len(days), WEEK):
        block, fitted = _block(first, known, observed, rows, weekdays, start, parents, columns)
        blocks.append(block)
        start = _moved(fitted)
    return blocks


def _block(
    first: int,
    known: Floats,
    observed: NDArray[np.bool_],
    rows: Floats,
    weekdays: NDArray[np.int64],
    start: Fit | None,
    parents: NDArray[np.int64] | None,
    columns: NDArray[np.int64] | None,
) -> tuple[Block, Fit]:
    end = max(first - GUARD + 1, 0)  # exclusive: the last day seen is `first - GUARD`
    past = slice(max(end - HISTORY, 0), end)
    origin = rows[max(end - 1, 0), TREND]
    here = rows[past].copy()
    here[:, TREND] -= origin
    seen, y = observed[past], known[past]
    profiles = _profiles(y, seen, weekdays[past], parents)
    if columns is not None:
        y, seen, profiles = y[:, columns], seen[:, columns], profiles[:, columns]
    beliefs = prior(y, seen, profiles)
    fitted = fit(y, seen, here, beliefs, start, (6, 3) if start is None else (2, 2))
    level = _level(y, seen, here, fitted)
    span = np.arange(end, end + SPAN)
    ahead = rows[np.minimum(span, len(rows) - 1)].copy()
    ahead[:, TREND] = (span - end + 1) / 365.0
    mean = np.exp(np.clip(ahead @ fitted.coefficients.T, -12, 12)) * level
    variance = np.einsum("di,sij,dj->ds", ahead, fitted.covariances, ahead, optimize=True)
    # what half a ticket more in all that time would have made of the rate, and how little so few tickets tell of it
    mean = np.maximum(mean, HALF / (seen.sum(axis=0) + 1.0))
    variance = np.maximum(variance, 1.0 / ((y * seen).sum(axis=0) + HALF))
    ready = seen.sum(axis=0) >= SHORTEST
    # the covariances stay behind: a year of weeks would hold a hundred and fifty of them for every series
    return Block(first, mean, np.sqrt(variance), fitted.dispersion, ready, fitted.coefficients, level), fitted


def project(block: Block, rows: Floats) -> Floats:
    """Return (days, series) what this fit expects of every day of the calendar, long after it was made.

    The yardstick for a surge that goes on: fits made meanwhile have begun to take it for normal.
    """
    moved = rows.copy()
    moved[:, TREND] -= rows[max(block.first - GUARD, 0), TREND]
    return np.asarray(np.exp(np.clip(moved @ block.coefficients.T, -12, 12)) * block.level)


def _profiles(
    y: Floats, seen: NDArray[np.bool_], weekdays: NDArray[np.int64], parents: NDArray[np.int64] | None
) -> Floats:
    series = y.shape[1]
    if not len(y) or not series:
        return np.zeros((7, series))
    profiles = np.repeat(weekday_profile(y, seen, weekdays)[:, None], series, axis=1)
    if parents is not None:
        for parent in np.unique(parents[parents >= 0]):
            own = weekday_profile(y[:, [parent]], seen[:, [parent]], weekdays)
            profiles[:, parents == parent] = own[:, None]
    return profiles


def _level(y: Floats, seen: NDArray[np.bool_], rows: Floats, fitted: Fit) -> Floats:
    """Return (series,) the factor by which the last weeks before the guard stood above or below the regression.

    Topics drift; a straight line with one yearly wave over two years does not. Each day is capped first, so that a
    single batch or a past surge moves the level little.
    """
    last = slice(max(len(y) - LOCAL, 0), len(y))
    mean = np.exp(np.clip(rows[last] @ fitted.coefficients.T, -12, 12))
    capped = np.minimum(y[last], np.maximum(2.0, np.ceil(mean + 3.0 * np.sqrt(fitted.dispersion * mean))))
    weight = 0.5 ** (np.arange(len(mean))[::-1, None] / HALF_LIFE) * seen[last]
    pseudo = PSEUDO * fitted.dispersion
    return np.asarray((pseudo + (weight * capped).sum(axis=0)) / (pseudo + (weight * mean).sum(axis=0)))


def _moved(fitted: Fit) -> Fit:
    """Shift the origin of the trend by a week, so that the next fit starts where this one ended."""
    beta = fitted.coefficients.copy()
    beta[:, 0] += beta[:, TREND] * WEEK / 365.0
    return Fit(beta, fitted.covariances, fitted.dispersion)
