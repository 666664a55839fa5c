"""Groups of alike texts: neighbours, Leiden, a resolution chosen from the data, three levels, an honest nothing."""

from dataclasses import dataclass

import graspologic_native
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from cxtext.topics.graph import Index, Matrix, affinity, canonical_order, largest, nearest
from cxtext.topics.resolution import CANDIDATES, centres_of, silhouette

NEIGHBOURS = 15
SMALLEST = 3  # texts; fewer are no recurring issue
VOTERS = 15
LEVELS = 3


@dataclass(frozen=True, slots=True)
class Communities:
    """Topics of n rows.

    `labels` (n,): the topic of each row, -1 for none. `confidence` (n,): in 0…1. `parents` (topics, 2): the middle
    and the top group of each topic. `resolution`: of the finest level.
    """

    labels: Index
    confidence: NDArray[np.float32]
    parents: Index
    resolution: float


@dataclass(frozen=True, slots=True)
class Members:
    """Rows whose topic is known, against which new rows are judged: `vectors` (m, d), `topics` (m,), all ≥ 0."""

    vectors: Matrix
    topics: Index


def find_communities(vectors: Matrix, *, seed: int = 0, weights: NDArray[np.float32] | None = None) -> Communities:
    """Group rows of length 1 by what is near; rows of zeros get no topic. Independent of the order of the rows.

    Leiden (Traag, Waltman and van Eck 2019) on the graph of nearest neighbours, at the resolution whose communities
    have the best silhouette. `weights` says how many texts a row stands for.
    """
    labels = np.full(len(vectors), -1, np.int64)
    confidence = np.zeros(len(vectors), np.float32)
    known = np.flatnonzero(vectors.any(axis=1))
    if len(known) < SMALLEST:
        return Communities(labels, confidence, np.zeros((0, 2), np.int64), 0.0)
    with threadpool_limits(1):
        first, kind = canonical_order(vectors[known])
        rows = vectors[known][first]
        counts = np.bincount(kind, None if weights is None else weights[known]).astype(np.float32)
        found, parents, resolution = _topics(rows, counts, seed)
        members = Members(rows[found >= 0], found[found >= 0])
        sure = np.where(found >= 0, assign_to(rows, members, skip_same=True)[1], 0)
    labels[known], confidence[known] = found[kind], sure[kind]
    return Communities(labels, confidence, parents, resolution)


def assign_to(vectors: Matrix, members: Members, *, skip_same: bool = False) -> tuple[Index, NDArray[np.float32]]:
    """The topic of each row by the vote of its 15 nearest members, and the share of the vote that it won.

    A row whose nearest member is dissimilar gets -1. `skip_same` leaves out a member that is the row itself.
    """
    chosen = np.full(len(vectors), -1, np.int64)
    confidence = np.zeros(len(vectors), np.float32)
    topics = int(members.topics.max(initial=-1)) + 1
    if topics == 0:
        return chosen, confidence
    for start in range(0, len(vectors), 1024):
        block = vectors[start : start + 1024]
        scores = block @ members.vectors.T
        if skip_same:
            scores[scores > 1 - 1e-6] = -1
        nearest_members, cosines = largest(scores, min(VOTERS, scores.shape[1]))
        votes = np.zeros((len(block), topics), np.float32)
        strength = np.maximum(cosines, 0)
        np.add.at(votes, (np.arange(len(block))[:, None], members.topics[nearest_members]), strength)
        best = votes.argmax(axis=1)
        total = np.maximum(strength.sum(axis=1), 1e-9)
        share = votes[np.arange(len(block)), best] / total
        sure = share * np.minimum(1, cosines[:, 0] / 0.5)
        chosen[start : start + 1024] = np.where(cosines[:, 0] > 0.1, best, -1)
        confidence[start : start + 1024] = np.where(cosines[:, 0] > 0.1, np.clip(sure, 0, 1), 0)
    return chosen, confidence


def leiden(graph: csr_matrix, resolution: float, seed: int) -> Index:
    """Communities of an undirected graph, numbered by size, largest first."""
    _, found = graspologic_native.leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
        graph.shape[0],
        resolution=resolution,
        seed=seed,
        iterations=2,
    )
    labels = np.full(graph.shape[0], -1, np.int64)
    labels[np.fromiter(found.keys(), np.int64, len(found))] = np.fromiter(found.values(), np.int64, len(found))
    alone = labels < 0
    labels[alone] = labels.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return _by_size(labels, 1)


def _topics(rows: Matrix, counts: NDArray[np.float32], seed: int) -> tuple[Index, Index, float]:
    graph = affinity(*nearest(rows, NEIGHBOURS, seed=seed))
    tried = [(silhouette(rows, labels), resolution, labels) for resolution, labels in _partitions(graph, seed)]
    _, resolution, labels = max(tried, key=lambda item: item[0])
    labels = _by_size(labels, SMALLEST, counts)
    labels = _adopt(rows, labels)
    return labels, _parents(rows, labels, seed), resolution


def _partitions(graph: csr_matrix, seed: int) -> list[tuple[float, Index]]:
    return [(resolution, leiden(graph, resolution, seed)) for resolution in CANDIDATES]


def _by_size(labels: Index, smallest: int, counts: NDArray[np.float32] | None = None) -> Index:
    """Number the communities by size; those smaller than `smallest` become -1."""
    known = labels >= 0
    sizes = np.bincount(labels[known], None if counts is None else counts[known])
    order = np.argsort(-sizes, kind="stable")
    number = np.full(len(sizes) + 1, -1, np.int64)
    big = order[sizes[order] >= smallest]
    number[big] = np.arange(len(big))
    return number[labels]


def _adopt(rows: Matrix, labels: Index) -> Index:
    """Rows of communities too small to be an issue join the topic of their nearest members, if any is near."""
    left = np.flatnonzero(labels < 0)
    if len(left) == 0 or len(left) == len(labels):
        return labels
    adopted = labels.copy()
    adopted[left], _ = assign_to(rows[left], Members(rows[labels >= 0], labels[labels >= 0]))
    return adopted


def _parents(rows: Matrix, labels: Index, seed: int) -> Index:
    """Middle and top groups: Leiden among the topics' centres, coarser twice."""
    centres = centres_of(rows, labels)
    if len(centres) < 4:
        return np.zeros((len(centres), 2), np.int64)
    graph = affinity(*nearest(centres, min(5, len(centres) - 1), seed=seed))
    return np.stack([leiden(graph, 1.5, seed), leiden(graph, 0.5, seed)], axis=1)
