"""The topics of one run: assign, discover, write the ledger, count. A night and a person's act go the same way."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from cxtext.domain import Assignment
from cxtext.recipe import load_recipe
from cxtext.settings import Settings
from cxtext.store import Store, cases, read_topics, results
from cxtext.topics.acts import Act
from cxtext.topics.memory import Memory
from cxtext.topics.naming import Endpoint, Renamed, name_by_endpoint
from cxtext.topics.night import Night, night
from cxtext.trends.figures import Cell, topic_figures

WAITING = 50_000  # newest tickets without a topic that may still get one


def find_topics(
    store: Store,
    run_id: int,
    settings: Settings,
    acts: Sequence[Act],
    *,
    as_of: date | None,
    now: Callable[[], datetime],
    divided: Sequence[int] = (),
    fresh: bool = True,
) -> dict[str, Any]:
    """Give new tickets a topic or an honest nothing, count all topics; returns figures of the step.

    `divided`: numbers of the tickets whose topics an act splits. `fresh`: look at new tickets too.
    """
    with store.read() as connection:
        content = results.load_memory(connection, run_id)
        new = cases.unassigned_versions(connection, run_id) if fresh else []
        loaded = list(cases.load(connection, sorted({*new, *divided}), run_id))
        idle = cases.waiting(connection, run_id, limit=WAITING) if new else []
        waiting = list(cases.load(connection, idle, run_id))
    memory = None if content is None else Memory.from_bytes(content)
    tonight: Night | None = None
    problems: tuple[str, ...] = ()
    endpoint = _endpoint(settings) if fresh else None
    if loaded or acts or memory is None:
        given, idle_cases = [case for _, case in loaded], [case for _, case in waiting]
        tonight = night(
            given, idle_cases, memory, acts, recipe=load_recipe(settings.recipe), today=as_of, seed=settings.seed
        )
        renamed = Renamed(tonight.memory) if endpoint is None else name_by_endpoint(tonight.memory, endpoint)
        tonight, problems = replace(tonight, memory=renamed.memory), renamed.problems
        memory = tonight.memory
    with store.write() as connection:
        if tonight is not None:
            _save(connection, tonight, run_id, now(), always=set(new))
        topics = [] if memory is None else [known.topic for known in memory.known]
        status = {
            row["topic_id"]: row["status"] for row in read_topics.topics(connection, run_id)
        }  # until they are counted
        figures = topic_figures((Cell(**row) for row in read_topics.cells(connection, run_id)), topics, status)
        results.save_topics(connection, topics, [asdict(row) for row in figures], run_id)
    told = {"discovered": tonight is not None and tonight.discovered, "moves": len(tonight.moves) if tonight else 0}
    return told | ({"naming_problems": list(problems)} if problems else {})


def _endpoint(settings: Settings) -> Endpoint | None:
    naming = settings.naming
    if naming.url is None:
        return None
    key = naming.key.get_secret_value() if naming.key else None
    return Endpoint(url=naming.url, model=naming.model, key=key, timeout=naming.timeout)


def _save(connection: Connection, tonight: Night, run_id: int, at: datetime, *, always: set[int]) -> None:
    told = {given.key: given for given in tonight.assignments}
    for move in tonight.moves:  # also tickets that nobody asked about this night
        place = tonight.memory.places.get(move.key)
        told[move.key] = Assignment(move.key, move.to_topic, place.confidence if place else 0.0)
    numbers = cases.number_of(connection, list(told))
    results.save_assignments(connection, list(told.values()), numbers, run_id, always=always)
    results.save_moves(connection, tonight.moves, numbers, run_id=run_id, now=at)
    results.save_memory(connection, tonight.memory.to_bytes(), run_id=run_id)
