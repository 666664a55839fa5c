"""One night of topics: assign what is new, find what nobody knows yet, keep every identity, log every move."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from threadpoolctl import threadpool_limits

from cxtext.domain import Assignment, Case, Move, Topic
from cxtext.recipe import Recipe
from cxtext.text.redact import without_placeholders
from cxtext.topics.acts import Act, Split, apply, split
from cxtext.topics.assign import Floats
from cxtext.topics.describe import describe_topics
from cxtext.topics.family import adopt
from cxtext.topics.memory import Memory, mark_of
from cxtext.topics.place import join_known, place, record
from cxtext.topics.space import Kept, encode, outgrown, refit_space, signature
from cxtext.topics.standing import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What one night found. `assignments` name every given case, and those waiting ones that now have a topic."""

    memory: Memory
    topics: tuple[Topic, ...]  # all that ever were, groups of topics included
    assignments: tuple[Assignment, ...]
    moves: tuple[Move, ...]
    discovered: bool


def night(
    cases: Sequence[Case],
    waiting: Sequence[Case],
    memory: Memory | None,
    acts: Sequence[Act],
    *,
    recipe: Recipe,
    today: date | None,
    seed: int,
    kept: Kept | None = None,
) -> Night:
    """Give every case a topic or an honest nothing; the same input gives the same answer in any order.

    Args:
        cases: tickets that are new or changed since the last night. Known tickets may be among them (a `Split` divides
            those that are given); where their text is unchanged they keep their topic.
        waiting: known tickets without a topic that may now get one.
        memory: what the last night handed over; None on the first night.
        acts: what people did since the last night, oldest first.
        recipe: names the embedding.
        today: the date of tickets that have none.
        seed: for every step that draws lots.
        kept: of the nights before in this process.
    """
    with threadpool_limits(1):  # so that sums round alike on any machine's number of cores
        return _night(cases, waiting, memory or Memory(recipe=signature(recipe)), acts, recipe, today, seed, kept)


def _night(
    cases: Sequence[Case],
    waiting: Sequence[Case],
    memory: Memory,
    acts: Sequence[Act],
    recipe: Recipe,
    today: date | None,
    seed: int,
    kept: Kept | None,
) -> Night:
    memory, moves = _apply(acts, memory)
    given = _distinct(map(_unmasked, cases))
    pending = [
        case for case in _distinct(map(_unmasked, waiting), {case.key for case in given}) if _is_waiting(case, memory)
    ]
    texts = _texts([case for case in (*given, *pending) if _readable(case)])
    memory, vectors, review = _embed(memory, texts, recipe, len(given), kept)
    memory, divided = _split(acts, memory, texts, vectors, seed)
    memory, placed, found, discovered = place(memory, texts, vectors, seed=seed, review=review)
    memory, recorded = record(memory, given, placed, vectors)
    moves += divided + found + recorded
    memory = describe_topics(adopt(replace(memory, nights=memory.nights + 1)), (*given, *pending), today=today)
    told = {case.key for case in given} | {move.key for move in moves} & {case.key for case in pending}
    return Night(
        memory=memory,
        topics=tuple(known.topic for known in memory.known),
        assignments=tuple(_assignment(memory, key) for key in sorted(told)),
        moves=moves,
        discovered=discovered,
    )


def look_up(cases: Sequence[Case], memory: Memory, *, recipe: Recipe) -> tuple[Assignment, ...]:
    """Where these cases would go tonight, in order; nothing is learned, kept or discovered."""
    cases = [_unmasked(case) for case in cases]
    texts = [Text(mark_of(case), (case,)) for case in cases if _readable(case)]
    if not texts or not memory.space:
        return tuple(Assignment(case.key, None) for case in cases)
    with threadpool_limits(1):
        placed, _ = join_known(memory, texts, encode(memory, recipe, [text.cases[0] for text in texts]))
    found = {text.cases[0].key: text for text in placed}
    return tuple(
        Assignment(case.key, found[case.key].topic_id, found[case.key].confidence)
        if case.key in found
        else Assignment(case.key, None)
        for case in cases
    )


def _apply(acts: Sequence[Act], memory: Memory) -> tuple[Memory, tuple[Move, ...]]:
    moves: tuple[Move, ...] = ()
    for act in acts:
        if not isinstance(act, Split):
            memory, more = apply(act, memory)
            moves += more
    return memory, moves


def _split(
    acts: Sequence[Act], memory: Memory, texts: Sequence[Text], vectors: Floats, seed: int
) -> tuple[Memory, tuple[Move, ...]]:
    moves: tuple[Move, ...] = ()
    for act in acts:
        if isinstance(act, Split):
            rows = {
                case.key: vectors[row]
                for row, text in enumerate(texts)
                for case in text.cases
                if case.key in memory.places
            }
            memory, more = split(act, memory, rows, seed=seed)
            moves += more
    return memory, moves


def _embed(
    memory: Memory, texts: Sequence[Text], recipe: Recipe, coming: int, kept: Kept | None
) -> tuple[Memory, Floats, bool]:
    """The rows of tonight's texts, in a space that is fitted anew if it is outgrown; and whether it was."""
    first = [text.cases[0] for text in texts]
    if not first:
        return memory, np.zeros((0, memory.vectors.shape[1]), np.float32), False
    refitted = outgrown(memory, recipe, coming)
    if refitted:
        memory = refit_space(memory, recipe, first, kept)
    return memory, encode(memory, recipe, first, kept), refitted


def _unmasked(case: Case) -> Case:
    """Pseudonyms differ from tenant to tenant: with them in the texts, equal tickets would give other topics elsewhere."""
    return replace(case, text=without_placeholders(case.text))


def _distinct(cases: Iterable[Case], besides: Container[str] = ()) -> list[Case]:
    return sorted({case.key: case for case in cases if case.key not in besides}.values(), key=lambda case: case.key)


def _is_waiting(case: Case, memory: Memory) -> bool:
    place = memory.places.get(case.key)
    return place is None or (place.topic_id is None and not place.by_person)


def _readable(case: Case) -> bool:
    return not case.auto_reply and any(map(str.isalpha, case.text))


def _texts(cases: Iterable[Case]) -> list[Text]:
    """One for each fold, in an order that depends on nothing but the texts."""
    sharing: dict[str, list[Case]] = {}
    for case in cases:
        sharing.setdefault(mark_of(case), []).append(case)
    return [Text(mark, tuple(sharing[mark])) for mark in sorted(sharing)]


def _assignment(memory: Memory, key: str) -> Assignment:
    place = memory.places[key]
    return Assignment(key, place.topic_id, place.confidence if place.topic_id is not None else 0.0)
