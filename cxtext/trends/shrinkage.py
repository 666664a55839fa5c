"""How far above its share a cell of a table stands, once chance is taken out: the gamma-Poisson shrinker.

DuMouchel, The American Statistician 53 (1999) 177: the true ratios of all cells are drawn from a mixture of two gamma
distributions, which the table itself teaches. A cell with few tickets is drawn towards its neighbours.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammainc, gammaln, logsumexp, psi

from cxtext.trends.calendar import Floats

STARTS = ((0.2, 0.1, 2.0, 4.0, 0.33), (5.0, 5.0, 2.0, 0.7, 0.1))  # DuMouchel's, and "nearly all cells are usual"
STEP = (
    0.02  # expected counts nearer than this on the log scale are fitted as one: the cost no longer grows with the table
)
HALVINGS = 50
RATIOS = np.exp(np.linspace(np.log(0.02), np.log(200.0), 600))  # true ratios that are thought possible


@dataclass(frozen=True, slots=True)
class Prior:
    """The mixture `weight`·Gamma(shape[0], rate[0]) + (1 − `weight`)·Gamma(shape[1], rate[1]) of true ratios."""

    shape: tuple[float, float]
    rate: tuple[float, float]
    weight: float


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Per cell: geometric mean of the posterior (EBGM), its 5 % and its 95 % point."""

    mean: Floats
    low: Floats
    high: Floats


def fit_prior(counts: Floats, expected: Floats) -> Prior:
    """Fit the mixture by maximum likelihood on all cells, the empty ones included.

    Leaving the empty cells out moves the mean ratio by up to a quarter; the table of a company is small enough for all.

    Args:
        counts: (cells,) tickets.
        expected: (cells,) what the margins let expect; cells with nothing expected are left out.
    """
    possible = expected > 0
    steps = np.round(np.log(expected[possible]) / STEP)
    cells, weights = np.unique(np.column_stack([counts[possible], steps]), axis=0, return_counts=True)
    if not len(cells):
        return Prior((1.0, 1.0), (1.0, 1.0), 0.5)
    n, e = cells[:, 0], np.exp(cells[:, 1] * STEP)

    def loss(parameters: Floats) -> float:
        return -float(weights @ logsumexp(_marginals(n, e, _prior(parameters)), axis=0))

    best = min(
        (minimize(loss, _parameters(start), method="L-BFGS-B", bounds=[(-7, 7)] * 5) for start in STARTS),
        key=lambda found: float(found.fun),
    )
    return _prior(best.x)


def shrink(counts: Floats, expected: Floats, prior: Prior) -> Shrunk:
    """Return the posterior of every cell's true ratio where the expected count is taken as known."""
    marginals = _marginals(counts, expected, prior)
    share = np.exp(marginals[0] - logsumexp(marginals, axis=0))
    shapes = [shape + counts for shape in prior.shape]
    rates = [rate + expected for rate in prior.rate]
    logs = [psi(shape) - np.log(rate) for shape, rate in zip(shapes, rates, strict=True)]
    mean = np.exp(share * logs[0] + (1 - share) * logs[1])

    def below(ratio: Floats) -> Floats:
        first, second = (gammainc(shape, ratio * rate) for shape, rate in zip(shapes, rates, strict=True))
        return np.asarray(share * first + (1 - share) * second)

    return Shrunk(mean, _solve(below, 0.05, mean), _solve(below, 0.95, mean))


def shrink_against(counts: Floats, expected: Floats, others: Floats, prior: Prior) -> Shrunk:
    """Return the posterior of every cell's true ratio to a reference that was itself only counted.

    The chance that a ticket of the two groups belongs to the cell is ratio·e/(ratio·e + m + ½), where m + ½ tickets of the
    reference let expect e in the cell: a binomial, so the unknown level of the reference drops out.

    Args:
        counts: (cells,) tickets in the cell.
        expected: (cells,) what the reference, with half a ticket added to it, lets expect there.
        others: (cells,) tickets of the reference that this rests on.
        prior: of the ratios.
    """
    known = others + 0.5
    scale = (expected / known)[:, None]
    logs = counts[:, None] * np.log(RATIOS) - (counts + known)[:, None] * np.log1p(RATIOS * scale)
    logs += np.log(RATIOS) + logsumexp([_log_gamma(RATIOS, part, prior) for part in (0, 1)], axis=0)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    total = np.cumsum(weights, axis=1)
    low, high = (RATIOS[np.argmax(total >= point, axis=1)] for point in (0.05, 0.95))
    return Shrunk(np.exp(weights @ np.log(RATIOS)), low, high)


def information(counts: Floats, expected: Floats) -> Floats:
    """Return IC025, the lower bound of the information component (Norén et al., Stat Methods Med Res 22 (2013) 57)."""
    more = counts + 0.5
    return np.asarray(np.log2(more / (expected + 0.5)) - 3.3 * more**-0.5 - 2.0 * more**-1.5)


def _marginals(counts: Floats, expected: Floats, prior: Prior) -> Floats:
    """Log probability of each count under each part of the mixture (negative binomial), the weight included; (2, cells)."""
    parts = []
    for shape, rate, weight in zip(prior.shape, prior.rate, (prior.weight, 1 - prior.weight), strict=True):
        chance = gammaln(counts + shape) - gammaln(shape) - gammaln(counts + 1)
        chance += shape * np.log(rate / (rate + expected)) + counts * np.log(expected / (rate + expected))
        parts.append(chance + np.log(weight))
    return np.array(parts)


def _log_gamma(ratios: Floats, part: int, prior: Prior) -> Floats:
    shape, rate = prior.shape[part], prior.rate[part]
    weight = prior.weight if part == 0 else 1 - prior.weight
    density = shape * np.log(rate) - gammaln(shape) + (shape - 1) * np.log(ratios) - rate * ratios
    return np.asarray(density + np.log(weight))


def _parameters(start: tuple[float, ...]) -> Floats:
    return np.array([*np.log(start[:4]), np.log(start[4] / (1 - start[4]))])


def _prior(parameters: Floats) -> Prior:
    first, second, third, fourth = (float(value) for value in np.exp(parameters[:4]))
    weight = float(1 / (1 + np.exp(-parameters[4])))
    return Prior((first, third), (second, fourth), min(max(weight, 1e-6), 1 - 1e-6))


def _solve(below: Callable[[Floats], Floats], point: float, around: Floats) -> Floats:
    low, high = np.log(around) - 8.0, np.log(around) + 8.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        under = below(np.exp(middle)) < point
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray(np.exp((low + high) / 2))
