"""The topics of one run: assign, discover, write the ledger, count. A night and a person's act go the same way."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection

from cxtext.batches import batches
from cxtext.domain import Assignment, Case, Topic
from cxtext.recipe import load_recipe
from cxtext.settings import Settings
from cxtext.store import Store, cases, read_tally, read_topics, results, runs, tally
from cxtext.topics.acts import Act
from cxtext.topics.memory import Memory
from cxtext.topics.naming import Endpoint, name_by_endpoint
from cxtext.topics.night import Night, night
from cxtext.topics.space import Kept
from cxtext.trends.figures import TopicFigures, Total, figures_of_totals

WAITING = 10_000  # newest tickets without a topic that may still get one; every night reads them again
AT_ONCE = 100_000  # new tickets; that many take 1.2 GB
PAGE = 5_000


@dataclass(slots=True)
class _Found:
    """What the parts of a night found so far."""

    memory: Memory | None
    discovered: bool = False
    moves: int = 0
    problems: tuple[str, ...] = ()


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
    kept: Kept | None = None,
) -> dict[str, Any]:
    """Give new tickets a topic or an honest nothing, count all topics; returns figures of the step.

    More than `AT_ONCE` new tickets come in parts: topics are discovered in the first, a sample by the hash of the texts,
    and every further part is placed as a night would place it.

    `divided`: numbers of the tickets whose topics an act splits. `fresh`: look at new tickets too.
    `kept`: what the nights before in this process have read from files.
    """
    with store.read() as connection:
        content = results.load_memory(connection, run_id)
        last = runs.last_done(connection, "night")
        new = cases.unassigned_versions(connection, run_id, since=last.id if last else 0) if fresh else []
        parts = _parts(connection, new, run_id)
    found = _Found(None if content is None else Memory.from_bytes(content))
    del content
    endpoint = _endpoint(settings) if fresh else None
    for place, part in enumerate(parts):
        told = acts if place == 0 else ()
        whole = place == len(parts) - 1  # the last part takes along those who wait, and names are asked for once
        given, idle = _loaded(store, run_id, part, divided if place == 0 else (), waiting=whole and bool(new))
        if not given and not told and found.memory is not None:
            continue
        tonight = night(
            given, idle, found.memory, told, recipe=load_recipe(settings.recipe), today=as_of, seed=settings.seed,
            kept=kept,
        )  # fmt: skip
        if whole and endpoint is not None:
            renamed = name_by_endpoint(tonight.memory, endpoint)
            tonight, found.problems = replace(tonight, memory=renamed.memory), renamed.problems
        with store.write() as connection:
            found.moves += _save(connection, tonight, run_id, now(), always=set(part))
        found.memory, found.discovered = tonight.memory, found.discovered or tonight.discovered
    with store.write() as connection:
        topics = [] if found.memory is None else [known.topic for known in found.memory.known]
        status = {
            row["topic_id"]: row["status"] for row in read_topics.topics(connection, run_id)
        }  # until they are counted
        figures = count_topics(connection, run_id, topics, status)
        results.save_topics(connection, topics, [asdict(row) for row in figures], run_id)
    problems = {"naming_problems": list(found.problems)} if found.problems else {}
    return {"discovered": found.discovered, "moves": found.moves} | problems


def count_topics(
    connection: Connection, run_id: int, topics: Sequence[Topic], status: Mapping[str, str]
) -> list[TopicFigures]:
    """The figures of all topics, at a cost in proportion to what the run touched."""
    tally.update(connection, run_id)
    facets: tuple[Literal["day", "department", "cause"], ...] = ("day", "department", "cause")
    totals = (
        Total(topic_id or None, facet, value, count, negative, sentiment)
        for facet in facets
        for topic_id, value, count, negative, sentiment in read_tally.facet_sums(connection, run_id, facet)
    )
    return figures_of_totals(totals, topics, status)


def _parts(connection: Connection, new: Sequence[int], run_id: int) -> list[list[int]]:
    """New tickets in parts of at most about `AT_ONCE`, equal texts together, by what is in them and not by their order."""
    if len(new) <= AT_ONCE:
        return [list(new)]
    groups: dict[bytes, list[int]] = {}
    for part in batches(new, PAGE):
        for no, fold in cases.folds(connection, part, run_id):
            groups.setdefault(hashlib.blake2b(fold.encode(), digest_size=8).digest(), []).append(no)
    parts: list[list[int]] = [[]]
    for mark in sorted(groups):
        if parts[-1] and len(parts[-1]) + len(groups[mark]) > AT_ONCE:
            parts.append([])
        parts[-1] += groups[mark]
    return parts


def _loaded(
    store: Store, run_id: int, part: Sequence[int], divided: Sequence[int], *, waiting: bool
) -> tuple[list[Case], list[Case]]:
    """The cases of a part, and those that wait for a topic."""
    with store.read() as connection:
        given = [case for _, case in cases.load(connection, sorted({*part, *divided}), run_id)]
        idle = cases.waiting(connection, run_id, limit=WAITING) if waiting else []
        return given, [case for _, case in cases.load(connection, idle, run_id)]


def _endpoint(settings: Settings) -> Endpoint | None:
    naming = settings.naming
    if naming.url is None:
        return None
    key = naming.key.get_secret_value() if naming.key else None
    return Endpoint(url=naming.url, model=naming.model, key=key, timeout=naming.timeout)


def _save(connection: Connection, tonight: Night, run_id: int, at: datetime, *, always: set[int]) -> int:
    """Keep what was found; returns how many moves there were of tickets that somebody has seen before."""
    told = {given.key: given for given in tonight.assignments}
    for move in tonight.moves:  # also tickets that nobody asked about this night
        place = tonight.memory.places.get(move.key)
        told[move.key] = Assignment(move.key, move.to_topic, place.confidence if place else 0.0)
    numbers = cases.number_of(connection, list(told))
    results.save_assignments(connection, list(told.values()), numbers, run_id, always=always)
    shown = cases.assigned_before(connection, sorted({numbers[move.key] for move in tonight.moves}), run_id)
    moves = [move for move in tonight.moves if numbers[move.key] in shown]
    results.save_moves(connection, moves, numbers, run_id=run_id, now=at)
    results.save_memory(connection, tonight.memory.to_bytes(), run_id=run_id)
    return len(moves)
