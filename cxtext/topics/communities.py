"""Groups of alike texts: neighbours, Leiden, a resolution chosen from the data, three levels, an honest nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import graspologic_native
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from cxtext.topics.graph import (
    BLOCK,
    LARGEST_EXACT,
    Index,
    Matrix,
    affinity,
    canonical_order,
    largest,
    nearest,
    reduced,
)
from cxtext.topics.languages import codes, join_languages
from cxtext.topics.resolution import agreed, merge_alike, sums_of

NEIGHBOURS = 20  # at most: a text has as many as the third root of the number of texts…
FEWEST_NEIGHBOURS = 8  # …and at least so many
COMPONENTS = 160  # in which the neighbours of many rows are sought…
FEW = 12_000  # …and up to how many rows it would save nothing
RESOLUTIONS = (8.0, 6.0, 3.0)  # (modularity) of the communities before alike ones come together; of many rows the first
PLENTY = 1000  # rows from which on these resolutions count in full: few rows would fall into crumbs
SMALLEST = 3  # texts; fewer are no recurring issue
VOTERS = 15
FEWEST_TO_GROUP = 4  # topics
GROUP_NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class Communities:
    """Topics of n rows.

    `labels` (n,): the topic of each row, -1 for none. `confidence` (n,): in 0…1. `parents` (topics, 2): the middle
    and the top group of each topic, nested. `resolution`: the mean similarity at which two topics are one.
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


def find_communities(
    vectors: Matrix,
    *,
    seed: int = 0,
    weights: NDArray[np.float32] | None = None,
    before: Index | None = None,
    languages: Sequence[str] | None = None,
) -> Communities:
    """Group rows of length 1 by what is near; rows of zeros get no topic. Independent of the order of the rows.

    Leiden (Traag, Waltman and van Eck 2019) finds communities in the graph of nearest neighbours, finer and coarser
    ones; those that the data say are one issue come together; the majority of nine such partitions decides. `weights`
    says how many texts a row stands for, `before` which topic it had until now (-1: none): what was together stays so unless the data speak against it.
    `languages` says what each row is written in: topics of two languages that mean the same come together.
    """
    labels = np.full(len(vectors), -1, np.int64)
    confidence = np.zeros(len(vectors), np.float32)
    known = np.flatnonzero(vectors.any(axis=1))
    if (len(known) if weights is None else weights[known].sum()) < SMALLEST:
        return Communities(labels, confidence, np.zeros((0, 2), np.int64), 0.0)
    with threadpool_limits(1):
        first, kind = canonical_order(vectors if len(known) == len(vectors) else vectors[known])
        rows = vectors[known[first]]
        counts = np.bincount(kind, None if weights is None else weights[known]).astype(np.float32)
        compared = rows if len(rows) <= FEW else reduced(rows, COMPONENTS)
        graph = affinity(*nearest(compared, _neighbours(len(rows)), seed=seed))
        del compared  # 60 MB at 100,000 texts
        centred = centre(rows)
        joined, threshold = _joined(centred, graph, None if before is None else before[known[first]], seed)
        found = _honest(centred, _by_size(joined, SMALLEST, counts), graph)
        found = _by_size(found, SMALLEST, counts)
        if languages is not None:
            spoken = codes([languages[row] for row in known.tolist()], kind)
            found = _by_size(join_languages(centred, found, spoken), SMALLEST, counts)
        sure = _support(graph, found)
        parents = _parents(centred, found, seed)
    labels[known], confidence[known] = found[kind], sure[kind]
    return Communities(labels, confidence, parents, threshold)


def _neighbours(rows: int) -> int:
    return int(np.clip(np.cbrt(rows), FEWEST_NEIGHBOURS, NEIGHBOURS))


def _joined(centred: Matrix, graph: csr_matrix, before: Index | None, seed: int) -> tuple[Index, float]:
    """The topics on which most ways of choosing their granularity agree, and the middle threshold of those ways."""
    parts: list[Index] = []
    thresholds: list[float] = []
    for resolution in RESOLUTIONS if len(centred) <= LARGEST_EXACT else RESOLUTIONS[:1]:
        fine = leiden(graph, resolution * min(1.0, float(np.sqrt(len(centred) / PLENTY))), seed)
        for merged in merge_alike(centred, fine):
            parts.append(merged.groups[fine])
            thresholds.append(merged.threshold)
    return agreed(parts, before), float(np.median(thresholds))


