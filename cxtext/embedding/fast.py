"""The default embedder: characters, word neighbourhoods and word meanings joined, without any neural network."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from cxtext.embedding.algebra import Matrix, unit_rows
from cxtext.embedding.bilingual import Meanings
from cxtext.embedding.characters import Characters
from cxtext.embedding.meaning import WordMeanings, read_meanings
from cxtext.embedding.neighbours import WordNeighbours
from cxtext.errors import ModelError

PARTS = ("characters", "words", "meanings")
SPELLING_LOST = 0.35  # of two languages' characters and words: alike there means of one language, not one issue
BLOCK = 10_000  # texts encoded at once: 200 MB
LARGEST_FIT = 12_000  # texts; more of them cost time and move no figure


class Fast:
    """Learns a space from the texts themselves once, then keeps it.

    >>> embedder = Fast()
    >>> embedder.fit(["Die Rechnung ist falsch", "Rechnung falsch berechnet"], ["de", "de"])
    >>> embedder.encode(["Rechnung"], ["de"]).dtype.name
    'float32'
    """

    def __init__(
        self,
        *,
        dimensions: int = 200,
        word_dimensions: int = 150,
        character_share: float = 0.7,
        word_share: float = 0.5,
        meaning_share: float = 1.0,
        meanings: Meanings | None = None,
    ) -> None:
        self.dimensions = dimensions
        self.word_dimensions = word_dimensions
        self.shares = (character_share, word_share, meaning_share)
        self._meanings = meanings  # read already, so that many nights read them once
        self._spelling = 1.0  # how much of the first two shares counts
        self._parts: tuple[Characters, WordNeighbours, WordMeanings] | None = None

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> None:
        """Learn the space from at most 12,000 different texts, chosen by their hash, whatever their order."""
        spoken = dict(sorted(zip(texts, languages, strict=True)))
        chosen = distinct_in_order(texts)
        self._spelling = 1 - SPELLING_LOST * mixture(languages)
        with threadpool_limits(1):
            self._parts = (
                Characters.fit(chosen, self.dimensions),
                WordNeighbours.fit(chosen, self.word_dimensions),
                WordMeanings.fit(chosen, [spoken[text] for text in chosen], self._meanings),
            )

    @staticmethod
    def read_meanings() -> Meanings:
        """What every space of this kind reads from files."""
        return read_meanings()

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Matrix:
        """Rows of length 1, shape (texts, dimensions); an empty or unknown text gives zeros.

        The fewer words of a text have a known meaning, the less their meaning counts.

        Raises:
            ModelError: `fit` was not called before.
        """
        self._learned()
        starts = range(0, max(len(texts), 1), BLOCK)
        blocks = [self._joined(texts[at : at + BLOCK], languages[at : at + BLOCK]) for at in starts]
        return np.concatenate(blocks) if len(blocks) > 1 else blocks[0]

    def _joined(self, texts: Sequence[str], languages: Sequence[str]) -> Matrix:
        characters, neighbours, meanings = self._learned()
        rows, known = meanings.encode(texts, languages)
        of_characters, of_words, of_meanings = self.shares
        joined = (
            of_characters * self._spelling * characters.encode(texts),
            of_words * self._spelling * neighbours.encode(texts),
            of_meanings * known[:, None] ** 2 * rows,
        )
        return unit_rows(np.hstack(joined).astype(np.float32))

    def _learned(self) -> tuple[Characters, WordNeighbours, WordMeanings]:
        if self._parts is None:
            raise ModelError("the embedder has learned nothing yet: call fit first")
        return self._parts

    def state(self) -> dict[str, NDArray[np.generic]]:
        """All that was learned, as numeric arrays for `np.savez`."""
        own = {"spelling": np.array(self._spelling)}
        parts = dict(zip(PARTS, (part.state() for part in self._learned()), strict=True))
        return own | {f"{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()}

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[np.generic]], **options: float | Meanings | None) -> Self:
        """The embedder that `state` came from; `options` as in its recipe, and `meanings` where they were read already."""
        embedder = cls(**options)  # type: ignore[arg-type]
        try:
            embedder._spelling = float(state["spelling"])
            embedder._parts = (
                Characters.from_state(_part(state, "characters")),
                WordNeighbours.from_state(_part(state, "words")),
                WordMeanings.from_state(_part(state, "meanings"), embedder._meanings),
            )
        except KeyError as error:
            raise ModelError(f"the stored embedder lacks {error}: delete it and discover topics again") from error
        return embedder


def mixture(languages: Sequence[str]) -> float:
    """0 where all texts are in one language, 1 where two or more languages have equal shares (Gini and Simpson)."""
    shares = np.array(sorted(Counter(languages).values())) / max(len(languages), 1)
    return float(min(2 * (1 - (shares**2).sum()), 1.0)) if len(languages) else 0.0


def distinct_in_order(texts: Sequence[str]) -> list[str]:
    """At most 12,000 different texts, chosen and ordered by their hash: a sample that no order of arrival changes."""
    return [text for _, text in sorted((_digest(text), text) for text in set(texts))[:LARGEST_FIT]]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def _part(state: Mapping[str, NDArray[np.generic]], part: str) -> dict[str, NDArray[np.generic]]:
    return {name.removeprefix(f"{part}."): array for name, array in state.items() if name.startswith(f"{part}.")}
