"""Who stands where tonight: texts and members together, who may be moved, and how many still may."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from cxtext.domain import Case
from cxtext.topics.assign import Crowd, Floats, Ints, crowd
from cxtext.topics.memory import Memory

WEAK = 0.8  # probability below which a ticket was never sure of its topic
MOVES_PER_TICKET = 0.049  # of all tickets ever read so many may have been moved by cxtext, over all nights…
FOUNDING = 0.03  # …of which new topics use no more than this: the rest is kept for topics that turn out to be one


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the night, all cases that share it, and the topic it got."""

    mark: str
    cases: tuple[Case, ...]
    topic_id: str | None = None
    confidence: float = 0.0


def everyone(memory: Memory, placed: Sequence[Text], vectors: Floats) -> tuple[Crowd, tuple[str, ...], Ints]:
    """The memory's members and tonight's, the ids of their topics, and where each comes from (tonight's: -1 - row)."""
    tonight = [(row, text.topic_id) for row, text in enumerate(placed) if text.topic_id is not None]
    names = [member.voice for member in memory.members] + [topic_id for _, topic_id in tonight]
    ids = tuple(sorted(set(names)))
    number = {topic_id: place for place, topic_id in enumerate(ids)}
    rows = vectors[[row for row, _ in tonight]]
    rows = np.vstack([memory.vectors.astype(np.float32).reshape(len(memory.members), rows.shape[1]), rows])
    sources = np.array([*range(len(memory.members)), *(-1 - row for row, _ in tonight)], dtype=np.int64)
    return crowd(rows, [number[name] for name in names]), ids, sources


def movable(memory: Memory) -> list[int]:
    """Rows of members that were never sure of their topic and that no person put or pinned there."""
    pinned = {one.topic.id for one in memory.known if one.topic.pinned}
    return [
        row
        for row, member in enumerate(memory.members)
        if member.confidence < WEAK and member.topic_id not in pinned and not memory.places[member.key].by_person
    ]


def sharing_texts(memory: Memory, marks: Collection[str]) -> dict[str, list[str]]:
    """Per mark, the keys of all tickets with that text that no person put where they are."""
    found: dict[str, list[str]] = {mark: [] for mark in marks}
    for key, place in memory.places.sharing(found.keys()):
        if not place.by_person:
            found[place.mark].append(key)
    return found


def known_tickets(memory: Memory, placed: Sequence[Text]) -> int:
    """How many tickets were ever read, tonight's included."""
    return memory.places.union(case.key for text in placed for case in text.cases)


def allowance(memory: Memory, tickets: int, *, merging: bool = False) -> int:
    """How many tickets cxtext may still move: to new topics, or (`merging`) with a topic that becomes part of another."""
    return int((MOVES_PER_TICKET if merging else FOUNDING) * tickets) - memory.moved
