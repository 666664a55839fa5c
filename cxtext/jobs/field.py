"""The texts of a night as points, so that an event can be seen that lies across topics or in none."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from cxtext.domain import Case
from cxtext.recipe import load_recipe
from cxtext.settings import Settings
from cxtext.store import cases, mentions, results
from cxtext.topics.memory import Memory
from cxtext.topics.points import name_group, points
from cxtext.topics.space import encode
from cxtext.trends.alike import Field, Mention
from cxtext.trends.episodes import LEAST_TICKETS, RECENT

WAITING = 5_000  # newest tickets without a topic: two CPU-seconds
OTHERS = 1_000  # texts that a name is held against


def lay_out(
    connection: Connection, run_id: int, settings: Settings, first: date, parents: Mapping[str, str | None]
) -> Field | None:
    """The field of a night whose first new day is `first`; None where there is nothing to see.

    It reads from `connection` until the night's lines are told: keep it open.
    """
    recent = [Mention(*one) for one in mentions.since(connection, first - timedelta(RECENT - 1))]
    content = results.load_memory(connection, run_id)
    if content is None or len(recent) < LEAST_TICKETS:
        return None
    memory, recipe = Memory.from_bytes(content), load_recipe(settings.recipe)
    if not memory.space:
        return None
    idle = cases.waiting(connection, run_id, limit=WAITING)
    waiting = [case for _, case in cases.load(connection, idle, run_id) if not case.auto_reply]

    def rows(some: Sequence[Case]) -> NDArray[np.float32]:
        return encode(memory, recipe, some)

    def dated(keys: Collection[str]) -> Iterable[Mention]:
        return (Mention(*one) for one in mentions.of(connection, keys))

    def above(key: str) -> list[str]:
        place, found = memory.places.get(key), list[str]()
        topic = place.topic_id if place else None
        while topic is not None and topic not in found:
            found.append(topic)
            topic = parents.get(topic)
        return found

    def name(keys: Sequence[str]) -> str:
        numbers = sorted(cases.number_of(connection, keys).values())
        mine = [(case.text, case.language) for _, case in cases.load(connection, numbers, run_id)]
        step = max(len(memory.members) // OTHERS, 1)
        others = [(one.text, one.language) for one in memory.members[::step] if one.key not in keys]
        return name_group(mine, others)

    laid = points(memory, waiting, rows)
    return Field(
        keys=laid.keys, rows=laid.rows, near=laid.near, recent=recent, dated=dated, above=above, name=name
    )  # fmt: skip
