"""Search by words: German and English alike, with filters, newest first, equal answers from every database."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import read_tickets
from cxtext.store import tables as t
from cxtext.store.read_tickets import Filter, Row
from cxtext.store.search_tables import LEXEMES, search_entry
from cxtext.text.search_words import Term, marks, terms

FEW = 400  # tickets written in one statement
Place = tuple[str, str]  # where a page ended: day and number


@dataclass(frozen=True, slots=True)
class Hit:
    """One ticket that was found: the row of `read_tickets.tickets`, where the words stand in its text, and its place.

    `marks` are (start, end) in characters of ``ticket["text"]``; `place` goes into `after` to ask for the next page.
    """

    ticket: Row
    marks: tuple[tuple[int, int], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Unindexed:
    """A version of a ticket that cannot be found yet."""

    no: int
    version_run: int
    text: str
    language: str


def search_tickets(
    connection: Connection,
    run_id: int,
    question: str,
    chosen: Filter | None = None,
    *,
    departments: Collection[str] | None = None,
    after: Place | None = None,
    limit: int = 50,
) -> list[Hit]:
    """Tickets whose text, as it was at that run, holds every word of the question; newest day first, undated last.

    Words are found in any spelling (ß and ss, ä and ae), with or without ending, and inside German compounds; "liefer*"
    finds what begins so. A question without a word finds nothing.

    Args:
        connection: of one moment.
        run_id: the run whose results are shown.
        question: words.
        chosen: the filters of every list of tickets.
        departments: keys that the asker may see; None means all. It is part of the query, so that a page is full
            whenever there are hits enough.
        after: `place` of the last hit already seen.
        limit: hits of one page.
    """
    wanted = terms(question)
    query = _found(connection, run_id, wanted, chosen, departments)
    if query is None:
        return []
    if after is not None:
        query = query.where(_behind(after))
    query = query.order_by(t.version.c.day.desc().nulls_last(), t.version.c.no.desc()).limit(limit)
    places = {row.no: (row.day.isoformat() if row.day else "", str(row.no)) for row in connection.execute(query)}
    rows = read_tickets.by_number(connection, run_id, list(places))
    return [Hit(rows[no], tuple(marks(rows[no]["text"], wanted)), place) for no, place in places.items()]


def count_hits(
    connection: Connection,
    run_id: int,
    question: str,
    chosen: Filter | None = None,
    *,
    departments: Collection[str] | None = None,
    at_most: int = 10_000,
) -> int:
    """How many tickets `search_tickets` would find, counted up to `at_most`."""
    query = _found(connection, run_id, terms(question), chosen, departments)
    if query is None:
        return 0
    return connection.scalar(sa.select(sa.func.count()).select_from(query.limit(at_most).subquery())) or 0


def permitted(
    connection: Connection,
    run_id: int,
    chosen: Filter | None = None,
    *,
    departments: Collection[str] | None = None,
    among: Collection[int] | None = None,
) -> Iterator[tuple[int, int]]:
    """Number and `from_run` of every version that filters and permission let through, by number.

    `among`: only of these tickets, a few thousand at most.
    """
    query = seen(connection, run_id, chosen, departments).order_by(t.version.c.no)
    if among is not None:
        query = query.where(t.version.c.no.in_(sorted(among)))
    for row in connection.execute(query.execution_options(yield_per=10_000)):
        yield row.no, row.from_run


def written_between(connection: Connection, after: int, run_id: int) -> list[tuple[int, int]]:
    """Number and `from_run` of every version that is seen at a run and was written after another, by number."""
    query = sa.select(t.version.c.no, t.version.c.from_run)
    query = query.where(t.seen_at(t.version, run_id), t.version.c.from_run > after).order_by(t.version.c.no)
    return [(row.no, row.from_run) for row in connection.execute(query)]


def replaced(connection: Connection, run_id: int) -> list[tuple[int, int]]:
    """Number and `from_run` of every version that a run saw no more, by number."""
    query = sa.select(t.version.c.no, t.version.c.from_run)
    query = query.where(t.version.c.to_run.is_not(None), t.version.c.to_run <= run_id)
    return [(row.no, row.from_run) for row in connection.execute(query.order_by(t.version.c.no, t.version.c.from_run))]


def unindexed(connection: Connection, run_id: int, *, since: int = 0) -> list[int]:
    """Numbers of the tickets whose version, seen at a run and written after another, no entry stands for yet."""
    there = sa.exists().where(search_entry.c.no == t.version.c.no, search_entry.c.version_run == t.version.c.from_run)
    query = (
        sa.select(t.version.c.no)
        .where(t.seen_at(t.version, run_id), t.version.c.from_run > since, ~there)
        .order_by(t.version.c.no)
    )
    return list(connection.scalars(query))


def to_index(connection: Connection, numbers: Sequence[int], run_id: int) -> list[Unindexed]:
    """What of these tickets is to be made findable, by number."""
    columns = (t.version.c.no, t.version.c.from_run, t.version.c.text, t.version.c.language)
    query = sa.select(*columns).where(t.seen_at(t.version, run_id), t.version.c.no.in_(numbers))
    return [Unindexed(*row) for row in connection.execute(query.order_by(t.version.c.no))]


def is_filled(connection: Connection) -> bool:
    """Whether any night has made anything findable: each then has done so with all that it saw."""
    return connection.scalar(sa.select(search_entry.c.id).limit(1)) is not None


def occurs(connection: Connection, key: str) -> bool:
    """Whether any version of any ticket, seen or not, is found under a key."""
    query = sa.select(search_entry.c.id).where(_holds(connection, (Term((key,)),))).limit(1)
    return connection.scalar(query) is not None


def forget_run(connection: Connection, run_id: int) -> None:
    """Take back the words that a run wrote, because it writes them again."""
    connection.execute(search_entry.delete().where(search_entry.c.run_id == run_id))


def index(connection: Connection, words: Sequence[tuple[int, int, Sequence[str]]], run_id: int) -> None:
    """Make versions findable: (number, from_run, keys) each; an entry that is there already is written anew."""
    for start in range(0, len(words), FEW):
        part = words[start : start + FEW]
        known = sa.tuple_(search_entry.c.no, search_entry.c.version_run).in_([(no, begun) for no, begun, _ in part])
        connection.execute(search_entry.delete().where(known))
        rows = [{"no": no, "version_run": begun, "run_id": run_id, "words": " ".join(keys)} for no, begun, keys in part]
        connection.execute(search_entry.insert(), rows)


def seen(
    connection: Connection, run_id: int, chosen: Filter | None, departments: Collection[str] | None
) -> sa.Select[Any]:
    """Number, `from_run` and day of every version that filters and permission let through at a run, in no order yet."""
    query = sa.select(t.version.c.no, t.version.c.from_run, t.version.c.day).where(t.seen_at(t.version, run_id))
    by_reading = departments is not None or (chosen is not None and (chosen.department or chosen.cause) is not None)
    if by_reading:  # joined only where it is asked for: of a frequent word that is half the work
        query = query.join(t.reading, sa.and_(t.reading.c.no == t.version.c.no, t.seen_at(t.reading, run_id)))
    if chosen is not None and chosen.topic is not None:
        query = query.join(t.assignment, sa.and_(t.assignment.c.no == t.version.c.no, t.seen_at(t.assignment, run_id)))
    if chosen is not None:
        query = query.where(*read_tickets.conditions(connection, chosen, run_id))
    if departments is not None:
        query = query.where(t.reading.c.department.in_(sorted(departments)))
    return query


def _found(
    connection: Connection,
    run_id: int,
    wanted: Sequence[Term],
    chosen: Filter | None,
    departments: Collection[str] | None,
) -> sa.Select[Any] | None:
    if not wanted:
        return None
    entry = sa.and_(search_entry.c.no == t.version.c.no, search_entry.c.version_run == t.version.c.from_run)
    query = seen(connection, run_id, chosen, departments).join(search_entry, entry)
    return query.where(_holds(connection, wanted))


def _holds(connection: Connection, wanted: Sequence[Term]) -> sa.ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        inside = "search_entry.id in (select rowid from search_index where search_index match :words)"
        return sa.text(inside).bindparams(words=_fts5(wanted)).self_group()  # type: ignore[return-value]  # a condition
    return sa.text(f"{LEXEMES} @@ cast(:words as tsquery)").bindparams(words=_tsquery(wanted)).self_group()  # type: ignore[return-value]  # as above


def _fts5(wanted: Sequence[Term]) -> str:
    # Keys hold letters and digits only, so quotes are all the care that they need.
    said = []
    for term in wanted:
        ways = [f'"{one}"' for one in term.keys] + ([f'"{term.prefix}" *'] if term.prefix else [])
        said.append(f"({' OR '.join(ways)})")
    return " AND ".join(said)


def _tsquery(wanted: Sequence[Term]) -> str:
    said = []
    for term in wanted:
        ways = [f"'{one}'" for one in term.keys] + ([f"'{term.prefix}':*"] if term.prefix else [])
        said.append(f"({' | '.join(ways)})")
    return " & ".join(said)


def _behind(after: Place) -> sa.ColumnElement[bool]:
    day, no = date.fromisoformat(after[0]) if after[0] else None, int(after[1])
    if day is None:
        return sa.and_(t.version.c.day.is_(None), t.version.c.no < no)
    same = sa.and_(t.version.c.day == day, t.version.c.no < no)
    return sa.or_(t.version.c.day.is_(None), t.version.c.day < day, same)
