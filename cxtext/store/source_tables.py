"""How far every online source has been read, and answers to surveys that came apart from their tickets."""

import sqlalchemy as sa
from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text

from cxtext.store.tables import Moment, metadata

watermark = Table(
    "watermark",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("to_run", Integer, ForeignKey("run.id")),
    Column("cursor", sa.JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

survey_answer = Table(
    "survey_answer",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("id", String(400), primary_key=True),
    Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("to_run", Integer, ForeignKey("run.id")),
    Column("ticket_id", String(400), nullable=False),  # of the same source; empty: of none
    Column("at", Moment),
    Column("csat", Float),  # 1-5
    Column("nps", Integer),  # 0-10
    Column("ces", Float),  # 1-7
    Column("comment", Text, nullable=False),  # redacted
    Index(None, "source", "ticket_id"),
)
