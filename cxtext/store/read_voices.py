"""What single customers ask for: tickets by what they want, and the lists that a night made of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.metrics.voices import Voice
from cxtext.store import tables as t
from cxtext.store.read_tickets import named
from cxtext.store.voice_tables import voice

DAYS = 90  # of tickets that the lists of a night rest on
NEEDED = (
    "text",
    "language",
    "day",
    "customer_id",
    "fold",
    "product",
    "csat",
    "reopened",
    "created_at",
    "resolved_at",
    "extra",
)
List = Literal["leaving", "wish", "question"]
LISTS: tuple[List, ...] = ("leaving", "wish", "question")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row of a list of a night; `None` and empty where its list does not know such a thing.

    Attributes:
        key: the reason (leaving; empty where nobody said one) or the topic's id.
        label: the topic's name as of the run.
        share: of all customers who leave (leaving), of answers that were no good (question), 0…1.
        judged: tickets that the share of a question rests on.
        hours: median until resolved. `effort`: hours that these questions take a week.
        quotes: keys of at most three tickets of different customers, the newest first.
        answer_from: key of the ticket with the best answer so far.
    """

    list: List
    rank: int
    key: str
    topic_id: str | None
    label: str | None
    customers: int
    tickets: int
    share: float
    causes: tuple[tuple[str, int], ...]
    products: tuple[tuple[str, int], ...]
    hours: float | None
    effort: float | None
    judged: int
    first: date | None
    last: date | None
    quotes: tuple[str, ...]
    answer_from: str | None


def listed(connection: Connection, run_id: int, name: List) -> list[Listed]:
    """A list of the newest night before or at a run, in its order. A merged topic is called by what it became part of."""
    found = list(
        connection.execute(
            sa.select(voice).where(voice.c.list == name, t.seen_at(voice, run_id)).order_by(voice.c.rank, voice.c.id)
        )
    )
    named = sa.select(t.topic.c.id, t.topic.c.label, t.topic.c.merged_into).where(t.seen_at(t.topic, run_id))
    topics = {row.id: row for row in connection.execute(named)} if found else {}
    rows = []
    for row in found:
        topic = topics.get(row.topic_id)
        while topic is not None and topic.merged_into is not None:
            topic = topics.get(topic.merged_into)
        rows.append(_listed(row, topic))
    return rows


def answers(connection: Connection, run_id: int, keys: Sequence[str]) -> Mapping[str, str]:
    """What agents answered, by key of the ticket; those without an answer, or out of sight, are left out."""
    query = (
        sa.select(t.ticket.c.source, t.ticket.c.id, t.version.c.extra)
        .join(t.version, t.version.c.no == t.ticket.c.no)
        .where(t.seen_at(t.version, run_id), named(keys))
        .order_by(t.ticket.c.no)
    )
    rows = connection.execute(query) if keys else ()
    return {f"{row.source}:{row.id}": str(row.extra["answer"]) for row in rows if row.extra and row.extra.get("answer")}


def last_day(connection: Connection, run_id: int) -> date | None:
    """The day of the newest ticket."""
    newest: date | None = connection.scalar(sa.select(sa.func.max(t.version.c.day)).where(t.seen_at(t.version, run_id)))
    return newest


def voices(
    connection: Connection,
    run_id: int,
    intents: Sequence[str],
    *,
    churned: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Voice]:
    """Tickets with one of some intents (`churned`: those of customers who left too), the newest first."""
    wanted = t.reading.c.intent.in_(intents)
    conditions: list[sa.ColumnElement[bool]] = [
        t.seen_at(t.version, run_id),
        sa.or_(wanted, t.version.c.churned.is_(True)) if churned else wanted,
    ]
    if since is not None:
        conditions.append(t.version.c.day >= since)
    if until is not None:
        conditions.append(t.version.c.day <= until)
    query = (
        sa.select(t.ticket.c.source, t.ticket.c.id.label("ticket_id"), *(t.version.c[name] for name in NEEDED),
                  t.reading.c.cause, t.assignment.c.topic_id, t.topic.c.label)
        .join(t.version, t.version.c.no == t.ticket.c.no)
        .join(t.reading, sa.and_(t.reading.c.no == t.ticket.c.no, t.seen_at(t.reading, run_id)))
        .outerjoin(t.assignment, sa.and_(t.assignment.c.no == t.ticket.c.no, t.seen_at(t.assignment, run_id)))
        .outerjoin(t.topic, sa.and_(t.topic.c.id == t.assignment.c.topic_id, t.seen_at(t.topic, run_id)))
        .where(*conditions)
        .order_by(t.version.c.day.desc().nulls_last(), t.version.c.no)
    )  # fmt: skip
    for row in connection.execute(query):
        yield _voice(row)


def _listed(row: Any, topic: Any) -> Listed:
    facts = row.facts
    first, last = (date.fromisoformat(facts[name]) if facts.get(name) else None for name in ("first", "last"))
    return Listed(
        list=row.list, rank=row.rank, key=row.id.split("/", 1)[1], topic_id=topic.id if topic else None,
        label=topic.label if topic else None, customers=row.customers, tickets=row.tickets, share=row.share,
        first=first, last=last, causes=tuple((key, count) for key, count in facts.get("causes", ())),
        products=tuple((key, count) for key, count in facts.get("products", ())),
        hours=facts.get("hours"), effort=facts.get("effort"), judged=facts.get("judged", 0), quotes=tuple(row.quotes),
        answer_from=row.answer_from or None,
    )  # fmt: skip


def _voice(row: Any) -> Voice:
    answer = row.extra.get("answer") if row.extra else None
    return Voice(
        key=f"{row.source}:{row.ticket_id}",
        text=row.text,
        language=row.language,
        day=row.day,
        customer=row.customer_id or row.fold,
        topic_id=row.topic_id,
        topic_label=row.label,
        cause=row.cause,
        product=row.product,
        csat=row.csat,
        reopened=row.reopened,
        hours=_hours(row.created_at, row.resolved_at),
        answer=str(answer) if answer else None,
    )


def _hours(created: datetime | None, resolved: datetime | None) -> float | None:
    if created is None or resolved is None or resolved < created:
        return None
    return (resolved - created).total_seconds() / 3600
