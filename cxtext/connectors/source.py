"""Opens one file as a source of tickets, whatever its format: the front door of this room."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cxtext.connectors.columns import DATES, Recognised, demand_text, key_of, recognise
from cxtext.connectors.dates import Reader, day_first
from cxtext.connectors.formats import CONNECTORS
from cxtext.connectors.names import GERMAN_WORDS
from cxtext.connectors.open_bytes import MOST_BYTES, Content, from_path, from_stdin
from cxtext.connectors.rows import Plan, Reading, Rows
from cxtext.connectors.table import Line, Table
from cxtext.connectors.values import decimal_mark, number, plain
from cxtext.domain import Rejected, Ticket
from cxtext.errors import ConfigurationError, SourceError
from cxtext.registry import Registry

SAMPLE = 1_000  # rows looked at before anything is decided about a column


@dataclass(frozen=True)
class Source:
    """A file that is understood: where each field comes from. `rows()` reads it from the top, as often as asked.

    An id that occurs twice comes out twice, in the order of the file; which one counts (the later `updated_at`, else the
    later row) is for the store to decide. Without a column for it, the id is made from text, date and the how-manieth
    time this content occurs, so reading the same file again gives the same ids. Names of customers and agents are in
    `Ticket.people` alone; columns that are no field are in `Facts.extra`, cut at 2,000 characters a cell.
    """

    name: str  # of the file
    description: str  # format, dialect and encoding in words
    mapping: Mapping[str, str]  # field -> column
    people: tuple[str, ...]  # columns with names, numbers and addresses of persons
    extra: tuple[str, ...]  # columns kept as they are
    notes: tuple[str, ...]  # what was decided by looking at the values
    count: int | None  # rows, where the format tells
    _rows: Rows

    def rows(self) -> Iterator[Ticket | Rejected]:
        """Every row as a ticket or as rejected with its reason, in order. Memory does not grow with the file.

        Raises:
            SourceError: the file is damaged further on.
        """
        return self._rows()


def open_source(
    path: str,
    *,
    mapping: Mapping[str, str],
    timezone: str,
    limit: int | None = None,
    source: str | None = None,
    cap: int = MOST_BYTES,
) -> Source:
    """Look at a file, or at JSON Lines on standard input ("-"), and decide how its columns are read.

    Args:
        path: `.csv .tsv .jsonl .json .parquet .xlsx .mbox`, each also `.gz` or `.zst`.
        mapping: field to column; an empty column switches the field off. "#2" is the second column of a file without header.
        timezone: of dates that name none.
        limit: the most rows that `rows()` reads.
        source: the source of every ticket, instead of a column or "file".
        cap: the most bytes after unpacking.

    Raises:
        SourceError: the file cannot be read, or nothing in it can be the text.
        ConfigurationError: the mapping names a field or column that does not exist, or the time zone is unknown.
    """
    content, table = open_table(path, mapping, cap)
    samples = samples_of(table)
    found = recognise(table.columns, mapping, samples)
    demand_text(found, table.columns, content.name, data_as_header=not table.headed)
    plan, notes = plan_of(content.name, table, found, samples, timezone, mapping)
    if source is not None:
        plan = replace(plan, source=source.replace(":", "-"), fixed_source=True)
    return Source(
        name=content.name,
        description=table.kind,
        mapping=found.mapping,
        people=found.people,
        extra=tuple(name for name in table.columns if name not in {*found.mapping.values(), *found.people}),
        notes=(*found.notes, *notes),
        count=table.rows,
        _rows=lambda: islice(Reading(plan).read(table.lines()), limit),
    )


def describe(source: Source) -> list[str]:
    """What a user is told about a source before its rows are read: one line on the file, one on the columns."""
    rows = "" if source.count is None else f", {source.count:,} rows"
    said = dict(note.split(": ", 1) for note in source.notes if ": " in note)
    parts = [
        f"{field} ← {column}" + (f" ({said[field]})" if field in said else "")
        for field, column in source.mapping.items()
    ]
    if source.people:
        parts.append(f"people ← {' + '.join(source.people)}")
    more = f" and {len(source.extra) - 20} more" if len(source.extra) > 20 else ""
    extra = f"; kept as extra: {', '.join(source.extra[:20])}{more}" if source.extra else ""
    lines = [f"{source.name}: {source.description}{rows}", f"{', '.join(parts) or 'no columns'}{extra}"]
    return lines + [note for note in source.notes if ": " not in note]


def open_table(path: str, mapping: Mapping[str, str], cap: int = MOST_BYTES) -> tuple[Content, Table]:
    """A file as a table, before anything is decided about its columns.

    Raises:
        SourceError: no format is known for its ending, or it cannot be read.
    """
    content, ending = _content(path, mapping, cap)
    if ending not in CONNECTORS.names():
        raise SourceError(f"{path}: {_unknown(ending, CONNECTORS)}")
    open_table: Callable[[Content], Table] = CONNECTORS.load(ending)
    return content, open_table(content)


def _content(path: str, mapping: Mapping[str, str], cap: int) -> tuple[Content, str]:
    numbered = any(column.startswith("#") and column[1:].isdecimal() for column in mapping.values())
    if path == "-":
        return from_stdin(cap, numbered=numbered), ".jsonl"
    return from_path(path, cap=cap, numbered=numbered)


def _unknown(ending: str, connectors: Registry) -> str:
    known = ", ".join(connectors.names())
    return f"{f'no format is known for {ending}' if ending else 'the name has no ending'}; known: {known}, each also .gz or .zst"


def samples_of(table: Table) -> dict[str, list[str]]:
    """The first values of every column that say something."""
    samples: dict[str, list[str]] = {name: [] for name in table.columns}
    for line in islice(table.lines(), SAMPLE):
        if isinstance(line, Line):
            for name, cell in zip(table.columns, line.cells, strict=False):
                if cell is not None and cell != "":
                    samples[name].append(plain(cell)[:2_000])
    return samples


def plan_of(
    name: str,
    table: Table,
    found: Recognised,
    samples: Mapping[str, list[str]],
    timezone: str,
    mapping: Mapping[str, str],
) -> tuple[Plan, list[str]]:
    """How the rows of a table are read, and what was decided by looking at them, in words."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(f"no time zone {timezone!r}; write it like Europe/Berlin") from error
    german = _is_german(table.columns)
    readers, notes = {}, []
    for field in DATES:
        if column := found.mapping.get(field):
            order, words = day_first(
                chain(samples[column], _later(table, column)), german=german, enough=len(samples[column])
            )
            readers[field] = Reader(zone, order)
            notes += [f"{field}: {words}"] if words else []
    plan = Plan(
        name=name,
        columns=table.columns,
        mapping=found.mapping,
        people=found.people,
        dates=readers,
        default_date=readers.get("created_at", Reader(zone, german)),
        csat_max=number((found.constants or {})["csat_max"]) if found.constants else None,
        decimal=decimal_mark(samples.get(found.mapping.get("cost", ""), ()), german=german),
        off=frozenset(field for field, column in mapping.items() if not column.strip()),
    )
    return plan, notes


def _later(table: Table, column: str) -> Iterator[str]:
    """The values below the sample; read only where the sample does not decide between day and month."""
    at = table.columns.index(column)
    for line in islice(table.lines(), SAMPLE, None):
        if isinstance(line, Line) and line.cells[at]:
            yield plain(line.cells[at])


def _is_german(columns: tuple[str, ...]) -> bool:
    german = {key_of(word) for word in GERMAN_WORDS} - {"text", "status"}
    return any(key_of(word) in german for name in columns for word in [name, *name.replace("_", " ").split()])
