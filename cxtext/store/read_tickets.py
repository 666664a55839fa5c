"""Tickets and what is known of them: plain rows, always as seen at one run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from cxtext.errors import NotFound
from cxtext.store import tables as t
from cxtext.store.read_topics import below, exact_sum
from cxtext.store.scope import scope_of

Row = dict[str, Any]
STRETCH = 2_500  # tickets looked at in their order before those that pass a filter are sorted
FEW = 30_000  # tickets of some days that are sooner sorted than met on a walk along all
PAGE = 2000  # rows fetched at a time; bounds the memory of a long export


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which tickets are asked for; None means all."""

    since: date | None = None
    until: date | None = None
    language: str | None = None
    product: str | None = None
    department: str | None = None
    cause: str | None = None
    topic: str | None = None
    channel: str | None = None
    q: str | None = None


def tickets(
    connection: Connection,
    run_id: int,
    chosen: Filter | None = None,
    *,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> Iterator[Row]:
    """Tickets with all that is known of them, by source and id; `after` is the last (source, id) already seen."""
    if limit is not None:
        numbers = _numbers_of_page(connection, run_id, chosen or Filter(), after, limit)
        yield from by_number(connection, run_id, numbers).values()
        return
    query = _ticket_query(run_id).order_by(t.ticket.c.source, t.ticket.c.id)
    if chosen is not None:
        query = query.where(*conditions(connection, chosen, run_id))
    if after is not None:
        query = query.where(_behind(after))
    folds = _folds(connection, run_id)
    for row in connection.execute(query, execution_options={"yield_per": PAGE}).mappings():
        yield _ticket_row(dict(row), folds)


def _numbers_of_page(
    connection: Connection, run_id: int, chosen: Filter, after: tuple[str, str] | None, limit: int
) -> list[int]:
    """Which tickets stand on a page: sorted without their texts and joined only where a filter asks, 5 times as fast."""
    few = _few_days(connection, run_id, chosen)  # days have an index, which finds fewer to sort
    if not few and scope_of(connection) is None:
        walked = _walked(connection, run_id, chosen, after, limit)
        if walked is not None:
            return walked
    found: list[tuple[str, str, int]] = []
    parts = t.seen_parts(t.version, run_id) if few else (t.seen_at(t.version, run_id),)
    for seen in parts:
        query = _passing(connection, run_id, chosen, seen).add_columns(t.ticket.c.source, t.ticket.c.id)
        if after is not None:
            query = query.where(_behind(after))
        passing: sa.FromClause = query.subquery()
        if few:  # PostgreSQL would else walk along all tickets in their order until it has met a page of these
            passing = query.cte("passing").prefix_with("MATERIALIZED", dialect="postgresql")
        rows = connection.execute(sa.select(passing).order_by(passing.c.source, passing.c.id).limit(limit))
        found += [(row.source, row.id, row.no) for row in rows]
    return [no for _, _, no in sorted(found)[:limit]]


def _few_days(connection: Connection, run_id: int, chosen: Filter) -> bool:
    """Whether days are asked for that hold so few tickets that finding and sorting them all is the short way."""
    if chosen.since is None and chosen.until is None:
        return False
    days = conditions(connection, Filter(since=chosen.since, until=chosen.until), run_id)
    parts = [sa.select(t.version.c.no).where(seen, *days).limit(FEW) for seen in t.seen_parts(t.version, run_id)]
    return sum(connection.scalar(sa.select(sa.func.count()).select_from(part.subquery())) or 0 for part in parts) < FEW


def _walked(
    connection: Connection, run_id: int, chosen: Filter, after: tuple[str, str] | None, limit: int
) -> list[int] | None:
    """The same along the index of tickets, a stretch at a time: no sorting of a million where many pass the filter.

    None where a few thousand do not fill the page: then few pass, and they are found and sorted sooner.
    """
    passing = _passing(connection, run_id, chosen, t.seen_at(t.version, run_id))
    found: list[int] = []
    for stretch_length in (2 * limit, STRETCH, STRETCH):
        query = sa.select(t.ticket.c.no, t.ticket.c.source, t.ticket.c.id)
        if after is not None:
            query = query.where(_behind(after))
        stretch = connection.execute(query.order_by(t.ticket.c.source, t.ticket.c.id).limit(stretch_length)).all()
        numbers = [row.no for row in stretch]
        passed = set(connection.scalars(passing.where(t.ticket.c.no.in_(numbers)))) if numbers else set()
        found += [no for no in numbers if no in passed]
        if len(found) >= limit or len(stretch) < stretch_length:
            return found[:limit]
        after = (stretch[-1].source, stretch[-1].id)
    return None


def _passing(connection: Connection, run_id: int, chosen: Filter, seen: sa.ColumnElement[bool]) -> Select[Any]:
    """Numbers of the tickets that a filter lets through."""
    query = sa.select(t.ticket.c.no).join(t.version, sa.and_(t.version.c.no == t.ticket.c.no, seen))
    if chosen.department is not None or chosen.cause is not None:
        query = query.join(t.reading, sa.and_(t.reading.c.no == t.ticket.c.no, t.seen_at(t.reading, run_id)))
    if chosen.topic is not None:
        query = query.join(t.assignment, sa.and_(t.assignment.c.no == t.ticket.c.no, t.seen_at(t.assignment, run_id)))
    return query.where(*conditions(connection, chosen, run_id))


def _behind(after: tuple[str, str]) -> sa.ColumnElement[bool]:
    return sa.tuple_(t.ticket.c.source, t.ticket.c.id) > sa.tuple_(*(sa.literal(part) for part in after))


def ticket(connection: Connection, run_id: int, source: str, ticket_id: str) -> Row:
    """One ticket.

    Raises:
        NotFound: there is none with that source and id.
    """
    query = _ticket_query(run_id).where(t.ticket.c.source == source, t.ticket.c.id == ticket_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"no ticket {source}:{ticket_id}")
    fold = sa.select(sa.func.count()).where(t.version.c.fold == row["fold"], t.seen_at(t.version, run_id))
    return _ticket_row(dict(row), {row["fold"]: connection.scalar(fold) or 1})


def by_number(connection: Connection, run_id: int, numbers: Sequence[int]) -> dict[int, Row]:
    """The tickets behind at most a few hundred numbers, in the order of the numbers."""
    query = _ticket_query(run_id).add_columns(t.ticket.c.no.label("_no")).where(t.ticket.c.no.in_(numbers))
    found = {row["_no"]: dict(row) for row in connection.execute(query).mappings()}
    folds = _folds(connection, run_id, {row["fold"] for row in found.values()})
    return {no: _ticket_row(found[no], folds) for no in numbers if no in found}


def count_tickets(connection: Connection, run_id: int, chosen: Filter, *, most: int) -> int:
    """How many tickets a filter lets through; `most` where there are that many or more, so that counting ends."""
    query = sa.select(sa.literal(1)).select_from(t.version)
    if chosen.department is not None or chosen.cause is not None:
        query = query.join(t.reading, sa.and_(t.reading.c.no == t.version.c.no, t.seen_at(t.reading, run_id)))
    if chosen.topic is not None:
        query = query.join(t.assignment, sa.and_(t.assignment.c.no == t.version.c.no, t.seen_at(t.assignment, run_id)))
    query = query.where(*conditions(connection, chosen, run_id)).limit(most)
    dated = chosen.since is not None or chosen.until is not None  # then the index of days is the way, else the others
    parts = t.seen_parts(t.version, run_id) if dated else (t.seen_at(t.version, run_id),)
    counted = (sa.select(sa.func.count()).select_from(query.where(seen).subquery()) for seen in parts)
    return min(most, sum(connection.scalar(one) or 0 for one in counted))


def named(keys: Iterable[str]) -> sa.ColumnElement[bool]:
    """Tickets by key (`source:id`), source by source: a comparison of pairs would not use the index."""
    ids: dict[str, list[str]] = {}
    for source, _, name in (key.partition(":") for key in keys):
        ids.setdefault(source, []).append(name)
    return sa.or_(sa.false(), *(sa.and_(t.ticket.c.source == one, t.ticket.c.id.in_(ids[one])) for one in sorted(ids)))


def texts(connection: Connection, run_id: int, keys: list[str]) -> dict[str, Row]:
    """Text, day and language of tickets by key."""
    query = (
        sa.select(t.ticket.c.source, t.ticket.c.id, t.version.c.text, t.version.c.language, t.version.c.day)
        .join(t.version, t.version.c.no == t.ticket.c.no)
        .where(named(keys), t.seen_at(t.version, run_id))
    )
    rows = {f"{row['source']}:{row['id']}": dict(row) for row in connection.execute(query).mappings()}
    return {key: rows[key] for key in keys if key in rows}


def grouped(connection: Connection, run_id: int, by: str) -> list[Row]:
    """Size, mean sentiment and share of negative tickets per value of a column of `reading`, largest first."""
    column = t.reading.c[by]
    negative = sa.case((t.reading.c.sentiment_label == "negative", 1), else_=0)
    query = (
        sa.select(column.label("key"), sa.func.count().label("size"))
        .add_columns(exact_sum(t.reading.c.sentiment).label("sentiment"), sa.func.sum(negative).label("negative"))
        .where(t.seen_at(t.reading, run_id))
        .group_by(column)
        .order_by(sa.func.count().desc(), column.asc().nulls_first())
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [
        {"key": row["key"], "size": row["size"], "sentiment": round(row["sentiment"] / row["size"], 4)}
        | {"negative_share": round(row["negative"] / row["size"], 4)}
        for row in rows
    ]


def quarantined(connection: Connection, run_id: int) -> Iterator[Row]:
    """Bad rows with their reasons, in the order they were met."""
    columns = (
        t.quarantine.c.source,
        t.quarantine.c.line,
        t.quarantine.c.reason,
        t.quarantine.c.raw,
        t.quarantine.c.run_id,
    )
    query = sa.select(*columns).where(t.quarantine.c.run_id <= run_id).order_by(t.quarantine.c.id)
    yield from (dict(row) for row in connection.execute(query).mappings())


def totals(connection: Connection, run_id: int) -> Row:
    """Tickets, tickets with a topic, without a date, first and last day."""
    seen = t.seen_at(t.version, run_id)
    row = connection.execute(
        sa.select(sa.func.count().label("tickets"), sa.func.count(t.version.c.day).label("dated"))
        .add_columns(sa.func.min(t.version.c.day).label("first_day"), sa.func.max(t.version.c.day).label("last_day"))
        .where(seen)
    ).mappings()
    with_topic = sa.select(sa.func.count(t.assignment.c.topic_id)).where(t.seen_at(t.assignment, run_id))
    quarantine = sa.select(sa.func.count()).select_from(t.quarantine).where(t.quarantine.c.run_id <= run_id)
    languages = (
        sa.select(t.version.c.language, sa.func.count())
        .where(seen)
        .group_by(t.version.c.language)
        .order_by(t.version.c.language)
    )
    return dict(row.one()) | {
        "with_topic": connection.scalar(with_topic) or 0,
        "quarantined": connection.scalar(quarantine) or 0,
        "languages": dict(connection.execute(languages).all()),
    }


def _ticket_query(run_id: int) -> Select[Any]:
    reading_columns = [column for column in t.reading.c if column.name not in ("no", "from_run", "to_run")]
    version_columns = [column for column in t.version.c if column.name not in ("no", "from_run", "to_run", "removed")]
    return (
        sa.select(t.ticket.c.source, t.ticket.c.id, *version_columns, *reading_columns)
        .add_columns(t.assignment.c.topic_id, t.assignment.c.confidence.label("topic_confidence"))
        .add_columns(t.topic.c.label.label("topic_label"), t.topic.c.parent_id.label("parent_topic_id"))
        .add_columns(t.version.c.from_run.label("_version"), t.reading.c.from_run.label("_reading"))
        .add_columns(t.assignment.c.from_run.label("_assignment"))
        .join(t.version, sa.and_(t.version.c.no == t.ticket.c.no, t.seen_at(t.version, run_id)))
        .outerjoin(t.reading, sa.and_(t.reading.c.no == t.ticket.c.no, t.seen_at(t.reading, run_id)))
        .outerjoin(t.assignment, sa.and_(t.assignment.c.no == t.ticket.c.no, t.seen_at(t.assignment, run_id)))
        .outerjoin(t.topic, sa.and_(t.topic.c.id == t.assignment.c.topic_id, t.seen_at(t.topic, run_id)))
    )


def conditions(connection: Connection, chosen: Filter, run_id: int) -> list[sa.ColumnElement[bool]]:
    """What a filter asks of the rows of version, reading and assignment."""
    asked: list[sa.ColumnElement[bool]] = []
    if chosen.since is not None:
        asked.append(t.version.c.day >= chosen.since)
    if chosen.until is not None:
        asked.append(t.version.c.day <= chosen.until)
    for column, value in (
        (t.version.c.language, chosen.language),
        (t.version.c.product, chosen.product),
        (t.version.c.channel, chosen.channel),
        (t.reading.c.department, chosen.department),
        (t.reading.c.cause, chosen.cause),
    ):
        if value is not None:
            asked.append(column == value)
    if chosen.topic is not None:
        asked.append(t.assignment.c.topic_id.in_(below(connection, run_id, chosen.topic)))
    if chosen.q:
        asked.append(t.version.c.text.icontains(chosen.q, autoescape=True))
    return asked


def _folds(connection: Connection, run_id: int, among: set[str] | None = None) -> Mapping[str, int]:
    """How many tickets share a fold, for folds of more than one; of all, or among those of one page."""
    query = (
        sa.select(t.version.c.fold, sa.func.count())
        .where(t.seen_at(t.version, run_id), t.version.c.fold != "")
        .group_by(t.version.c.fold)
        .having(sa.func.count() > 1)
    )
    if among is not None:
        query = query.where(t.version.c.fold.in_(among))
    return dict(connection.execute(query).all())


def _ticket_row(row: Row, folds: Mapping[str, int]) -> Row:
    runs = [row.pop(name) or 0 for name in ("_version", "_reading", "_assignment")]
    row.pop("_no", None)
    return row | {"repeats": folds.get(row.pop("fold"), 1), "run_id": max(runs)}


def numbers(connection: Connection, keys: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The number of each ticket by source and id."""
    wanted = set(keys)
    query = sa.select(t.ticket.c.source, t.ticket.c.id, t.ticket.c.no)
    return {(source, name): no for source, name, no in connection.execute(query) if (source, name) in wanted}
