"""Word vectors from which words stand near which in the corpus itself, averaged over a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from cxtext.embedding.algebra import Matrix, truncated_svd, unit_rows
from cxtext.embedding.grams import Keys, Pieces, count_table, emphasis, words

WINDOW = 5
RAREST = 3
SMOOTHING = 0.75  # of context counts (Levy, Goldberg and Dagan 2015)
COMMON = 1e-3  # share of all words at which a word keeps half its weight (Arora, Liang and Ma 2017)


@dataclass(frozen=True, slots=True)
class WordNeighbours:
    """A fitted space of words: their keys, vectors and weights, and the direction all texts share."""

    vocabulary: Keys
    vectors: Matrix
    weights: NDArray[np.float32]
    shared: NDArray[np.float32]

    @classmethod
    def fit(cls, texts: Sequence[str], dimensions: int) -> Self:
        """Learn the space: positive pointwise mutual information, truncated SVD, smooth inverse frequency."""
        pieces = words(texts)
        found, counts = np.unique(pieces.keys, return_counts=True)
        kept = counts >= min(RAREST, max(1, len(texts) // 10))
        vocabulary, counts = found[kept], counts[kept]
        association = _association(_known(pieces, vocabulary), vocabulary)
        values, axes = truncated_svd(association, dimensions)
        vectors = unit_rows(axes * np.sqrt(values))
        weights = (COMMON / (COMMON + counts / max(counts.sum(), 1))).astype(np.float32)
        learned = cls(vocabulary, vectors, weights, np.zeros(len(values), np.float32))
        means = unit_rows(learned._means(texts))
        if means.size == 0:
            return learned
        shared = np.linalg.eigh((means.T @ means).astype(np.float64))[1][:, -1]
        return cls(vocabulary, vectors, weights, shared.astype(np.float32))

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 per text; zeros where no word is known."""
        means = unit_rows(self._means(texts))
        along = (means * self.shared).sum(axis=1, keepdims=True)
        return unit_rows(means - along * self.shared)

    def _means(self, texts: Sequence[str]) -> Matrix:
        table = count_table(words(texts), self.vocabulary, len(texts))
        table.data *= self.weights[table.indices] ** np.repeat(emphasis(texts), np.diff(table.indptr))
        return np.asarray(table @ self.vectors, dtype=np.float32)

    def state(self) -> dict[str, NDArray[np.generic]]:
        """All that was learned, as numeric arrays."""
        return {
            "vocabulary": self.vocabulary,
            "vectors": self.vectors,
            "weights": self.weights,
            "shared": self.shared,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[np.generic]]) -> Self:
        """The space that `state` describes."""
        return cls(
            state["vocabulary"].astype(np.uint64),
            state["vectors"].astype(np.float32),
            state["weights"].astype(np.float32),
            state["shared"].astype(np.float32),
        )


def _known(pieces: Pieces, vocabulary: Keys) -> Pieces:
    kept = np.isin(pieces.keys, vocabulary)
    return Pieces(pieces.keys[kept], pieces.texts[kept])


def _association(pieces: Pieces, vocabulary: Keys) -> csr_matrix:
    """Positive pointwise mutual information of words at most `WINDOW` apart, nearer pairs counting more."""
    size = len(vocabulary)
    columns = np.searchsorted(vocabulary, pieces.keys)
    table = csr_matrix((size, size), dtype=np.float64)
    for distance in range(1, WINDOW + 1):
        together = pieces.texts[distance:] == pieces.texts[:-distance]
        left, right = columns[:-distance][together], columns[distance:][together]
        table += csr_matrix((np.full(len(left), 1 / distance), (left, right)), shape=(size, size))
    table = (table + table.T).tocoo()
    totals = np.bincount(table.row, table.data, minlength=size)
    context = totals**SMOOTHING
    expected = totals[table.row] * context[table.col] / max(context.sum(), 1e-12)
    information = np.log(table.data / expected)
    positive = information > 0
    entries = (table.row[positive], table.col[positive])
    return csr_matrix((information[positive].astype(np.float32), entries), shape=(size, size))
