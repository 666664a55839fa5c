"""95 % intervals of shares, counts, means, totals, ratios and medians; whole columns at once.

Each depends on its own tickets alone, so that a week says the same whenever it is counted. How often they hold the
truth is simulated by `cxtext evaluate metrics`; figures in `models/cards/metrics.md`.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bounds = tuple[Floats, Floats]

Z = 1.959963984540054  # 97.5 % of a standard normal
PSEUDO = (
    2.0  # answers spread evenly over a scale that are added to every mean, as Wilson's z² = 3.84 votes are to shares
)
PRIOR_SPREAD = 0.3  # variance of such answers, as part of the largest possible one
USUAL_SHAPE = 1.0  # standard deviation of the logarithm of hours, worth `SHAPE_WEIGHT` tickets
SHAPE_WEIGHT = 3.0
SIZES = np.array([5, 7, 10, 15, 25, 50, 100, 200, 400])
SHAPES = np.array([0.2, 0.5, 0.8, 1.1, 1.4, 1.8])
DRAWS = 2_400_000  # numbers per size: about a CPU-second for the whole table, once a process


def wilson(hits: Floats | Integers, n: Floats | Integers) -> Bounds:
    """Bounds (0…1) of a share (Wilson 1927). Empty groups get 0…1. `n` may be an effective number."""
    n = np.asarray(n, dtype=np.float64)
    total = np.maximum(n, 1e-12)
    share = np.clip(np.asarray(hits, dtype=np.float64) / total, 0.0, 1.0)
    middle = (share + Z**2 / (2 * total)) / (1 + Z**2 / total)
    half = Z / (1 + Z**2 / total) * np.sqrt(share * (1 - share) / total + Z**2 / (4 * total**2))
    lower, upper = np.clip(middle - half, 0.0, share), np.clip(middle + half, share, 1.0)
    return np.where(n > 0, lower, 0.0), np.where(n > 0, upper, 1.0)


def jeffreys(hits: float, n: float) -> tuple[float, float]:
    """Bounds of a share that is rare or never seen (Jeffreys; Brown, Cai & DasGupta 2001): narrower there than Wilson's.

    At none or all of `n` only one bound can miss the truth, so it alone carries the 5 %.
    """
    from scipy.special import betaincinv  # noqa: PLC0415 – SciPy costs start-up time that few need

    if n <= 0:
        return 0.0, 1.0
    tail = 0.05 if hits <= 0 or hits >= n else 0.025
    lower = float(betaincinv(hits + 0.5, n - hits + 0.5, tail)) if hits > 0 else 0.0
    upper = float(betaincinv(hits + 0.5, n - hits + 0.5, 1 - tail)) if hits < n else 1.0
    return min(lower, hits / n), max(upper, hits / n)


def poisson(count: Integers) -> Bounds:
    """Bounds of the mean behind a count.

    Halfway between the exact bounds (Garwood 1936), which cover too often, and those of the neighbouring count, which
    cover too seldom: close to mid-P (Cohen & Yang 1994).
    """
    from scipy.special import gammaincinv  # noqa: PLC0415 – SciPy costs start-up time that only the night needs

    count = np.asarray(count, dtype=np.float64)
    lower = (gammaincinv(np.maximum(count, 1e-9), 0.025) + gammaincinv(count + 1, 0.025)) / 2
    upper = (gammaincinv(count + 1, 0.975) + gammaincinv(np.maximum(count, 1e-9), 0.975)) / 2
    return np.where(count > 0, lower, 0.0), upper


def scale_mean(n: Integers, total: Floats, squares: Floats, low: float, high: float) -> Bounds:
    """Bounds of a mean on a bounded scale (CSAT, CES, sentiment, NPS as −100, 0, 100).

    Student's interval around a mean and a variance that two average answers were added to: the same remedy as for
    shares (Agresti & Coull 1998; for NPS Rocks 2016), since five equal answers do not prove that all are equal.

    Args:
        n: answers per group.
        total: their sums.
        squares: sums of their squares.
        low: end of the scale.
        high: other end.
    """
    from scipy.special import stdtrit  # noqa: PLC0415

    n = np.maximum(np.asarray(n, dtype=np.float64), 1.0)
    width = high - low
    mean = (total - n * low) / (n * width)
    spread = (squares - 2 * low * total + n * low**2) / width**2 - n * mean**2  # sum of squared deviations
    middle = (n * mean + PSEUDO / 2) / (n + PSEUDO)
    degrees = n - 1 + PSEUDO
    variance = (np.maximum(spread, 0.0) + PSEUDO * PRIOR_SPREAD * middle * (1 - middle)) / degrees
    half = stdtrit(degrees, 0.975) * np.sqrt(variance / (n + PSEUDO))
    return low + width * np.clip(middle - half, 0.0, mean), low + width * np.clip(middle + half, mean, 1.0)


def positive_mean(n: Integers, mean: Floats, relative_error: Floats, shape: Floats) -> Bounds:
    """Bounds of a mean, ratio or total of skewed positive amounts (hours, money).

    On the scale of logarithms, with the quantiles of Student's statistic for log-normal samples of this size and shape
    instead of Student's own: those miss long tails (85 instead of 95 % at ten tickets of shape 1).

    Args:
        n: tickets per group.
        mean: the value.
        relative_error: its standard error as part of it.
        shape: standard deviation of the logarithms.
    """
    low, high = _student(n, shape)
    return mean * np.exp(-high * relative_error), mean * np.exp(-low * relative_error)


def log_shape(n: Integers, log_total: Floats, log_squares: Floats) -> Floats:
    """Standard deviation of logarithms, drawn to the usual one where there are few."""
    n = np.maximum(np.asarray(n, dtype=np.float64), 1.0)
    spread = np.maximum(log_squares - log_total**2 / n, 0.0)
    out: Floats = np.sqrt((spread + SHAPE_WEIGHT * USUAL_SHAPE**2) / (n - 1 + SHAPE_WEIGHT))
    return out


def median(ordered: Floats, starts: Integers, n: Integers) -> tuple[Floats, Floats, Floats]:
    """Median and bounds of groups that lie one after another, each in ascending order; every group has a member.

    Exact order statistics, interpolated to 95 % (Hettmansperger & Sheather 1986). Of five tickets the outermost: 93.75 %.
    """
    from scipy.stats import binom  # noqa: PLC0415

    sizes, of = np.unique(n, return_inverse=True)
    outside = np.maximum(binom.ppf(0.025, sizes, 0.5), 1)  # rank from either end
    outside = np.where((outside > 1) & (1 - 2 * binom.cdf(outside - 1, sizes, 0.5) < 0.95), outside - 1, outside)
    wide, narrow = (1 - 2 * binom.cdf(outside - 1 + step, sizes, 0.5) for step in (0, 1))
    part = np.clip((wide - 0.95) / np.maximum(wide - narrow, 1e-12), 0.0, 1.0)
    inner = np.maximum(outside + (sizes - 2 * outside) * part, 1e-12)
    weight = np.where(sizes > 2 * outside, (sizes - outside) * part / inner, 0.0)
    rank, weight = outside.astype(np.int64)[of], weight[of]
    first, last = starts, starts + n - 1

    def at(place: Integers) -> Floats:
        return ordered[np.clip(place, first, last)]

    middle = (at(first + (n - 1) // 2) + at(first + n // 2)) / 2
    lower = (1 - weight) * at(first + rank - 1) + weight * at(first + rank)
    upper = (1 - weight) * at(last - rank + 1) + weight * at(last - rank)
    return middle, np.minimum(lower, middle), np.maximum(upper, middle)


@cache
def _quantiles() -> Floats:
    """2.5 and 97.5 % of the studentised logarithm of a log-normal mean: (sizes, shapes, 2); seeded, always the same."""
    random = np.random.default_rng(20261122)
    table = np.empty((len(SIZES), len(SHAPES), 2))
    for place, size in enumerate(SIZES):
        normal = random.standard_normal((min(DRAWS // int(size), 24_000), int(size)))
        for column, shape in enumerate(SHAPES):
            sample = np.exp(shape * normal)
            mean = sample.mean(axis=1)
            error = sample.std(axis=1, ddof=1) / mean / np.sqrt(size)
            table[place, column] = np.quantile((np.log(mean) - shape**2 / 2) / error, [0.025, 0.975])
    return table


def _student(n: Integers, shape: Floats) -> Bounds:
    """Quantiles by size and shape, linear between the nodes; beyond the largest size they approach the normal ones."""
    table = _quantiles()
    sizes = np.log(SIZES)
    size = np.log(np.maximum(np.asarray(n, dtype=np.float64), 1.0))
    row = np.clip(np.searchsorted(sizes, size) - 1, 0, len(sizes) - 2)
    down = np.clip((size - sizes[row]) / (sizes[row + 1] - sizes[row]), 0.0, 1.0)[:, None]
    column = np.clip(np.searchsorted(SHAPES, shape) - 1, 0, len(SHAPES) - 2)
    right = np.clip((shape - SHAPES[column]) / (SHAPES[column + 1] - SHAPES[column]), 0.0, 1.0)[:, None]
    upper_row = (1 - right) * table[row, column] + right * table[row, column + 1]
    lower_row = (1 - right) * table[row + 1, column] + right * table[row + 1, column + 1]
    found = (1 - down) * upper_row + down * lower_row
    beyond = np.sqrt(np.maximum(np.asarray(n, dtype=np.float64) / SIZES[-1], 1.0))[:, None]  # skewness falls with √n
    limit = np.array([-Z, Z])
    found = limit + (found - limit) / beyond
    return found[:, 0], found[:, 1]
