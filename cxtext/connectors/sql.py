"""Any database by one SELECT: its columns are recognised as those of a file, its cursor is a column that only grows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal

from cxtext.connectors.given import named
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import since, word
from cxtext.connectors.values import plain
from cxtext.errors import ConfigurationError, SourceError

AT_ONCE = 1000


def check(visit: Visit) -> str:
    """The columns that the query gives."""
    for names, _ in _rows(visit, limit=1):
        return f"columns: {', '.join(names)}"
    return "no rows"


def pages(visit: Visit) -> Iterator[Page]:
    """Rows of the query; without a cursor column all of them, and ids that are gone are noticed."""
    cursor_column = visit.account.option("cursor")
    chosen = {key.removeprefix("map_"): told for key, told in visit.account.options.items() if key.startswith("map_")}
    known, ids = visit.cursor.get("newest"), set()
    newest, sorts = known, bool(re.search(r"\border\s+by\b", visit.account.option("query"), re.IGNORECASE))
    for names, found in _rows(visit):
        if cursor_column and cursor_column not in names:
            raise ConfigurationError(
                f"[sources.{visit.account.name}] cursor = {cursor_column!r} is no column of the query"
            )
        rows = [{name: _plain(value) for name, value in zip(names, row, strict=True)} for row in found]
        if cursor_column:
            newest = _greatest([newest, *(row[cursor_column] for row in rows)])
        rows = [_with_fields(row, chosen) for row in rows]
        ids |= {_id(row) for row in rows}
        yield Page(
            rows=tuple(row for row in rows if not row.get("deleted")),
            gone=tuple(_id(row) for row in rows if row.get("deleted")),
            cursor={"newest": newest if sorts else known} if cursor_column else {},
        )
    if cursor_column and not sorts:  # without an order, rows that are older may come last
        yield Page(cursor={"newest": newest})
    if not cursor_column and ids - {""}:
        yield Page(complete=frozenset(ids), cursor={})


def _with_fields(row: Mapping[str, object], chosen: Mapping[str, str]) -> dict[str, object]:
    """Columns as fields: those that the configuration names, else as in the header of a file; `deleted` is the mark."""
    told = {**row, **{field: row.get(column) for field, column in chosen.items()}}
    mark = told.pop("deleted", None)
    return {**named(told), "deleted": mark} if mark else named(told)


def _id(row: Mapping[str, object]) -> str:
    return "" if row.get("id") is None else plain(row["id"])


def _rows(visit: Visit, limit: int | None = None) -> Iterator[tuple[list[str], list[tuple[object, ...]]]]:
    import sqlalchemy as sa  # noqa: PLC0415

    account = visit.account
    url = account.secret("database", "an SQLAlchemy URL, like postgresql+psycopg://reader@server/shop")
    query = account.required("query", "one SELECT; where it says :since, the newest value of the cursor column stands")
    if not re.match(r"\s*(select|with)\b", query, re.IGNORECASE) or ";" in query.rstrip().rstrip(";"):
        raise ConfigurationError(f"[sources.{account.name}] query: one SELECT, nothing else")
    try:
        engine = sa.create_engine(url)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise ConfigurationError(f"[sources.{account.name}] database: {type(error).__name__}: no usable URL") from error
    try:
        with engine.connect() as connection:
            asked = {"since": _since(visit)} if ":since" in query else {}
            stream = connection.execution_options(yield_per=AT_ONCE)
            with closing(stream.execute(sa.text(query.rstrip().rstrip(";")), asked)) as found:
                names = list(found.keys())
                for part in found.partitions(limit or AT_ONCE):
                    yield names, [tuple(row) for row in part]
                    if limit:
                        return
    except sa.exc.DBAPIError as error:
        told = str(error.orig).splitlines()[0][:200]
        raise SourceError(f"[sources.{account.name}]: {told}", permanent=not error.connection_invalidated) from error
    finally:
        engine.dispose()


def _since(visit: Visit) -> object:
    """The newest value that is known; before the first visit the option `since`, a day or, for numbers, a number."""
    known, told = visit.cursor.get("newest"), visit.account.option("since")
    if known is not None:
        return known
    return int(told) if told.isdecimal() else since(visit).strftime("%Y-%m-%d %H:%M:%S")


def _greatest(values: Sequence[object]) -> object:
    """The greatest value: numbers by their size (as text, 9 would come after 10), everything else as text."""
    there = [value for value in values if value not in (None, "")]
    numbers = [value for value in there if isinstance(value, int | float)]
    if there and len(numbers) == len(there):
        return max(numbers)
    return max(map(word, there), default=None)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    return value if isinstance(value, str | int | float | bool | None | list | Mapping) else word(value)
