"""What is peculiar to a product or version, what was done about issues, and whether it worked."""

import sqlalchemy as sa
from sqlalchemy import Column, Date, Float, ForeignKey, Index, Integer, String, Table, Text

from cxtext.store.tables import Moment, metadata

defect = Table(
    "defect",
    metadata,
    Column("id", String(20), primary_key=True),  # made of product, version, kind and issue
    Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("to_run", Integer, ForeignKey("run.id")),
    Column("product", String(400), nullable=False),
    Column("version", String(200)),  # null: the product as a whole
    Column("family", String(400), nullable=False),  # "" where nobody said which products belong together
    Column("kind", String(10), nullable=False),  # topic, cause, word
    Column("issue", String(400), nullable=False),  # id of a topic, key of a cause, or a word
    Column("state", String(10), nullable=False),  # signal, watch
    Column("since", Date, nullable=False),  # the night from which on it has been in the table without a break
    Column("window", Integer, nullable=False),  # days
    Column("count", Integer, nullable=False),  # distinct customers, as all counts here
    Column("total", Integer, nullable=False),
    Column("expected", Float, nullable=False),
    Column("others", Integer, nullable=False),
    Column("reference", Integer, nullable=False),
    Column("ratio", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("information", Float, nullable=False),
    Column("unhappy", Float, nullable=False),  # 0…1
    Column("first_day", Date, nullable=False),
    Column("words", sa.JSON, nullable=False),
    Column("quotes", sa.JSON, nullable=False),  # keys of at most ten tickets
    Index(None, "from_run"),
)

fix = Table(
    "fix",
    metadata,
    Column("id", String(20), primary_key=True),  # F-0001
    Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("to_run", Integer, ForeignKey("run.id")),
    Column("topic_id", String(20), nullable=False),
    Column("day", Date, nullable=False),
    Column("what", Text, nullable=False),
    Column("product", String(400)),
    Column("version", String(200)),
    Column("department", String(120)),
    Column("by", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "from_run"),
)

fix_check = Table(
    "fix_check",
    metadata,
    Column("fix_id", String(20), primary_key=True),
    Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("to_run", Integer, ForeignKey("run.id")),
    Column("state", String(20), nullable=False),  # too early, resolved, improved, not resolved, regressed
    Column("judged_day", Date),  # last day that the verdict rests on; null: too early
    Column("onset", Date),  # of the surge that was fixed; null: there was none, the issue was always there
    Column("before", Integer, nullable=False),  # customers in the days before the fix
    Column("after", Integer, nullable=False),  # and since
    Column("days_before", Integer, nullable=False),
    Column("days_after", Integer, nullable=False),
    Column("change", Float),  # percent of the tickets that would have come; -80 is four fifths fewer
    Column("lower", Float),
    Column("upper", Float),
    Column("placebo", Float),  # share of the control topics that fell as far, 0…1
    Column("controls", sa.JSON, nullable=False),  # ids of topics
    Column("relapsed_on", Date),
    Column("saved", sa.JSON, nullable=False),  # {"tickets"|"hours"|"csat"|"cost": [value, lower, upper]}
    Index(None, "from_run"),
)
