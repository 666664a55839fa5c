"""Write what trends need from night to night: late arrivals, expectations, signals, the status of topics."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from cxtext.batches import batches
from cxtext.store import tables as t
from cxtext.store.runs import Run
from cxtext.store.signal_tables import ALL, arrival, day_tally, expectation, signal

Row = dict[str, Any]
PAGE, FEW = 5000, 200
WITH_ITS_PAST = -1  # lag of a source that comes for the first time
LONGEST_LAG = 13
SHOWN = 5  # example tickets of a signal


def forget(connection: Connection, run_id: int) -> None:
    """Take back what this run wrote before it was killed."""
    for table in (arrival, expectation, signal):
        connection.execute(table.delete().where(table.c.from_run == run_id))
        connection.execute(table.update().where(table.c.to_run == run_id).values(to_run=None))


def evenings(connection: Connection, run_id: int) -> list[date]:
    """The dates of all nights up to a run, oldest first, itself included if it is a night."""
    done = sa.or_(t.run.c.state == "done", t.run.c.id == run_id)
    chosen = (t.run.c.kind == "night", t.run.c.id <= run_id, t.run.c.as_of.is_not(None), done)
    return list(connection.scalars(sa.select(t.run.c.as_of).where(*chosen).distinct().order_by(t.run.c.as_of)))


def note_arrivals(connection: Connection, run: Run, nights: Sequence[date]) -> None:
    """Remember how many nights late the tickets of tonight came.

    A source that comes for the first time brings its past along: that is no delay. Neither is the wait for a night
    that runs once a week: the lag counts from the first night that could have known the ticket.
    """
    if run.kind != "night" or run.as_of is None:
        return
    before = connection.scalar(
        sa.select(sa.func.max(t.run.c.id)).where(t.run.c.kind == "night", t.run.c.state == "done", t.run.c.id < run.id)
    )
    earlier = t.version.alias()
    known = sa.exists().where(earlier.c.no == t.version.c.no, earlier.c.from_run < t.version.c.from_run)
    query = (
        sa.select(t.ticket.c.source, t.version.c.day, sa.func.count().label("tickets"))
        .join(t.ticket, t.ticket.c.no == t.version.c.no)
        .where(t.version.c.from_run > (before or 0), t.version.c.from_run <= run.id, t.version.c.day.is_not(None))
        .where(~known)
        .group_by(t.ticket.c.source, t.version.c.day)
        .order_by(t.ticket.c.source, t.version.c.day)
    )
    old = set(connection.scalars(sa.select(arrival.c.source).distinct()))
    counts: dict[tuple[str, date, int], int] = {}
    for source, day, tickets in connection.execute(query):
        key = (source, run.as_of, WITH_ITS_PAST)
        if source in old:
            first = next((night for night in nights if night >= day), run.as_of)
            key = (source, day, min((run.as_of - first).days, LONGEST_LAG))
        counts[key] = counts.get(key, 0) + tickets
    rows = [
        {"source": source, "day": day, "lag": lag, "from_run": run.id, "to_run": None, "tickets": tickets}
        for (source, day, lag), tickets in sorted(counts.items())
    ]
    if rows:
        connection.execute(arrival.insert(), rows)


def lags(connection: Connection, run_id: int, since: date, until: date) -> list[int]:
    """How many tickets of the days from `since` to `until` came 0, 1, … 13 or more nights late."""
    query = (
        sa.select(arrival.c.lag, sa.func.sum(arrival.c.tickets))
        .where(arrival.c.lag != WITH_ITS_PAST, arrival.c.day >= since, arrival.c.day <= until)
        .where(arrival.c.from_run <= run_id)
        .group_by(arrival.c.lag)
    )
    counted = [0] * (LONGEST_LAG + 1)
    for lag, tickets in connection.execute(query):
        counted[max(lag, 0)] += int(tickets)
    return counted


def busy_slices(connection: Connection, since: date, least: int) -> list[tuple[str, str, str]]:
    """Topic, dimension and value of the slices with at least so many customers since a day, "all" included."""
    query = (
        sa.select(day_tally.c.topic_id, day_tally.c.dimension, day_tally.c.value)
        .where(day_tally.c.to_run.is_(None), day_tally.c.day >= since, day_tally.c.dimension != "cause")
        .group_by(day_tally.c.topic_id, day_tally.c.dimension, day_tally.c.value)
        .having(sa.func.sum(day_tally.c.customers) >= least)
        .order_by(day_tally.c.topic_id, day_tally.c.dimension, day_tally.c.value)
    )
    return [(row.topic_id, row.dimension, row.value) for row in connection.execute(query)]


def first_day(connection: Connection) -> date | None:
    """The oldest day with a ticket."""
    found: date | None = connection.scalar(sa.select(sa.func.min(day_tally.c.day)).where(day_tally.c.to_run.is_(None)))
    return found


def last_day(connection: Connection, run_id: int) -> date | None:
    """The newest day with a ticket as seen at a run."""
    seen = t.seen_at(day_tally, run_id)
    whole = (day_tally.c.topic_id == ALL, day_tally.c.dimension == "all", day_tally.c.value == ALL)
    found: date | None = connection.scalar(sa.select(sa.func.max(day_tally.c.day)).where(*whole, seen))
    return found


def changed_pasts(connection: Connection, run_id: int, until: date) -> list[tuple[str, int, int, int]]:
    """Topic, customers that came or went in its past, its customers before and now; of topics this run touched.

    The past ends with the day `until`; of topics that had no ticket at all before this run it ends tonight.
    """
    mine = sa.or_(day_tally.c.from_run == run_id, day_tally.c.to_run == run_id)
    old = day_tally.alias()
    before = sa.exists().where(
        old.c.topic_id == day_tally.c.topic_id, old.c.dimension == "all", old.c.from_run < run_id,
        sa.or_(old.c.to_run.is_(None), old.c.to_run == run_id),
    )  # fmt: skip
    past = (day_tally.c.dimension == "all", day_tally.c.topic_id != ALL, sa.or_(day_tally.c.day <= until, ~before))
    query = sa.select(day_tally.c.topic_id, day_tally.c.day, day_tally.c.customers, day_tally.c.from_run)
    change: dict[str, dict[date, int]] = {}
    for row in connection.execute(query.where(mine, *past)):
        days = change.setdefault(row.topic_id, {})
        days[row.day] = days.get(row.day, 0) + (row.customers if row.from_run == run_id else -row.customers)
    size = sa.select(day_tally.c.topic_id, sa.func.sum(day_tally.c.customers)).where(
        day_tally.c.to_run.is_(None), day_tally.c.topic_id.in_(sorted(change)), *past
    )
    now = {topic_id: int(count) for topic_id, count in connection.execute(size.group_by(day_tally.c.topic_id))}
    return [
        (topic_id, sum(map(abs, days.values())), now.get(topic_id, 0) - sum(days.values()), now.get(topic_id, 0))
        for topic_id, days in sorted(change.items())
    ]


def wholes(connection: Connection, since: date) -> Iterator[Any]:
    """Rows (topic_id, dimension, value, day, customers) of whole topics and of everything since a day."""
    return _counts(connection, day_tally.c.dimension == "all", day_tally.c.day >= since)


def slices(connection: Connection, chosen: Sequence[tuple[str, str, str]], since: date) -> Iterator[Any]:
    """The same for some slices."""
    for part in batches(sorted(chosen), FEW):
        topics = sorted({topic_id for topic_id, _, _ in part})
        wanted = frozenset(part)
        dimensions = sorted({dimension for _, dimension, _ in part})
        rows = _counts(
            connection,
            day_tally.c.topic_id.in_(topics),
            day_tally.c.dimension.in_(dimensions),
            day_tally.c.day >= since,
        )
        yield from (row for row in rows if (row.topic_id, row.dimension, row.value) in wanted)


def _counts(connection: Connection, *chosen: sa.ColumnElement[bool]) -> Iterator[Any]:
    names = ("topic_id", "dimension", "value", "day", "customers")
    query = sa.select(*(day_tally.c[name] for name in names)).where(day_tally.c.to_run.is_(None), *chosen)
    yield from connection.execute(query).yield_per(PAGE)


def examples(
    connection: Connection, topics: Sequence[str], dimension: str, value: str, since: date, until: date
) -> list[str]:
    """Keys of at most five different tickets of a node in a period, the surest of their topic first."""
    query = (
        sa.select(t.ticket.c.source, t.ticket.c.id, t.version.c.fold)
        .select_from(t.version)
        .join(t.ticket, t.ticket.c.no == t.version.c.no)
        .join(t.assignment, sa.and_(t.assignment.c.no == t.version.c.no, t.assignment.c.to_run.is_(None)))
        .join(t.reading, sa.and_(t.reading.c.no == t.version.c.no, t.reading.c.to_run.is_(None)))
        .where(t.version.c.to_run.is_(None), t.version.c.day >= since, t.version.c.day <= until)
        .order_by(t.assignment.c.confidence.desc(), t.version.c.no)
        .limit(SHOWN * 20)
    )
    if topics != [ALL]:
        query = query.where(t.assignment.c.topic_id.in_(topics))
    if dimension == "department":
        query = query.where(t.reading.c.department == value)
    elif dimension == "version":
        named = sa.func.coalesce(t.version.c.product + " ", "") + t.version.c.version
        query = query.where(named == value)
    elif dimension != "all":
        query = query.where(t.version.c[dimension] == value)
    by_text: dict[str, str] = {}
    for source, ticket_id, fold in connection.execute(query):
        by_text.setdefault(fold, f"{source}:{ticket_id}")
    return list(by_text.values())[:SHOWN]


def told_before(connection: Connection, since: date) -> list[Row]:
    """The signals that stand, told since a day or still open, as rows of the table."""
    recent = sa.or_(signal.c.day >= since, signal.c.state == "open", signal.c.until.is_(None))
    query = sa.select(signal).where(signal.c.to_run.is_(None), recent).order_by(signal.c.day, signal.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def save_signals(connection: Connection, rows: Sequence[Row], gone: Sequence[str], run_id: int) -> int:
    """Keep signals; what is the same stays untouched, `gone` are ids that nobody can see any more."""
    names = ("id",)
    for part in batches(sorted(gone), FEW):
        _close(connection, signal, names, [(one,) for one in part], run_id)
    return _replace(connection, signal, names, rows, run_id, signal.c.id.in_([row["id"] for row in rows]))


def save_bands(connection: Connection, rows: Iterable[Row], run_id: int) -> int:
    """Keep what was expected of nodes and days; an older expectation of the same day gives way."""
    written = 0
    names = ("topic_id", "dimension", "value", "day")
    for part in batches(rows, PAGE):
        days = sorted({row["day"] for row in part})
        within = sa.and_(expectation.c.day >= days[0], expectation.c.day <= days[-1])
        written += _replace(connection, expectation, names, part, run_id, within)
    return written


def save_status(connection: Connection, status: Mapping[str, str], run_id: int) -> int:
    """Write where topics stand into their rows of this run; returns how many changed."""
    rows = connection.execute(sa.select(t.topic).where(t.topic.c.to_run.is_(None))).mappings().all()
    changed = [dict(row) for row in rows if row["id"] in status and row["status"] != status[row["id"]]]
    for row in changed:
        here = sa.and_(t.topic.c.id == row["id"], t.topic.c.from_run == row["from_run"])
        if row["from_run"] == run_id:
            connection.execute(t.topic.update().where(here).values(status=status[row["id"]]))
            continue
        connection.execute(t.topic.update().where(here).values(to_run=run_id))
        connection.execute(t.topic.insert().values(**row | {"from_run": run_id, "status": status[row["id"]]}))
    return len(changed)


def _replace(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row], run_id: int, where: Any
) -> int:
    wanted = {tuple(row[name] for name in names) for row in rows}
    old: dict[tuple[Any, ...], Row] = {}
    # one by one: `where` may let half a year of all nodes through, a gigabyte on a million tickets
    standing = connection.execute(sa.select(table).where(where, table.c.to_run.is_(None)))
    for row in standing.yield_per(PAGE).mappings():
        key = tuple(row[name] for name in names)
        if key in wanted:
            old[key] = dict(row)
    fresh = [row for row in rows if not _same(row, old.get(tuple(row[name] for name in names)))]
    keys = [tuple(row[name] for name in names) for row in fresh]
    _close(connection, table, names, [key for key in keys if key in old], run_id)
    for part in batches(fresh, PAGE):
        connection.execute(table.insert(), [row | {"from_run": run_id, "to_run": None} for row in part])
    return len(fresh)


def _close(
    connection: Connection, table: Table, names: Sequence[str], keys: Sequence[tuple[Any, ...]], run_id: int
) -> None:
    """End rows of earlier runs; rows that this very run wrote are simply replaced."""
    if not keys:
        return
    named = [table.c[name] == sa.bindparam(f"old_{name}") for name in names]
    parameters = [{f"old_{name}": part for name, part in zip(names, key, strict=True)} for key in keys]
    connection.execute(table.delete().where(*named, table.c.from_run == run_id), parameters)
    connection.execute(table.update().where(*named, table.c.to_run.is_(None)).values(to_run=run_id), parameters)


def _same(row: Row, old: Row | None) -> bool:
    return old is not None and all(old[name] == value for name, value in row.items())
