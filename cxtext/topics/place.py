"""Where tonight's texts belong: known topics first, then topics that only now show, and the record of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from cxtext.domain import Case, Move
from cxtext.topics.acts import new_topic, relocate
from cxtext.topics.assign import Floats, calibrate, confidence, vote
from cxtext.topics.communities import find_communities
from cxtext.topics.family import raise_families
from cxtext.topics.memory import Member, Memory, mark_of, with_members
from cxtext.topics.places import Place
from cxtext.topics.residue import contrast, find_new, ordinary_cohesion, stands_apart
from cxtext.topics.revise import revise
from cxtext.topics.standing import WEAK, Text, allowance, everyone, known_tickets, movable, sharing_texts

ENOUGH_TO_DISCOVER = 20  # different texts; fewer show no recurring issue
SURE = 0.5  # probability above which a ticket joins a known topic
UNCLAIMED = 0.5  # share of a new topic that no known topic may have claimed


def place(
    memory: Memory, texts: Sequence[Text], vectors: Floats, *, seed: int, review: bool = False
) -> tuple[Memory, tuple[Text, ...], tuple[Move, ...], bool]:
    """Give texts topics; the known tickets that a new topic takes along come back as moves.

    Args:
        memory: what is known.
        texts: different texts, in an order that does not depend on that of the cases.
        vectors: their rows.
        seed: for fits.
        review: compare what is known with a fit of everything.
    """
    if not memory.leaves():
        memory, placed = _discover_all(memory, texts, vectors, seed)
        if len(texts) >= ENOUGH_TO_DISCOVER:
            memory, placed, _, _ = _promote(memory, placed, vectors, only_unclaimed=True)
        return memory, placed, (), bool(memory.leaves())
    before = len(memory.known)
    memory, opened, reviewed = revise(memory, texts, vectors, seed=seed, review=review)
    placed, memory = join_known(memory, texts, vectors, opened)
    memory, placed, moves, _ = _promote(memory, placed, vectors)
    return memory, placed, reviewed + moves, len(memory.known) > before


def record(
    memory: Memory, given: Iterable[Case], placed: Sequence[Text], vectors: Floats
) -> tuple[Memory, tuple[Move, ...]]:
    """Write down where every case stands, and the moves of known cases among them; add to the topics' samples."""
    where = {case.key: text for text in placed for case in text.cases}
    cases = {case.key: case for case in given} | {case.key: case for text in placed for case in text.cases}
    places: dict[str, Place] = {}
    changed: set[str] = set()
    moves: list[Move] = []
    for key in sorted(cases):
        old = memory.places.get(key)
        text = where.get(key)
        new = Place(text.topic_id, text.confidence, text.mark) if text else Place(None, 0.0, mark_of(cases[key]))
        if old is not None and old.by_person:
            new = replace(old, mark=new.mark)
        elif old is not None and old.topic_id != new.topic_id:
            moves.append(Move(key, old.topic_id, new.topic_id, _why(old, new)))
        places[key] = new
        if old is not None and old != new:
            changed.add(key)
    kept = [row for row, member in enumerate(memory.members) if member.key not in changed]
    members = [memory.members[row] for row in kept]
    fresh: list[int] = []
    for row, text in enumerate(placed):
        case = text.cases[0]
        topic_id = places[case.key].topic_id
        if topic_id is not None:
            members.append(
                Member(
                    key=case.key,
                    mark=text.mark,
                    text=case.text,
                    language=case.language,
                    topic_id=topic_id,
                    confidence=places[case.key].confidence,
                    since=memory.nights,
                    category=case.facts.given_category,
                )
            )
            fresh.append(row)
    left = sum(1 for move in moves if move.from_topic is not None)
    memory = replace(memory, places=memory.places.changed(places), moved=memory.moved + left)
    return with_members(memory, members, _rows(memory, kept, vectors, fresh)), tuple(moves)


def _rows(memory: Memory, kept: Sequence[int], vectors: Floats, fresh: Sequence[int]) -> NDArray[np.float16]:
    """Members that stay, then tonight's; as the memory keeps them, which takes half."""
    width = vectors.shape[1] if fresh else memory.vectors.shape[1]
    known, tonight = memory.vectors[list(kept)], vectors[list(fresh)].astype(np.float16)
    return np.vstack([known.reshape(len(kept), width), tonight.reshape(len(fresh), width)])


def _why(old: Place, new: Place) -> str:
    if old.mark != new.mark:
        return "the text changed"
    return "joined a known topic" if old.topic_id is None else "moved with its text"


def _discover_all(memory: Memory, texts: Sequence[Text], vectors: Floats, seed: int) -> tuple[Memory, tuple[Text, ...]]:
    copies = _copies(texts)
    if len(texts) < ENOUGH_TO_DISCOVER and copies.max(initial=0) < ENOUGH_TO_DISCOVER:
        return memory, tuple(texts)
    languages = [text.cases[0].language for text in texts]
    found = find_communities(vectors, seed=seed, weights=copies, languages=languages)
    ids: list[str] = []
    for _ in range(int(found.labels.max(initial=-1)) + 1):
        memory, topic_id = new_topic(memory)
        ids.append(topic_id)
    if ids:
        memory = raise_families(memory, ids, found.parents)
    placed = tuple(
        replace(text, topic_id=ids[label] if label >= 0 else None, confidence=round(sure, 4) if label >= 0 else 0.0)
        for text, label, sure in zip(texts, found.labels.tolist(), found.confidence.tolist(), strict=True)
    )
    return memory, placed


