"""What is normal: a quasi-Poisson regression on the calendar, fitted for thousands of series at once.

Maximum a posteriori with Gaussian priors, so that five tickets in two years still give a finite answer. Past surges are
weighed down as by Noufaily et al., Statistics in Medicine 32 (2013) 1206.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxtext.trends.calendar import AFTER, COLUMNS, HOLIDAY, INTERCEPT, SEASON, TREND, WEEKDAYS, Floats

NORMAL_DISPERSION = 1.3  # of complaint counts; stands for twenty days of evidence
DISPERSION_DAYS = 20
OUTLYING = 2.58  # Anscombe residuals beyond this are taken for past surges and weighed down
TOGETHER = 250  # series per matrix: what fits into the cache of one core
STEP = 2.0  # largest change of one coefficient in one Newton step: keeps all-zero series from running away
_UPPER = np.triu_indices(COLUMNS)


@dataclass(frozen=True, slots=True)
class Prior:
    """Gaussian beliefs about the coefficients: means (series, `COLUMNS`) and precisions (`COLUMNS`,)."""

    means: Floats
    precisions: Floats


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients (series, `COLUMNS`), their covariances (series, `COLUMNS`, `COLUMNS`), dispersion (series,)."""

    coefficients: Floats
    covariances: Floats
    dispersion: Floats


def prior(counts: Floats, observed: NDArray[np.bool_], profile: Floats) -> Prior:
    """Build the beliefs before the data: the level of each series and the weekday profile it inherits.

    Args:
        counts: (days, series), anything where not observed.
        observed: (days, series).
        profile: (7, series) logarithm of the weekday factors of the parent or of all series together.
    """
    series = counts.shape[1]
    means = np.zeros((series, COLUMNS))
    total = np.where(observed, counts, 0.0).sum(axis=0)
    means[:, INTERCEPT] = np.log((total + 0.5) / (observed.sum(axis=0) + 1.0))
    means[:, WEEKDAYS] = profile.T
    means[:, HOLIDAY], means[:, AFTER] = np.log(0.3), np.log(1.2)
    spread = np.empty(COLUMNS)
    spread[INTERCEPT], spread[WEEKDAYS], spread[TREND] = 3.0, 0.3, 0.4
    spread[SEASON], spread[HOLIDAY], spread[AFTER] = 0.25, 0.7, 0.2
    return Prior(means, spread**-2.0)


def weekday_profile(counts: Floats, observed: NDArray[np.bool_], weekdays: NDArray[np.int64]) -> Floats:
    """Return the pooled log weekday factors (7,) of many series; `counts` must be 0 where not observed."""
    of_weekday = np.eye(7)[weekdays]
    own, days = of_weekday.T @ counts, of_weekday.T @ observed.astype(float)
    mean = own.sum(axis=0) / np.maximum(days.sum(axis=0), 1)
    # a root of the level is the compromise between "every series alike" and "every ticket alike"
    weight = np.sqrt(mean + 1e-9)
    rates = ((own / np.maximum(days, 1) + 0.05) / (mean + 0.05)) @ weight / weight.sum()
    logs = np.log(np.maximum(rates, 1e-3))
    return np.asarray(logs - logs.mean())


def fit(
    counts: Floats,
    observed: NDArray[np.bool_],
    rows: Floats,
    beliefs: Prior,
    start: Fit | None = None,
    steps: tuple[int, int] = (6, 3),
) -> Fit:
    """Fit all series (iteratively re-weighted least squares), then once more with past surges weighed down.

    Args:
        counts: (days, series), zero where not observed.
        observed: (days, series).
        rows: (days, `COLUMNS`) of `calendar.features`, the trend counted from the last day.
        beliefs: the prior.
        start: a fit of nearly the same days to go on from; two steps each are enough then.
        steps: Newton steps before and after the weighing.
    """
    series = counts.shape[1]
    parts = []
    for first in range(0, max(series, 1), TOGETHER):
        part = slice(first, first + TOGETHER)
        own = Prior(beliefs.means[part], beliefs.precisions)
        begin = start and Fit(start.coefficients[part], start.covariances[part], start.dispersion[part])
        parts.append(_fit(counts[:, part], observed[:, part], rows, own, begin, steps))
    return Fit(
        np.concatenate([part.coefficients for part in parts]),
        np.concatenate([part.covariances for part in parts]),
        np.concatenate([part.dispersion for part in parts]),
    )


def _fit(
    counts: Floats,
    observed: NDArray[np.bool_],
    rows: Floats,
    beliefs: Prior,
    start: Fit | None,
    steps: tuple[int, int],
) -> Fit:
    y, weights = np.ascontiguousarray(counts.T), np.ascontiguousarray(observed.T, dtype=float)
    size = weights.sum(axis=1)
    products = rows[:, _UPPER[0]] * rows[:, _UPPER[1]]
    beta = beliefs.means.copy() if start is None else start.coefficients.copy()
    phi = np.full(len(y), NORMAL_DISPERSION) if start is None else start.dispersion
    mean, covariances = _newton(y, weights, rows, products, beliefs, beta, phi, steps[0])
    phi = _dispersion(y, mean, weights, size)
    residual = 1.5 * (np.cbrt(y) ** 2 * mean ** (-1 / 6) - np.sqrt(mean)) / np.sqrt(phi)[:, None]
    lighter = np.where(residual > OUTLYING, weights / np.maximum(residual, 1.0) ** 2, weights)
    lighter *= (size / np.maximum(lighter.sum(axis=1), 1e-9))[:, None]
    mean, covariances = _newton(y, lighter, rows, products, beliefs, beta, phi, steps[1])
    return Fit(beta, covariances, _dispersion(y, mean, lighter, size))


def _newton(
    y: Floats,
    weights: Floats,
    rows: Floats,
    products: Floats,
    beliefs: Prior,
    beta: Floats,
    phi: Floats,
    steps: int,
) -> tuple[Floats, Floats]:
    """Improve `beta` in place; return the means (series, days) and the covariances at the last step."""
    information = np.empty((len(y), COLUMNS, COLUMNS))
    for step in range(steps + 1):
        mean = np.exp(np.clip(beta @ rows.T, -12.0, 12.0))
        weighted = weights * mean
        flat = (weighted @ products) / phi[:, None]
        information[:, _UPPER[0], _UPPER[1]] = flat
        information[:, _UPPER[1], _UPPER[0]] = flat
        information[:, range(COLUMNS), range(COLUMNS)] += beliefs.precisions
        if step == steps:
            break
        gradient = ((weights * y - weighted) @ rows) / phi[:, None] - (beta - beliefs.means) * beliefs.precisions
        beta += np.clip(np.linalg.solve(information, gradient[:, :, None])[:, :, 0], -STEP, STEP)
    return np.asarray(mean), np.asarray(np.linalg.inv(information))


def _dispersion(y: Floats, mean: Floats, weights: Floats, size: Floats) -> Floats:
    pearson = (weights * (y - mean) ** 2 / mean).sum(axis=1) / np.maximum(size - 6, 1.0)
    return np.asarray(
        (DISPERSION_DAYS * NORMAL_DISPERSION + size * np.maximum(1.0, pearson)) / (DISPERSION_DAYS + size)
    )
