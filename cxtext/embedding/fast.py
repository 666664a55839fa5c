"""The default embedder: character 4-grams joined with corpus word vectors, without any neural network."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from cxtext.embedding.algebra import Matrix, unit_rows
from cxtext.embedding.characters import Characters
from cxtext.embedding.neighbours import WordNeighbours
from cxtext.errors import ModelError

LARGEST_FIT = 20_000  # texts; more of them cost time and move no figure


class Fast:
    """Learns a space from the texts themselves once, then keeps it.

    >>> embedder = Fast()
    >>> embedder.fit(["Die Rechnung ist falsch", "Rechnung falsch berechnet"], ["de", "de"])
    >>> embedder.encode(["Rechnung"], ["de"]).dtype.name
    'float32'
    """

    def __init__(self, *, dimensions: int = 200, word_dimensions: int = 150, word_share: float = 0.5) -> None:
        self.dimensions = dimensions
        self.word_dimensions = word_dimensions
        self.word_share = word_share
        self._characters: Characters | None = None
        self._words: WordNeighbours | None = None

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> None:  # noqa: ARG002 - the port's signature
        """Learn the space from at most 20,000 different texts, chosen by their hash, whatever their order."""
        chosen = distinct_in_order(texts)
        with threadpool_limits(1):
            self._characters = Characters.fit(chosen, self.dimensions)
            self._words = WordNeighbours.fit(chosen, self.word_dimensions)

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Matrix:  # noqa: ARG002 - the port's signature
        """Rows of length 1, shape (texts, dimensions); an empty or unknown text gives zeros.

        Raises:
            ModelError: `fit` was not called before.
        """
        if self._characters is None or self._words is None:
            raise ModelError("the embedder has learned nothing yet: call fit before encode")
        return unit_rows(np.hstack([self._characters.encode(texts), self.word_share * self._words.encode(texts)]))

    def state(self) -> dict[str, NDArray[np.generic]]:
        """All that was learned, as numeric arrays for `np.savez`."""
        if self._characters is None or self._words is None:
            raise ModelError("the embedder has learned nothing yet: call fit before state")
        parts = {"characters": self._characters.state(), "words": self._words.state()}
        return {f"{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()}

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[np.generic]], **options: float) -> Self:
        """The embedder that `state` came from; `options` as in its recipe."""
        embedder = cls(**options)  # type: ignore[arg-type]
        try:
            embedder._characters = Characters.from_state(_part(state, "characters"))
            embedder._words = WordNeighbours.from_state(_part(state, "words"))
        except KeyError as error:
            raise ModelError(f"the stored embedder lacks {error}: delete it and discover topics again") from error
        return embedder


def distinct_in_order(texts: Sequence[str]) -> list[str]:
    """At most 20,000 different texts, chosen and ordered by their hash: a sample that no order of arrival changes."""
    return [text for _, text in sorted((_digest(text), text) for text in set(texts))[:LARGEST_FIT]]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def _part(state: Mapping[str, NDArray[np.generic]], part: str) -> dict[str, NDArray[np.generic]]:
    return {name.removeprefix(f"{part}."): array for name, array in state.items() if name.startswith(f"{part}.")}
