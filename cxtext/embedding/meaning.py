"""What the words of a text mean outside this corpus: shipped English vectors, German through its translations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from cxtext.embedding.algebra import Matrix, unit_rows
from cxtext.embedding.bilingual import Meanings, load_english, load_translations
from cxtext.embedding.grams import Keys, emphasis, spelled_words, words

RARITY = 2e-3  # share of general text at which a word keeps half its weight (Arora, Liang and Ma 2017 take .001)
FEWEST = 100  # texts of a language; of fewer, what they share is their topic


@dataclass(frozen=True, slots=True)
class WordMeanings:
    """How rare words are in the corpus, and what the texts of each language share.

    Taking out the first component as well, as Arora, Liang and Ma do, takes out the largest topic: measured, and left.
    """

    meanings: Meanings
    vocabulary: Keys
    rarity: NDArray[np.float32]  # of each word in the corpus, at most 1
    means: Mapping[str, NDArray[np.float32]]

    @classmethod
    def fit(cls, texts: Sequence[str], languages: Sequence[str], meanings: Meanings | None = None) -> Self:
        """Learn how rare words are in the corpus and what its texts share; `meanings` where they were read already."""
        pieces = words(texts)
        pairs = np.unique(np.stack([pieces.keys, pieces.texts.astype(np.uint64)], axis=1), axis=0)
        vocabulary, frequency = np.unique(pairs[:, 0], return_counts=True)
        rarity = (np.log((1 + len(texts)) / frequency) / np.log(1 + len(texts))).astype(np.float32)
        meanings = meanings or read_meanings()
        sums, _ = cls(meanings, vocabulary, rarity, {})._sums(texts, languages)
        spoken = np.asarray(languages)
        means = {code: _mean(sums[spoken == code]) for code in sorted(set(languages))}
        return cls(meanings, vocabulary, rarity, means)

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> tuple[Matrix, NDArray[np.float32]]:
        """Rows of length 1 (zeros where no word is known), and the share of each text's weight that is known."""
        sums, known = self._sums(texts, languages)
        return unit_rows(self._centred(sums, languages)), known

    def _centred(self, sums: Matrix, languages: Sequence[str]) -> Matrix:
        rows = unit_rows(sums)
        for code in sorted(set(languages)):
            if code in self.means:
                of = (np.asarray(languages) == code) & sums.any(axis=1)
                rows[of] -= self.means[code]
        return rows

    def _sums(self, texts: Sequence[str], languages: Sequence[str]) -> tuple[Matrix, NDArray[np.float32]]:
        """Weighted sums of the words' rows, and the known share of each text's weight."""
        sums = np.zeros((len(texts), self.meanings.english.dimensions), np.float32)
        known = np.zeros(len(texts), np.float32)
        for code in sorted(set(languages)):
            numbers = np.flatnonzero(np.asarray(languages) == code).tolist()
            sums[numbers], known[numbers] = self._language_sums([texts[number] for number in numbers], code)
        return sums, known

    def _language_sums(self, texts: Sequence[str], language: str) -> tuple[Matrix, NDArray[np.float32]]:
        pieces, spelling = spelled_words(texts)
        keys = np.array(sorted(spelling), dtype=np.uint64)
        found = [self.meanings.row(spelling[int(key)], language) for key in keys]
        rows = np.zeros((len(keys), self.meanings.english.dimensions), np.float32)
        general = np.zeros(len(keys), np.float32)
        for number, (key, row) in enumerate(zip(keys, found, strict=True)):
            if row is not None:
                rows[number] = row
                general[number] = self.meanings.share(spelling[int(key)], language)
        bag = csr_matrix(
            (np.ones(len(pieces.keys), np.float32), (pieces.texts, np.searchsorted(keys, pieces.keys))),
            shape=(len(texts), len(keys)),
        )
        bag.sum_duplicates()
        weights = RARITY / (RARITY + general)
        sharper = emphasis(texts) - 1
        rare = self._rarity([spelling[int(key)] for key in keys])
        bag.data *= weights[bag.indices] * rare[bag.indices] ** np.repeat(2 * sharper, np.diff(bag.indptr))
        total = np.asarray(bag.sum(axis=1)).ravel()
        has = np.array([row is not None for row in found], dtype=np.float32)
        share = np.asarray(bag @ has).ravel() / np.maximum(total, 1e-9)
        return np.asarray(bag @ rows, dtype=np.float32), share.astype(np.float32)

    def _rarity(self, spelled: Sequence[str]) -> NDArray[np.float32]:
        """Rarity in the corpus; 1 for a word that it never held."""
        if len(self.vocabulary) == 0 or not spelled:
            return np.ones(len(spelled), np.float32)
        keys = words(list(spelled)).keys
        places = np.minimum(np.searchsorted(self.vocabulary, keys), len(self.vocabulary) - 1)
        return np.where(self.vocabulary[places] == keys, self.rarity[places], 1).astype(np.float32)

    def state(self) -> dict[str, NDArray[np.generic]]:
        """All that was learned, as numeric arrays; the shipped vectors and the dictionary stay where they are."""
        own: dict[str, NDArray[np.generic]] = {
            "vocabulary": self.vocabulary,
            "rarity": self.rarity,
        }
        return own | {f"mean.{code}": mean for code, mean in self.means.items()}

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[np.generic]], meanings: Meanings | None = None) -> Self:
        """The space that `state` describes; `meanings` where they were read already."""
        means = {
            name.removeprefix("mean."): array.astype(np.float32)
            for name, array in state.items()
            if name.startswith("mean.")
        }
        return cls(
            meanings or read_meanings(),
            state["vocabulary"].astype(np.uint64),
            state["rarity"].astype(np.float32),
            means,
        )


def read_meanings() -> Meanings:
    """Read the shipped vectors and all vocabularies: 25 ms."""
    return Meanings(load_english(), load_translations())


def _mean(sums: Matrix) -> NDArray[np.float32]:
    rows = unit_rows(sums[sums.any(axis=1)])
    return np.asarray(rows.mean(axis=0) if len(rows) >= FEWEST else np.zeros(sums.shape[1]), dtype=np.float32)
