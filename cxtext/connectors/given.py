"""Turns rows that are at hand already, as an API receives them, into tickets."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cxtext.connectors.columns import FIELDS, fields_of
from cxtext.connectors.dates import Reader
from cxtext.connectors.flatten import flatten
from cxtext.connectors.rows import MOST_RAW, Plan, Reading
from cxtext.connectors.table import Broken, Line
from cxtext.connectors.values import is_absent, plain
from cxtext.domain import Rejected, Ticket
from cxtext.errors import ConfigurationError

COLUMNS = tuple(name for name in FIELDS if name != "people")


def tickets_from_rows(rows: Iterable[Mapping[str, Any]], *, timezone: str, source: str) -> Iterator[Ticket | Rejected]:
    """One ticket or one rejected row for each mapping, in order; lines are numbered from 1.

    Keys are the field names of the interface (`text`, `created_at`, …); names of persons are recognised as in files,
    everything else goes to `Facts.extra`. Two numbers before a dot or slash are day and month.

    Args:
        rows: values as JSON knows them; nested ones are flattened.
        timezone: of dates that name none.
        source: of rows that name none.

    Raises:
        ConfigurationError: the time zone is unknown.
    """
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(f"no time zone {timezone!r}; write it like Europe/Berlin") from error
    plan = Plan(
        name=source,
        columns=COLUMNS,
        mapping={name: name for name in COLUMNS},
        people=(),
        dates={},
        default_date=Reader(zone),
        source=source.replace(":", "-"),
    )
    return Reading(plan).read(_lines(rows))


def named(row: Mapping[str, object]) -> dict[str, object]:
    """A row of somebody's own system with its keys read as the header of a file is: `Betreff` is the subject.

    What already has the name of a field stays; of two keys that may be one field, the one with the better name counts.
    """
    told = dict(row)
    found = sorted((rank, key, field) for key in row if key not in COLUMNS for field, rank in fields_of(key).items())
    for _, key, field in found:
        if field in COLUMNS and is_absent(told.get(field)) and not is_absent(told.get(key)):
            told[field] = told.pop(key)
    return told


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[Line | Broken]:
    for number, row in enumerate(rows, start=1):
        try:
            cells = _flat(row)
        except (ValueError, RecursionError) as error:
            yield Broken(number, str(error), plain(str(row)[:MOST_RAW]))
            continue
        yield Line(number, [cells.pop(name, None) for name in COLUMNS], cells)


def _flat(row: Mapping[str, Any]) -> dict[str, object]:
    """The row with `extra` opened: what callers put there keeps its own name, unless a field has that name."""
    extra = row.get("extra")
    if not isinstance(extra, Mapping):
        return flatten(row)
    named = {name if name not in COLUMNS else f"extra.{name}": value for name, value in extra.items()}
    return flatten(named | {name: value for name, value in row.items() if name != "extra"})
