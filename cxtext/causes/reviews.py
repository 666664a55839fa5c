"""Which tickets a person should look at next, so that few looks teach much and the accuracy stays honest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cxtext.causes.features import Floats
from cxtext.text.fold import fold

Why = Literal["doubt", "random", "new words"]
RARE = 2  # a word in more reviewed texts than this is no longer new


@dataclass(frozen=True, slots=True)
class Review:
    """One ticket to look at, by its place in the input, and why: only `random` ones may be used to measure."""

    place: int
    why: Why


def next_reviews(
    probabilities: Floats,
    texts: Sequence[str],
    reviewed: Sequence[bool],
    *,
    count: int = 20,
    seed: int = 0,
) -> list[Review]:
    """Half by the smallest margin between the two best labels, a quarter at random, a quarter by new vocabulary.

    Args:
        probabilities: of the present model, shape (texts, labels).
        texts: all texts, in the same order.
        reviewed: which of them a person has already looked at.
        count: how many to propose; fewer come back where fewer are left.
        seed: decides the random quarter; use another one each time.
    """
    left = [place for place, seen in enumerate(reviewed) if not seen]
    chosen: list[Review] = []
    taken: set[int] = set()

    def take(places: Sequence[int], number: int, why: Why) -> None:
        for place in places:
            if number <= 0:
                return
            if place not in taken:
                taken.add(place)
                chosen.append(Review(place, why))
                number -= 1

    # Random first: a sample drawn from what the other two left over would not be random.
    shuffled = np.random.default_rng(seed).permutation(len(left))
    take([left[number] for number in shuffled], count // 4, "random")
    take(_unlike(left, texts, reviewed), count // 4, "new words")
    take(_different(_doubtful(left, probabilities), probabilities), count - len(chosen), "doubt")
    return chosen


def _doubtful(left: Sequence[int], probabilities: Floats) -> list[int]:
    if probabilities.shape[1] < 2:
        return list(left)
    best = np.sort(probabilities[list(left)], axis=1)
    margins = best[:, -1] - best[:, -2]
    return [left[number] for number in np.argsort(margins, kind="stable")]


def _different(places: Sequence[int], probabilities: Floats) -> list[int]:
    """Doubtful texts in turns of their best label, so that one hard pair does not fill the whole batch."""
    turn: Counter[int] = Counter()
    ranked = []
    for rank, place in enumerate(places):
        best = int(probabilities[place].argmax())
        ranked.append((turn[best], rank, place))
        turn[best] += 1
    return [place for *_, place in sorted(ranked)]


def _unlike(left: Sequence[int], texts: Sequence[str], reviewed: Sequence[bool]) -> list[int]:
    """Texts with most words that are common among the texts left but nobody has reviewed yet."""
    words = [frozenset(fold(text).split()) for text in texts]
    seen = Counter(word for place, done in enumerate(reviewed) if done for word in words[place])
    waiting = Counter(word for place in left for word in words[place])
    gains: dict[int, float] = {}
    for place in left:
        new = [waiting[word] for word in words[place] if seen[word] <= RARE and waiting[word] > 1 and len(word) > 3]
        gains[place] = float(np.log1p(new).sum()) / np.sqrt(len(words[place]) + 1)
    return sorted(left, key=lambda place: (-gains[place], place))
