"""What a fit from scratch would do differently, as proposals: topics that are one, and groups that are a topic of their own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cxtext.topics.assign import Floats
from cxtext.topics.communities import find_communities

AT_HOME = 0.6  # share of a topic's members that one community must hold to be its home
SMALLEST_APART = 8  # texts of a community that is nobody's home


@dataclass(frozen=True, slots=True)
class Advice:
    """Proposals: rows of `apart` groups are topics of their own; `same` topics are one, the larger one last."""

    apart: tuple[tuple[int, ...], ...]
    same: tuple[tuple[str, str], ...]


def advise(vectors: Floats, topics: Sequence[str | None], *, seed: int) -> Advice:
    """Compare a fit from scratch with what is known.

    Args:
        vectors: rows of all members and of tonight's texts.
        topics: the topic of each row, None for none.
        seed: for the fit.
    """
    labels = find_communities(vectors, seed=seed).labels.tolist()
    inside: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        if label >= 0:
            inside.setdefault(label, []).append(row)
    spread: dict[str, Counter[int]] = {}
    for topic, label in zip(topics, labels, strict=True):
        if topic is not None:
            spread.setdefault(topic, Counter())[label] += 1
    residents: dict[int, list[str]] = {}
    for topic in sorted(spread):
        label, count = min(spread[topic].items(), key=lambda item: (-item[1], item[0]))
        if label >= 0 and count >= AT_HOME * spread[topic].total():
            residents.setdefault(label, []).append(topic)
    same: list[tuple[str, str]] = []
    for several in residents.values():
        several.sort(key=lambda topic: (spread[topic].total(), topic))
        same += [(topic, several[-1]) for topic in several[:-1]]
    homeless = {min(counts, key=lambda label: (-counts[label], label)) for counts in spread.values()}
    apart = [
        tuple(rows)
        for label, rows in sorted(inside.items())
        if label not in residents and label not in homeless and len(rows) >= SMALLEST_APART
    ]
    same.sort(key=lambda pair: (spread[pair[0]].total(), pair))
    return Advice(tuple(apart), tuple(same))
