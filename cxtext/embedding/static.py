"""A text as the weighted mean of what its words mean: fast, offline, German and English in one space."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from cxtext.embedding.bilingual import Floats, Meanings, load_english, load_translations
from cxtext.errors import ModelError

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
COMMON_BELOW = 2.0  # nats: a word in fewer than e^-2 of the texts counts in full
FEWEST_TEXTS = 100  # of fewer, what they share is their topic


class Static:
    """Embedder from shipped word vectors and a bilingual vocabulary.

    Words weigh by smooth inverse frequency and what all texts share is removed (Arora, Liang and Ma, 2017: A simple but
    tough-to-beat baseline for sentence embeddings). The frequency is that of general text, not of the corpus: in a
    corpus of a bank's tickets "card" is frequent because it matters. A text of which no word is known is a
    row of zeros. `dictionary` names a table that `import_lexicon` wrote; the one in the own models folder is used anyway.

    >>> static = Static()
    >>> static.fit(["Das Paket fehlt", "The parcel is missing"], ["de", "en"])
    >>> static.encode(["Lieferung"], ["de"]).shape
    (1, 256)
    """

    def __init__(self, *, rarity: float = 1e-3, removed: int = 1, dictionary: str = "") -> None:
        self.rarity = rarity  # the a of a/(a+p): smaller means that frequent words count less
        self.removed = removed  # components that all texts share
        self._meanings = Meanings(load_english(), load_translations(Path(dictionary) if dictionary else None))
        self._worth: dict[tuple[str, str], float] = {}
        self._means: dict[str, Floats] = {}
        self._nothing: Floats = np.zeros(self.dimensions, dtype=np.float32)
        self._shared: Floats = np.zeros((0, self.dimensions), dtype=np.float32)

    @property
    def dimensions(self) -> int:
        """Numbers in a row."""
        return self._meanings.english.dimensions

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> None:
        """Learn what all texts of the corpus share, for each language and together."""
        self._worth = _worth_of_common_words(texts, languages)
        raw = self._raw(texts, languages)
        spoken = np.asarray(languages)
        self._means = {code: _mean_row(raw[spoken == code]) for code in sorted(set(languages))}
        self._shared = _directions(self._centred(raw, languages), self.removed)

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """Rows of length 1, shape (texts, dimensions), float32; zeros where no word is known."""
        raw = self._raw(texts, languages)
        rows = self._centred(raw, languages)
        rows -= (rows @ self._shared.T) @ self._shared
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(length > 1e-9, length, 1.0), dtype=np.float32)

    def coverage(self, texts: Sequence[str], languages: Sequence[str]) -> float:
        """Share of running words that have a meaning here."""
        known = [
            self._meanings.row(word, language) is not None
            for text, language in zip(texts, languages, strict=True)
            for word in WORD.findall(text)
        ]
        return sum(known) / len(known) if known else 0.0

    def state(self) -> dict[str, NDArray[np.generic]]:
        """What `fit` learnt, as arrays that npz can hold without pickle."""
        common = "\n".join(f"{language} {word}" for word, language in self._worth)
        return {
            "common": _letters(common),
            "worth": np.array(list(self._worth.values()), dtype=np.float64),
            "languages": _letters(" ".join(self._means)),
            "means": np.array(list(self._means.values()), dtype=np.float32).reshape(-1, self.dimensions),
            "shared": self._shared,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[Any]], **options: Any) -> Self:
        """The embedder that `state` came from; `options` as in its recipe.

        Raises:
            ModelError: the state is damaged or belongs to word vectors of another size.
        """
        static = cls(**options)
        try:
            common = [line.partition(" ") for line in state["common"].tobytes().decode().split("\n") if line]
            worth = zip(common, state["worth"].tolist(), strict=True)
            static._worth = {(word, code): value for (code, _, word), value in worth}
            codes = state["languages"].tobytes().decode().split()
            static._means = dict(zip(codes, state["means"], strict=True))
            static._shared = state["shared"]
        except (KeyError, ValueError) as error:
            raise ModelError(f"stored state of the static embedding: {error}; fit it again") from error
        if static._shared.shape[1] != static.dimensions:
            raise ModelError("stored state of the static embedding belongs to other word vectors: fit it again")
        return static

    def _weight(self, word: str, language: str) -> np.float32:
        weight = self.rarity / (self.rarity + self._meanings.share(word, language))
        return np.float32(weight * self._worth.get((word.lower(), language), 1.0))

    def _raw(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """Weighted means of the rows of the words, zeros where none is known."""
        numbers: dict[tuple[str, str], int] = {}
        rows: list[Floats] = []
        indices: list[int] = []
        ends = [0]
        for text, language in zip(texts, languages, strict=True):
            for word in WORD.findall(text):
                number = numbers.get((word, language))
                if number is None:
                    number = numbers[word, language] = len(rows)
                    known = self._meanings.row(word, language)
                    rows.append(self._nothing if known is None else known * self._weight(word, language))
                indices.append(number)
            ends.append(len(indices))
        if not rows:
            return np.zeros((len(texts), self.dimensions), dtype=np.float32)
        ones = np.ones(len(indices), dtype=np.float32)
        bag = csr_matrix((ones, indices, ends), shape=(len(texts), len(rows)))
        sums = np.asarray(bag @ np.stack(rows), dtype=np.float32)
        counts = np.maximum(np.diff(ends), 1)[:, None]
        return np.asarray(sums / counts, dtype=np.float32)

    def _centred(self, raw: Floats, languages: Sequence[str]) -> Floats:
        """Without the mean of each text's language; a text of which nothing is known stays zero."""
        means = np.stack([self._means.get(language, self._nothing) for language in languages] or [self._nothing])
        return np.where(np.any(raw, axis=1, keepdims=True), raw - means[: len(raw)], 0.0).astype(np.float32)


def _worth_of_common_words(texts: Sequence[str], languages: Sequence[str]) -> dict[tuple[str, str], float]:
    """Words of every seventh text of a language or more ("Support", "Team") by what they still tell apart, 0 to 1."""
    totals = Counter(languages)
    counts = Counter(
        (word, language)
        for text, language in zip(texts, languages, strict=True)
        for word in {word.lower() for word in WORD.findall(text)}
    )
    return {
        (word, language): log(totals[language] / count) / COMMON_BELOW
        for (word, language), count in sorted(counts.items())
        if totals[language] >= FEWEST_TEXTS and log(totals[language] / count) < COMMON_BELOW
    }


def _mean_row(rows: Floats) -> Floats:
    known = rows[np.any(rows, axis=1)]
    return known.mean(axis=0) if len(known) >= FEWEST_TEXTS else np.zeros(rows.shape[1], dtype=np.float32)


def _directions(rows: Floats, count: int) -> Floats:
    """The `count` directions in which rows vary most, shape (count, dimensions)."""
    if count == 0 or len(rows) < FEWEST_TEXTS:
        return np.zeros((0, rows.shape[1]), dtype=np.float32)
    doubles = rows.astype(np.float64)
    _, directions = np.linalg.eigh(doubles.T @ doubles)
    return np.ascontiguousarray(directions[:, ::-1][:, :count].T, dtype=np.float32)


def _letters(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
