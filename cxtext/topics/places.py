"""Where every ticket stands: columns instead of objects, so that a million tickets take 60 MB and not 500."""

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP = 16  # keys between two that are kept apart to be searched; fewer cost memory, more cost time
MARK = "S16"  # a mark is 16 letters at most
SPREAD = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64
)  # odd numbers that mix two halves of a mark
NOWHERE = -1  # number of no topic
MOST_BYTES = 1_000_000_000  # of one column, unpacked: 50 million tickets
COLUMNS = {"ends": "i8", "topics": "i4", "sure": "f8", "marks": MARK, "by_person": "?"}
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one ticket stands: its topic, how sure that is, whose text it shares, and whether a person put it there."""

    topic_id: str | None
    confidence: float
    mark: str  # of the text; equal marks, equal topic
    by_person: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Places:
    """The places of tickets by key, in the order of the keys; a changed one is a new one.

    Attributes:
        keys: all keys in UTF-8, one after the other.
        ends: where each ends among them.
        topics: numbers into `names`, -1 for no topic.
        names: ids of topics.
        heads: every sixteenth key, to be searched first.
    """

    keys_: bytes = b""
    ends: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    topics: Array = field(default_factory=lambda: np.zeros(0, np.int32))
    sure: Array = field(default_factory=lambda: np.zeros(0))
    marks: Array = field(default_factory=lambda: np.zeros(0, MARK))
    by_person: Array = field(default_factory=lambda: np.zeros(0, np.bool_))
    names: tuple[str, ...] = ()
    heads: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, places: Mapping[str, Place]) -> "Places":
        """Places that are at hand as objects."""
        return cls().changed(places)

    def __len__(self) -> int:
        return len(self.ends)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._find(key.encode())[1]

    def __getitem__(self, key: str) -> Place:
        row, known = self._find(key.encode())
        if not known:
            raise KeyError(key)
        return self._place(row)

    def __repr__(self) -> str:
        return f"Places({dict(self.items())})"

    def get(self, key: str) -> Place | None:
        """The place of a ticket, None if it is not known."""
        row, known = self._find(key.encode())
        return self._place(row) if known else None

    def keys(self) -> Iterator[str]:
        """All keys, in order."""
        return self._keys(range(len(self)))

    def items(self) -> Iterator[tuple[str, Place]]:
        """All keys with their places, in order."""
        return self._pairs(range(len(self)))

    def in_topics(self, topic_ids: Collection[str]) -> list[str]:
        """Keys of the tickets of some topics, in order."""
        wanted = [number for number, name in enumerate(self.names) if name in topic_ids]
        return list(self._keys(np.flatnonzero(np.isin(self.topics, wanted)).tolist()))

    def sharing(self, marks: Collection[str]) -> Iterator[tuple[str, Place]]:
        """Keys, in order, and places of all tickets whose text has one of these marks."""
        wanted = sorted(marks)
        some = np.array(wanted, dtype=MARK) if wanted else np.zeros(0, MARK)
        alike = np.flatnonzero(np.isin(_mixed(self.marks), _mixed(some))).tolist()
        known = frozenset(wanted)
        return ((key, place) for key, place in self._pairs(alike) if place.mark in known)

    def sizes(self) -> dict[str, int]:
        """How many tickets each topic has."""
        counts = np.bincount(self.topics[self.topics >= 0], minlength=len(self.names))
        return {name: int(count) for name, count in zip(self.names, counts, strict=True) if count}

    def union(self, keys: Iterable[str]) -> int:
        """How many tickets these and those with these keys are together."""
        return len(self) + sum(key not in self for key in set(keys))

    def changed(self, places: Mapping[str, Place]) -> "Places":
        """The same with some places that are new or other ones; costs 20 ms a million tickets."""
        if not places:
            return self
        names = {name: number for number, name in enumerate(self.names)}
        for place in places.values():
            if place.topic_id is not None:
                names.setdefault(place.topic_id, len(names))
        given = sorted((key.encode(), place) for key, place in places.items())
        found = [self._find(key) for key, _ in given]
        fresh = [(row, key, place) for (row, known), (key, place) in zip(found, given, strict=True) if not known]
        at = np.array([row for row, _, _ in fresh], dtype=np.int64)
        columns = {name: np.insert(getattr(self, name), at, 0) for name in ("topics", "sure", "marks", "by_person")}
        moved = np.array([row for row, _ in found], dtype=np.int64)
        moved += np.cumsum([0, *(not known for _, known in found[:-1])])
        told = [place for _, place in given]
        columns["topics"][moved] = [NOWHERE if one.topic_id is None else names[one.topic_id] for one in told]
        columns["sure"][moved] = [one.confidence for one in told]
        columns["marks"][moved] = np.array([_mark(one.mark) for one in told], dtype=MARK)
        columns["by_person"][moved] = [one.by_person for one in told]
        keys, ends = self._with_keys([(row, key) for row, key, _ in fresh])
        return _made(keys, ends, columns, tuple(names))

    def without(self, keys: Iterable[str]) -> "Places":
        """The same without some tickets."""
        found = (self._find(key.encode()) for key in keys)
        gone = {row for row, known in found if known}
        kept = np.setdiff1d(np.arange(len(self)), sorted(gone))
        blob = b"".join(self._bytes(kept.tolist())) if gone else self.keys_
        ends = np.cumsum(np.diff(self.ends, prepend=0)[kept])
        columns = {name: getattr(self, name)[kept] for name in ("topics", "sure", "marks", "by_person")}
        return _made(blob, ends, columns, self.names)

    def to_arrays(self) -> tuple[dict[str, Array], list[str]]:
        """Packed columns by name, and the ids of topics that they point into; equal places give equal bytes."""
        used, topics = np.unique(self.topics, return_inverse=True)
        here = [self.names[number] for number in used.tolist() if number >= 0]
        order = sorted(here)
        number = {name: place for place, name in enumerate(order)}
        renumbered = np.array([-1 if one < 0 else number[self.names[one]] for one in used.tolist()], dtype=np.int32)
        columns = {name: getattr(self, name) for name in COLUMNS}
        columns["topics"] = renumbered[topics] if len(used) else self.topics
        columns["ends"] = np.diff(self.ends, prepend=0)  # lengths, which pack better
        packed = {name: _packed(column.astype(COLUMNS[name]).tobytes()) for name, column in columns.items()}
        return packed | {"keys": _packed(self.keys_)}, order

    @classmethod
    def from_arrays(cls, packed: Mapping[str, Array], names: Iterable[str]) -> "Places":
        """Read what `to_arrays` wrote.

        Raises:
            ValueError: the columns do not fit each other.
            KeyError: one is missing.
        """
        keys = _unpacked(packed["keys"])
        columns = {name: np.frombuffer(_unpacked(packed[name]), kind) for name, kind in COLUMNS.items()}
        ends, known = np.cumsum(columns.pop("ends")), tuple(names)
        if len({len(ends), *map(len, columns.values())}) != 1 or (ends[-1] if len(ends) else 0) != len(keys):
            raise ValueError("columns of different length")
        if len(ends) and not -1 <= columns["topics"].min() <= columns["topics"].max() < len(known):
            raise ValueError("a topic that is not named")
        return _made(keys, ends, columns, known)

    def _find(self, key: bytes) -> tuple[int, bool]:
        """The row of a key, or the one before which it belongs; and whether it is there."""
        first = max(bisect_right(self.heads, key) - 1, 0) * STEP
        ends = self.ends[first : first + STEP].tolist()
        begins = [int(self.ends[first - 1]) if first else 0, *ends[:-1]]
        near = [self.keys_[begin:end] for begin, end in zip(begins, ends, strict=True)] if ends else []
        place = bisect_left(near, key)
        return first + place, place < len(near) and near[place] == key

    def _bytes(self, rows: Collection[int]) -> Iterator[bytes]:
        """The keys of rows that rise."""
        chosen = np.fromiter(rows, np.int64, len(rows))
        begins = np.where(chosen > 0, self.ends[chosen - 1], 0) if len(chosen) else chosen
        yield from (
            self.keys_[begin:end] for begin, end in zip(begins.tolist(), self.ends[chosen].tolist(), strict=True)
        )

    def _keys(self, rows: Collection[int]) -> Iterator[str]:
        return (key.decode() for key in self._bytes(rows))

    def _pairs(self, rows: Collection[int]) -> Iterator[tuple[str, Place]]:
        return ((key, self._place(row)) for row, key in zip(rows, self._keys(rows), strict=True))

    def _place(self, row: int) -> Place:
        topic = int(self.topics[row])
        return Place(
            None if topic < 0 else self.names[topic],
            float(self.sure[row]),
            self.marks[row].decode(),
            bool(self.by_person[row]),
        )

    def _with_keys(self, fresh: list[tuple[int, bytes]]) -> tuple[bytes, Array]:
        """All keys with more of them, each before a row; and their ends."""
        if not fresh:
            return self.keys_, self.ends
        parts: list[bytes] = []
        done = 0
        for row, key in fresh:
            until = int(self.ends[row - 1]) if row else 0
            parts += [self.keys_[done:until], key]
            done = until
        parts.append(self.keys_[done:])
        lengths = np.insert(np.diff(self.ends, prepend=0), [row for row, _ in fresh], [len(key) for _, key in fresh])
        return b"".join(parts), np.cumsum(lengths)


def _made(keys: bytes, ends: Array, columns: Mapping[str, Array], names: tuple[str, ...]) -> Places:
    starts = np.concatenate([[0], ends[:-1]])[::STEP].tolist() if len(ends) else []
    heads = tuple(keys[begin:end] for begin, end in zip(starts, ends[::STEP].tolist(), strict=True))
    return Places(keys_=keys, ends=ends, names=names, heads=heads, **columns)


def _mark(mark: str) -> bytes:
    told = mark.encode("ascii")
    if len(told) > np.dtype(MARK).itemsize:
        raise ValueError(f"a mark of {len(told)} letters")
    return told


def _mixed(marks: Array) -> Array:
    """One number a mark: equal marks, equal numbers; numbers are compared ten times as fast as texts."""
    halves = np.ascontiguousarray(marks).view(np.uint64).reshape(-1, 2)
    mixed: Array = halves[:, 0] * SPREAD[0] ^ halves[:, 1] * SPREAD[1]
    return mixed


def _packed(content: bytes) -> Array:
    return np.frombuffer(
        zlib.compress(content, 1), dtype=np.uint8
    )  # harder packing saves a tenth and takes twice as long


def _unpacked(packed: Array) -> bytes:
    unpack = zlib.decompressobj()
    content = unpack.decompress(packed.tobytes(), MOST_BYTES)
    if unpack.unconsumed_tail:
        raise ValueError(f"more than {MOST_BYTES:,} bytes in one column")
    return content
