"""Keep the sums that screens read, at a cost in proportion to the tickets that a run touched."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.batches import batches
from cxtext.store import runs
from cxtext.store import tables as t
from cxtext.store.tally_tables import tally

FACETS = ("department", "cause", "product", "version", "channel", "language", "intent")
SUMS = ("count", "negative", "mood", "priced", "cents", "closed", "minutes")
PAGE = 5000
FEW = 200  # rows in one question: five values each stay far under SQLite's limit of variables

Key = tuple[str, str, str]


def update(connection: Connection, run_id: int) -> int:
    """Bring the sums up to `run_id`: add what its tickets say now, take away what they said before.

    A run that is repeated after a kill starts from the sums of the run before it; one that finds no sums at all, in a store
    that an older cxtext filled, counts every ticket. Returns the number of sums written.
    """
    _forget(connection, run_id)
    changes: dict[Key, list[int]] = {}
    begun = connection.scalar(sa.select(tally.c.from_run).limit(1)) is not None
    before = runs.counted_before(connection, run_id)
    for sign, moment in ((-1, before), (1, run_id)) if begun else ((1, run_id),):
        for row in _touched(connection, (before, run_id), moment, everything=not begun):
            _add(changes, row, sign)
    written = 0
    keys = sorted(key for key, sums in changes.items() if any(sums))
    for start in range(0, len(keys), FEW):
        part = keys[start : start + FEW]
        old = _present(connection, part, run_id)
        _close(connection, [key for key in part if key in old], run_id)
        rows: list[dict[str, Any]] = []
        for key in part:
            new = [a + b for a, b in zip(old.get(key, [0] * len(SUMS)), changes[key], strict=True)]
            if new[0]:
                rows.append(
                    dict(zip(("topic_id", "facet", "value"), key, strict=True))
                    | dict(zip(SUMS, new, strict=True))
                    | {"from_run": run_id, "to_run": None}
                )
        if rows:
            connection.execute(tally.insert(), rows)
        written += len(rows)
    return written


def take_away(connection: Connection, numbers: Sequence[int]) -> None:
    """Take tickets that are about to be erased out of the sums that stand, in place: nobody may see them again."""
    changes: dict[Key, list[int]] = {}
    for part in batches(numbers, FEW):
        for row in connection.execute(_facts(sa.select(t.ticket.c.no).where(t.ticket.c.no.in_(part)).subquery(), None)):
            _add(changes, row, -1)
    for keys in batches(sorted(changes), FEW):
        chosen: list[Key] = list(keys)
        query = sa.select(tally).where(_where(chosen), tally.c.to_run.is_(None))
        for old in connection.execute(query).mappings().all():
            key = (old["topic_id"], old["facet"], old["value"])
            left = {name: old[name] + less for name, less in zip(SUMS, changes[key], strict=True)}
            here = sa.and_(_where([key]), tally.c.to_run.is_(None))
            if left["count"] > 0:
                connection.execute(tally.update().where(here).values(**left))
            else:
                connection.execute(tally.delete().where(here))


def _forget(connection: Connection, run_id: int) -> None:
    connection.execute(tally.delete().where(tally.c.from_run == run_id))
    connection.execute(tally.update().where(tally.c.to_run == run_id).values(to_run=None))


def _touched(connection: Connection, between: tuple[int, int], moment: int, *, everything: bool) -> Iterator[Any]:
    """The tickets that the runs after the first wrote or closed something of, or all of them, as seen at a moment."""
    before, run_id = between
    written = sa.union(
        *(
            sa.select(table.c.no).where(column > before, column <= run_id)
            for table in (t.version, t.reading, t.assignment)
            for column in (table.c.from_run, table.c.to_run)
        )
    )
    numbers = (sa.select(t.ticket.c.no) if everything else written).subquery()
    yield from connection.execute(_facts(numbers, moment)).yield_per(PAGE)


def _facts(numbers: sa.Subquery, moment: int | None) -> sa.Select[Any]:
    """What the sums need of some tickets, as they were seen at a moment, or as they stand."""
    facts = (t.version.c.day, t.version.c.product, t.version.c.version, t.version.c.channel, t.version.c.language)
    times = (t.version.c.created_at, t.version.c.resolved_at, t.version.c.cost)
    words = (t.reading.c.department, t.reading.c.cause, t.reading.c.intent)

    def seen(table: sa.Table) -> sa.ColumnElement[bool]:
        return table.c.to_run.is_(None) if moment is None else t.seen_at(table, moment)

    return (
        sa.select(*facts, *times, *words, t.reading.c.sentiment, t.reading.c.sentiment_label, t.assignment.c.topic_id)
        .select_from(numbers)
        .join(t.version, sa.and_(t.version.c.no == numbers.c.no, seen(t.version)))
        .join(t.reading, sa.and_(t.reading.c.no == numbers.c.no, seen(t.reading)))
        .outerjoin(t.assignment, sa.and_(t.assignment.c.no == numbers.c.no, seen(t.assignment)))
    )


def _add(changes: dict[Key, list[int]], row: Any, sign: int) -> None:
    closed = row.resolved_at is not None and row.created_at is not None and row.resolved_at >= row.created_at
    sums = (
        1,
        int(row.sentiment_label == "negative"),
        round(row.sentiment * 10_000),
        int(row.cost is not None),
        round((row.cost or 0) * 100),
        int(closed),
        int((row.resolved_at - row.created_at).total_seconds() // 60) if closed else 0,
    )
    for facet, value in _values(row):
        kept = changes.setdefault((row.topic_id or "", facet, value), [0] * len(SUMS))
        for place, one in enumerate(sums):
            kept[place] += sign * one


def _values(row: Any) -> Iterator[tuple[str, str]]:
    yield "day", row.day.isoformat() if row.day else ""
    for facet in FACETS:
        value = getattr(row, facet) or ""
        if facet == "version" and value:  # 2.0 of one product is not 2.0 of another
            value = f"{row.product or ''} {value}".strip()
        yield facet, value[:400]


def _where(keys: list[Key]) -> sa.ColumnElement[bool]:
    return sa.tuple_(tally.c.topic_id, tally.c.facet, tally.c.value).in_(keys)


def _present(connection: Connection, keys: list[Key], run_id: int) -> dict[Key, list[int]]:
    query = sa.select(tally).where(_where(keys), t.seen_at(tally, run_id))
    return {
        (row["topic_id"], row["facet"], row["value"]): [row[name] for name in SUMS]
        for row in connection.execute(query).mappings()
    }


def _close(connection: Connection, keys: list[Key], run_id: int) -> None:
    if keys:
        connection.execute(tally.update().where(_where(keys), t.seen_at(tally, run_id)).values(to_run=run_id))
