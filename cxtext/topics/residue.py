"""New topics among the tickets that no known topic claims."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxtext.topics.assign import CLOSEST, Crowd, Floats, Ints

SMALLEST = 6  # different texts that make a topic
LARGEST_POOL = 4_000  # rows linked at once: 64 MB of distances, 2 CPU-s
_ORDINARY = 0.25  # a new topic must be as coherent as this quantile of the known ones


@dataclass(frozen=True, slots=True)
class Find:
    """A new topic: rows of the pool that belong together, most coherent finds first."""

    rows: Ints
    cohesion: float


def cohesion(vectors: Floats) -> float:
    """Mean cosine of all pairs of rows of length 1; 1 for a single row."""
    count = len(vectors)
    if count < 2:
        return 1.0
    total = vectors.sum(axis=0, dtype=np.float64)
    return float(np.round((total @ total - count) / (count * (count - 1)), 6))


def ordinary_cohesion(members: Crowd) -> float:
    """How alike the tickets of an ordinary known topic are."""
    values = [cohesion(members.vectors[members.topics == topic]) for topic in range(len(members.typical))]
    return float(np.quantile([value for value in values if value < 1.0] or [1.0], _ORDINARY))


def contrast(pool: Floats) -> float:
    """Where nothing is known yet: half way between how alike neighbours are and how alike any two texts are."""
    if len(pool) < SMALLEST:
        return 1.0
    near = np.round(pool[:LARGEST_POOL] @ pool[:LARGEST_POOL].T, 5)
    np.fill_diagonal(near, -1.0)
    closest = -np.partition(-near, CLOSEST - 1, axis=1)[:, :CLOSEST]
    return (float(closest.mean(dtype=np.float64)) + cohesion(pool)) / 2


def stands_apart(group: Floats, members: Crowd, besides: NDArray[np.bool_], alike: float) -> bool:
    """Whether a group is no part of a known topic: its mean cosine to the members of each stays below `alike`.

    `besides` marks members that the group itself would take along; they do not speak for their old topic.
    """
    near = (members.vectors[~besides] @ group.mean(axis=0, dtype=np.float64).astype(np.float32)).astype(np.float64)
    topics = members.topics[~besides]
    count = np.bincount(topics, minlength=len(members.typical))
    means = np.bincount(topics, near, minlength=len(members.typical)) / np.maximum(count, 1)
    return float(np.round(means.max(initial=-1.0), 5)) < alike


def find_new(pool: Floats, alike: float) -> tuple[Find, ...]:
    """Groups of at least `SMALLEST` rows whose mean cosine is at least `alike`.

    Average linkage (Sokal and Michener 1958), cut where groups stop being alike: unlike modularity it asks the same
    of ten tickets as of ten thousand. Rows of zeros never join a group.
    """
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - only nights with a residue pay
    from scipy.spatial.distance import squareform  # noqa: PLC0415 - as above

    rows = np.flatnonzero(pool.any(axis=1))[:LARGEST_POOL]
    if len(rows) < SMALLEST:
        return ()
    distance = np.round(1.0 - pool[rows] @ pool[rows].T, 5).astype(np.float64)
    np.fill_diagonal(distance, 0.0)
    labels: NDArray[np.int32] = fcluster(
        linkage(squareform(np.maximum(distance, 0.0), checks=False), method="average"), 1.0 - alike, "distance"
    )
    groups = [rows[labels == label] for label in np.unique(labels) if int((labels == label).sum()) >= SMALLEST]
    finds = [Find(group.astype(np.int64), cohesion(pool[group])) for group in groups]
    return tuple(sorted(finds, key=lambda find: (-len(find.rows), -find.cohesion, int(find.rows[0]))))
