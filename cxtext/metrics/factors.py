"""Regression on categories alone: cross-tables instead of a design matrix, so that a million tickets cost a second."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from cxtext.metrics.columns import Floats, Integers


@dataclass(frozen=True, slots=True)
class Factor:
    """One category per ticket: codes 0…levels−1."""

    codes: Integers
    levels: int


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients of the first factor's levels, their covariance, and the spread of what is not explained.

    `spread` is the residual variance per level of the first factor, drawn to the overall one where tickets are few;
    `degrees` the degrees of freedom behind each.
    """

    coefficients: Floats
    covariance: Floats
    spread: Floats
    degrees: Floats


PRIOR_DEGREES = 4.0  # tickets that the overall variance is worth to a level's own


def fit(outcome: Floats, factors: Sequence[Factor], ridge: float = 1.0) -> Fit:
    """Ridge regression of an outcome on categories, with variances of their own for the levels of the first factor.

    Every level of every factor is drawn to zero by `ridge` average tickets (Hoerl & Kennard 1970), which keeps
    categories that always occur together apart by nothing but their interval. The covariance is the sandwich (White
    1980) with grouped variances, plus the part that the penalty hides: with no ticket it is the prior's own.

    Args:
        outcome: one value per ticket.
        factors: the first is the one that is asked about; the others are held equal.
        ridge: weight of the penalty, in tickets.
    """
    centred = outcome - outcome.mean()
    starts = np.concatenate([[1], 1 + np.cumsum([factor.levels for factor in factors])]).astype(np.int64)
    gram = _gram(factors, starts, np.ones(len(outcome)))
    penalty = np.full(len(gram), ridge)
    penalty[0] = 1e-9  # the mean itself is not drawn anywhere
    inverse = np.linalg.inv(gram + np.diag(penalty))
    right = np.concatenate(
        [[centred.sum()], *(np.bincount(f.codes, weights=centred, minlength=f.levels) for f in factors)]
    )
    beta = inverse @ right
    explained = beta[0] + sum(beta[starts[i] : starts[i + 1]][f.codes] for i, f in enumerate(factors))
    squares = (centred - explained) ** 2
    used = float(np.sum(inverse * gram))  # effective number of coefficients
    overall = float(squares.sum() / max(len(outcome) - used, 1.0))
    first = factors[0]
    count = np.bincount(first.codes, minlength=first.levels)
    degrees = np.maximum(count - 1, 0) + PRIOR_DEGREES
    spread = (np.bincount(first.codes, weights=squares, minlength=first.levels) + PRIOR_DEGREES * overall) / degrees
    middle = _gram(factors, starts, spread[first.codes]) + overall * np.diag(penalty)
    mine = slice(1, 1 + first.levels)
    covariance = (inverse @ middle @ inverse)[mine, mine]
    return Fit(beta[mine], covariance, spread, degrees)


def _gram(factors: Sequence[Factor], starts: Integers, weights: Floats) -> Floats:
    """X'WX of the constant and all levels."""
    size = int(starts[-1])
    gram = np.zeros((size, size))
    gram[0, 0] = weights.sum()
    for place, factor in enumerate(factors):
        own = slice(starts[place], starts[place + 1])
        sums = np.bincount(factor.codes, weights=weights, minlength=factor.levels)
        gram[own, own] = np.diag(sums)
        gram[0, own] = gram[own, 0] = sums
    for (one, left), (two, right) in combinations(enumerate(factors), 2):
        cells = np.bincount(
            left.codes * right.levels + right.codes, weights=weights, minlength=left.levels * right.levels
        )
        table = cells.reshape(left.levels, right.levels)
        gram[starts[one] : starts[one + 1], starts[two] : starts[two + 1]] = table
        gram[starts[two] : starts[two + 1], starts[one] : starts[one + 1]] = table.T
    return gram
