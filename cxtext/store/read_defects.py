"""Defects of products and versions as seen at one run."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t
from cxtext.store.defect_tables import defect


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectRow:
    """One product or version that has an issue more often than its reference. Counts are distinct customers.

    Attributes:
        version: None where the product as a whole stands out.
        kind: topic, cause or word; `issue` its id, key or the word, `label` the topic's name (None otherwise).
        state: signal (shrunk ratio surely 1.5 or more) or watch.
        since: the night from which on it has been in the table.
        window: days of tickets it rests on.
        count, total: tickets with the issue, and tickets at all, of the product or version.
        others, reference: the same of what it is compared with: the family, or the other versions.
        ratio, low, high: how many times as often as there, with the 90 % interval (EBGM, EB05, EB95).
        unhappy: share of writers that are not content, 0…1.
        words: what stands out in the texts. quotes: keys of at most ten tickets.
    """

    id: str
    product: str
    version: str | None
    family: str
    kind: str
    issue: str
    label: str | None
    state: str
    since: date
    window: int
    count: int
    total: int
    expected: float
    others: int
    reference: int
    ratio: float
    low: float
    high: float
    information: float
    unhappy: float
    first_day: date
    words: tuple[str, ...]
    quotes: tuple[str, ...]


def defects(
    connection: Connection,
    run_id: int,
    *,
    state: str | None = None,
    product: str | None = None,
    topic: str | None = None,
    limit: int | None = None,
) -> list[DefectRow]:
    """Signals first, then the watch list, each by the tickets that are surely too many.

    Args:
        connection: to the store.
        run_id: the run.
        state: signal or watch; default both.
        product: of this product only.
        topic: of this topic only.
        limit: at most so many.
    """
    columns = [column for column in defect.c if column.name not in ("from_run", "to_run")]
    query = (
        sa.select(*columns, t.topic.c.label)
        .outerjoin(
            t.topic, sa.and_(defect.c.kind == "topic", t.topic.c.id == defect.c.issue, t.seen_at(t.topic, run_id))
        )
        .where(t.seen_at(defect, run_id))
        .order_by(defect.c.state, ((defect.c.low - 1) * defect.c.expected).desc(), defect.c.id)
        .limit(limit)
    )
    for column, value in ((defect.c.state, state), (defect.c.product, product)):
        if value is not None:
            query = query.where(column == value)
    if topic is not None:
        query = query.where(defect.c.kind == "topic", defect.c.issue == topic)
    return [
        DefectRow(**{**row, "words": tuple(row["words"]), "quotes": tuple(row["quotes"])})
        for row in connection.execute(query).mappings()
    ]
