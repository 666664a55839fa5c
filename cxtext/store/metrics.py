"""Metrics, drivers and checks written so that old nights stay readable: what differs is closed, not overwritten."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.metrics.cuts import TIE, Cut
from cxtext.metrics.definitions import WHOLE
from cxtext.metrics.drivers import Effect
from cxtext.store import tables as t
from cxtext.store.metric_tables import check, driver, metric
from cxtext.store.results import DIGITS

Row = dict[str, Any]
BATCH = 5000  # rows sent to the database at once


def save_cuts(connection: Connection, scope: str, cuts: Iterable[Cut], run_id: int, *, since: date | None) -> int:
    """Keep the metrics of one scope's cuts; cuts from `since` on that are gone are closed.

    Args:
        connection: within a transaction.
        scope: that all the cuts are of; one at a time bounds the memory.
        cuts: what `metrics.cuts.all_cuts` measured.
        run_id: the run that writes.
        since: as given to `all_cuts`; None: everything was measured.
    """
    measured: dict[tuple[str, ...], Row] = {}
    for cut in cuts:
        measured[cut.scope, cut.key, cut.period.label] = {
            "scope": cut.scope,
            "key": cut.key,
            "period": cut.period.label,
            "kind": cut.period.kind,
            "first_day": cut.period.first,
            "figures": {name: list(figure) for name, figure in cut.figures.items()},
        }
    fresh = _differing(connection, scope, measured, run_id, since)
    names = ("scope", "key", "period")
    return _write(connection, metric, names, fresh, run_id)


def _differing(
    connection: Connection, scope: str, measured: Mapping[tuple[str, ...], Row], run_id: int, since: date | None
) -> dict[tuple[str, ...], Row | None]:
    """What to write: rows that are new or different, None where a row is gone."""
    fresh: dict[tuple[str, ...], Row | None] = dict(measured)
    columns = metric.c
    query = sa.select(
        columns.scope, columns.key, columns.period, columns.kind, columns.first_day, columns.figures
    ).where(t.seen_at(metric, run_id), columns.scope == scope)
    if since is not None:
        reach = min(since.replace(day=1), since - timedelta(6))  # where the week or month that holds it may begin
        query = query.where(sa.or_(columns.kind.in_(("28d", "before", "all")), columns.first_day >= reach))
    for row in connection.execute(query, execution_options={"yield_per": BATCH}):
        key = (row.scope, row.key, row.period)
        new = measured.get(key)
        if new is None:
            if not _untouched(row, since):
                fresh[key] = None
        elif new["figures"] == row.figures and new["first_day"] == row.first_day:
            del fresh[key]
    return fresh


def _untouched(row: Any, since: date | None) -> bool:
    """True for a week that ended before the first change: it was not measured, and stands."""
    if since is None or row.kind not in ("week", "month"):
        return False
    if row.kind == "week":
        return bool((since - row.first_day).days >= 7)
    return bool((row.first_day.year, row.first_day.month) < (since.year, since.month))


def save_effects(connection: Connection, effects: Sequence[Effect], run_id: int) -> int:
    """Keep what issues do to outcomes, all of this night; what is gone is closed."""
    rows: dict[tuple[str, ...], Row] = {(one.outcome, one.topic_id): _effect_row(one) for one in effects}
    fresh: dict[tuple[str, ...], Row | None] = dict(rows)
    for old in connection.execute(sa.select(driver).where(t.seen_at(driver, run_id))).mappings():
        key = (old["outcome"], old["topic_id"])
        new = rows.get(key)
        if new is None:
            fresh[key] = None
        elif all(old[name] == value for name, value in new.items()):
            del fresh[key]
    return _write(connection, driver, ("outcome", "topic_id"), fresh, run_id)


def _effect_row(effect: Effect) -> Row:
    row = {name: getattr(effect, name) for name in Effect.__dataclass_fields__}
    return {name: round(value + TIE, DIGITS) if isinstance(value, float) else value for name, value in row.items()}


def _write(
    connection: Connection,
    table: sa.Table,
    names: Sequence[str],
    fresh: Mapping[tuple[str, ...], Row | None],
    run_id: int,
) -> int:
    keys = [{f"of_{name}": part for name, part in zip(names, key, strict=True)} for key in sorted(fresh)]
    same = sa.and_(*(table.c[name] == sa.bindparam(f"of_{name}") for name in names))
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        connection.execute(table.delete().where(same, table.c.from_run == run_id), part)
        connection.execute(table.update().where(same, table.c.to_run.is_(None)).values(to_run=run_id), part)
    rows = [row | {"from_run": run_id, "to_run": None} for _, row in sorted(fresh.items()) if row is not None]
    for start in range(0, len(rows), BATCH):
        connection.execute(table.insert(), rows[start : start + BATCH])
    return len(fresh)


def save_check(connection: Connection, values: Mapping[str, Any], *, at: datetime, run_id: int) -> None:
    """Keep one answer of a person; a later answer about the same value stands beside it and counts instead."""
    connection.execute(check.insert().values(**values, at=at, run_id=run_id))


def topic_parents(connection: Connection, run_id: int) -> dict[str, str | None]:
    """Read which topic stands above which, merged topics included."""
    return {topic_id: parent for topic_id, (parent, _) in topic_places(connection, run_id).items()}


def topic_places(connection: Connection, run_id: int) -> dict[str, tuple[str | None, str | None]]:
    """Read what each topic stands under, and what it was merged into."""
    columns = (t.topic.c.id, t.topic.c.parent_id, t.topic.c.merged_into)
    query = sa.select(*columns).where(t.seen_at(t.topic, run_id)).order_by(t.topic.c.id)
    return {row.id: (row.parent_id, row.merged_into) for row in connection.execute(query)}


def all_there(connection: Connection, run_id: int) -> bool:
    """Whether the tickets that were measured up to a run are all there: an erased one has left every night at once.

    What was measured tells it, so that an erasure that was killed before it counted again is made up for.
    """
    columns = metric.c
    whole = (columns.scope == WHOLE, columns.key == WHOLE, columns.period == "all", t.seen_at(metric, run_id))
    figures = connection.scalar(sa.select(columns.figures).where(*whole))
    if not figures:
        return True
    present = sa.select(sa.func.count()).select_from(t.version).where(t.seen_at(t.version, run_id))
    return bool(connection.scalar(present) == figures["tickets"][0])


def is_measured(connection: Connection, run_id: int) -> bool:
    """True if any metrics are known at a run."""
    return connection.scalar(sa.select(metric.c.scope).where(t.seen_at(metric, run_id)).limit(1)) is not None