def _copies(texts: Sequence[Text]) -> Floats:
    return np.array([len(text.cases) for text in texts], dtype=np.float32)


def join_known(
    memory: Memory, texts: Sequence[Text], vectors: Floats, opened: Mapping[int, str] = MappingProxyType({})
) -> tuple[tuple[Text, ...], Memory]:
    """Texts that were read before keep their topic; the others join the topic their neighbours vote for, if it is sure.

    The memory that comes back holds the calibration that was used.
    """
    known = memory.places.sharing({text.mark for text in texts})
    before = {place.mark: place for _, place in known if place.topic_id is not None}
    founding = [replace(text, topic_id=opened.get(row)) for row, text in enumerate(texts)]
    members, ids, _ = everyone(memory, founding, vectors)
    memory = replace(memory, calibration=calibrate(members))
    votes = vote(vectors, members)
    sure = confidence(votes.features, memory.calibration)
    placed = []
    for row, (text, winner, probability) in enumerate(zip(texts, votes.winners.tolist(), sure.tolist(), strict=True)):
        there = before.get(text.mark)
        if there is not None:
            placed.append(replace(text, topic_id=there.topic_id, confidence=there.confidence))
        elif row in opened:
            mine = ids[winner] == opened[row]
            placed.append(replace(text, topic_id=opened[row], confidence=max(SURE, probability) if mine else SURE))
        elif winner >= 0 and probability >= SURE:
            placed.append(replace(text, topic_id=ids[winner], confidence=probability))
        else:
            placed.append(text)
    return tuple(placed), memory


def _promote(
    memory: Memory, placed: tuple[Text, ...], vectors: Floats, *, only_unclaimed: bool = False
) -> tuple[Memory, tuple[Text, ...], tuple[Move, ...], bool]:
    """Open topics for groups among the texts that no known topic claims, weak members of known topics included."""
    members, _, sources = everyone(memory, placed, vectors)
    alike = ordinary_cohesion(members) if len(members.vectors) else contrast(vectors)
    seen = {text.mark for text in placed}
    free = [
        row
        for row, text in enumerate(placed)
        if text.topic_id is None or (text.confidence < WEAK and not only_unclaimed)
    ]
    weak = [row for row in movable(memory) if memory.members[row].mark not in seen]
    pool = np.vstack([vectors[free], memory.vectors[weak].astype(np.float32).reshape(len(weak), vectors.shape[1])])
    asked = memory.members  # whoever moves may change the sample
    opened: dict[int, str] = {}
    moves: tuple[Move, ...] = ()
    tickets = known_tickets(memory, placed)
    for find in find_new(pool, alike):
        tonight = [free[row] for row in find.rows.tolist() if row < len(free)]
        taken = [weak[row - len(free)] for row in find.rows.tolist() if row >= len(free)]
        sharing = sharing_texts(memory, {asked[row].mark for row in taken})
        goal = [key for several in sharing.values() for key in several]
        besides = np.isin(sources, [*taken, *(-1 - row for row in tonight)])
        apart = stands_apart(pool[find.rows], members, besides, alike)
        unclaimed = sum(1 for row in tonight if placed[row].topic_id is None)
        if unclaimed < UNCLAIMED * len(find.rows) or not apart or len(goal) > allowance(memory, tickets):
            continue
        memory, topic_id = new_topic(memory)
        opened |= dict.fromkeys(tonight, topic_id)
        memory, more = relocate(memory, dict.fromkeys(goal, topic_id), reason=f"new topic {topic_id} is nearer")
        memory = replace(memory, moved=memory.moved + len(more))
        moves += more
    return memory, _opened(memory, placed, vectors, opened), moves, bool(opened)


def _opened(memory: Memory, placed: tuple[Text, ...], vectors: Floats, opened: Mapping[int, str]) -> tuple[Text, ...]:
    """Tonight's texts with the new topics they are in, as sure of them as their neighbours are."""
    if not opened:
        return placed
    result = [replace(text, topic_id=opened.get(row, text.topic_id)) for row, text in enumerate(placed)]
    members, ids, sources = everyone(memory, result, vectors)
    rows = sorted(opened)
    where = {source: place for place, source in enumerate(sources.tolist())}
    votes = vote(vectors[rows], members, without=np.array([where[-1 - row] for row in rows]))
    sure = confidence(votes.features, memory.calibration or calibrate(members))
    for row, winner, probability in zip(rows, votes.winners.tolist(), sure.tolist(), strict=True):
        mine = ids[winner] == result[row].topic_id
        result[row] = replace(result[row], confidence=max(SURE, probability) if mine else SURE)
    return tuple(result)
