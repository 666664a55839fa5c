"""What is measured: metrics by cut and period, what each issue does to satisfaction and cost, and people's checks."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, String, Table, Text

from cxtext.store.tables import Moment, metadata

metric = Table(
    "metric",
    metadata,
    Column("scope", String(20), primary_key=True),  # all, topic, cause, department, product, channel, language, version
    Column("key", String(620), primary_key=True),  # which topic, which cause …; "all" in the scope all
    Column("period", String(10), primary_key=True),  # 2026-W44, 2026-10, 28d, 28d-before, all
    Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("to_run", Integer, ForeignKey("run.id")),
    Column("kind", String(8), nullable=False),  # week, month, 28d, before, all
    Column("first_day", Date),  # of the period; null in the period all
    Column("figures", sa.JSON, nullable=False),  # metric -> [value, lower, upper, n]; one row a cut keeps nights small
    Index(None, "to_run", "scope", "kind"),
    Index(None, "from_run"),
)

driver = Table(
    "driver",
    metadata,
    Column("outcome", String(20), primary_key=True),  # csat, nps, ces, reopened, churned, hours, sentiment, cost
    Column("topic_id", String(20), primary_key=True),
    Column("from_run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("to_run", Integer, ForeignKey("run.id")),
    Column("rank", Integer, nullable=False),  # 1 is the worst, by the harm that is certain
    Column("n", Integer, nullable=False),  # tickets of the topic whose outcome is known
    Column("others", Integer, nullable=False),
    Column("effect", Float),  # of one ticket, in units of the outcome; null under n = 5
    Column("lower", Float),
    Column("upper", Float),
    Column(
        "harm", Float
    ),  # what the issue surely takes from the overall value (cost: per week); 0 where nothing is sure
    Column("overall", Float),  # the outcome's value over all tickets
    Column("without", Float),  # what it would be without this issue
    Column("without_lower", Float),
    Column("without_upper", Float),
    Column("thin", Boolean, nullable=False),  # too few tickets to rely on
    Index(None, "to_run", "outcome"),
    Index(None, "from_run"),
)

check = Table(
    "ticket_check",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("week", String(10), nullable=False),  # ISO week whose tickets were sampled
    Column("no", Integer, ForeignKey("ticket.no"), nullable=False, index=True),
    Column("field", String(20), nullable=False),  # topic, cause
    Column("shown", Text),  # the value that was shown; null: none
    Column("verdict", Boolean, nullable=False),  # true: what was shown is right
    Column("right_value", Text),  # what the person says instead, where the person says anything
    Column("confidence", Float, nullable=False),  # of the shown value, 0…1
    Column("weight", Float, nullable=False),  # tickets of its week that this one stands for (1 / chance of being drawn)
    Column("by", String(200), nullable=False),
    Index(None, "week", "field"),
)
