"""What every format file hands on: columns, and lines of cells that are not yet tickets."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

DATA_AS_HEADER = (
    "this line was taken for the names of the columns, but looks like data: if there is no header line, name columns by "
    "number, such as --map 'text=#2'"
)
NO_HEADER = (
    "this line was taken for the names of the columns, but the rows do not fit it: look whether a row has grown into it"
)
_NUMBER = re.compile(r"[\d.,:+/ -]*\d[\d.,:+/TZ -]*")  # or a date
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*|\d\d?[./]\d\d?[./]\d\d(?:\d\d)?")
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f\ufffd]")  # what damage leaves, and nobody types
LONG_NAME = 250  # characters; exports of surveys name columns by whole questions
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


def looks_like_data(names: Sequence[object], *, headed: bool) -> bool:
    """Whether a line that should name columns holds data instead.

    Where no name is known, a number, a line break, a tab or a long text tell; where some are (`headed`), a date or a text so
    long that the first row must have grown into the header; anywhere, characters that nobody types.
    """
    told = ["" if name is None else str(name).strip() for name in names]
    if any(_CONTROL.search(name) for name in told):
        return True
    if headed:
        return any(_DATE.fullmatch(name) or len(name) > 2 * LONG_NAME for name in told)
    return any(_NUMBER.fullmatch(name) or re.search(r"[\n\t]", name) or len(name) > LONG_NAME for name in told)
