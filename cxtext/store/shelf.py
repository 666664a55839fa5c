"""Vectors of ticket texts in a folder beside the database: appended night by night, searched exactly, rebuilt at will.

Files: `space.npz` (what the vectors were made with), `rows.f16` (float16, one row a text, length 1), `rows.i64` (ticket
number and `from_run` of the version, one pair a row), `shelf.json` (how many rows count; replaced last, so that a kill in
the middle of an append leaves the old state). No text is in them.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.array_file import load_arrays, load_json
from cxtext.errors import ModelError

Key = tuple[int, int]  # number and from_run
VERSION = 1
AT_ONCE = 20_000  # rows multiplied at a time; bounds memory to some 80 MB
SHIFT = 32  # a key as one whole number: number << 32 | from_run
LARGEST_PLAIN = 200_000  # rows that NumPy alone compares in a third of a second
SPARE = 50  # candidates besides those wanted: a product of float16 is a little less exact than what decides
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Shelf:
    """What lies in a folder at this moment; `rows` is mapped, not read."""

    folder: Path
    signature: str  # of the embedding
    fitted_on: int  # tickets there were when the space was taken
    space: Mapping[str, NDArray[Any]]
    keys: NDArray[np.int64]  # one a row
    rows: NDArray[np.float16]
    run: int = 0  # every version that this run saw has a row

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.keys)

    def without_row(self, wanted: Sequence[Key]) -> list[Key]:
        """Those keys that have no row yet."""
        there = np.isin(packed(wanted), self.keys, kind="sort") if len(self.keys) else np.zeros(len(wanted), bool)
        return [key for key, is_there in zip(wanted, there.tolist(), strict=True) if not is_there]


@dataclass(frozen=True, slots=True)
class Folder:
    """The place on a disk where vectors lie, as `pgvector.Server` is one in a database."""

    path: Path

    def opened(self) -> Shelf | None:
        """What lies there; None where nothing does."""
        return open_shelf(self.path)

    def filling(self) -> AbstractContextManager[None]:
        """One process at a time may change the files; others wait."""
        return filling(self.path)

    def start(self, signature: str, space: Mapping[str, NDArray[Any]], *, width: int, fitted_on: int) -> None:
        """Begin anew: no rows, another space."""
        start(self.path, signature, space, width=width, fitted_on=fitted_on)

    def append(self, keys: Sequence[Key], rows: NDArray[Any]) -> None:
        """Add rows, all or none."""
        append(self.path, keys, rows)

    def complete(self, run_id: int) -> None:
        """Note that every version that a run saw has a row."""
        complete(self.path, run_id)


def folder_of(file: Path | None) -> Path:
    """Where the vectors of a database lie: beside it; those of a server in the working folder."""
    return Path(f"{file}.vectors") if file else Path("cxtext.vectors")


def open_shelf(folder: Path) -> Shelf | None:
    """What lies there; None where nothing does.

    Raises:
        ModelError: the files are damaged.
    """
    told = folder / "shelf.json"
    if not told.is_file():
        return None
    try:
        facts = load_json(told.read_text(encoding="utf-8"))
        count, width = int(facts["rows"]), int(facts["width"])
        if facts["version"] != VERSION:
            return None
        if min(count, width) < 0 or (folder / "rows.i64").stat().st_size < 16 * count:
            raise ValueError(f"{count:,} rows are stated")
        space = load_arrays(folder / "space.npz")
        keys = np.fromfile(folder / "rows.i64", dtype=np.int64, count=2 * count).reshape(count, 2)
        rows = np.zeros((0, width), np.float16)
        if count:
            rows = np.memmap(folder / "rows.f16", dtype=np.float16, mode="r", shape=(count, width))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"the vectors in {folder} are damaged ({error}): delete the folder, it is made again"
        ) from error
    return Shelf(folder, facts["signature"], facts["fitted_on"], space, _packed(keys), rows, facts.get("run", 0))


@contextmanager
def filling(folder: Path) -> Iterator[None]:
    """One process at a time may change the files; others wait."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def start(folder: Path, signature: str, space: Mapping[str, NDArray[Any]], *, width: int, fitted_on: int) -> None:
    """Begin anew: no rows, another space."""
    clear(folder)
    np.savez(folder / "space.npz", allow_pickle=False, **{name: space[name] for name in sorted(space)})
    for name in ("rows.f16", "rows.i64"):
        (folder / name).touch()
    _tell(folder, {"version": VERSION, "signature": signature, "fitted_on": fitted_on, "width": width, "rows": 0})


def append(folder: Path, keys: Sequence[Key], rows: NDArray[Any]) -> None:
    """Add rows; what a killed append left behind is cut off first."""
    facts = json.loads((folder / "shelf.json").read_text(encoding="utf-8"))
    count, width = facts["rows"], facts["width"]
    for name, start_at, content in (
        ("rows.f16", count * width * 2, np.ascontiguousarray(rows, dtype=np.float16).tobytes()),
        ("rows.i64", count * 16, np.asarray(keys, dtype=np.int64).tobytes()),
    ):
        with (folder / name).open("r+b") as file:
            file.truncate(start_at)
            file.seek(start_at)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _tell(folder, facts | {"rows": count + len(keys)})


