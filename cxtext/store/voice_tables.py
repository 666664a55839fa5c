"""Why customers leave, what they wish for, what they keep asking: the lists of a night, small whatever the number of tickets."""

import sqlalchemy as sa
from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text

from cxtext.store.tables import metadata

voice = Table(
    "voice",
    metadata,
    Column("id", String(140), primary_key=True),  # list and key in one: "wish/T-0007", "leaving/price"
    Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("to_run", Integer, ForeignKey("run.id")),
    Column("list", String(10), nullable=False),  # leaving, wish, question
    Column("rank", Integer, nullable=False),  # 1 comes first
    Column("topic_id", String(20)),  # null: a reason for leaving
    Column("customers", Integer, nullable=False),
    Column("tickets", Integer, nullable=False),
    Column("share", Float, nullable=False),  # leaving: of all who leave; question: badly answered; wish: 0
    Column("facts", sa.JSON, nullable=False),  # counts and days that only one of the lists knows
    Column("quotes", sa.JSON, nullable=False),  # keys of tickets
    Column("answer_from", Text),  # key of the ticket with the best answer so far
    Index(None, "to_run", "list"),
    Index(None, "from_run"),
)
