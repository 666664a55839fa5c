"""Rows into files: CSV, JSONL, Parquet, XLSX. Streamed, written beside the target and moved over it when complete."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import re2

from cxtext.batches import batches
from cxtext.errors import ConfigurationError
from cxtext.export.kinds import Row, Type

BATCH = 10_000  # rows held in memory
CELL = 32_767  # characters in one cell of XLSX
_CUT = re2.compile(r'([;\t\r\n][\s"]*)([=@＝＠]|[+＋－-][\pL\pN(.])')
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "\0", "＝", "＋", "－", "＠")

Writer = Callable[[Path, Mapping[str, Type], Iterable[Row]], None]


def write_file(path: Path, columns: Mapping[str, Type], rows: Iterable[Row], *, form: str | None = None) -> None:
    """Write rows to `path`; the format is `form` or the ending of the name.

    Raises:
        ConfigurationError: no such format, or the file cannot be written.
    """
    name = (form or path.suffix).lstrip(".").lower()
    if name not in FORMATS:
        raise ConfigurationError(f"no format {name!r} for {path}; known: {', '.join(FORMATS)} (or say --format)")
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        FORMATS[name](unfinished, columns, rows)
        unfinished.replace(path)
    except OSError as error:
        raise ConfigurationError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def harmless(value: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP ASVS 1.2.10), nor any part of it.

    A German Excel cuts at semicolons and line breaks whatever quotes stand around the cell: what would then begin a cell
    gets the same apostrophe.
    """
    inside = _CUT.sub(r"\1'\2", value)
    return f"'{inside}" if inside.startswith(FORMULA) else inside


def plain(value: Any) -> Any:
    """A value as one cell of text formats: times in ISO 8601 (UTC), lists joined by semicolons."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    return value


def _csv(path: Path, columns: Mapping[str, Type], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            cells = [plain(row.get(name)) for name in columns]
            writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])


def _jsonl(path: Path, columns: Mapping[str, Type], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(jsonable(row, columns), ensure_ascii=False) + "\n")


def jsonable(row: Row, columns: Iterable[str]) -> Row:
    """The chosen columns of a row as JSON can hold them."""
    return {name: value if isinstance(value := row.get(name), list) else plain(value) for name in columns}


def _parquet(path: Path, columns: Mapping[str, Type], rows: Iterable[Row]) -> None:
    import pyarrow as pa  # noqa: PLC0415 – 0.1 s that other formats do not need
    import pyarrow.parquet as pq  # noqa: PLC0415

    types = {
        "text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "date": pa.date32(),
        "moment": pa.timestamp("us", tz="UTC"), "texts": pa.list_(pa.string()),
    }  # fmt: skip
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches(rows, BATCH):
            content = {name: [row.get(name) for row in batch] for name in columns}
            writer.write_table(pa.table(content, schema=schema))


def _xlsx(path: Path, columns: Mapping[str, Type], rows: Iterable[Row]) -> None:
    import xlsxwriter  # noqa: PLC0415 – only this format needs it

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 – the same rows give the same bytes
    sheet = book.add_worksheet("cxtext")
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, start=1):
        for column, name in enumerate(columns):
            value = plain(row.get(name))
            if isinstance(value, str):
                sheet.write_string(number, column, value if len(value) <= CELL else value[: CELL - 1] + "…")
            elif value is not None:
                sheet.write(number, column, value)
    book.close()


FORMATS: Mapping[str, Writer] = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet, "xlsx": _xlsx}
