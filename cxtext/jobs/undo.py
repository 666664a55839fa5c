"""Take back the newest act: everything is as it was before, both are in the history, no id is ever used twice."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.domain import Assignment
from cxtext.errors import ConfigurationError
from cxtext.jobs.recount import recount
from cxtext.jobs.topics import count_topics
from cxtext.settings import Settings
from cxtext.store import Store, cases, results, runs
from cxtext.store import tables as t
from cxtext.store.defects import close_fixes_of
from cxtext.topics.acts import back_to
from cxtext.topics.memory import Memory


def undo(store: Store, settings: Settings, run_id: int, *, by: str, now: Callable[[], datetime]) -> int:
    """Take back the act that became `run_id`; returns the number of the run that this became.

    Raises:
        ConfigurationError: it is no act, or something has happened since.
        Locked: a run is writing at this moment.
    """
    with store.lock():
        with store.write() as connection:
            act = runs.get(connection, run_id)
            if act.kind != "act" or runs.current(connection) != run_id:
                raise ConfigurationError(
                    f"run {run_id} cannot be taken back: it is no act, or something has happened since. "
                    "Change it back by hand; the history shows how it was"
                )
            day = now().astimezone(ZoneInfo(settings.timezone)).date()
            run = runs.begin(connection, kind="act", now=now(), as_of=day, recipe=settings.recipe)
        try:
            with store.write() as connection:
                told = _take_back(connection, act, run, by=by, at=now())
            counts = recount(store, run, settings, now)
            with store.write() as connection:
                runs.publish(connection, run.id, now=now(), counts=counts | told, note="undo")
        except Exception as error:  # whatever it is: what failed leaves nothing behind
            with store.write() as connection:
                runs.discard(connection, run.id, now=now(), note=type(error).__name__)
            raise
    return run.id


def _take_back(connection: Connection, act: runs.Run, run: runs.Run, *, by: str, at: datetime) -> dict[str, int]:
    readings = _readings(connection, act.id, run.id)
    withdrawn = [
        dict(row)
        for row in connection.execute(sa.select(t.correction).where(t.correction.c.run_id == act.id)).mappings()
    ]
    connection.execute(t.correction.delete().where(t.correction.c.run_id == act.id))  # nothing is to be learned from it
    moved = _topics(connection, act, run, by=by, at=at)
    close_fixes_of(connection, act.id, run.id)
    done = connection.execute(sa.select(t.act).where(t.act.c.run_id == act.id)).mappings().first()
    payload = {
        "undone_run": act.id,
        "undone": done["kind"] if done else act.note,
        "corrections": [
            {name: row[name] for name in ("no", "field", "was", "should_be", "by")} for row in withdrawn
        ],
    }  # fmt: skip
    told = {"act": "undo", "by": by, "why": "", "at": at.isoformat(), **payload}
    results.save_act(connection, told, topic_id=done["topic_id"] if done else None, run_id=run.id)
    return {"readings": readings, "moves": moved}


def _readings(connection: Connection, undone: int, run_id: int) -> int:
    """Readings that the act replaced are said again."""
    old = connection.execute(sa.select(t.reading).where(t.reading.c.to_run == undone)).mappings()
    rows = [{name: value for name, value in row.items() if name not in ("from_run", "to_run")} for row in old]
    return results.replace_rows(connection, t.reading, "no", rows, run_id, always=set())


def _topics(connection: Connection, act: runs.Run, run: runs.Run, *, by: str, at: datetime) -> int:
    before, since = results.load_memory(connection, act.id - 1), results.load_memory(connection, act.id)
    if before is None or since is None or before == since:
        return 0
    memory, moves = back_to(Memory.from_bytes(before), Memory.from_bytes(since), reason=f"undone: {act.note}", actor=by)
    numbers = cases.number_of(connection, [move.key for move in moves])
    given = [
        Assignment(move.key, move.to_topic, memory.places[move.key].confidence if move.to_topic else 0.0)
        for move in moves
    ]
    results.save_assignments(connection, given, numbers, run.id, always=set())
    results.save_moves(connection, moves, numbers, run_id=run.id, now=at)
    results.save_memory(connection, memory.to_bytes(), run_id=run.id)
    topics: list[Any] = [known.topic for known in memory.known]
    figures = count_topics(connection, run.id, topics, {})
    results.save_topics(connection, topics, [asdict(row) for row in figures], run.id)
    return len(moves)
