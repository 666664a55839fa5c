"""What a fit of everything, old and new, says about the known topics: which groups are nobody's home, which topics are one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxtext.topics.assign import Floats
from cxtext.topics.communities import find_communities

AT_HOME = 0.6  # share of a topic's members that one community must hold for the topic to be settled there
SMALLEST_APART = 8  # texts of a community that is nobody's home


@dataclass(frozen=True, slots=True)
class Advice:
    """Proposals: rows of `apart` groups are topics of their own; `same` topics are one, the larger one last."""

    apart: tuple[tuple[int, ...], ...]
    same: tuple[tuple[str, str], ...]


def advise(vectors: Floats, topics: Sequence[str | None], languages: Sequence[str], *, seed: int) -> Advice:
    """Compare a fit of all rows, which knows where they stand, with where they stand.

    Args:
        vectors: rows of all members and of tonight's texts.
        topics: the topic of each row, None for none.
        languages: of each row.
        seed: for the fit.
    """
    number = {topic: place for place, topic in enumerate(sorted({one for one in topics if one is not None}))}
    before = np.array([-1 if one is None else number[one] for one in topics], dtype=np.int64)
    labels = find_communities(vectors, seed=seed, before=before, languages=languages).labels.tolist()
    inside: dict[int, list[int]] = {}
    spread: dict[str, Counter[int]] = {}
    for row, (topic, label) in enumerate(zip(topics, labels, strict=True)):
        if label >= 0:
            inside.setdefault(label, []).append(row)
        if topic is not None:
            spread.setdefault(topic, Counter())[label] += 1
    homes: set[int] = set()
    residents: dict[int, list[str]] = {}
    for topic in sorted(spread):
        label, count = min(spread[topic].items(), key=lambda item: (item[0] < 0, -item[1], item[0]))
        homes.add(label)
        if label >= 0 and count >= AT_HOME * spread[topic].total():
            residents.setdefault(label, []).append(topic)
    same: list[tuple[str, str]] = []
    for several in residents.values():
        several.sort(key=lambda topic: (spread[topic].total(), topic))
        same += [(topic, several[-1]) for topic in several[:-1]]
    apart = [
        tuple(rows) for label, rows in sorted(inside.items()) if label not in homes and len(rows) >= SMALLEST_APART
    ]
    same.sort(key=lambda pair: (spread[pair[0]].total(), pair))
    return Advice(tuple(apart), tuple(same))
