"""The tables. Every row of a result is valid from one run until another, so any old night can be read again.

A row is seen at run P when ``from_run <= P and (to_run is null or to_run > P)``. Runs that are not published have
higher numbers than P: what they write, and what they close, is invisible until `published` moves. That one rule gives
atomic publishing, harmless kills, time travel and undo.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=NAMING)


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time: aware in Python, UTC in every database (SQLite keeps no zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To UTC; a time without a zone is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Back to an aware time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _validity() -> tuple[Column[Any], Column[Any]]:
    return (
        Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
        Column("to_run", Integer, ForeignKey("run.id")),
    )


def _ticket_no() -> Column[Any]:
    return Column("no", Integer, ForeignKey("ticket.no"), primary_key=True)


run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),  # night, act
    Column("as_of", Date),
    Column("recipe", String(80)),
    Column("models_hash", String(64)),  # of every file that can change an answer
    Column("state", String(20), nullable=False),  # running, done, failed
    Column("started_at", Moment, nullable=False),
    Column("heartbeat_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("counts", sa.JSON, nullable=False),
    Column("note", Text, nullable=False, default=""),
)

published = Table(
    "published",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
)

ticket = Table(
    "ticket",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("source", String(200), nullable=False),
    Column("id", String(400), nullable=False),
    sa.UniqueConstraint("source", "id"),
)

version = Table(
    "version",
    metadata,
    _ticket_no(),
    *_validity(),
    Column("text", Text, nullable=False),  # cleaned and redacted, never raw
    Column("language", String(8), nullable=False),
    Column("fold", String(64), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("auto_reply", Boolean, nullable=False),
    Column("removed", sa.JSON, nullable=False),
    Column("day", Date),  # of created_at, in the configured time zone
    Column("created_at", Moment),
    Column("updated_at", Moment),
    Column("given_language", String(40)),
    Column("channel", String(80)),
    Column("product", String(400)),
    Column("version", String(200)),
    Column("customer_id", String(80)),  # a pseudonym
    Column("given_department", String(400)),
    Column("given_category", String(400)),
    Column("tags", sa.JSON, nullable=False),
    Column("priority", String(80)),
    Column("status", String(80)),
    Column("assignee", String(80)),  # a pseudonym
    Column("first_response_at", Moment),
    Column("resolved_at", Moment),
    Column("reopened", Integer),
    Column("csat", Float),
    Column("nps", Integer),
    Column("ces", Float),
    Column("stars", Float),
    Column("churned", Boolean),
    Column("cost", Float),
    Column("extra", sa.JSON, nullable=False),
    Index(None, "to_run", "day"),
    Index(None, "fold"),
    Index(None, "from_run"),
)

reading = Table(
    "reading",
    metadata,
    _ticket_no(),
    *_validity(),
    Column("sentiment", Float, nullable=False),
    Column("sentiment_label", String(10), nullable=False),
    Column("sentiment_confidence", Float, nullable=False),
    Column("sentiment_evidence", sa.JSON, nullable=False),
    Column("cause", String(120)),
    Column("cause_confidence", Float, nullable=False),
    Column("department", String(120)),
    Column("department_confidence", Float, nullable=False),
    Column("evidence", sa.JSON, nullable=False),
    Column("tags", sa.JSON, nullable=False),  # all causes found: [cause, department, confidence, [words]]
    Column("suggestions", sa.JSON, nullable=False),
    Column("intent", String(20), nullable=False),
    Column("urgency", Float, nullable=False),
    Column("urgency_evidence", sa.JSON, nullable=False),
    Index(None, "to_run", "department"),
    Index(None, "to_run", "cause"),
    Index(None, "from_run"),
)

assignment = Table(
    "assignment",
    metadata,
    _ticket_no(),
    *_validity(),
    Column("topic_id", String(20)),
    Column("confidence", Float, nullable=False),
    Index(None, "to_run", "topic_id"),
    Index(None, "from_run"),
)

topic = Table(
    "topic",
    metadata,
    Column("id", String(20), primary_key=True),
    *_validity(),
    Column("parent_id", String(20)),
    Column("label", Text, nullable=False),
    Column("keywords", sa.JSON, nullable=False),
    Column("languages", sa.JSON, nullable=False),
    Column("quotes", sa.JSON, nullable=False),
    Column("named_by", String(200)),
    Column("pinned", Boolean, nullable=False),
    Column("muted", Boolean, nullable=False),
    Column("merged_into", String(20)),
    Column("size", Integer, nullable=False),  # tickets, those of subtopics included
    Column("first_seen", Date),
    Column("last_seen", Date),
    Column("status", String(20), nullable=False),
    Column("sentiment", Float),  # mean of the tickets, -1…+1
    Column("negative_share", Float),  # 0…1
    Column("departments", sa.JSON, nullable=False),  # [key, share] by falling share
    Column("causes", sa.JSON, nullable=False),  # [key, share] by falling share
)

cause = Table(
    "cause",
    metadata,
    Column("key", String(120), primary_key=True),
    *_validity(),
    Column("department", String(120), nullable=False),
    Column("titles", sa.JSON, nullable=False),
    Column("dimension", String(20), nullable=False),
    Column("touchpoint", String(120), nullable=False),
)

department = Table(
    "department",
    metadata,
    Column("key", String(120), primary_key=True),
    *_validity(),
    Column("titles", sa.JSON, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("no", Integer, ForeignKey("ticket.no"), nullable=False, index=True),
    Column("from_topic", String(20)),
    Column("to_topic", String(20)),
    Column("reason", Text, nullable=False),
    Column("actor", String(200), nullable=False),
)

act = Table(
    "act",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("topic_id", String(20), index=True),
    Column("payload", sa.JSON, nullable=False),
    Column("by", String(200), nullable=False),
    Column("why", Text, nullable=False),
)

correction = Table(
    "correction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("no", Integer, ForeignKey("ticket.no"), nullable=False, index=True),
    Column("field", String(20), nullable=False),  # topic, cause, department, sentiment
    Column("was", Text),
    Column("should_be", Text),
    Column("by", String(200), nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False, index=True),
    Column("source", String(200), nullable=False),
    Column("line", Integer),
    Column("reason", Text, nullable=False),
    Column("raw", Text, nullable=False),  # redacted, at most 2,000 characters
    Column("hash", String(64), nullable=False, unique=True),  # the same bad row again is no news
)

memory = Table(
    "memory",
    metadata,
    Column("run_id", Integer, ForeignKey("run.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),  # carries its own version and checksum
)

request = Table(
    "request",
    metadata,
    Column("key", String(200), primary_key=True),  # Idempotency-Key of a caller
    Column("digest", String(64), nullable=False),
    Column("answer", sa.JSON, nullable=False),
)

RESULTS = (version, reading, assignment, topic, cause, department)  # the tables with validity
BY_RUN = (ledger, act, correction, quarantine, memory)  # the tables that one run writes and none closes


def seen_at(table: Table, run_id: int) -> sa.ColumnElement[bool]:
    """What of a result table is true at a run."""
    return sa.and_(table.c.from_run <= run_id, sa.or_(table.c.to_run.is_(None), table.c.to_run > run_id))


def stands(table: Table) -> sa.ColumnElement[bool]:
    """What nobody has closed, of rows that a question names by number.

    SQLite would take the index on `to_run` for `to_run is null`, and with it walk through all tickets for each few numbers.
    """
    return sa.func.coalesce(table.c.to_run, 0) == 0


def seen_parts(table: Table, run_id: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """The same in two parts, to be asked one after the other: rows that hold today, and rows that a later run closed.

    Each is found by the index on `to_run`, whatever the number of rows; the sum keeps SQLite from taking the one on
    `from_run` for the second, which would walk through all of them.
    """
    holds = sa.and_(table.c.to_run.is_(None), table.c.from_run <= run_id)
    return holds, sa.and_(table.c.to_run > run_id, table.c.from_run + 0 <= run_id)
