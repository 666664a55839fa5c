"""Tables of trends: tickets per day and slice, what was expected of them, the signals, and how late tickets arrive."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Date, Float, ForeignKey, Index, Integer, String, Table, Text

from cxtext.store.tables import metadata

ALL = ""  # stands for all tickets in `topic_id`, for all values in `value`


def _validity() -> tuple[Column[int], Column[int | None]]:
    return (
        Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
        Column("to_run", Integer, ForeignKey("run.id")),
    )


# Sums of the dated tickets of one day in one slice of one topic. Whole numbers only: exact in any order.
day_tally = Table(
    "day_tally",
    metadata,
    Column("day", Date, primary_key=True),
    Column("topic_id", String(20), primary_key=True),  # a topic that holds tickets itself; "": all tickets
    Column("dimension", String(20), primary_key=True),  # all, department, product, channel, language, version, cause
    Column("value", String(400), primary_key=True),
    *_validity(),
    Column("tickets", Integer, nullable=False),
    Column("customers", Integer, nullable=False),  # distinct customers; where nobody knows them, distinct texts
    Column("negative", Integer, nullable=False),
    Column("mood", BigInteger, nullable=False),  # sum of sentiment, in ten-thousandths
    Column("csat", BigInteger, nullable=False),  # sum of answers (1-5), in hundredths
    Column("csat_answers", Integer, nullable=False),
    Column("csat_good", Integer, nullable=False),  # answers of 4 and more
    Index(None, "topic_id", "dimension", "to_run", "day"),
    Index(None, "dimension", "to_run", "day"),
    Index(None, "from_run"),
    Index(None, "to_run"),
)

# What was expected of a day before it came; 95 % limits. Kept for topics, and for slices that are looked at.
expectation = Table(
    "expectation",
    metadata,
    Column("topic_id", String(20), primary_key=True),  # groups of topics too
    Column("dimension", String(20), primary_key=True),
    Column("value", String(400), primary_key=True),
    Column("day", Date, primary_key=True),
    *_validity(),
    Column("expected", Float, nullable=False),
    Column("lower", Float, nullable=False),
    Column("upper", Float, nullable=False),
    Index(None, "from_run"),
    Index(None, "to_run"),
)

signal = Table(
    "signal",
    metadata,
    Column("id", String(40), primary_key=True),  # the same from the night it is told until it ends
    *_validity(),
    Column("kind", String(20), nullable=False),  # new, rising, spike, seasonal, resolved
    Column("topic_id", String(20), nullable=False),
    Column("dimension", String(20), nullable=False),
    Column("value", String(400), nullable=False),
    Column("day", Date, nullable=False),  # the night it was told
    Column("onset", Date, nullable=False),  # first day of the window that told it
    Column("until", Date),  # last day of the episode, null while it goes on
    Column("window", Integer, nullable=False),  # days
    Column("count", Integer, nullable=False),
    Column("expected", Float, nullable=False),
    Column("lower", Float, nullable=False),
    Column("upper", Float, nullable=False),
    Column("ratio", Float, nullable=False),
    Column("ratio_low", Float, nullable=False),  # 80 % interval
    Column("ratio_high", Float, nullable=False),
    Column("evidence_strength", Float, nullable=False),  # -log10 of the probability under the forecast
    Column("chance_share", Float, nullable=False),  # estimated share of signals this strong that are chance, 0…1
    Column("per_thousand", Float),  # of all tickets of the window; null where there were none
    Column("per_thousand_units", Float),  # of what was shipped in the window, where that is known
    Column("course", String(20), nullable=False),  # open, one-off, closed, recurring, chronic
    Column("state", String(20), nullable=False),  # open, closed, muted
    Column("quiet", String(20), nullable=False),  # why no message: "", topic (muted), budget, told, history
    Column("language", String(8), nullable=False),  # of the company: which of the two sentences an export shows
    Column("why_de", Text, nullable=False),
    Column("why_en", Text, nullable=False),
    Column("examples", sa.JSON, nullable=False),  # keys of at most five tickets
    Index(None, "to_run", "day"),
    Index(None, "topic_id"),
    Index(None, "from_run"),
)

# How many tickets of a day came so many nights late; never changed, so `to_run` stays empty.
arrival = Table(
    "arrival",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("lag", Integer, primary_key=True),  # nights; -1: the source came for the first time, with all its past
    *_validity(),
    Column("tickets", Integer, nullable=False),
    Index(None, "from_run"),
)
