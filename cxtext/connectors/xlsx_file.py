"""Reads the first sheet with rows of an `.xlsx`, after a look at whether unpacking it is safe."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import python_calamine

from cxtext.connectors.columns import fields_of
from cxtext.connectors.open_bytes import Content
from cxtext.connectors.table import DATA_AS_HEADER, Broken, Line, Table, looks_like_data, unique_names
from cxtext.connectors.trial import survive
from cxtext.errors import SourceError

MOST_MEMBERS = 2_000
MOST_UNPACKED = 500_000_000  # bytes of all members
MOST_RATIO = 100  # of one member; small members may compress better
FREE_BYTES = 1_000_000


def open_table(content: Content) -> Table:
    """A sheet as a table; the number of a line is the row number that the spreadsheet shows.

    Raises:
        SourceError: it is no XLSX, is encrypted, would unpack to more than is safe, or has no rows.
    """
    plain = content.seekable()
    refuse_bombs(plain, content.name)
    survive("xlsx", plain.path, content.name)
    sheet, rows = _first_sheet(plain, content.name)
    start = next((at for at, row in enumerate(rows) if sum(cell not in ("", None) for cell in row) > 0), None)
    if start is None:
        raise SourceError(f"{content.name} has no rows")
    numbered = content.numbered
    width = max((at for row in rows for at, cell in enumerate(row, start=1) if cell not in ("", None)), default=0)
    head = list(rows[start])[:width]
    names = tuple(f"#{at}" for at in range(1, width + 1)) if numbered else unique_names(head)
    headed = numbered or any(fields_of(name) for name in names)

    def lines() -> Iterator[Line | Broken]:
        if not numbered and looks_like_data(head, headed=headed):
            yield Broken(start + 1, DATA_AS_HEADER, "; ".join(str(cell) for cell in head))
        for number, row in enumerate(rows[start if numbered else start + 1 :], start=start + (1 if numbered else 2)):
            cells = row[:width]
            if any(cell not in ("", None) for cell in cells):
                yield Line(number, cells)

    count = sum(any(cell not in ("", None) for cell in row) for row in rows[start + (not numbered) :])
    return Table(f"Excel (sheet {sheet!r})", names, lines, count, headed=headed)


def refuse_bombs(content: Content, name: str) -> None:
    """Refuse archives that unpack to too much, also those that lie about it.

    Raises:
        SourceError: more than 2,000 members, 500 MB in all, or a member that grows more than a hundredfold.
    """
    try:
        with zipfile.ZipFile(content.path) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise SourceError(f"{name} holds {len(members):,} parts; at most {MOST_MEMBERS:,} are read")
            total = sum(member.file_size for member in members)
            if total > MOST_UNPACKED:
                raise SourceError(f"{name} unpacks to {total:,} bytes; at most {MOST_UNPACKED:,} are read")
            for member in members:
                if member.file_size > max(FREE_BYTES, MOST_RATIO * member.compress_size):
                    raise SourceError(f"{name}: {member.filename} unpacks more than {MOST_RATIO}-fold, like a zip bomb")
                if (
                    member.compress_size * 1_032 > MOST_UNPACKED
                ):  # deflate cannot do more: smaller ones cannot lie enough
                    _measure(content, member, name)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise SourceError(f"{name} is no readable .xlsx ({error}); an old .xls must be saved as .xlsx") from error


def _measure(content: Content, member: zipfile.ZipInfo, name: str) -> None:
    """Unpack one member without keeping it: the size that the archive states need not be true."""
    if member.compress_type != zipfile.ZIP_DEFLATED:
        return
    unpack, count = zlib.decompressobj(-15), 0
    try:
        with content.path.open("rb") as file:
            file.seek(member.header_offset + 26)
            lengths = file.read(4)
            file.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
            while not unpack.eof and (block := unpack.unconsumed_tail or file.read(1 << 16)):
                count += len(unpack.decompress(block, 1 << 20))
                if count > member.file_size:
                    raise SourceError(f"{name}: {member.filename} unpacks to more than it states, like a zip bomb")
    except zlib.error as error:
        raise SourceError(f"{name} is damaged: {error}") from error


def _first_sheet(content: Content, name: str) -> tuple[str, list[list[Any]]]:
    try:
        with content.path.open("rb") as file:
            book = python_calamine.CalamineWorkbook.from_filelike(file)
            for sheet_name in book.sheet_names:
                rows = book.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False)
                if any(cell not in ("", None) for row in rows for cell in row):
                    return sheet_name, rows
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise SourceError(f"{name} is no readable .xlsx: {error}") from error
    except BaseException as error:
        # calamine is written in Rust; a panic there arrives as an exception that is no `Exception`.
        if type(error).__name__ != "PanicException":
            raise
        raise SourceError(f"{name} is no readable .xlsx: it is damaged") from error
    raise SourceError(f"{name} has no rows")
