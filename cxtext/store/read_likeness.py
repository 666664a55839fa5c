"""Topics that are alike, as a night left them: the nearest ones of each, and pairs that look like one issue."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t
from cxtext.store.read_tally import places

LIKE_ONE = 0.4  # likeness from which on a person should look whether two topics are one


@dataclass(frozen=True, slots=True)
class Alike:
    """A topic and one that is like it: `likeness` is about 0 for nothing in common, 1 for the same."""

    topic_id: str
    label: str
    size: int
    other_id: str
    other_label: str
    other_size: int
    likeness: float


def twins(connection: Connection, run_id: int) -> list[Alike]:
    """Pairs that are each other's nearest and look like one issue, most alike first; the larger topic comes first.

    They are for a person to judge (`cxtext topics merge`): in simulated histories about half were one issue.
    """
    near = {spot.topic_id: spot.neighbours for spot in places(connection, run_id)}
    pairs = [
        (topic_id, *others[0])
        for topic_id, others in sorted(near.items())
        if others and near.get(others[0][0]) and near[others[0][0]][0][0] == topic_id and topic_id < others[0][0]
    ]
    found = _named(connection, run_id, [pair for pair in pairs if pair[2] >= LIKE_ONE])
    return sorted(found, key=lambda one: (-one.likeness, one.topic_id))


def alike(connection: Connection, run_id: int, topic_id: str) -> list[Alike]:
    """The topics that are most like this one, nearest first; empty where none is, or where it is a group of topics."""
    near = {spot.topic_id: spot.neighbours for spot in places(connection, run_id)}.get(topic_id, ())
    return _named(connection, run_id, [(topic_id, *other) for other in near], turn=False)


def _named(
    connection: Connection, run_id: int, pairs: list[tuple[str, str, float]], *, turn: bool = True
) -> list[Alike]:
    """Pairs with names and sizes; those of which one topic is merged or out of sight are left out."""
    seen = (t.seen_at(t.topic, run_id), t.topic.c.merged_into.is_(None))
    rows = connection.execute(sa.select(t.topic.c.id, t.topic.c.label, t.topic.c.size).where(*seen))
    known = {row.id: (row.label, row.size) for row in rows}
    found = []
    for one, other, cosine in pairs:
        if one in known and other in known:
            first, second = (other, one) if turn and known[other][1] > known[one][1] else (one, other)
            found.append(Alike(first, *known[first], second, *known[second], cosine))
    return found
