"""What every format file hands on: columns, and lines of cells that are not yet tickets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

NO_CELLS: Mapping[str, object] = MappingProxyType({})


class Line(NamedTuple):
    """One row: its physical line (or row number), cells in the order of the columns, and cells no column was known for."""

    number: int
    cells: Sequence[object]
    more: Mapping[str, object] = NO_CELLS


class Broken(NamedTuple):
    """A row that could not even be cut into cells."""

    number: int
    reason: str
    raw: str


@dataclass(frozen=True)
class Table:
    """One file as a table; `lines()` starts again from the top at every call and raises only `SourceError`."""

    kind: str  # format, encoding and dialect in words
    columns: tuple[str, ...]
    lines: Callable[[], Iterator[Line | Broken]]
    rows: int | None = None  # where the format tells without reading everything
    headed: bool = True  # False: the first line may be data rather than names


def unique_names(names: Sequence[object]) -> tuple[str, ...]:
    """Column names that can be told apart: blanks are numbered, repeated names get "(2)", "(3)" and so on."""
    seen: dict[str, int] = {}
    result = []
    for position, name in enumerate(names, start=1):
        plain = " ".join(("" if name is None else str(name)).replace("\ufeff", "").split()) or f"column {position}"
        seen[plain] = seen.get(plain, 0) + 1
        result.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return tuple(result)
