"""The sums of `tally` counted anew from the tickets of some departments, in the same columns."""

from typing import Any

import sqlalchemy as sa

from cxtext.store import tables as t
from cxtext.store.tally import FACETS


def live_tally(run_id: int, departments: frozenset[str], dialect: str) -> sa.CompoundSelect[Any]:
    """What `cxtext.store.tally` keeps for all departments, of some of them.

    One branch per facet, so that a question for one facet costs one count.
    """
    product = sa.func.coalesce(t.version.c.product, "")
    release = sa.func.coalesce(t.version.c.version, "")
    values: dict[str, sa.ColumnElement[Any]] = {"day": sa.func.coalesce(sa.cast(t.version.c.day, sa.String), "")}
    for facet in FACETS:
        column = t.version.c[facet] if facet in t.version.c else t.reading.c[facet]
        values[facet] = sa.func.coalesce(column, "")
    values["version"] = sa.case((release == "", ""), else_=sa.func.trim(product + " " + release))
    return sa.union_all(*(_facet(facet, value, run_id, departments, dialect) for facet, value in values.items()))


def _facet(
    facet: str, value: sa.ColumnElement[Any], run_id: int, departments: frozenset[str], dialect: str
) -> sa.Select[Any]:
    topic_id = sa.func.coalesce(t.assignment.c.topic_id, "")
    value = sa.func.substr(value, 1, 400)
    return (
        sa.select(topic_id.label("topic_id"), sa.literal(facet).label("facet"), value.label("value"))
        .add_columns(sa.literal(run_id).label("from_run"), sa.null().label("to_run"), *_sums(dialect))
        .select_from(t.reading)
        .join(t.version, sa.and_(t.version.c.no == t.reading.c.no, t.seen_at(t.version, run_id)))
        .outerjoin(t.assignment, sa.and_(t.assignment.c.no == t.reading.c.no, t.seen_at(t.assignment, run_id)))
        .where(t.seen_at(t.reading, run_id), t.reading.c.department.in_(sorted(departments)))
        .group_by(topic_id, value)
    )


def _sums(dialect: str) -> list[sa.ColumnElement[Any]]:
    v = t.version.c
    closed = sa.and_(v.resolved_at.is_not(None), v.created_at.is_not(None), v.resolved_at >= v.created_at)
    if dialect == "sqlite":
        seconds = sa.cast(sa.func.strftime("%s", v.resolved_at), sa.BigInteger) - sa.cast(
            sa.func.strftime("%s", v.created_at), sa.BigInteger
        )
    else:
        seconds = sa.cast(sa.func.floor(sa.extract("epoch", v.resolved_at - v.created_at)), sa.BigInteger)
    whole = sa.BigInteger
    parts = {
        "count": sa.func.count(),
        "negative": sa.func.sum(sa.case((t.reading.c.sentiment_label == "negative", 1), else_=0)),
        "mood": sa.func.sum(sa.cast(sa.func.round(t.reading.c.sentiment * 10_000), whole)),
        "priced": sa.func.count(v.cost),
        "cents": sa.func.coalesce(sa.func.sum(sa.cast(sa.func.round(v.cost * 100), whole)), 0),
        "closed": sa.func.sum(sa.case((closed, 1), else_=0)),
        "minutes": sa.func.sum(sa.case((closed, seconds // 60), else_=0)),
    }
    return [part.label(name) for name, part in parts.items()]
