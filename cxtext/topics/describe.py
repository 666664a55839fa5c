"""What a topic shows of itself: size, dates, languages, name, keywords, quotes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from cxtext.domain import Case
from cxtext.topics.label import Name, Text, name_topics
from cxtext.topics.memory import Known, Memory
from cxtext.topics.quotes import choose_quotes

GROWN = 2  # so many times the size at which it was named, and a topic is named anew


def describe_topics(memory: Memory, cases: Iterable[Case], *, today: date | None) -> Memory:
    """Bring every topic's description up to date.

    A name is given once and again only when the topic has doubled, so that it does not change under anybody's feet;
    a name that a person gave stays for ever.
    """
    memory = _dated(_counted(memory), cases, today)
    below = _descendants(memory)
    due = [one for one in memory.known if _is_due(one, below)]
    if not due:
        return memory
    texts: dict[int, dict[str, list[Text]]] = {0: {}, 1: {}, 2: {}}
    rows: dict[str, list[int]] = {}
    levels = {one.topic.id: one.level for one in memory.known}
    for row, member in enumerate(memory.members):
        for topic_id in {member.topic_id, *(parent for parent, leaves in below.items() if member.topic_id in leaves)}:
            texts[levels[topic_id]].setdefault(topic_id, []).append((member.text, member.language))
            rows.setdefault(topic_id, []).append(row)
    wanted = {one.topic.id for one in due}
    names: dict[str, Name] = {}
    for level in (0, 1, 2):
        if any(one.level == level for one in due):
            taken = [one.topic.label for one in memory.known if one.topic.id not in wanted]
            taken += [name.label for name in names.values()]
            named = name_topics(texts[level], taken, broad=level > 0)
            names |= {topic_id: name for topic_id, name in named.items() if topic_id in wanted}
    return replace(
        memory,
        known=tuple(
            _named(one, names[one.topic.id], memory, rows[one.topic.id]) if one.topic.id in names else one
            for one in memory.known
        ),
    )


def _counted(memory: Memory) -> Memory:
    sizes = memory.places.sizes()
    above = {one.topic.id: one.topic.parent_id for one in memory.known}
    for topic_id, size in list(sizes.items()):
        parent = above.get(topic_id)
        while parent is not None:
            sizes[parent] = sizes.get(parent, 0) + size
            parent = above.get(parent)
    return replace(memory, known=tuple(replace(one, size=sizes.get(one.topic.id, 0)) for one in memory.known))


def _dated(memory: Memory, cases: Iterable[Case], today: date | None) -> Memory:
    above = {one.topic.id: one.topic.parent_id for one in memory.known}
    first: dict[str, date] = {}
    last: dict[str, date] = {}
    for case in cases:
        place = memory.places.get(case.key)
        day = case.facts.created_at.date() if case.facts.created_at else today
        topic_id = place.topic_id if place else None
        while topic_id is not None and day is not None:
            first[topic_id] = min(first.get(topic_id, day), day)
            last[topic_id] = max(last.get(topic_id, day), day)
            topic_id = above.get(topic_id)
    return replace(memory, known=tuple(_seen(one, first, last) for one in memory.known))


def _seen(one: Known, first: dict[str, date], last: dict[str, date]) -> Known:
    topic = one.topic
    if topic.id not in first:
        return one
    return replace(
        one,
        topic=replace(
            topic,
            first_seen=min(first[topic.id], topic.first_seen or first[topic.id]),
            last_seen=max(last[topic.id], topic.last_seen or last[topic.id]),
        ),
    )


def _descendants(memory: Memory) -> dict[str, set[str]]:
    """Per group of topics, the topics below it that hold tickets."""
    above = {one.topic.id: one.topic.parent_id for one in memory.known}
    below: dict[str, set[str]] = {}
    for one in memory.leaves():
        parent = one.topic.parent_id
        while parent is not None:
            below.setdefault(parent, set()).add(one.topic.id)
            parent = above.get(parent)
    return below


def _is_due(one: Known, below: dict[str, set[str]]) -> bool:
    if one.topic.merged_into is not None or one.size == 0 or (one.level and one.topic.id not in below):
        return False
    return one.size >= GROWN * one.size_when_named or not one.topic.quotes


def _named(one: Known, name: Name, memory: Memory, rows: Sequence[int]) -> Known:
    vectors = memory.vectors[rows].astype(np.float32)
    chosen = choose_quotes(vectors, [memory.members[row].text for row in rows])
    keep = one.topic.named_by is not None or one.topic.pinned
    topic = replace(
        one.topic,
        label=one.topic.label if keep else name.label,
        keywords=name.keywords,
        languages=name.languages,
        quotes=tuple(memory.members[rows[place]].key for place in chosen),
    )
    return replace(one, topic=topic, size_when_named=one.size)
