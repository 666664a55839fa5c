"""What all tickets together say about the known topics: twins, new topics inside old ones, what is new in time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from cxtext.domain import Move
from cxtext.topics.acts import new_topic, relocate
from cxtext.topics.advise import advise
from cxtext.topics.assign import Floats, crowd
from cxtext.topics.memory import Memory
from cxtext.topics.novelty import find_novel
from cxtext.topics.residue import ordinary_cohesion
from cxtext.topics.standing import Text, allowance, known_tickets, sharing_texts

LARGEST_MERGED = 25  # tickets of a topic that cxtext itself may merge into another of its language; larger: for people

Group = tuple[int, ...]


def revise(
    memory: Memory, texts: Sequence[Text], vectors: Floats, *, seed: int, review: bool
) -> tuple[Memory, dict[int, str], tuple[Move, ...]]:
    """Open the topics that show in all tickets together, and bring twins together: small ones, and one issue in two languages.

    Known tickets move as far as the allowance reaches, those at the heart of a new topic first; the others stay where
    they are, and from now on speak for the new topic when new tickets ask their neighbours.

    Args:
        memory: what is known.
        texts: tonight's.
        vectors: their rows.
        seed: for the fit.
        review: compare what is known with a fit of everything. Otherwise only what is new in time is sought.

    Returns:
        The memory, the new topic of those of tonight's texts (by row) that found one, and the moves.
    """
    rows = np.vstack([memory.vectors.astype(np.float32).reshape(len(memory.members), vectors.shape[1]), vectors])
    keys = [one.key for one in memory.members]  # of the rows: whoever moves may change the sample
    since = [one.since for one in memory.members] + [memory.nights] * len(texts)
    topics = _topics(memory, keys, texts)
    tickets = known_tickets(memory, texts)
    moves: tuple[Move, ...] = ()
    apart: tuple[Group, ...] = ()
    if review:
        spoken = [*(one.language for one in memory.members), *(text.cases[0].language for text in texts)]
        advice = advise(rows, topics, spoken, seed=seed)
        memory, moves = _join_twins(memory, tickets, advice.same)
        apart = advice.apart
        topics = _topics(memory, keys, texts)
    opened: dict[int, str] = {}
    for group in (*apart, *_novel(rows, topics, since, apart)):
        later, topic_id = new_topic(memory)
        founding = [row - len(keys) for row in group if row >= len(keys) and topics[row] is None]
        near = np.round(rows[list(group)] @ rows[list(group)].mean(axis=0, dtype=np.float64).astype(np.float32), 5)
        ranked = [keys[row] for _, row in sorted(zip((-near).tolist(), group, strict=True)) if row < len(keys)]
        later, more = _settle(later, tickets, ranked, topic_id)
        if founding or more:  # a topic that nobody may join yet is none
            memory = later
            opened |= dict.fromkeys(founding, topic_id)
            moves += more
    return memory, opened, moves


def _topics(memory: Memory, keys: Sequence[str], texts: Sequence[Text]) -> list[str | None]:
    """What each of these members speaks for, then the topic of each of tonight's texts that was read before."""
    voices = {one.key: one.voice for one in memory.members}
    known = memory.places.sharing({text.mark for text in texts})
    before = {place.mark: place.topic_id for _, place in known if place.topic_id is not None}
    return [*(voices.get(key) for key in keys), *(before.get(text.mark) for text in texts)]


def _join_twins(memory: Memory, tickets: int, same: Sequence[tuple[str, str]]) -> tuple[Memory, tuple[Move, ...]]:
    moves: tuple[Move, ...] = ()
    language = _languages(memory)
    divided = {memory.resolve(act["topic_id"]) for act in memory.acts if act["act"] == "split"}
    for small, large in same:
        goal = memory.places.in_topics({small})
        topic = memory.find(small).topic
        alike = language.get(small) == language.get(large)  # within one language, a fit from scratch errs half the time
        kept = topic.pinned or topic.named_by is not None or (alike and len(goal) > LARGEST_MERGED)
        target = memory.resolve(large)
        if kept or {small, target} & divided or len(goal) > allowance(memory, tickets, merging=True):
            continue  # what a person took apart, no night puts together
        memory, more = relocate(memory, dict.fromkeys(goal, target), reason=f"{small} is the same issue as {target}")
        memory = replace(memory.with_topic(small, merged_into=target), moved=memory.moved + len(more))
        memory = _speak(memory, {one.key: target for one in memory.members if one.voice == small})
        moves += more
    return memory, moves


def _languages(memory: Memory) -> dict[str, str]:
    """The language of most members that speak for a topic."""
    spoken: dict[str, Counter[str]] = {}
    for one in memory.members:
        spoken.setdefault(one.voice, Counter())[one.language] += 1
    return {topic: min(counts, key=lambda code: (-counts[code], code)) for topic, counts in spoken.items()}


def _novel(
    rows: Floats, topics: Sequence[str | None], since: Sequence[int], apart: Sequence[Group]
) -> tuple[Group, ...]:
    """Groups that are new in time, outside topics that are new themselves."""
    names = sorted({topic for topic in topics if topic is not None})
    number = {topic: place for place, topic in enumerate(names)}
    of = np.array([-1 if topic is None else number[topic] for topic in topics])
    for place, group in enumerate(apart):
        of[list(group)] = len(names) + place
    known = of >= 0
    alike = ordinary_cohesion(crowd(rows[known], np.unique(of[known], return_inverse=True)[1]))
    return tuple(tuple(group.tolist()) for group in find_novel(rows, of, np.array(since), alike))


def _settle(memory: Memory, tickets: int, keys: Sequence[str], topic_id: str) -> tuple[Memory, tuple[Move, ...]]:
    """Move these members, and who shares their texts, to a new topic while that is allowed; the others speak for it."""
    pinned = {one.topic.id for one in memory.known if one.topic.pinned}
    members = {one.key: one for one in memory.members}
    free = [
        key
        for key in keys
        if key in members and members[key].topic_id not in pinned and not memory.places[key].by_person
    ]
    memory = _speak(memory, dict.fromkeys(free, topic_id))
    goal: dict[str, str | None] = {}
    sharing = sharing_texts(memory, {members[key].mark for key in free})
    most = allowance(memory, tickets)
    for key in free:
        several = sharing[members[key].mark]
        if len(goal) + len(several) > most:
            break
        goal |= dict.fromkeys(several, topic_id)
    memory, moves = relocate(memory, goal, reason=f"new topic {topic_id} is nearer")
    return replace(memory, moved=memory.moved + len(moves)), moves


def _speak(memory: Memory, voices: Mapping[str, str]) -> Memory:
    """The same memory in which the members with these keys speak for these topics."""
    members = [
        replace(one, stands_for=None if voices[one.key] == one.topic_id else voices[one.key])
        if one.key in voices
        else one
        for one in memory.members
    ]
    return replace(memory, members=tuple(members))
