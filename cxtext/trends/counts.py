"""Daily counts from a file of the user's own: one column `day`, one column per series."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np

from cxtext.errors import SourceError
from cxtext.trends.calendar import Floats

DAY = "day"


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """Consecutive days, the names of the series, and counts (days, series); NaN where a cell was empty."""

    days: list[date]
    names: list[str]
    counts: Floats


def read_counts(path: Path) -> DailyCounts:
    """Read daily counts from `.csv` or `.parquet`.

    An empty cell means "nothing is known of that day" (before a topic existed, an outage of the export): it is left
    out of every sum. A day without a row is refused: whether it had no tickets or no data only its owner knows.

    Raises:
        SourceError: unreadable file, no column `day`, no series, and every cell that is no count, with its place.
    """
    table = _table(Path(path))
    if DAY not in table:
        raise SourceError(f"{path}: no column '{DAY}'; columns found: {', '.join(table) or 'none'}")
    names = [name for name in table if name != DAY]
    if not names:
        raise SourceError(f"{path}: no series beside '{DAY}'; give one column of counts per series")
    days = [_day(cell, path, row) for row, cell in enumerate(table[DAY], start=2)]
    if not days:
        raise SourceError(f"{path}: no rows")
    order = sorted(range(len(days)), key=lambda index: days[index])
    days = [days[index] for index in order]
    _check_days(days, path)
    columns = [[_count(table[name][index], path, name, days[place]) for place, index in enumerate(order)]
               for name in names]  # fmt: skip
    return DailyCounts(days, names, np.array(columns, dtype=float).T)


def _table(path: Path) -> dict[str, list[object]]:
    if not path.is_file():
        raise SourceError(f"{path}: no such file")
    if path.suffix.lower() == ".parquet":
        return _parquet(path)
    if path.suffix.lower() == ".csv":
        return _csv(path)
    raise SourceError(f"{path}: daily counts come as .csv or .parquet, not '{path.suffix}'")


def _csv(path: Path) -> dict[str, list[object]]:
    import csv  # noqa: PLC0415

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.readline()
            delimiter = max(",;\t", key=sample.count)
            file.seek(0)
            rows = [row for row in csv.reader(file, delimiter=delimiter) if row]
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise SourceError(f"{path}: not a readable CSV file in UTF-8 ({error})") from error
    if not rows:
        raise SourceError(f"{path}: the file is empty")
    header = [name.strip() for name in rows[0]]
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise SourceError(f"{path}: column '{twice[0]}' appears twice")
    if "" in header:
        raise SourceError(f"{path}: column {header.index('') + 1} has no name")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise SourceError(f"{path}: line {number} has {len(row)} cells, the header has {len(header)}")
    return {name: [row[index].strip() for row in rows[1:]] for index, name in enumerate(header)}


def _parquet(path: Path) -> dict[str, list[object]]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{path}: not a readable Parquet file ({error})") from error
    names = [name for name in table.column_names if not name.startswith("__index_level_")]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceError(f"{path}: column '{twice[0]}' appears twice")
    return {name: table.column(name).to_pylist() for name in names}


def _day(cell: object, path: Path, row: int) -> date:
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day)
    try:
        return date.fromisoformat(str(cell)[:10]) if str(cell)[10:11] in ("", "T", " ") else _no_day(cell)
    except ValueError as error:
        raise SourceError(f"{path}: row {row}: '{cell}' is no day; write days as 2026-11-21") from error


def _no_day(cell: object) -> date:
    raise ValueError(str(cell))


def _check_days(days: list[date], path: Path) -> None:
    for before, day in pairwise(days):
        if day == before:
            raise SourceError(f"{path}: {day} appears twice; give one row per day")
        if (day - before).days > 1:
            raise SourceError(
                f"{path}: no row between {before} and {day}; write 0 for a day without tickets, "
                "leave the cells empty for a day of which nothing is known"
            )


def _count(cell: object, path: Path, name: str, day: date) -> float:
    if cell is None or cell == "":
        return float("nan")
    try:
        value = float(str(cell)) if not isinstance(cell, bool) else float("nan")
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise SourceError(f"{path}: '{cell}' in column '{name}' on {day} is no count; leave unknown cells empty")
    if value < 0 or value != int(value):
        kind = "negative" if value < 0 else "not a whole number"
        raise SourceError(f"{path}: {cell} in column '{name}' on {day} is {kind}; counts are 0, 1, 2, …")
    return value
