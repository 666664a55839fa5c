"""How fine the topics should be: fine communities come together where the data say that they are one issue."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from cxtext.topics.graph import Index, Matrix

ALIKE = (1.2, 1.5, 2.0)  # cosines of two topics' centres, in cohesions, at which they are one: a plateau, no optimum…
TWINS = 0.95  # …and the cosine that always is enough
AGREED = 0.5  # share of the partitions in which two texts must be together
YESTERDAY = 3.0  # partitions that what is known already counts for

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


def merge_alike(rows: Matrix, labels: Index) -> list[Merged]:
    """Join topics whose texts are alike, most alike first (average linkage, Sokal and Michener 1958).

    Communities of a neighbour graph are of similar size, so one big issue falls into many. Two of them are one issue
    if the cosine of their centres exceeds so many cohesions, the mean similarity inside a topic: where texts of one
    topic are alike like twins, two topics must be nearly equal; where they vary, less is enough. How many cohesions
    nobody knows, so there is one answer for each of `ALIKE`.

    Args:
        rows: shape (n, dimensions), length 1, the mean of all rows taken out.
        labels: topic of each row, all ≥ 0.
    """
    sums, sizes = sums_of(rows, labels)
    pairs = np.asarray(sums @ sums.T, dtype=np.float64)
    inner = (np.diag(pairs) - sizes) / np.maximum(sizes * (sizes - 1), 1)
    cohesion = float(np.median(inner)) if len(inner) else 0.0
    thresholds = [min(alike * cohesion, TWINS) * cohesion if cohesion > 0 else np.inf for alike in ALIKE]
    return [Merged(average_linkage(pairs, sizes, threshold), threshold) for threshold in thresholds]


def agreed(partitions: Sequence[Index], known: Index | None = None) -> Index:
    """One partition out of several: rows are together that are so in most of them (Fred and Jain 2005).

    A single partition hangs on a few merges, which the next setting decides otherwise; the majority does not.

    Args:
        partitions: of the same n rows, each shape (n,).
        known: the topic each row had before, -1 where it had none. It has a say like `YESTERDAY` partitions, so that
            topics stay what they were unless most partitions say otherwise (evolutionary clustering, Chakrabarti,
            Kumar and Tomkins 2006).
    """
    before = np.full(len(partitions[0]), -1, np.int64) if known is None else known
    table = np.stack([*partitions, before], axis=1)
    kinds, kind, sizes = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    together = np.zeros((len(kinds), len(kinds)))
    for column in kinds.T[:-1]:
        together += column[:, None] == column[None, :]
    last = kinds[:, -1]
    told = (last[:, None] >= 0) & (last[None, :] >= 0)
    together += YESTERDAY * (told & (last[:, None] == last[None, :]))
    weights = sizes.astype(np.float64)
    share = together / (len(partitions) + YESTERDAY * told)
    return average_linkage(share * np.outer(weights, weights), weights, AGREED)[kind.ravel()]


def average_linkage(pairs: Table, sizes: Table, threshold: float) -> Index:
    """Groups of topics whose mean similarity exceeds `threshold`; `pairs` holds summed similarities."""
    pairs, sizes = pairs.copy(), sizes.copy()
    group = np.arange(len(sizes))
    likeness = pairs / np.maximum(np.outer(sizes, sizes), 1)
    np.fill_diagonal(likeness, -np.inf)
    nearest = likeness.argmax(axis=1) if len(sizes) else group
    best = likeness.max(axis=1, initial=-np.inf)
    for _ in range(len(sizes) - 1):
        kept = int(best.argmax())
        if best[kept] <= threshold:
            break
        gone = int(nearest[kept])
        pairs[kept] += pairs[gone]
        pairs[:, kept] += pairs[:, gone]
        sizes[kept] += sizes[gone]
        group[group == gone] = kept
        row = pairs[kept] / np.maximum(sizes[kept] * sizes, 1)
        row[np.isneginf(likeness[kept])] = -np.inf
        row[gone] = -np.inf
        likeness[gone], likeness[:, gone] = -np.inf, -np.inf
        likeness[kept], likeness[:, kept] = row, row
        # Only who was nearest to one of the two, or is so to both of them now, has another best.
        stale = np.flatnonzero((nearest == kept) | (nearest == gone) | (row >= best))
        stale = np.union1d(stale, [kept, gone])
        nearest[stale] = likeness[stale].argmax(axis=1)
        best[stale] = likeness[stale, nearest[stale]]
    return np.unique(group, return_inverse=True)[1].astype(np.int64)
