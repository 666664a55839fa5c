"""Tables that screens read instead of tickets: sums per topic and value of a facet, and where topics lie on the map."""

import sqlalchemy as sa
from sqlalchemy import Column, Float, ForeignKey, Integer, String, Table

from cxtext.store.tables import metadata

# Valid from one run until another, like every result. Whole numbers only: sums are exact in any order.
tally = Table(
    "tally",
    metadata,
    Column("topic_id", String(20), primary_key=True),  # empty: tickets without a topic
    Column(
        "facet", String(20), primary_key=True
    ),  # day, department, cause, product, version, channel, language, intent
    Column("value", String(400), primary_key=True),  # empty: not known
    Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("to_run", Integer, ForeignKey("run.id")),
    Column("count", Integer, nullable=False),
    Column("negative", Integer, nullable=False),
    Column("mood", sa.BigInteger, nullable=False),  # sum of sentiment, in ten-thousandths
    Column("priced", Integer, nullable=False),  # tickets that say what they cost
    Column("cents", sa.BigInteger, nullable=False),
    Column("closed", Integer, nullable=False),  # tickets that say when they were resolved
    Column("minutes", sa.BigInteger, nullable=False),  # from creation to resolution
    sa.Index(None, "facet", "to_run", "topic_id"),
    sa.Index(None, "from_run"),
)

topic_place = Table(
    "topic_place",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("to_run", Integer, ForeignKey("run.id")),
    Column("x", Float, nullable=False),  # -1…1
    Column("y", Float, nullable=False),
    Column("neighbours", sa.JSON, nullable=False),  # [topic id, cosine] by falling similarity
)
