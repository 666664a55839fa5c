"""A text as the weighted mean of what its words mean: fast, offline, German and English in one space."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from cxtext.embedding.bilingual import Floats, Meanings, load_english, load_translations
from cxtext.errors import ModelError

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
DEFAULTS: Mapping[str, float] = {
    "rarity": 1e-3,  # a of a/(a+p): smaller means that frequent words count less
    "removed": 1,  # components that all texts share
}
PRIOR_WORDS = 2_000  # how many words of the corpus weigh as much as general text
FEWEST_TEXTS = 100  # of fewer, what they share is their topic

State = dict[str, NDArray[Any]]


class Static:
    """Embedder from shipped word vectors and a bilingual vocabulary.

    Weights are smooth inverse frequencies of the corpus, the first components of all texts are removed (Arora, Liang
    and Ma, 2017: A simple but tough-to-beat baseline for sentence embeddings). A text of which no word is known is a
    row of zeros.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = {**DEFAULTS, **{key: value for key, value in options.items() if key in DEFAULTS}}
        self._meanings = Meanings(load_english(), load_translations())
        self._counts: dict[tuple[str, str], int] = {}
        self._totals = Counter[str]()
        self._means: dict[str, Floats] = {}
        self._nothing: Floats = np.zeros(self.dimensions, dtype=np.float32)
        self._shared: Floats = np.zeros((0, self.dimensions), dtype=np.float32)

    @property
    def dimensions(self) -> int:
        """Numbers in a row."""
        return self._meanings.english.dimensions

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> None:
        """Learn how frequent each word is and what all texts of the corpus share."""
        counts: Counter[tuple[str, str]] = Counter()
        for text, language in zip(texts, languages, strict=True):
            counts.update((word.lower(), language) for word in WORD.findall(text))
        self._count(dict(sorted(counts.items())))
        raw = self._raw(texts, languages)
        spoken = np.asarray(languages)
        self._means = {code: _mean_row(raw[spoken == code]) for code in sorted(set(languages))}
        self._shared = _directions(self._centred(raw, languages), int(self._options["removed"]))

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

    def _count(self, counts: dict[tuple[str, str], int]) -> None:
        self._counts = counts
        self._totals = Counter[str]()
        for (_, language), count in counts.items():
            self._totals[language] += count

    def _weight(self, word: str, language: str) -> float:
        """Smooth inverse frequency a/(a+p); p leans on general text as long as the corpus is small."""
        counted = self._counts.get((word.lower(), language), 0)
        share = (counted + PRIOR_WORDS * self._meanings.share(word, language)) / (PRIOR_WORDS + self._totals[language])
        rarity = self._options["rarity"]
        return float(rarity / (rarity + share))

    def state(self) -> State:
        """What `fit` learnt, as arrays that npz can hold without pickle."""
        words = "\n".join(f"{language} {word}" for word, language in self._counts)
        return {
            "options": _letters(json.dumps(self._options, sort_keys=True)),
            "words": _letters(words),
            "counts": np.array(list(self._counts.values()), dtype=np.int64),
            "languages": _letters(" ".join(self._means)),
            "means": np.array(list(self._means.values()), dtype=np.float32).reshape(-1, self.dimensions),
            "shared": self._shared,
        }

    @classmethod
    def from_state(cls, state: State) -> Self:
        """The embedder that `state` came from.

        Raises:
            ModelError: the state is damaged or belongs to word vectors of another size.
        """
        try:
            static = cls(json.loads(state["options"].tobytes()))
            words = [line.split(" ", 1) for line in state["words"].tobytes().decode().split("\n") if line]
            counts = state["counts"].tolist()
            static._count({(word, code): count for (code, word), count in zip(words, counts, strict=True)})
            codes = state["languages"].tobytes().decode().split()
            static._means = dict(zip(codes, state["means"], strict=True))
            static._shared = state["shared"]
        except (KeyError, ValueError) as error:
            raise ModelError(f"stored state of the static embedding: {error}; fit it again") from error
        if static._shared.shape[1] != static.dimensions:
            raise ModelError("stored state of the static embedding belongs to other word vectors: fit it again")
        return static

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
                    weight = np.float32(self._weight(word, language))
                    rows.append(self._nothing if known is None else known * weight)
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
