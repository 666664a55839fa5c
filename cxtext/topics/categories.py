"""What a company's own categories teach the space: a projection learned from the tickets that carry one."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxtext.topics.assign import Floats

FEWEST = 200  # tickets with a category; fewer teach chance
RAREST = 5  # tickets of a category
MOST = 100  # categories, the most frequent ones
RIDGE = 3.0
BETTER = 1.5  # so many times the share of the largest category must be right on tickets that were held out
EVERY = 5  # one of so many is held out


def learn_categories(rows: Floats, categories: Sequence[str | None]) -> Floats | None:
    """Weights, shape (dimensions, categories), with which a row tells its category; None where they teach nothing.

    Ridge regression on one column a category (Hoerl and Kennard 1970). Categories that nobody can tell from the text,
    because they were filled in by chance or by team, are left out: every fifth ticket is held out to find out.

    Args:
        rows: shape (n, dimensions), length 1, in an order that depends on the texts alone.
        categories: what each ticket carries.
    """
    counts = Counter(one for one in categories if one)
    frequent = sorted(counts, key=lambda one: (-counts[one], one))[:MOST]
    place = {one: column for column, one in enumerate(sorted(one for one in frequent if counts[one] >= RAREST))}
    carrying = np.array([row for row, one in enumerate(categories) if one in place], dtype=np.int64)
    if len(carrying) < FEWEST or len(place) < 2:
        return None
    of = np.array([place[str(categories[row])] for row in carrying.tolist()])
    asked = np.arange(len(carrying)) % EVERY == 0
    tried = _ridge(rows[carrying[~asked]], of[~asked], len(place))
    right = (rows[carrying[asked]] @ tried + _shares(of[~asked], len(place))).argmax(axis=1) == of[asked]
    if right.mean() < BETTER * _shares(of, len(place)).max():
        return None
    return _ridge(rows[carrying], of, len(place))


def with_categories(rows: Floats, weights: Floats, share: float) -> Floats:
    """Rows of length 1: what was there, and beside it what it tells about categories, which counts `share` of it."""
    told = rows @ weights
    told /= np.maximum(np.sqrt((told * told).sum(axis=1, keepdims=True)), 1e-9)
    joined = np.hstack([rows, np.float32(share) * told * rows.any(axis=1, keepdims=True)])
    return np.asarray(joined / np.maximum(np.sqrt((joined * joined).sum(axis=1, keepdims=True)), 1e-9), np.float32)


def _ridge(rows: Floats, of: NDArray[np.int64], count: int) -> Floats:
    inside = rows.astype(np.float64)
    wanted = np.eye(count)[of] - _shares(of, count)
    weights = np.linalg.solve(inside.T @ inside + RIDGE * np.eye(inside.shape[1]), inside.T @ wanted)
    return np.asarray(np.round(weights, 5), dtype=np.float32)


def _shares(of: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    return np.bincount(of, minlength=count) / max(len(of), 1)
