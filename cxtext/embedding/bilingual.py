"""What English and German words mean, as rows in one space: shipped English vectors and a German-English vocabulary."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxtext.array_file import load_arrays
from cxtext.embedding.lexicon_import import TABLE, read_table
from cxtext.errors import ModelError
from cxtext.resources import model_file, model_files
from cxtext.text.compounds import parts
from cxtext.text.fold import fold
from cxtext.text.words import lemma, stop_words

Floats = NDArray[np.float32]
HEAD_SHARE = 0.5  # of the first parts of a compound against its last, which says what the thing is
SHORTEST_PIECE = 4
REMEMBERED = 50_000  # words whose rows are kept: 50 MB
SPLIT = re.compile(r"[-/_.’']+")


@dataclass(frozen=True, slots=True)
class English:
    """The shipped rows: word or phrase to row number, rows as 8-bit integers times a scale, general probability."""

    index: Mapping[str, int]
    vectors: NDArray[np.int8]
    scales: Floats
    probabilities: Floats

    @property
    def dimensions(self) -> int:
        """Numbers in a row."""
        return int(self.vectors.shape[1])

    def row(self, word: str) -> Floats | None:
        """The row of a lower-case word or phrase, or None."""
        number = self.index.get(word)
        return None if number is None else self.vectors[number].astype(np.float32) * self.scales[number]

    def probability(self, word: str) -> float:
        """Share of the word in general text; 0 where it is not known."""
        number = self.index.get(word)
        return 0.0 if number is None else float(self.probabilities[number])


def load_english(path: Path | None = None) -> English:
    """Read `models/vectors/english.npz`.

    Raises:
        ModelError: the file is damaged.
    """
    source = path or model_file("vectors/english.npz")
    try:
        stored = load_arrays(source)
        words = stored["words"].tobytes().decode().split("\n")
        table = English(
            {word: number for number, word in enumerate(words)},
            stored["vectors"],
            stored["scales"],
            stored["probabilities"],
        )
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"word vectors {source}: {error}; install cxtext again or build them anew") from error
    if table.vectors.shape[:1] != (len(words),):
        raise ModelError(f"word vectors {source}: {len(words)} words but {table.vectors.shape[0]} rows")
    return table


Translations = Mapping[str, tuple[str, ...]]


def load_translations(dictionary: Path | None = None) -> dict[str, tuple[str, ...]]:
    """German words, as written and folded, to their English meanings.

    The shipped vocabulary (`models/lexicons/de_en_*.tsv`) was written for what customers write, so it wins over imported
    tables: `dictionary` and whatever `cxtext lexicon import` left in the own models folder.

    Raises:
        ModelError: an imported table is damaged.
    """
    imported: dict[str, tuple[str, ...]] = {}
    for table in (*model_files(TABLE), *([dictionary] if dictionary else ())):
        imported |= read_table(table)
    shipped: dict[str, tuple[str, ...]] = {}
    for path in model_files("lexicons/de_en_*.tsv"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                german, _, english = line.partition("\t")
                add_translation(shipped, german, tuple(meaning.strip().lower() for meaning in english.split(";")))
    return imported | shipped


def add_translation(table: dict[str, tuple[str, ...]], german: str, meanings: tuple[str, ...]) -> None:
    """Enter a word as it is written and as it is folded; equal folded words share their meanings."""
    for key in {german, fold(german)}:
        table[key] = tuple(dict.fromkeys(table.get(key, ()) + meanings))


def vocabulary_mark() -> str:
    """A short hash of all word vectors and vocabularies in use: another mark, another space."""
    paths = (model_file("vectors/english.npz"), *model_files("lexicons/de_en_*.tsv"), *model_files(TABLE))
    content = b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths)
    return hashlib.blake2b(content, digest_size=8).hexdigest()


class Meanings:
    """Resolves a word of a language to a row of the English space and its general probability; remembers answers."""

    def __init__(self, english: English, translations: Translations) -> None:
        self.english = english
        self._translations = translations
        self._known: dict[tuple[str, str], Floats | None] = {}

    def row(self, word: str, language: str) -> Floats | None:
        """The row of `word` (as written), shape (dimensions,), or None where nothing is known."""
        key = (word, language)
        if key not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = self._german(word) if language == "de" else self._english(word.lower())
        return self._known[key]

    def share(self, word: str, language: str) -> float:
        """How frequent the word is in general text, of German words their most frequent meaning; 0 if nobody knows."""
        if language != "de":
            return self.english.probability(word.lower())
        meanings = next((self._translations[form] for form in (word, fold(word)) if form in self._translations), ())
        return max(map(self.english.probability, meanings), default=0.0)

    def _english(self, word: str) -> Floats | None:
        found = self.english.row(word)
        if found is None:
            found = self.english.row(lemma(word, "en").lower())
        if found is None and SPLIT.search(word):
            found = _mean(self.english.row(piece) for piece in SPLIT.split(word))
        return found if found is not None else self._two_words(word)

    def _two_words(self, word: str) -> Floats | None:
        """Read "smartwatch" as smart and watch, the longest last word first."""
        for cut in range(SHORTEST_PIECE, len(word) - SHORTEST_PIECE + 1):
            first, last = self.english.row(word[:cut]), self.english.row(word[cut:])
            if first is not None and last is not None:
                return _mean((first, last))
        return None

    def _german(self, word: str) -> Floats | None:
        found = self._translated(word)
        if found is None:
            found = self._compound([piece for part in SPLIT.split(word) if part for piece in parts(part)])
        if found is None and len(word) >= SHORTEST_PIECE:
            found = self.english.row(fold(word))  # a cognate or the name of a product
        return found

    def _translated(self, word: str) -> Floats | None:
        for form in (word, fold(word), base := lemma(word, "de"), fold(base)):
            if form in self._translations:
                return _mean(self._phrase(meaning) for meaning in self._translations[form])
        return None

    def _phrase(self, meaning: str) -> Floats | None:
        found = self.english.row(meaning)
        if found is None:
            words = [word for word in meaning.split() if word not in stop_words("en")] or meaning.split()
            found = _mean(self.english.row(word) for word in words)
        return found

    def _compound(self, pieces: Sequence[str]) -> Floats | None:
        """The longest known tail says what it is, the rest says more about it."""
        if len(pieces) < 2:
            return None
        for start in range(1, len(pieces)):
            tail = self._translated("".join(pieces[start:]))
            if tail is not None:
                head = _mean(self._translated(piece) for piece in pieces[:start])
                return tail if head is None else np.asarray((tail + HEAD_SHARE * head) / (1 + HEAD_SHARE), np.float32)
        return None


def _mean(rows: "Iterator[Floats | None] | Sequence[Floats | None]") -> Floats | None:
    known = [row for row in rows if row is not None]
    return np.mean(known, axis=0, dtype=np.float32) if known else None
