"""How topics hold up night after night: churn, agreement with gold labels, how soon a new category owns a topic."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from cxtext.domain import Case, Move
from cxtext.recipe import Recipe
from cxtext.topics.memory import Memory
from cxtext.topics.night import night

OWNED = 0.5  # share of a topic's tickets that a category needs to own it
SMALLEST_OWNED = 5  # tickets of the category in that topic


@dataclass(slots=True)
class _Diary:
    """What was seen, night after night."""

    where: dict[str, str | None] = field(default_factory=dict)
    known: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    topics: list[int] = field(default_factory=list)
    owned_after: dict[str, int] = field(default_factory=dict)


def evaluate_nights(
    texts: Sequence[str],
    languages: Sequence[str],
    gold: Sequence[str],
    *,
    recipe: Recipe,
    nights: int = 30,
    hold_back: int = 8,
    seed: int = 0,
    first: float | None = 1 / 3,
    dates: Sequence[date] | None = None,
) -> dict[str, Any]:
    """Play `nights` nights and measure what a user would see.

    Args:
        texts: one a ticket.
        languages: of the texts.
        gold: the category of each, used for measuring only.
        recipe: the embedding.
        nights: how many; tickets are spread evenly over them.
        hold_back: so many categories (drawn by `seed` among those with at least 40 tickets) are seen only later:
            from the second night on, or, if the nights are even, from the second third of them on.
        seed: for drawing and shuffling.
        first: share of the tickets that are there on the first night, as a loaded history is; None: an even share.
        dates: of the tickets; then nights follow the dates (and hold nothing back) instead of a shuffled order.

    Returns:
        `ari`, `ari_fresh` (all tickets discovered at once), `moved_per_night` (mean share of the tickets known by then
        that changed from one topic to another), `moved_in_all` (share of all tickets), `filled_in_all` (from no topic
        to one), `tickets_until_owned` per held-back category (None: never), `seconds` (CPU, per night), `without_topic`.
        A ticket without a topic counts as a topic of its own in every ARI.
    """
    cases = [
        Case(id=str(row), source="evaluate", text=text, language=language)
        for row, (text, language) in enumerate(zip(texts, languages, strict=True))
    ]
    categories = {case.key: category for case, category in zip(cases, gold, strict=True)}
    held = _held_back(gold, 0 if dates else hold_back, seed)
    schedule = _schedule(cases, gold, held, nights=nights, first=first, seed=seed, dates=dates)
    diary = _play(schedule, categories, held, recipe=recipe, seed=seed)
    fresh = night(cases, (), None, (), recipe=recipe, today=None, seed=seed)
    return _summary(diary, {one.key: one.topic_id for one in fresh.assignments}, categories, held)


def _summary(
    diary: _Diary, fresh: Mapping[str, str | None], categories: Mapping[str, str], held: frozenset[str]
) -> dict[str, Any]:
    tickets = len(categories)
    return {
        "tickets": tickets,
        "nights": len(diary.known),
        "topics": diary.topics[-1],
        "ari": _ari(diary.where, categories),
        "ari_fresh": _ari(fresh, categories),
        "moved_per_night": float(np.mean([m / k for m, k in zip(diary.moved, diary.known, strict=True) if k] or [0.0])),
        "moved_in_all": sum(diary.moved) / tickets,
        "filled_in_all": sum(diary.filled) / tickets,
        "without_topic": sum(1 for topic in diary.where.values() if topic is None) / tickets,
        "tickets_until_owned": {category: diary.owned_after.get(category) for category in sorted(held)},
        "moved": diary.moved,
        "filled": diary.filled,
        "seconds": [round(second, 3) for second in diary.seconds],
    }


def _play(
    schedule: Sequence[Sequence[Case]],
    categories: Mapping[str, str],
    held: frozenset[str],
    *,
    recipe: Recipe,
    seed: int,
) -> _Diary:
    diary = _Diary()
    memory: Memory | None = None
    cases = {case.key: case for tonight in schedule for case in tonight}
    for tonight in schedule:
        diary.known.append(len(diary.where))
        waiting = [cases[key] for key, topic in diary.where.items() if topic is None]
        start = time.process_time()
        result = night(tonight, waiting, memory, (), recipe=recipe, today=None, seed=seed)
        diary.seconds.append(time.process_time() - start)
        _follow(diary, result.moves)
        diary.where |= {one.key: one.topic_id for one in result.assignments}
        diary.topics.append(len(result.memory.leaves()))
        _look_for_owners(diary, categories, held)
        memory = result.memory
    return diary


def _follow(diary: _Diary, moves: Sequence[Move]) -> None:
    for move in moves:
        assert diary.where[move.key] == move.from_topic, f"{move} left a topic in which it was not"
        diary.where[move.key] = move.to_topic
    diary.moved.append(sum(1 for move in moves if move.from_topic is not None))
    diary.filled.append(sum(1 for move in moves if move.from_topic is None))


def _look_for_owners(diary: _Diary, categories: Mapping[str, str], held: frozenset[str]) -> None:
    seen = Counter(categories[key] for key in diary.where)
    inside: dict[str, Counter[str]] = {}
    for key, topic in diary.where.items():
        if topic is not None:
            inside.setdefault(topic, Counter())[categories[key]] += 1
    for counts in inside.values():
        category, number = counts.most_common(1)[0]
        if category in held and number >= SMALLEST_OWNED and number >= OWNED * counts.total():
            diary.owned_after.setdefault(category, seen[category])


def _held_back(gold: Sequence[str], count: int, seed: int) -> frozenset[str]:
    frequent = sorted(category for category, number in Counter(gold).items() if number >= 40)
    drawn = np.random.default_rng(seed).permutation(len(frequent))[:count]
    return frozenset(frequent[place] for place in drawn.tolist())


def _schedule(
    cases: Sequence[Case],
    gold: Sequence[str],
    held: frozenset[str],
    *,
    nights: int,
    first: float | None,
    seed: int,
    dates: Sequence[date] | None,
) -> list[list[Case]]:
    """Which tickets come in which night; held-back categories are spread over the nights after the start."""
    start = 1.0 / nights if first is None else first
    bounds = np.concatenate([[0.0], np.linspace(start, 1.0, nights)])
    if dates is not None:
        order = sorted(range(len(cases)), key=lambda row: (dates[row], row))
        when = {row: place / len(cases) for place, row in enumerate(order)}
    else:
        draw = np.random.default_rng(seed + 1).random(len(cases)).tolist()
        late = float(bounds[max(1, nights // 3) if first is None else 1])
        when = {row: late + (1 - late) * draw[row] if gold[row] in held else draw[row] for row in range(len(cases))}
    tonight: list[list[Case]] = [[] for _ in range(nights)]
    for row, moment in when.items():
        tonight[min(int(np.searchsorted(bounds, moment, side="right")) - 1, nights - 1)].append(cases[row])
    return [several for several in tonight if several]


def _ari(where: Mapping[str, str | None], categories: Mapping[str, str]) -> float:
    from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415 - a second that `cxtext --help` must not pay

    keys = sorted(where)
    return float(adjusted_rand_score([categories[key] for key in keys], [where[key] or key for key in keys]))
