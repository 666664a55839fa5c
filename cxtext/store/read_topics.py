"""Topics, their figures and their history, always as seen at one run."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.errors import NotFound
from cxtext.store import tables as t
from cxtext.store.metric_tables import driver
from cxtext.store.scope import recut, scope_of

Row = dict[str, Any]
WHOLE = 10_000  # figures are kept with four digits: their sums are made of whole numbers, equal in any order
PAGE = 2000  # rows fetched at a time; bounds the memory of a long export


def exact_sum(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The sum of figures that are kept with four digits, the same on every database; 0 of none."""
    parts = sa.cast(sa.func.round(column * WHOLE), sa.BigInteger)
    return sa.cast(sa.func.coalesce(sa.func.sum(parts), 0), sa.Float) / float(WHOLE)


def topics(connection: Connection, run_id: int) -> list[Row]:
    """All topics with their figures, largest first; merged ones are left out."""
    query = (
        sa.select(t.topic)
        .where(t.seen_at(t.topic, run_id), t.topic.c.merged_into.is_(None))
        .order_by(t.topic.c.size.desc(), t.topic.c.id)
    )
    impacts = _csat_impacts(connection, run_id)
    rows = [_topic_row(dict(row), connection, impacts) for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: (-row["size"], row["topic_id"]))


def topic(connection: Connection, run_id: int, topic_id: str) -> Row:
    """One topic; the id of a merged topic leads to the one it was merged into, for ever.

    Raises:
        NotFound: there never was such a topic.
    """
    wanted = topic_id
    for _ in range(100):
        seen = sa.and_(t.topic.c.id == wanted, t.seen_at(t.topic, run_id))
        row = connection.execute(sa.select(t.topic).where(seen)).mappings().one_or_none()
        if row is None:
            raise NotFound(f"no topic {topic_id}: `cxtext topics list` shows all")
        if row["merged_into"] is None:
            return _topic_row(dict(row), connection, _csat_impacts(connection, run_id, wanted))
        wanted = row["merged_into"]
    raise NotFound(f"topic {topic_id} was merged in a circle; please report this")


