"""Answers to surveys that came apart from their tickets: what was rated, and what people wrote beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t
from cxtext.store.source_tables import survey_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer. `known` says whether its ticket is there; the comment is redacted, empty where there is none."""

    source: str
    ticket_id: str
    at: datetime | None
    csat: float | None  # 1-5
    nps: int | None  # 0-10
    ces: float | None  # 1-7
    comment: str
    known: bool


def answers(connection: Connection, run_id: int) -> Iterator[Answered]:
    """All answers, by ticket, the newest of a ticket first; those still waiting for their ticket are among them."""
    yield from _read(connection, run_id, sa.true())


def of_ticket(connection: Connection, run_id: int, source: str, ticket_id: str) -> list[Answered]:
    """The answers about one ticket, the newest first."""
    chosen = sa.and_(survey_answer.c.source == source, survey_answer.c.ticket_id == ticket_id)
    return list(_read(connection, run_id, chosen))


def waiting(connection: Connection, run_id: int) -> int:
    """How many answers are about a ticket that has not been read."""
    query = sa.select(sa.func.count()).select_from(survey_answer)
    return connection.scalar(query.where(t.seen_at(survey_answer, run_id), ~_there(run_id))) or 0


def _there(run_id: int) -> sa.ColumnElement[bool]:
    own = sa.and_(t.ticket.c.source == survey_answer.c.source, t.ticket.c.id == survey_answer.c.ticket_id)
    return sa.exists().where(own, t.version.c.no == t.ticket.c.no, t.seen_at(t.version, run_id))


def _read(connection: Connection, run_id: int, chosen: sa.ColumnElement[bool]) -> Iterator[Answered]:
    columns = [survey_answer.c[name] for name in ("source", "ticket_id", "at", "csat", "nps", "ces", "comment")]
    query = (
        sa.select(*columns, _there(run_id).label("known"))
        .where(t.seen_at(survey_answer, run_id), chosen)
        .order_by(survey_answer.c.source, survey_answer.c.ticket_id)
        .order_by(survey_answer.c.at.desc().nulls_last(), survey_answer.c.id)
    )
    for row in connection.execute(query).mappings():
        yield Answered(**{**row, "known": bool(row["known"])})
