"""Latent semantic analysis over character 4-grams: strong for German, whose words are long and inflected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from cxtext.embedding.algebra import Matrix, truncated_svd, unit_rows
from cxtext.embedding.grams import Keys, character_grams, count_table, emphasis

LENGTH = 4
RAREST = 3  # a piece seen in fewer texts says nothing about other texts
COMMONEST = 0.5  # share of texts


@dataclass(frozen=True, slots=True)
class Characters:
    """A fitted space: which pieces count, how much, and where they lie."""

    vocabulary: Keys
    weights: NDArray[np.float32]
    axes: Matrix

    @classmethod
    def fit(cls, texts: Sequence[str], dimensions: int) -> Self:
        """Learn the space (TF-IDF with logarithmic counts, then a truncated SVD; Deerwester et al. 1990)."""
        pieces = character_grams(texts, LENGTH)
        vocabulary = np.unique(pieces.keys)
        counts = count_table(pieces, vocabulary, len(texts))
        frequency = np.bincount(counts.indices, minlength=len(vocabulary))
        rarest = min(RAREST, max(1, len(texts) // 10))
        kept = (frequency >= rarest) & (frequency <= max(COMMONEST * len(texts), rarest))
        weights = (np.log((1 + len(texts)) / (1 + frequency[kept])) + 1).astype(np.float32)
        table = _weighted(counts[:, kept], weights, emphasis(texts))
        _, axes = truncated_svd(table, dimensions)
        return cls(vocabulary[kept], weights, axes)

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 per text; zeros where no piece is known."""
        counts = count_table(character_grams(texts, LENGTH), self.vocabulary, len(texts))
        return unit_rows(np.asarray(_weighted(counts, self.weights, emphasis(texts)) @ self.axes, dtype=np.float32))

    def state(self) -> dict[str, NDArray[np.generic]]:
        """All that was learned, as numeric arrays."""
        return {"vocabulary": self.vocabulary, "weights": self.weights, "axes": self.axes}

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[np.generic]]) -> Self:
        """The space that `state` describes."""
        return cls(
            state["vocabulary"].astype(np.uint64), state["weights"].astype(np.float32), state["axes"].astype(np.float32)
        )


def _weighted(counts: csr_matrix, weights: NDArray[np.float32], power: NDArray[np.float32]) -> csr_matrix:
    """Logarithmic counts times weights to a power per row, rows of length 1."""
    table = counts.copy()
    pieces = np.diff(table.indptr)
    table.data = (1 + np.log(table.data)) * weights[table.indices] ** np.repeat(power, pieces)
    squares = np.append(table.data.astype(np.float64) ** 2, 0)
    lengths = np.sqrt(np.add.reduceat(squares, table.indptr[:-1]))
    lengths[pieces == 0] = 1
    table.data = (table.data / np.repeat(lengths, pieces)).astype(np.float32)
    return table