def pairs(connection: Connection, run_id: int, by: str) -> list[Row]:
    """Tickets per topic and value of a column of `reading` (cause, department, intent), largest first."""
    column = t.reading.c[by]
    query = (
        sa.select(t.assignment.c.topic_id, column.label("key"), sa.func.count().label("size"))
        .join(t.reading, sa.and_(t.reading.c.no == t.assignment.c.no, t.seen_at(t.reading, run_id)))
        .where(t.seen_at(t.assignment, run_id), t.assignment.c.topic_id.is_not(None), column.is_not(None))
        .group_by(t.assignment.c.topic_id, column)
        .order_by(sa.func.count().desc(), t.assignment.c.topic_id, column)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def daily(connection: Connection, run_id: int, topic_ids: list[str] | None = None) -> list[Row]:
    """Tickets per topic and day."""
    query = (
        sa.select(t.assignment.c.topic_id, t.version.c.day, sa.func.count().label("count"))
        .join(t.version, sa.and_(t.version.c.no == t.assignment.c.no, t.seen_at(t.version, run_id)))
        .where(t.seen_at(t.assignment, run_id), t.version.c.day.is_not(None))
        .group_by(t.assignment.c.topic_id, t.version.c.day)
        .order_by(t.assignment.c.topic_id.asc().nulls_first(), t.version.c.day)
    )
    if topic_ids is not None:
        query = query.where(t.assignment.c.topic_id.in_(topic_ids))
    return [dict(row) for row in connection.execute(query).mappings()]


def cells(connection: Connection, run_id: int) -> list[Row]:
    """Sums per topic, day, department and cause: all that figures are made of."""
    negative = sa.case((t.reading.c.sentiment_label == "negative", 1), else_=0)
    keys = (t.assignment.c.topic_id, t.version.c.day, t.reading.c.department, t.reading.c.cause)
    query = (
        sa.select(*keys, sa.func.count().label("count"), sa.func.sum(negative).label("negative"))
        .add_columns(exact_sum(t.reading.c.sentiment).label("sentiment"))
        .join(t.version, sa.and_(t.version.c.no == t.assignment.c.no, t.seen_at(t.version, run_id)))
        .join(t.reading, sa.and_(t.reading.c.no == t.assignment.c.no, t.seen_at(t.reading, run_id)))
        .where(t.seen_at(t.assignment, run_id))
        .group_by(*keys)
        .order_by(*(key.asc().nulls_first() for key in keys))
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def ledger(connection: Connection, run_id: int, topic_id: str | None = None) -> Iterator[Row]:
    """Every change of a ticket's topic after its first assignment, oldest first."""
    columns = (t.ledger.c.at, t.ledger.c.run_id, t.ticket.c.source, t.ticket.c.id.label("ticket_id"))
    query = (
        sa.select(*columns, t.ledger.c.from_topic, t.ledger.c.to_topic, t.ledger.c.reason, t.ledger.c.actor)
        .join(t.ticket, t.ticket.c.no == t.ledger.c.no)
        .where(t.ledger.c.run_id <= run_id)
        .order_by(t.ledger.c.run_id, t.ticket.c.source, t.ticket.c.id, t.ledger.c.id)
    )
    if topic_id is not None:
        query = query.where(sa.or_(t.ledger.c.from_topic == topic_id, t.ledger.c.to_topic == topic_id))
    yield from (dict(row) for row in connection.execute(query, execution_options={"yield_per": PAGE}).mappings())


def acts(connection: Connection, run_id: int, topic_id: str | None = None) -> list[Row]:
    """What people did with topics, oldest first."""
    query = sa.select(t.act).where(t.act.c.run_id <= run_id).order_by(t.act.c.id)
    if topic_id is not None:
        query = query.where(t.act.c.topic_id == topic_id)
    return [dict(row) for row in connection.execute(query).mappings()]


def below(connection: Connection, run_id: int, topic_id: str) -> list[str]:
    """A topic and all its subtopics; a merged id stands for what it was merged into."""
    wanted = topic(connection, run_id, topic_id)["topic_id"]
    parents = connection.execute(sa.select(t.topic.c.id, t.topic.c.parent_id).where(t.seen_at(t.topic, run_id))).all()
    found, grown = {wanted}, True
    while grown:
        more = {row.id for row in parents if row.parent_id in found} - found
        grown = bool(more)
        found |= more
    return sorted(found)


def _csat_impacts(connection: Connection, run_id: int, topic_id: str | None = None) -> dict[str, float | None]:
    """Points of CSAT (1–5) that a ticket of a topic differs by, channel, product and month being equal."""
    query = sa.select(driver.c.topic_id, driver.c.effect).where(t.seen_at(driver, run_id), driver.c.outcome == "csat")
    if topic_id is not None:
        query = query.where(driver.c.topic_id == topic_id)
    return {row.topic_id: row.effect for row in connection.execute(query)}


def _topic_row(row: Row, connection: Connection, impacts: dict[str, float | None]) -> Row:
    row["topic_id"] = row.pop("id")
    row["csat_impact"] = impacts.get(row["topic_id"])
    del row["merged_into"]
    return recut(_without_runs(row), scope_of(connection))


def causes(connection: Connection, run_id: int) -> list[Row]:
    """The root causes of the taxonomy as it was, by key."""
    query = sa.select(t.cause).where(t.seen_at(t.cause, run_id)).order_by(t.cause.c.key)
    return [_without_runs(dict(row)) for row in connection.execute(query).mappings()]


def departments(connection: Connection, run_id: int) -> list[Row]:
    """The departments of the taxonomy as it was, by key."""
    query = sa.select(t.department).where(t.seen_at(t.department, run_id)).order_by(t.department.c.key)
    return [_without_runs(dict(row)) for row in connection.execute(query).mappings()]


def _without_runs(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("from_run", "to_run")}