def centre(rows: Matrix) -> Matrix:
    """Rows of length 1 without what all have in common; in their place, since a copy takes 240 MB at 100,000 texts."""
    rows -= rows.mean(axis=0)
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        block /= np.maximum(np.sqrt((block * block).sum(axis=1, keepdims=True)), 1e-9)
    return rows


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
    if graph.nnz == 0:  # the library panics on it
        return np.arange(graph.shape[0])
    _, found = graspologic_native.leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
        graph.shape[0],
        resolution=resolution,
        seed=seed,
        iterations=1,
    )
    labels = np.full(graph.shape[0], -1, np.int64)
    labels[np.fromiter(found.keys(), np.int64, len(found))] = np.fromiter(found.values(), np.int64, len(found))
    alone = labels < 0
    labels[alone] = labels.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return _by_size(labels, 1)


def _by_size(labels: Index, smallest: int, counts: NDArray[np.float32] | None = None) -> Index:
    """Number the communities by size; those smaller than `smallest` become -1."""
    known = labels >= 0
    sizes = np.bincount(labels[known], None if counts is None else counts[known])
    order = np.argsort(-sizes, kind="stable")
    number = np.full(len(sizes) + 1, -1, np.int64)
    big = order[sizes[order] >= smallest]
    number[big] = np.arange(len(big))
    return number[labels]


def _honest(centred: Matrix, labels: Index, graph: csr_matrix) -> Index:
    """Rows without a topic join that of their neighbours; rows no nearer to their topic than to all texts get none."""
    if not (labels >= 0).any():
        return labels
    votes = _votes(graph, labels)
    labels = np.where((labels < 0) & (votes.max(axis=1) > 0), votes.argmax(axis=1), labels)
    sums, sizes = sums_of(centred, labels)
    placed = np.flatnonzero(labels >= 0)
    means = sums / np.maximum(sizes, 1)[:, None].astype(np.float32)
    honest = labels.copy()
    for start in range(0, len(placed), BLOCK):
        rows = placed[start : start + BLOCK]
        near = (centred[rows] * means[labels[rows]]).sum(axis=1) - 1 / np.maximum(sizes[labels[rows]], 1)
        honest[rows[(near <= 0) & (sizes[labels[rows]] > 1)]] = -1
    return honest


def _support(graph: csr_matrix, labels: Index) -> NDArray[np.float32]:
    """The share of each row's neighbours, by weight, that are of its topic."""
    edges = graph.tocoo()
    same = np.where((labels[edges.row] == labels[edges.col]) & (labels[edges.row] >= 0), edges.data, 0)
    inside = np.bincount(edges.row, same, minlength=len(labels))
    total = np.bincount(edges.row, edges.data, minlength=len(labels))
    return np.asarray(inside / np.maximum(total, 1e-9), dtype=np.float32)


def _votes(graph: csr_matrix, labels: Index) -> NDArray[np.float32]:
    """Edge weight from each row to each topic, shape (rows, topics); only rows without a topic are asked."""
    topics = int(labels.max(initial=-1)) + 1
    votes = np.zeros((len(labels), topics), np.float32)
    asking = np.flatnonzero(labels < 0)
    placed = np.flatnonzero(labels >= 0)
    if len(asking):
        ones = np.ones(len(placed), np.float32)
        membership = csr_matrix((ones, (placed, labels[placed])), (len(labels), topics))
        votes[asking] = (graph[asking] @ membership).toarray()
    return votes


def _parents(centred: Matrix, labels: Index, seed: int) -> Index:
    """Middle and top groups of the topics, nested: Leiden among topics, then among middle groups."""
    middle = _groups(sums_of(centred, labels)[0], seed)
    sums = sums_of(centred, np.where(labels >= 0, middle[labels], -1) if len(middle) else labels)[0]
    top = _groups(sums, seed)
    return np.stack([middle, top[middle]], axis=1) if len(middle) else np.zeros((0, 2), np.int64)


def _groups(sums: Matrix, seed: int) -> Index:
    if len(sums) < FEWEST_TO_GROUP:
        return np.zeros(len(sums), np.int64)
    centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return leiden(affinity(*nearest(centres.astype(np.float32), GROUP_NEIGHBOURS)), 1.0, seed)
