"""Keep sums per day and slice: what a run changed is added and taken away, at a cost in proportion to it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.batches import batches
from cxtext.store import runs
from cxtext.store import tables as t
from cxtext.store.day_slices import SUMS, Key, Slice, Sums, facts, keys_of, slices_of, who_of
from cxtext.store.signal_tables import ALL, day_tally

DAYS_AT_A_TIME = 30
TICKETS_AT_A_TIME = 20_000  # that changed
PAGE = 5000
FEW = 400
Touched = dict[date, set[str]]


def update(connection: Connection, run_id: int) -> Touched:
    """Bring the days and topics that `run_id` touched up to date; returns them (the topics of each day, "" for all tickets).

    Sums follow from what changed; whether a customer is one more or one less on a day depends on the other tickets of that
    day as well, so those of the same customers are looked up. Where nothing has been counted yet, in a store that an
    older cxtext filled, every day and topic is counted from its tickets; so is what a run touched that only took tickets
    in. Only the run that is being written may be counted. Repeated after a kill, it writes the same.
    """
    connection.execute(day_tally.delete().where(day_tally.c.from_run == run_id))
    connection.execute(day_tally.update().where(day_tally.c.to_run == run_id).values(to_run=None))
    begun = has_begun(connection, run_id)
    before = runs.counted_before(connection, run_id)
    written = _written(run_id, before) if begun else sa.select(t.ticket.c.no).subquery()
    touched, sizes = _touched(connection, written, run_id, before)
    if begun and not runs.took_in(connection, before, run_id):
        for part in _parts(sizes):
            _change(connection, written, {day: touched[day] for day in part}, run_id, before)
    else:
        for days in batches(sorted(touched), DAYS_AT_A_TIME):
            _count_anew(connection, {day: touched[day] for day in days}, run_id)
    return touched


def days_of(connection: Connection, numbers: Sequence[int]) -> dict[date, set[str]]:
    """Days of some tickets as they stand, with their topics ("" for all tickets)."""
    found: dict[date, set[str]] = {}
    for part in batches(numbers, PAGE // 10):
        query = (
            sa.select(t.version.c.day, t.assignment.c.topic_id)
            .outerjoin(t.assignment, sa.and_(t.assignment.c.no == t.version.c.no, t.stands(t.assignment)))
            .where(t.version.c.no.in_(part), t.stands(t.version), t.version.c.day.is_not(None))
        )
        for day, topic_id in connection.execute(query):
            found.setdefault(day, {ALL}).add(topic_id or ALL)
    return found


def correct(connection: Connection, touched: Mapping[date, set[str]]) -> None:
    """Count some days and topics again, in place: tickets of theirs were erased, and nobody may see them again."""
    for days in batches(sorted(touched), DAYS_AT_A_TIME):
        part = {day: touched[day] for day in days}
        fresh = _count(connection, part)
        for key, (sums, _) in _present(connection, part).items():
            here = [column == value for column, value in zip(day_tally.c, key, strict=False)]
            here.append(day_tally.c.to_run.is_(None))
            if key not in fresh:
                connection.execute(day_tally.delete().where(*here))
            elif fresh[key] != sums:
                connection.execute(day_tally.update().where(*here).values(**dict(zip(SUMS, fresh[key], strict=True))))


def has_begun(connection: Connection, run_id: int) -> bool:
    """Whether a run before this one has counted anything."""
    return connection.scalar(sa.select(day_tally.c.from_run).where(day_tally.c.from_run < run_id).limit(1)) is not None


def _written(run_id: int, before: int) -> sa.Subquery:
    """Numbers of the tickets of which the runs after `before` wrote or closed something."""
    return sa.union(
        *(
            sa.select(table.c.no).where(column > before, column <= run_id)
            for table in (t.version, t.reading, t.assignment)
            for column in (table.c.from_run, table.c.to_run)
        )
    ).subquery()


def _touched(connection: Connection, written: sa.Subquery, run_id: int, before: int) -> tuple[Touched, dict[date, int]]:
    """Days and topics of the written tickets, as they were and as they are; and how many tickets a day."""
    found: Touched = {}
    sizes: dict[date, int] = {}
    for moment in (before, run_id):
        query = (
            sa.select(t.version.c.day, t.assignment.c.topic_id, sa.func.count().label("tickets"))
            .select_from(written)
            .join(t.version, sa.and_(t.version.c.no == written.c.no, t.seen_at(t.version, moment)))
            .outerjoin(t.assignment, sa.and_(t.assignment.c.no == written.c.no, t.seen_at(t.assignment, moment)))
            .where(t.version.c.day.is_not(None))
            .group_by(t.version.c.day, t.assignment.c.topic_id)
        )
        for day, topic_id, tickets in connection.execute(query):
            found.setdefault(day, {ALL}).add(topic_id or ALL)
            sizes[day] = sizes.get(day, 0) + tickets
    return found, sizes


def _parts(sizes: Mapping[date, int]) -> Iterator[list[date]]:
    """Days in order, so many at a time as have few enough tickets."""
    part: list[date] = []
    tickets = 0
    for day in sorted(sizes):
        if part and tickets + sizes[day] > TICKETS_AT_A_TIME:
            yield part
            part, tickets = [], 0
        part.append(day)
        tickets += sizes[day]
    if part:
        yield part


def _change(connection: Connection, written: sa.Subquery, touched: Touched, run_id: int, before: int) -> None:
    """Take away what the written tickets of some days were, and add what they are."""
    numbers: set[int] = set()
    less, more = (_slices(connection, written, touched, moment, numbers) for moment in (before, run_id))
    others = _others(connection, less, more, numbers)
    old = _present(connection, touched)
    fresh: dict[Key, Sums] = {}
    for key in less.keys() | more.keys():
        there = others.get(key, ())
        known = old[key][0] if key in old else (0,) * len(SUMS)
        gone, come = (slices.get(key, Slice()).sums(there) for slices in (less, more))
        if any(has < loses for has, loses in zip(known[:3], gone[:3], strict=True)):
            _count_anew(connection, touched, run_id)  # counts that cannot be right: somebody changed the rows
            return
        fresh[key] = tuple(has - loses + wins for has, loses, wins in zip(known, gone, come, strict=True))
    fresh = {key: sums for key, sums in fresh.items() if sums[0]}
    _write(connection, fresh, {key: old[key] for key in old if key in less or key in more}, run_id)


def _slices(
    connection: Connection, written: sa.Subquery, days: Touched, moment: int, numbers: set[int]
) -> dict[Key, Slice]:
    """The slices of the written tickets of some days as they were seen at a moment; their numbers are noted."""

    def rows() -> Iterator[Any]:
        query = facts(lambda table: t.seen_at(table, moment)).join(written, written.c.no == t.version.c.no)
        for row in connection.execute(query.where(t.version.c.day.in_(list(days)))).yield_per(PAGE):
            numbers.add(row.no)
            yield row

    return slices_of(rows())


def _others(
    connection: Connection, less: Mapping[Key, Slice], more: Mapping[Key, Slice], numbers: set[int]
) -> dict[Key, set[str]]:
    """Who of the customers of changed tickets has other tickets in the same slice of the same day."""
    wanted: dict[date, set[str]] = {}
    for slices in (less, more):
        for (day, topic_id, dimension, _), one in slices.items():
            if topic_id == ALL and dimension == "all":
                wanted.setdefault(day, set()).update(one.who)
    same: list[int] = []
    columns = (t.version.c.no, t.version.c.customer_id, t.version.c.fold)
    for day, people in sorted(wanted.items()):
        query = sa.select(*columns).where(
            t.version.c.to_run.is_(None), t.version.c.day == day, t.version.c.auto_reply.is_(sa.false())
        )
        if len(people) <= FEW:
            names = sorted(people)
            query = query.where(sa.or_(t.version.c.customer_id.in_(names), t.version.c.fold.in_(names)))
        rows = connection.execute(query).yield_per(PAGE)
        same += [row.no for row in rows if row.no not in numbers and who_of(row) in people]
    found: dict[Key, set[str]] = {}
    for part in batches(same, FEW):
        for row in connection.execute(facts(t.stands).where(t.version.c.no.in_(part))):
            for key in keys_of(row):
                if key in less or key in more:
                    found.setdefault(key, set()).add(who_of(row))
    return found


def _count_anew(connection: Connection, touched: Touched, run_id: int) -> None:
    _write(connection, _count(connection, touched), _present(connection, touched), run_id)


def _write(connection: Connection, fresh: Mapping[Key, Sums], old: Mapping[Key, tuple[Sums, int]], run_id: int) -> None:
    """Close the old rows that are others now, and write those that differ."""
    gone = [(*key, from_run) for key, (sums, from_run) in old.items() if fresh.get(key) != sums]
    if gone:
        names = ("day", "topic_id", "dimension", "value", "from_run")
        columns = [day_tally.c[name] == sa.bindparam(f"old_{name}") for name in names]
        parameters = [{f"old_{name}": part for name, part in zip(names, key, strict=True)} for key in gone]
        connection.execute(day_tally.update().where(*columns).values(to_run=run_id), parameters)
    rows = [
        dict(zip(("day", "topic_id", "dimension", "value"), key, strict=True))
        | dict(zip(SUMS, sums, strict=True))
        | {"from_run": run_id, "to_run": None}
        for key, sums in sorted(fresh.items())
        if key not in old or old[key][0] != sums
    ]
    for part in batches(rows, PAGE):
        connection.execute(day_tally.insert(), part)


def _count(connection: Connection, touched: Mapping[date, set[str]]) -> dict[Key, Sums]:
    query = _standing().where(t.version.c.day.in_(sorted(touched)))
    slices = slices_of(connection.execute(query).yield_per(PAGE))
    return {key: found.sums() for key, found in slices.items() if key[1] in touched[key[0]]}


def _standing() -> sa.Select[Any]:
    """Tickets as the run that is being written sees them: what nobody has closed."""
    return facts(lambda table: table.c.to_run.is_(None))


def _present(connection: Connection, touched: Mapping[date, set[str]]) -> dict[Key, tuple[Sums, int]]:
    query = sa.select(day_tally).where(day_tally.c.day.in_(list(touched)), day_tally.c.to_run.is_(None))
    return {
        (row.day, row.topic_id, row.dimension, row.value): (tuple(row._mapping[name] for name in SUMS), row.from_run)
        for row in connection.execute(query).yield_per(PAGE)
        if row.topic_id in touched[row.day]
    }