def complete(folder: Path, run_id: int) -> None:
    """Note that every version that a run saw has a row."""
    facts = json.loads((folder / "shelf.json").read_text(encoding="utf-8"))
    _tell(folder, facts | {"run": run_id})


def clear(folder: Path) -> None:
    """Take everything away but the lock, the telling file first."""
    for name in ("shelf.json", "space.npz", "rows.f16", "rows.i64"):
        (folder / name).unlink(missing_ok=True)


def remove(folder: Path) -> None:
    """Take the folder away."""
    shutil.rmtree(folder, ignore_errors=True)


def among(shelf: Shelf, allowed: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows have one of these packed keys."""
    return np.isin(shelf.keys, allowed, kind="sort")


def until(shelf: Shelf, run_id: int, hidden: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows were written up to a run and are none of some packed keys."""
    seen: NDArray[np.bool_] = (shelf.keys & (1 << SHIFT) - 1) <= run_id
    return seen & ~np.isin(shelf.keys, hidden, kind="sort") if len(hidden) else seen


def nearest(shelf: Shelf, question: NDArray[Any], seen: NDArray[np.bool_], most: int) -> list[tuple[Key, float]]:
    """The `most` seen rows nearest to a vector of length 1, with their cosine; equal ones by key.

    Exact: every row that may be seen is compared, and no other, so that an answer is full wherever there is enough. Takes
    1.7 CPU-seconds for a million rows of 606 numbers; with usearch (the extra `similar`), which multiplies float16 as it
    is, 0.2.
    """
    found: list[tuple[float, int, int]] = []
    wanted = np.asarray(question, dtype=np.float32)
    choose = _fast() if len(seen) > LARGEST_PLAIN else None
    for start_at in range(0, len(seen), AT_ONCE):
        inside = seen[start_at : start_at + AT_ONCE]
        places = start_at + np.flatnonzero(inside)
        if len(places) == 0:
            continue
        part = shelf.rows[start_at : start_at + AT_ONCE] if inside.all() else shelf.rows[places]
        if choose is not None and len(places) > most + SPARE:
            chosen = choose(part, wanted, most + SPARE)
            part, places = part[chosen], places[chosen]
        cosines = np.round(np.asarray(part, dtype=np.float32) @ wanted, DIGITS)
        near = zip((-cosines).tolist(), shelf.keys[places].tolist(), places.tolist(), strict=True)
        found = sorted([*found, *near])[: most + SPARE]
    keys = [(key >> SHIFT, key & (1 << SHIFT) - 1) for _, key, _ in found]
    return ranked(keys, shelf.rows[[place for *_, place in found]], question, most)


def ranked(keys: Sequence[Key], rows: NDArray[Any], question: NDArray[Any], most: int) -> list[tuple[Key, float]]:
    """Candidates by their cosine with a question, equal ones by key: whoever found them, in whatever order, it decides alike.

    Each row is summed by itself in float64, because a product of a matrix sums a row as its neighbours fall.
    """
    cosines = (np.asarray(rows, dtype=np.float64) * np.asarray(question, dtype=np.float64)).sum(axis=1).round(DIGITS)
    best = sorted(zip((-cosines).tolist(), keys, strict=True))[:most]
    return [(key, -cosine) for cosine, key in best]


def _fast() -> Callable[[NDArray[Any], NDArray[np.float32], int], NDArray[np.int64]] | None:
    """Finds candidates among float16 rows without making them larger; None where usearch is not installed."""
    try:
        search: Any = import_module("usearch.index").search
    except ImportError:
        return None

    def choose(rows: NDArray[Any], wanted: NDArray[np.float32], most: int) -> NDArray[np.int64]:
        rows = np.ascontiguousarray(rows)
        found = search(rows, wanted.astype(np.float16), most, "ip", exact=True, threads=1)
        return np.sort(np.asarray(found.keys, dtype=np.int64))

    return choose


def pack(keys: Sequence[Key]) -> NDArray[np.int64]:
    """Keys as sorted whole numbers."""
    return np.sort(packed(keys))


def packed(keys: Sequence[Key]) -> NDArray[np.int64]:
    """Keys as whole numbers, in their order."""
    return _packed(np.asarray(keys, dtype=np.int64).reshape(-1, 2))


def _packed(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    return (keys[:, 0] << SHIFT) | keys[:, 1]


def _tell(folder: Path, facts: Mapping[str, Any]) -> None:
    draft = folder / "shelf.json.new"
    draft.write_text(json.dumps(facts), encoding="utf-8")
    draft.replace(folder / "shelf.json")
