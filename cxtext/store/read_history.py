"""The history of an issue: what people did, and how many tickets moved why. One line each, not one per ticket."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import read_topics
from cxtext.store import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line: an act of a person, or a move of tickets in one run.

    Attributes:
        kind: of the act (rename, merge, split, pin, mute, own, fix, undo …), or "moved".
        payload: all that the act said.
        tickets: how many moved; 0 for acts.
        from_topic, to_topic: of a move; None is "no topic".
    """

    at: datetime
    run_id: int
    kind: str
    by: str
    why: str = ""
    payload: dict[str, Any] | None = None
    tickets: int = 0
    from_topic: str | None = None
    to_topic: str | None = None


def history(connection: Connection, run_id: int, topic_id: str, *, limit: int = 40) -> list[Event]:
    """What happened to an issue, newest first."""
    acts = [
        Event(
            at=row["at"], run_id=row["run_id"], kind=row["kind"], by=row["by"], why=row["why"], payload=row["payload"]
        )
        for row in read_topics.acts(connection, run_id, topic_id)
    ]
    columns = (t.ledger.c.run_id, t.ledger.c.from_topic, t.ledger.c.to_topic, t.ledger.c.reason, t.ledger.c.actor)
    query = (
        sa.select(*columns, sa.func.min(t.ledger.c.at).label("at"), sa.func.count().label("tickets"))
        .where(t.ledger.c.run_id <= run_id, sa.or_(t.ledger.c.from_topic == topic_id, t.ledger.c.to_topic == topic_id))
        .group_by(*columns)
        .order_by(t.ledger.c.run_id.desc(), sa.text("tickets desc"), t.ledger.c.reason)
        .limit(limit)
    )
    moves = [
        Event(
            at=row.at, run_id=row.run_id, kind="moved", by=row.actor, why=row.reason, tickets=row.tickets,
            from_topic=row.from_topic, to_topic=row.to_topic,
        )
        for row in connection.execute(query)
    ]  # fmt: skip
    return sorted([*acts, *moves], key=lambda one: (one.run_id, one.kind != "moved", one.tickets), reverse=True)[:limit]


def changes_of_ticket(connection: Connection, run_id: int, source: str, ticket_id: str) -> list[Event]:
    """What happened to one ticket: moves and corrections, newest first."""
    number = sa.select(t.ticket.c.no).where(t.ticket.c.source == source, t.ticket.c.id == ticket_id).scalar_subquery()
    moves = connection.execute(
        sa.select(t.ledger).where(t.ledger.c.no == number, t.ledger.c.run_id <= run_id).order_by(t.ledger.c.id)
    )
    said = connection.execute(
        sa.select(t.correction)
        .where(t.correction.c.no == number, t.correction.c.run_id <= run_id)
        .order_by(t.correction.c.id)
    )
    events = [
        Event(
            at=row.at, run_id=row.run_id, kind="moved", by=row.actor, why=row.reason, tickets=1,
            from_topic=row.from_topic, to_topic=row.to_topic,
        )
        for row in moves
    ]  # fmt: skip
    events += [
        Event(
            at=row.at, run_id=row.run_id, kind="corrected", by=row.by,
            payload={"field": row.field, "was": row.was, "should_be": row.should_be},
        )
        for row in said
    ]  # fmt: skip
    return sorted(events, key=lambda one: one.run_id, reverse=True)
