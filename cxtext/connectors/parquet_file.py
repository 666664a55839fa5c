"""Reads `.parquet` row group by row group."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cxtext.connectors.open_bytes import Content
from cxtext.connectors.table import Broken, Line, Table, unique_names
from cxtext.connectors.trial import survive
from cxtext.errors import SourceError

ROWS_AT_ONCE = 1_024
MOST_BYTES = 8_000_000_000  # unpacked, as the file itself declares
FREE_ROWS, ROWS_A_BYTE = 1_000_000, 10  # equal values are packed without end; rows that differ are not
FAILURES = (pa.ArrowException, OSError, ValueError, OverflowError, KeyError, NotImplementedError)


def open_table(content: Content) -> Table:
    """A Parquet file as a table; structures become columns with dots, line numbers count rows from 1.

    Raises:
        SourceError: it is no Parquet file, it is damaged, or it declares more than 8 GB.
    """
    plain = content.seekable()
    file = _opened(plain)
    try:
        declared = sum(file.metadata.row_group(at).total_byte_size for at in range(file.metadata.num_row_groups))
        names = unique_names(_flat(file.schema_arrow.empty_table()).column_names)
        rows, kind = file.metadata.num_rows, "Parquet"
    except FAILURES as error:
        raise SourceError(f"{content.name} is no readable Parquet file: {_first_line(error)}") from error
    finally:
        file.close()
    if declared > MOST_BYTES:
        raise SourceError(f"{content.name} unpacks to {declared:,} bytes, more than {MOST_BYTES:,}: split it")
    if rows > FREE_ROWS + ROWS_A_BYTE * plain.path.stat().st_size:
        raise SourceError(f"{content.name} states {rows:,} rows, more than a file of its size can hold")
    survive("parquet", plain.path, content.name)

    def lines() -> Iterator[Line | Broken]:
        number = 0
        again = _opened(plain)
        try:
            for batch in again.iter_batches(batch_size=ROWS_AT_ONCE, use_threads=False):
                table = _flat(pa.Table.from_batches([batch]))
                for cells in zip(*(_cells(column) for column in table.columns), strict=True):
                    number += 1
                    yield Line(number, cells)
        except FAILURES as error:
            raise SourceError(f"{content.name} is damaged after row {number:,}: {_first_line(error)}") from error
        finally:
            again.close()
        if number != rows:
            raise SourceError(f"{content.name} is damaged: it states {rows:,} rows and holds {number:,}")

    return Table(kind, names, lines, rows)


def _opened(content: Content) -> Any:
    try:
        return pq.ParquetFile(content.path, memory_map=False)
    except FAILURES as error:
        raise SourceError(f"{content.name} is no readable Parquet file: {_first_line(error)}") from error


def _flat(table: Any) -> Any:
    for _ in range(8):
        if not any(pa.types.is_struct(kind) for kind in table.schema.types):
            break
        table = table.flatten()
    return table


def _cells(column: Any) -> list[object]:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [None if cell is None else cell.decode("utf-8", "replace") for cell in column.to_pylist()]
    cells: list[object] = column.to_pylist()
    return cells


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
