"""Who is near whom: nearest neighbours by cosine and the weighted graph that they make."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Matrix = NDArray[np.float32]
Index = NDArray[np.int64]

BLOCK = 1024  # rows compared at once: 100 MB of similarities at 25,000 texts
LARGEST_EXACT = 25_000  # texts; above, each is compared with the texts of the nearest cells only
CELLS_SEARCHED = 12
ROUNDS = 8
ENOUGH_FOR_AXES = 25_000  # rows


def canonical_order(vectors: Matrix) -> tuple[Index, Index]:
    """Distinct rows in an order that depends on their content alone.

    Returns:
        `first`: the index of one row of each kind, in canonical order; `kind`: for each row, its place in `first`. Rows
        are known by a 64-bit hash: of a million different ones, two share it with probability 3e-8.
    """
    bits = np.ascontiguousarray(vectors, dtype=np.float32).view(np.uint32)
    odd = np.random.default_rng(0).integers(0, 2**63, bits.shape[1], dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    keys = np.concatenate([(block * odd).sum(axis=1, dtype=np.uint64) for block in _blocks(bits)])
    _, first, kind = np.unique(keys, return_index=True, return_inverse=True)
    return first.astype(np.int64), kind.ravel().astype(np.int64)


def reduced(vectors: Matrix, dimensions: int) -> Matrix:
    """Rows of length 1 along the principal components: faster to compare, and what is left out is mostly noise.

    The components are those of the first 25,000 rows: give the rows in canonical order, which is as good as random.
    """
    if dimensions >= min(vectors.shape):
        return vectors
    sample = vectors[:ENOUGH_FOR_AXES]
    mean = sample.mean(axis=0, dtype=np.float64)
    spread = sum((block.T @ block).astype(np.float64) for block in _blocks(sample)) - len(sample) * np.outer(mean, mean)
    axes = np.linalg.eigh(spread)[1][:, ::-1][:, :dimensions].astype(np.float32)
    rows = vectors @ axes
    rows -= mean.astype(np.float32) @ axes
    rows /= np.maximum(np.sqrt((rows * rows).sum(axis=1, keepdims=True)), 1e-9)
    return np.asarray(rows, dtype=np.float32)


def nearest(vectors: Matrix, count: int, *, seed: int = 0) -> tuple[Index, Matrix]:
    """The `count` most similar other rows of each row, most similar first, and their cosines.

    Exact up to 25,000 rows. Above, rows are compared inside the cells of a coarse k-means (inverted file index,
    Jégou, Douze and Schmid 2011), which finds about 93 of 100 of them.
    """
    count = min(count, len(vectors) - 1)
    if len(vectors) > LARGEST_EXACT:
        return _nearest_in_cells(vectors, count, seed)
    found = np.empty((len(vectors), count), np.int64)
    cosines = np.empty((len(vectors), count), np.float32)
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK] @ vectors.T
        rows = np.arange(len(block))
        block[rows, start + rows] = -np.inf
        found[start : start + BLOCK], cosines[start : start + BLOCK] = largest(block, count)
    return found, cosines


def largest(scores: Matrix, count: int) -> tuple[Index, Matrix]:
    """Columns and values of the `count` largest entries of each row, largest first, ties by column."""
    if count == 0:
        return np.empty((len(scores), 0), np.int64), np.empty((len(scores), 0), np.float32)
    columns = np.sort(np.argpartition(scores, -count, axis=1)[:, -count:], axis=1)
    values = np.take_along_axis(scores, columns, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(columns, order, axis=1).astype(np.int64), np.take_along_axis(values, order, axis=1)


def affinity(found: Index, cosines: Matrix) -> csr_matrix:
    """The undirected graph of neighbours: an edge weighs its cosine, half of it if only one end chose the other."""
    rows, count = found.shape
    pointers = np.arange(rows + 1) * count
    one_way = csr_matrix((np.maximum(cosines, 0).ravel(), found.ravel(), pointers), shape=(rows, rows))
    graph = ((one_way + one_way.T) * 0.5).tocsr()
    graph.eliminate_zeros()
    graph.sort_indices()
    return graph


def _nearest_in_cells(vectors: Matrix, count: int, seed: int) -> tuple[Index, Matrix]:
    centres = _cells(vectors, int(np.sqrt(len(vectors))), seed)
    near = np.concatenate([largest(block @ centres.T, CELLS_SEARCHED)[0] for block in _blocks(vectors)])
    order = np.argsort(near[:, 0], kind="stable")
    bounds = np.searchsorted(near[order, 0], np.arange(len(centres) + 1))
    cells = [order[bounds[cell] : bounds[cell + 1]] for cell in range(len(centres))]
    beside = largest(centres @ centres.T, min(CELLS_SEARCHED, len(centres)))[0]
    found = np.zeros((len(vectors), count), np.int64)
    cosines = np.full((len(vectors), count), -np.inf, np.float32)
    for cell, members in enumerate(cells):
        candidates = np.sort(np.concatenate([cells[other] for other in beside[cell]]))
        for start in range(0, len(members), BLOCK):
            rows = members[start : start + BLOCK]
            scores = vectors[rows] @ vectors[candidates].T
            scores[np.arange(len(rows)), np.searchsorted(candidates, rows)] = -np.inf
            columns, values = largest(scores, min(count, len(candidates) - 1))
            found[rows, : columns.shape[1]] = candidates[columns]
            cosines[rows, : columns.shape[1]] = values
    return found, cosines


def _cells(vectors: Matrix, count: int, seed: int) -> Matrix:
    """Centres of a spherical k-means on a sample; the sample is random, its seed is not."""
    chosen = np.sort(np.random.default_rng(seed).permutation(len(vectors))[: count * 40])
    sample = vectors[chosen]
    centres = sample[:: max(len(sample) // count, 1)][:count].copy()
    for _ in range(ROUNDS):
        cell = np.concatenate([(block @ centres.T).argmax(axis=1) for block in _blocks(sample)])
        members = csr_matrix((np.ones(len(cell), np.float32), (cell, np.arange(len(cell)))), (count, len(cell)))
        sums = np.asarray(members @ sample, dtype=np.float32)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres).astype(np.float32)
    return centres


def _blocks(vectors: NDArray[Any]) -> list[NDArray[Any]]:
    return [vectors[start : start + BLOCK] for start in range(0, len(vectors), BLOCK)]
