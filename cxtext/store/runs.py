"""Runs: begin, resume, publish, discard. A run that dies leaves nothing visible and is taken up by the next one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.errors import NotFound
from cxtext.store import tables as t
from cxtext.store.search_tables import search_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One step of the history: a night or an act of a person."""

    id: int
    kind: str
    as_of: date | None
    recipe: str | None
    models_hash: str | None
    state: str
    started_at: datetime
    finished_at: datetime | None
    counts: Mapping[str, Any]
    note: str
    resumed: bool = False


def begin(
    connection: Connection,
    *,
    kind: str,
    now: datetime,
    as_of: date | None,
    exactly: bool = False,
    recipe: str | None = None,
    models_hash: str | None = None,
) -> Run:
    """Start a run, or take up the one that was killed. Only the holder of the lock may call this.

    A killed run with the same recipe and models goes on where it stopped, even if midnight has passed since (unless
    `exactly` that date was asked for); any other is discarded first.
    """
    for dead in connection.execute(sa.select(t.run).where(t.run.c.state == "running").order_by(t.run.c.id)).all():
        same = (dead.kind, dead.recipe, dead.models_hash) == (kind, recipe, models_hash)
        if same and kind != "act" and (dead.as_of == as_of or not exactly):
            connection.execute(t.run.update().where(t.run.c.id == dead.id).values(heartbeat_at=now, as_of=as_of))
            return replace(get(connection, dead.id), resumed=True)
        discard(connection, dead.id, now=now, note="killed, and another kind of run came first")
    values = {"kind": kind, "as_of": as_of, "recipe": recipe, "models_hash": models_hash, "state": "running"}
    number = connection.execute(
        t.run.insert().values(**values, started_at=now, heartbeat_at=now, counts={}, note="")
    ).inserted_primary_key
    assert number is not None
    return get(connection, number[0])


def publish(connection: Connection, run_id: int, *, now: datetime, counts: Mapping[str, Any], note: str = "") -> None:
    """Make everything that the run wrote visible, at once, by moving one pointer."""
    connection.execute(
        t.run.update()
        .where(t.run.c.id == run_id)
        .values(state="done", finished_at=now, heartbeat_at=now, counts=dict(counts), note=note)
    )
    if connection.execute(t.published.update().values(run_id=run_id)).rowcount == 0:
        connection.execute(t.published.insert().values(name="current", run_id=run_id))


def discard(connection: Connection, run_id: int, *, now: datetime, note: str) -> None:
    """Take back all that an unpublished run wrote and closed. Tickets that only it knew are gone too."""
    for table in (table for table in t.metadata.sorted_tables if "from_run" in table.c):
        connection.execute(table.delete().where(table.c.from_run == run_id))
        connection.execute(table.update().where(table.c.to_run == run_id).values(to_run=None))
    for table in (*t.BY_RUN, search_entry):
        connection.execute(table.delete().where(table.c.run_id == run_id))
    orphan = ~sa.exists().where(t.version.c.no == t.ticket.c.no)
    connection.execute(t.ticket.delete().where(orphan))
    connection.execute(
        t.run.update().where(t.run.c.id == run_id).values(state="failed", finished_at=now, heartbeat_at=now, note=note)
    )


def discard_dead(connection: Connection, *, now: datetime) -> None:
    """Take back every run that was killed. Only the holder of the lock may call this."""
    for number in connection.scalars(
        sa.select(t.run.c.id).where(t.run.c.state == "running").order_by(t.run.c.id)
    ).all():
        discard(connection, number, now=now, note="killed, and another kind of run came first")


def heartbeat(connection: Connection, run_id: int, *, now: datetime) -> None:
    """Say that the run is alive; one that is done stays as it is."""
    alive = (t.run.c.id == run_id) & (t.run.c.state == "running")
    connection.execute(t.run.update().where(alive).values(heartbeat_at=now))


def current(connection: Connection) -> int:
    """The number of the published run; 0 while there is none."""
    return connection.scalar(sa.select(t.published.c.run_id)) or 0


def at(connection: Connection, day: date | None) -> int:
    """The run whose results were shown on the evening of `day`: the last published night with that date or an earlier one.

    Raises:
        NotFound: no night that early.
    """
    if day is None:
        return current(connection)
    found = connection.scalar(
        sa.select(sa.func.max(t.run.c.id)).where(
            t.run.c.state == "done", t.run.c.as_of.is_not(None), t.run.c.as_of <= day
        )
    )
    if found is None:
        first = connection.scalar(sa.select(sa.func.min(t.run.c.as_of)).where(t.run.c.state == "done"))
        raise NotFound(
            f"no run on or before {day}" + (f"; the first was on {first}" if first else ": nothing has run yet")
        )
    return int(found)


def get(connection: Connection, run_id: int) -> Run:
    """One run by its number.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(sa.select(t.run).where(t.run.c.id == run_id)).one_or_none()
    if row is None:
        raise NotFound(f"no run {run_id}")
    return _run(row)


def latest(connection: Connection, limit: int = 50, before: int | None = None) -> list[Run]:
    """The newest runs first."""
    query = sa.select(t.run).order_by(t.run.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(t.run.c.id < before)
    return [_run(row) for row in connection.execute(query)]


def counted_before(connection: Connection, run_id: int) -> int:
    """The last run before one whose sums stand: all count but those that only take tickets in; 0 if there is none."""
    query = sa.select(sa.func.max(t.run.c.id)).where(
        t.run.c.state == "done", t.run.c.kind != "ingest", t.run.c.id < run_id
    )
    return connection.scalar(query) or 0


def took_in(connection: Connection, before: int, run_id: int) -> bool:
    """Whether a run between two only took tickets in."""
    between = (t.run.c.kind == "ingest", t.run.c.id > before, t.run.c.id < run_id, t.run.c.state == "done")
    return connection.scalar(sa.select(t.run.c.id).where(*between).limit(1)) is not None


def last_done(connection: Connection, kind: str) -> Run | None:
    """The newest published run of a kind."""
    row = connection.execute(
        sa.select(t.run).where(t.run.c.kind == kind, t.run.c.state == "done").order_by(t.run.c.id.desc()).limit(1)
    ).one_or_none()
    return None if row is None else _run(row)


def _run(row: Any) -> Run:
    return Run(
        id=row.id,
        kind=row.kind,
        as_of=row.as_of,
        recipe=row.recipe,
        models_hash=row.models_hash,
        state=row.state,
        started_at=row.started_at,
        finished_at=row.finished_at,
        counts=row.counts,
        note=row.note,
    )
