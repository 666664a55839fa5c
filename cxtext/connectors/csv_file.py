"""Reads `.csv` and `.tsv`: every dialect and encoding that spreadsheets and help desks write."""

import csv
from collections import deque
from collections.abc import Generator, Iterator
from itertools import chain, islice

from cxtext.connectors.columns import fields_of
from cxtext.connectors.csv_dialect import Dialect, find_dialect
from cxtext.connectors.encoding import Encoding, find_encoding, open_text
from cxtext.connectors.open_bytes import Content
from cxtext.connectors.table import DATA_AS_HEADER, NO_HEADER, Broken, Line, Table, looks_like_data, unique_names
from cxtext.errors import SourceError

MOST_RECORD = 12_000_000  # characters of one row; one quote that is never closed must not swallow a whole file
MOST_AGAIN = 200_000_000  # characters read a second time after such quotes, per pass
MOST_COLUMNS = 5_000
SAMPLE = 1 << 18


def open_table(content: Content) -> Table:
    """A delimited file as a table; rows that do not fit come back as `Broken` with their line.

    Raises:
        SourceError: nothing is in it, or it has more than 5,000 columns.
    """
    csv.field_size_limit(max(csv.field_size_limit(), 2 * MOST_RECORD))
    encoding = find_encoding(content)
    with open_text(content, encoding) as stream:
        sample = stream.read(SAMPLE).replace("\0", "").lstrip("\ufeff")
    if not sample.strip():
        raise SourceError(f"{content.name} is empty")
    dialect = find_dialect(sample, "\t" if ".tsv" in content.name.lower() else ",")
    records = _records(_numbered(content, encoding, dialect.skip), dialect, None)
    before, first = _header(records)
    records.close()
    if first is None:
        raise SourceError(f"{content.name}: no line can be read as {dialect.words()}")
    if len(first.cells) > MOST_COLUMNS:
        raise SourceError(f"{content.name} has {len(first.cells):,} columns; at most {MOST_COLUMNS:,} are read")
    width, numbered = len(first.cells), content.numbered
    names = tuple(f"#{at}" for at in range(1, width + 1)) if numbered else unique_names(first.cells)
    headed = numbered or any(fields_of(name) for name in names)
    said = dialect.delimiter.join(map(str, first.cells))
    if before or looks_like_data(first.cells, headed=headed):
        before.append(Broken(first.number, DATA_AS_HEADER, said))

    def lines() -> Iterator[Line | Broken]:
        records = _records(_numbered(content, encoding, dialect.skip), dialect, width)
        if numbered:
            yield from records
            return
        below = (record for record in records if record.number > first.number)
        opening = list(islice(below, 2))
        told = before or ([Broken(first.number, NO_HEADER, said)] if _doubtful(first, opening) else [])
        yield from chain(told, opening, below)

    return Table(
        f"{'TSV' if dialect.delimiter == chr(9) else 'CSV'} ({dialect.words()}, {encoding.words})",
        names,
        lines,
        headed=headed,
    )


def _header(records: Iterator[Line | Broken]) -> tuple[list[Broken], Line | None]:
    """The first line that can be cut, and what stands above it: nothing of a file is left out in silence."""
    before: list[Broken] = []
    for record in records:
        if isinstance(record, Line):
            return before, record
        before.append(record)
    return before, None


def _doubtful(header: Line, opening: list[Line | Broken]) -> bool:
    """Whether rows seem to have grown into the header: the first ones do not fit it, or there is none below it."""
    unknown = sum(not fields_of(str(name)) for name in header.cells)
    if not opening:
        torn = any(
            "\n" in str(name).strip() for name in header.cells
        )  # an open quotation mark that took the rows along
        return torn or unknown * 2 > len(header.cells) or len(set(header.cells)) < len(header.cells)
    return bool(unknown) and len(opening) > 1 and all(isinstance(record, Broken) for record in opening)


def _numbered(content: Content, encoding: Encoding, skip: int) -> Iterator[tuple[int, str]]:
    with open_text(content, encoding) as stream:
        number = 0
        while text := stream.readline(MOST_RECORD):
            number += 1
            if number > skip:
                yield number, (text.lstrip("\ufeff") if number == skip + 1 else text).replace("\0", "")


class _Feed:
    """Hands lines to `csv.reader`, remembers which ones the current row took, and takes some of them back."""

    def __init__(self, numbered: Iterator[tuple[int, str]]) -> None:
        self.taken: list[tuple[int, str]] = []
        self._numbered = numbered
        self._waiting: deque[tuple[int, str]] = deque()
        self._size = 0
        self._again = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        item = self._waiting.popleft() if self._waiting else next(self._numbered)
        self._size = self._size + len(item[1]) if self.taken else len(item[1])
        self.taken.append(item)
        if self._size > MOST_RECORD:
            raise csv.Error(f"a row of more than {MOST_RECORD:,} characters")
        return item[1]

    def give_back(self) -> None:
        """All lines of this row but the first are read once more, as far as that stays affordable."""
        if len(self.taken) > 1 and self._again < MOST_AGAIN:
            self._again += self._size
            self._waiting.extendleft(reversed(self.taken[1:]))


def _records(
    numbered: Iterator[tuple[int, str]], dialect: Dialect, width: int | None
) -> Generator[Line | Broken, None, None]:
    """Cut lines into rows. After a row that cannot be right, go on with the line below its first one."""
    feed = _Feed(numbered)
    reader = csv.reader(feed, **dialect.options(strict=True))
    while True:
        feed.taken.clear()
        try:
            cells = next(reader)
            reason = _ragged(cells, width)
        except StopIteration:
            return
        except csv.Error as error:
            reason, cells = _mend(feed.taken, dialect, width, str(error))
            reader = csv.reader(feed, **dialect.options(strict=True))
        if reason:
            yield Broken(feed.taken[0][0], reason, "".join(text[:4_000] for _, text in feed.taken[:20])[:4_000])
            feed.give_back()
            reader = csv.reader(feed, **dialect.options(strict=True))
        elif cells:
            yield Line(feed.taken[0][0], cells if width is None else cells[:width])


def _mend(taken: list[tuple[int, str]], dialect: Dialect, width: int | None, error: str) -> tuple[str, list[str]]:
    """A row on one line with quotes inside quotes still counts when its number of cells is right."""
    text = taken[0][1]
    if "new-line" in error:  # a carriage return inside a line that ends otherwise
        text = text.rstrip("\r\n").replace("\r", " ")
    if len(taken) == 1 and width is not None and text.count(dialect.quote) % 2 == 0:
        try:
            cells = next(csv.reader([text], **dialect.options(strict=False)), [])
        except csv.Error:
            cells = []
        if len(cells) == width:
            return "", cells
    if "unexpected end" in error:
        return "a quote is opened and never closed", []
    return f"cannot be cut into cells: {error}", []


def _ragged(cells: list[str], width: int | None) -> str:
    if not cells or width is None or len(cells) == width or (len(cells) > width and not any(cells[width:])):
        return ""
    return f"{len(cells)} cells where the header has {width}: a delimiter or a quote is missing or too many"
