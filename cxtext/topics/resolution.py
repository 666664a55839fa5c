"""How fine the topics should be: fine communities come together where the data say that they are one issue."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from cxtext.topics.graph import Index, Matrix

ALIKE = 1.7  # cosine of two topics' centres, in cohesions, at which they are one…
TWINS = 0.95  # …and the cosine that always is enough

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Merged:
    """`groups` (topics,): the group of each topic, numbered from 0. `threshold`: mean similarity of a merge."""

    groups: Index
    threshold: float


def sums_of(rows: Matrix, labels: Index, counts: NDArray[np.float32] | None = None) -> tuple[Matrix, Table]:
    """The (weighted) sum of each topic's rows and the number of its texts; rows labelled -1 do not count."""
    inside = np.flatnonzero(labels >= 0)
    topics = int(labels.max(initial=-1)) + 1
    values = np.ones(len(inside), np.float32) if counts is None else counts[inside]
    membership = csr_matrix((values, (labels[inside], inside)), (topics, len(labels)))
    return np.asarray(membership @ rows, dtype=np.float32), np.asarray(membership.sum(axis=1), np.float64).ravel()


def merge_alike(rows: Matrix, labels: Index) -> Merged:
    """Join topics whose texts are alike, most alike first (average linkage, Sokal and Michener 1958).

    Communities of a neighbour graph are of similar size, so one big issue falls into many. Two of them are one issue
    if the cosine of their centres exceeds `ALIKE` times the cohesion, the mean similarity inside a topic: where texts
    of one topic are alike like twins, two topics must be nearly equal; where they vary, less is enough.

    Args:
        rows: shape (n, dimensions), length 1, the mean of all rows taken out.
        labels: topic of each row, all ≥ 0.
    """
    sums, sizes = sums_of(rows, labels)
    pairs = np.asarray(sums @ sums.T, dtype=np.float64)
    inner = (np.diag(pairs) - sizes) / np.maximum(sizes * (sizes - 1), 1)
    cohesion = float(np.median(inner)) if len(inner) else 0.0
    threshold = min(ALIKE * cohesion, TWINS) * cohesion if cohesion > 0 else np.inf
    return Merged(average_linkage(pairs, sizes, threshold), threshold)


def average_linkage(pairs: Table, sizes: Table, threshold: float) -> Index:
    """Groups of topics whose mean similarity exceeds `threshold`; `pairs` holds summed similarities."""
    pairs, sizes = pairs.copy(), sizes.copy()
    topics = len(sizes)
    group = np.arange(topics)
    likeness = pairs / np.maximum(np.outer(sizes, sizes), 1)
    np.fill_diagonal(likeness, -np.inf)
    best = likeness.max(axis=1, initial=-np.inf)
    while topics > 1:
        kept = int(best.argmax())
        if best[kept] <= threshold:
            break
        gone = int(likeness[kept].argmax())
        pairs[kept] += pairs[gone]
        pairs[:, kept] += pairs[:, gone]
        sizes[kept] += sizes[gone]
        group[group == gone] = kept
        row = pairs[kept] / np.maximum(sizes[kept] * sizes, 1)
        row[np.isneginf(likeness[kept])] = -np.inf
        row[gone] = -np.inf
        likeness[gone], likeness[:, gone] = -np.inf, -np.inf
        likeness[kept], likeness[:, kept] = row, row
        best = likeness.max(axis=1)
        topics -= 1
    return np.unique(group, return_inverse=True)[1].astype(np.int64)
