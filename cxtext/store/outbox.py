"""Messages that wait, were sent or were given up, and what nobody wants to hear."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.errors import ConfigurationError, NotFound
from cxtext.store.alert_tables import alert_mute, outbox

UNSURE_AFTER = timedelta(minutes=10)  # a message that is being sent for longer was being sent by a process that died
WHATS = ("topic", "kind")
STATES = ("waiting", "sending", "sent", "unsure", "dead")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One message to one channel.

    Attributes:
        state: waiting, sending, sent, unsure (the process died while sending; nobody knows) or dead.
        attempts: so far; `next_at`: when the next is due.
    """

    id: int
    channel: str
    episode: str
    message_id: str
    kind: str
    topic_id: str | None
    run_id: int
    content: Mapping[str, Any]
    created_at: datetime
    state: str
    attempts: int
    next_at: datetime
    sent_at: datetime | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """What nobody wants to hear: one topic, or one kind of message."""

    what: str
    value: str
    by: str
    why: str
    at: datetime


def put(connection: Connection, channel: str, content: Mapping[str, Any], message_id: str, *, now: datetime) -> bool:
    """Let a message wait; False where this channel has one of the episode already."""
    known = sa.select(outbox.c.id).where(outbox.c.channel == channel, outbox.c.episode == content["episode"])
    if connection.scalar(known) is not None:
        return False
    connection.execute(
        outbox.insert().values(
            channel=channel, episode=content["episode"], message_id=message_id, kind=content["kind"],
            topic_id=content["topic_id"], run_id=content["run_id"], content=dict(content), created_at=now,
            state="waiting", attempts=0, next_at=now, problem="",
        )
    )  # fmt: skip
    return True


def due(connection: Connection, *, now: datetime) -> list[Waiting]:
    """What is to be sent now, oldest first."""
    query = sa.select(outbox).where(outbox.c.state == "waiting", outbox.c.next_at <= now).order_by(outbox.c.id)
    return [_waiting(row) for row in connection.execute(query)]


def claim(connection: Connection, number: int, *, now: datetime) -> bool:
    """Take a message to send it; False where another process has it."""
    mine = sa.and_(outbox.c.id == number, outbox.c.state == "waiting")
    values = {"state": "sending", "attempts": outbox.c.attempts + 1, "next_at": now + UNSURE_AFTER}
    return connection.execute(outbox.update().where(mine).values(**values)).rowcount == 1


def finish(
    connection: Connection,
    number: int,
    state: str,
    *,
    now: datetime,
    next_at: datetime | None = None,
    problem: str = "",
) -> None:
    """Say how it went: sent, waiting (until `next_at`) or dead."""
    values: dict[str, Any] = {"state": state, "problem": problem[:500], "next_at": next_at or now}
    if state == "sent":
        values["sent_at"] = now
    connection.execute(outbox.update().where(outbox.c.id == number).values(**values))


def orphans(connection: Connection, *, now: datetime) -> list[Waiting]:
    """Messages that a process was sending when it died."""
    query = sa.select(outbox).where(outbox.c.state == "sending", outbox.c.next_at <= now).order_by(outbox.c.id)
    return [_waiting(row) for row in connection.execute(query)]


def again(connection: Connection, number: int | None, *, now: datetime) -> int:
    """Let dead and unsure messages wait again: one, or all; returns how many.

    Raises:
        NotFound: there is no such message, or it was sent.
    """
    chosen: sa.ColumnElement[bool] = outbox.c.state.in_(("dead", "unsure"))
    if number is not None:
        chosen = sa.and_(chosen, outbox.c.id == number)
    count = connection.execute(outbox.update().where(chosen).values(state="waiting", attempts=0, next_at=now)).rowcount
    if number is not None and not count:
        raise NotFound(f"no message {number} that was given up: `cxtext alerts list` shows all")
    return count


def messages(connection: Connection, *, limit: int = 50, state: str | None = None) -> list[Waiting]:
    """The newest first."""
    query = sa.select(outbox).order_by(outbox.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(outbox.c.state == state)
    return [_waiting(row) for row in connection.execute(query)]


def count_by_state(connection: Connection) -> dict[str, int]:
    """How many messages wait, were sent, or were given up."""
    query = sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state).order_by(outbox.c.state)
    return dict(connection.execute(query).all())


def mute(connection: Connection, what: str, value: str, *, by: str, why: str, now: datetime) -> None:
    """No messages about a topic or of a kind, from now on.

    Raises:
        ConfigurationError: neither a topic nor a kind.
    """
    if what not in WHATS:
        raise ConfigurationError(f"mute {what!r}: say {' or '.join(WHATS)}")
    if not any((one.what, one.value) == (what, value) for one in muted(connection)):
        connection.execute(alert_mute.insert().values(what=what, value=value, by=by, why=why, at=now))


def unmute(connection: Connection, what: str, value: str, *, now: datetime) -> None:
    """Messages again.

    Raises:
        NotFound: it was not muted.
    """
    chosen = sa.and_(alert_mute.c.what == what, alert_mute.c.value == value, alert_mute.c.lifted_at.is_(None))
    if connection.execute(alert_mute.update().where(chosen).values(lifted_at=now)).rowcount == 0:
        raise NotFound(f"{what} {value} is not muted")


def muted(connection: Connection) -> list[Mute]:
    """What nobody wants to hear at present."""
    query = sa.select(alert_mute).where(alert_mute.c.lifted_at.is_(None)).order_by(alert_mute.c.id)
    return [
        Mute(what=row.what, value=row.value, by=row.by, why=row.why, at=row.at) for row in connection.execute(query)
    ]


def _waiting(row: Any) -> Waiting:
    return Waiting(**{name: getattr(row, name) for name in Waiting.__slots__})
