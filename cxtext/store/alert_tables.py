"""What is to be told to whom: messages that wait, were sent or have failed for good, and what nobody wants to hear."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text, UniqueConstraint

from cxtext.store.tables import Moment, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(80), nullable=False),  # the name of a [alerts.…] block
    Column("episode", String(200), nullable=False),  # one message per channel and episode, whatever happens
    Column("message_id", String(80), nullable=False),  # the same at every attempt, so that a receiver can tell
    Column("kind", String(20), nullable=False),
    Column("topic_id", String(20)),
    Column("run_id", Integer, nullable=False, index=True),
    Column("content", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("state", String(20), nullable=False),  # waiting, sent, dead
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("problem", Text, nullable=False),
    UniqueConstraint("channel", "episode"),
    Index(None, "state", "next_at"),
)

alert_mute = Table(
    "alert_mute",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("what", String(20), nullable=False),  # topic or kind
    Column("value", String(80), nullable=False),
    Column("by", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("lifted_at", Moment),
    Index(None, "what", "value"),
)

ALERTS = (outbox, alert_mute)
