"""Families: the middle and the top level above the topics that hold tickets."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cxtext.topics.acts import new_topic
from cxtext.topics.memory import Memory


def raise_families(memory: Memory, topic_ids: Sequence[str], parents: NDArray[np.int64]) -> Memory:
    """Open the two levels above new topics. `parents` (topics, 2): the middle and the top group of each."""
    groups: dict[int, list[int]] = {}
    for place, (middle, _) in enumerate(parents.tolist()):
        groups.setdefault(middle, []).append(place)
    tops: dict[int, str] = {}
    above: dict[str, str] = {}
    for middle in sorted(groups):
        # A middle group whose topics disagree goes where most of them go, so that the levels nest.
        counts = Counter(int(parents[place, 1]) for place in groups[middle])
        top = min(counts, key=lambda one: (-counts[one], one))
        if top not in tops:
            memory, tops[top] = new_topic(memory, level=2)
        memory, middle_id = new_topic(memory, parent_id=tops[top], level=1)
        above |= {topic_ids[place]: middle_id for place in groups[middle]}
    return with_parents(memory, above)


def adopt(memory: Memory) -> Memory:
    """Give topics without a parent the parent of the topic whose centre is nearest."""
    above = {one.topic.id: one.topic.parent_id for one in memory.leaves()}
    orphans = sorted(topic_id for topic_id, parent in above.items() if parent is None)
    if not orphans:
        return memory
    centres = _centres(memory)
    elders = sorted(topic_id for topic_id in centres if above.get(topic_id) is not None)
    if not elders:
        return raise_families(memory, orphans, np.zeros((len(orphans), 2), dtype=np.int64))
    matrix = np.stack([centres[one] for one in elders])
    found = {
        orphan: above[elders[int(np.round(matrix @ centres[orphan], 5).argmax())]]
        for orphan in orphans
        if orphan in centres
    }
    return with_parents(memory, {orphan: parent for orphan, parent in found.items() if parent is not None})


def with_parents(memory: Memory, above: dict[str, str]) -> Memory:
    """The same memory in which these topics have these parents."""
    return replace(
        memory,
        known=tuple(
            replace(one, topic=replace(one.topic, parent_id=above.get(one.topic.id, one.topic.parent_id)))
            for one in memory.known
        ),
    )


def _centres(memory: Memory) -> dict[str, NDArray[np.float32]]:
    rows: dict[str, list[int]] = {}
    for row, member in enumerate(memory.members):
        rows.setdefault(member.topic_id, []).append(row)
    centres = {}
    for topic_id, own in rows.items():
        centre = memory.vectors[own].astype(np.float32).mean(axis=0)
        centres[topic_id] = centre / max(float(np.linalg.norm(centre)), 1e-9)
    return centres
