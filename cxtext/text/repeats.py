"""The same message sent again and again: texts that differ by little share one fold and count as repeats."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

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
    return hashlib.blake2b(_normal(text).encode(), digest_size=8).hexdigest()


def fold_repeats(cases: Sequence[Case], known: Mapping[str, str] | None = None) -> list[Case]:
    """Set `fold` of every case: equal and nearly equal texts get the same one.

    Two texts are nearly equal if their sets of three-word shingles have a Jaccard similarity of .8 or more; candidates
    come from MinHash with banding (Broder 1997). A fold is the smallest fingerprint of its connected group, so neither
    order nor repetition matters. `known` maps fingerprints of earlier nights to their folds: those stay, and new texts
    join the smallest known fold of their group.
    """
    known = known or {}
    prints = [fingerprint(case.text) for case in cases]
    texts = {key: _normal(case.text) for key, case in zip(prints, cases, strict=True)}
    folds: dict[str, str] = {}
    for group in _groups(texts):
        old = [known[key] for key in group if key in known]
        name = min(old) if old else group[0]
        folds |= {key: known.get(key, name) for key in group}
    return [replace(case, fold=folds[key]) for case, key in zip(cases, prints, strict=True)]


def _normal(text: str) -> str:
    key = _PLACEHOLDER.sub(r" \1 ", fold(text))
    return _PUNCTUATION.sub(" ", _NUMBER.sub("0", key)).strip()


def _groups(texts: Mapping[str, str]) -> Iterator[list[str]]:
    """Connected groups of fingerprints, each sorted."""
    parent = {key: key for key in texts}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for left, right in _similar_pairs(texts):
        first, second = sorted((root(left), root(right)))
        parent[second] = first
    groups = defaultdict(list)
    for key in sorted(texts):
        groups[root(key)].append(key)
    yield from groups.values()


def _similar_pairs(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    shingles = {key: _shingles(texts[key].split()) for key in sorted(texts)}
    shingles = {key: hashes for key, hashes in shingles.items() if len(hashes)}
    buckets: dict[tuple[int, bytes], list[str]] = defaultdict(list)
    for key, hashes in shingles.items():
        signature = _min_hash(hashes)
        for band, part in enumerate(signature.reshape(_BANDS, -1)):
            buckets[band, part.tobytes()].append(key)
    seen: set[tuple[str, str]] = set()
    for keys in buckets.values():
        # Chained, not all with all: a bucket of thousands stays linear, and its members are alike in a row.
        for pair in pairwise(keys):
            if pair not in seen:
                seen.add(pair)
                if _jaccard(shingles[pair[0]], shingles[pair[1]]) >= _SIMILAR:
                    yield pair


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


def _jaccard(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> float:
    shared = len(np.intersect1d(left, right, assume_unique=True))
    return shared / (len(left) + len(right) - shared)


def known_folds(cases: Iterable[Case]) -> dict[str, str]:
    """Return what `fold_repeats` must know about the cases of earlier nights."""
    return {fingerprint(case.text): case.fold for case in cases}
