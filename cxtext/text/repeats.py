"""The same message sent again and again: texts that differ by little share one fold and count as repeats."""

import hashlib
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from cxtext.domain import Case
from cxtext.text.fold import fold

_PLACEHOLDER = re.compile(r"<([a-z_]+?)(?:_[0-9a-f]{4,12})?>")
_NUMBER = re.compile(r"\d+(?:[.,:/ -]?\d+)*")
_PUNCTUATION = re.compile(r"[\W_]+")
_SHINGLE = 3  # words
_FEWEST_WORDS = 6  # shorter texts fold only when equal: one word more is another message
_SIMILAR = 0.8  # Jaccard similarity of word shingles; one changed word of forty costs three shingles of each
_PERMUTATIONS, _BANDS = 64, 16
_MERSENNE = np.uint64((1 << 61) - 1)


def fingerprint(text: str) -> str:
    """Return 16 hexadecimal digits that texts share which are equal but for case, accents, punctuation and numbers."""
    return _print_of(_normal(text))


def _print_of(normal: str) -> str:
    return hashlib.blake2b(normal.encode(), digest_size=8).hexdigest()


def fold_repeats(cases: Sequence[Case], known: Mapping[str, str] | None = None) -> list[Case]:
    """Set `fold` of every case: equal and nearly equal texts get the same one, as `folds_of` says."""
    names = folds_of((case.text for case in cases), lambda _: known or {})
    return [replace(case, fold=name) for case, name in zip(cases, names, strict=True)]


def folds_of(texts: Iterable[str], known: Callable[[Sequence[str]], Mapping[str, str]]) -> list[str]:
    """The fold of every text: equal and nearly equal ones share it.

    Two texts are nearly equal if their sets of three-word shingles have a Jaccard similarity of .8 or more; candidates
    come from MinHash with banding (Broder 1997). A fold is the smallest fingerprint of its connected group, so neither
    order nor repetition matters. Takes 0.4 KB of memory for a different text, whatever its length.

    Args:
        texts: in any order; each is looked at once.
        known: asked with the fingerprints of all these texts for the folds of those of earlier nights: such folds stay,
            and new texts join the smallest known fold of their group.
    """
    prints: list[str] = []
    sketches = _Sketches()
    for text in texts:
        normal = _normal(text)
        prints.append(_print_of(normal))
        sketches.add(prints[-1], normal)
    before = known(sorted(sketches.rows))
    folds: dict[str, str] = {}
    for group in sketches.groups():
        old = [before[key] for key in group if key in before]
        name = min(old) if old else group[0]
        folds |= {key: before.get(key, name) for key in group}
    return [folds[key] for key in prints]


def _normal(text: str) -> str:
    key = _PLACEHOLDER.sub(r" \1 ", fold(text))
    return _PUNCTUATION.sub(" ", _NUMBER.sub("0", key)).strip()


@dataclass(slots=True)
class _Sketches:
    """What is kept of different texts to tell which are nearly equal: shingles, and one number for each band of MinHash."""

    rows: dict[str, int] = field(default_factory=dict)  # fingerprint -> place
    shingles: "array[int]" = field(default_factory=lambda: array("I"))
    ends: "array[int]" = field(default_factory=lambda: array("Q", [0]))
    bands: "array[int]" = field(default_factory=lambda: array("Q"))  # `_BANDS` for each text that has shingles

    def add(self, key: str, normal: str) -> None:
        if key in self.rows:
            return
        self.rows[key] = len(self.rows)
        hashes = _shingles(normal.split())
        self.shingles.frombytes(hashes.astype(np.uint32).tobytes())
        self.ends.append(len(self.shingles))
        if len(hashes):
            rows = _min_hash(hashes).reshape(_BANDS, -1)
            self.bands.frombytes((rows * _MIXING[: rows.shape[1]]).sum(axis=1, dtype=np.uint64).tobytes())

    def groups(self) -> Iterator[list[str]]:
        """Connected groups of fingerprints, each sorted, by their smallest."""
        keys = sorted(self.rows)
        place = np.array([self.rows[key] for key in keys], dtype=np.int64)
        parent = list(range(len(keys)))

        def root(one: int) -> int:
            while parent[one] != one:
                parent[one] = parent[parent[one]]
                one = parent[one]
            return one

        for left, right in self._candidates(place).tolist():
            first, second = sorted((root(left), root(right)))
            if first != second and self._jaccard(place[left], place[right]) >= _SIMILAR:
                parent[second] = first
        groups: dict[int, list[str]] = {}
        for row, key in enumerate(keys):
            groups.setdefault(root(row), []).append(key)
        yield from groups.values()

    def _candidates(self, place: NDArray[np.int64]) -> NDArray[np.int64]:
        """Pairs (n, 2) of places in the order of the fingerprints that share a band.

        Chained, not all with all: a band that thousands share stays linear, and its texts are alike in a row.
        """
        ends = np.array(self.ends, dtype=np.int64)
        filled = np.flatnonzero((ends[1:] > ends[:-1])[place])
        told = np.cumsum(ends[1:] > ends[:-1]) - 1  # of the texts with shingles, by place of arrival
        bands = np.array(self.bands, dtype=np.uint64).reshape(-1, _BANDS)[told[place[filled]]]
        pairs = [np.zeros(0, dtype=np.int64)]
        for column in bands.T:
            order = np.argsort(column, kind="stable")
            same = np.flatnonzero(column[order[1:]] == column[order[:-1]])
            pairs.append(filled[order[same]] << 32 | filled[order[same + 1]])
        both = np.unique(np.concatenate(pairs))
        return np.stack([both >> 32, both & 0xFFFFFFFF], axis=1)

    def _jaccard(self, left: int, right: int) -> float:
        first, second = (set(self.shingles[self.ends[one] : self.ends[one + 1]]) for one in (left, right))
        shared = len(first & second)
        return shared / (len(first) + len(second) - shared)


def _shingles(words: Sequence[str]) -> NDArray[np.uint64]:
    if len(words) < _FEWEST_WORDS:
        return np.zeros(0, dtype=np.uint64)
    runs = {" ".join(words[place : place + _SHINGLE]) for place in range(len(words) - _SHINGLE + 1)}
    # An own hash: Python's differs from process to process.
    hashes = [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=4).digest(), "big") for run in runs]
    return np.unique(np.array(hashes, dtype=np.uint64))


def _min_hash(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # 32-bit inputs times 29-bit factors stay below 2**64, so the products are exact.
    mixed = (hashes[:, None] * _FACTORS[None, :] + _OFFSETS[None, :]) % _MERSENNE
    smallest: NDArray[np.uint64] = mixed.min(axis=0)
    return smallest


def _numbers(purpose: bytes) -> NDArray[np.uint64]:
    """Fixed pseudo-random numbers below 2**29, odd, derived from a hash."""
    digests = (hashlib.blake2b(purpose + bytes([place]), digest_size=4).digest() for place in range(_PERMUTATIONS))
    return np.array([int.from_bytes(digest, "big") >> 3 | 1 for digest in digests], dtype=np.uint64)


_FACTORS, _OFFSETS = _numbers(b"factor"), _numbers(b"offset")
_MIXING = _numbers(b"band")  # four numbers of a band as one: of a million texts, two differ and agree with odds of 1e-7


def known_folds(cases: Iterable[Case]) -> dict[str, str]:
    """Return what `fold_repeats` must know about the cases of earlier nights."""
    return {fingerprint(case.text): case.fold for case in cases}
