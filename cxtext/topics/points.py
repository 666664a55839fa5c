"""Texts as points: the sample of every topic and what has no topic yet, and how near two must lie to be about one thing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from cxtext.domain import Case
from cxtext.text.redact import without_placeholders
from cxtext.topics.assign import Floats
from cxtext.topics.label import Text, name_topics
from cxtext.topics.memory import Memory, mark_of
from cxtext.topics.residue import contrast

SAMPLE = 1_000  # points that say how near is near: 25 ms
NOTHING = "?"


@dataclass(frozen=True, slots=True)
class Points:
    """Different texts of the past and of tonight.

    Attributes:
        keys: per point, the tickets with that text.
        rows: (points, dimensions) of length 1.
        near: cosine from which on two texts are taken to be about the same thing: half way between how alike nearest
            neighbours are and how alike any two texts are.
    """

    keys: tuple[tuple[str, ...], ...]
    rows: Floats
    near: float


def points(memory: Memory, waiting: Sequence[Case], encode: Callable[[Sequence[Case]], Floats]) -> Points:
    """Lay out what the memory holds, and tickets without a topic, of which it holds no rows.

    Of a topic with more than 200 different texts only 200 are there; they are a sample that knows no dates, so its
    course over time is that of the topic, thinned.

    Args:
        memory: what the night handed over.
        waiting: tickets without a topic.
        encode: their rows in the memory's space (`cxtext.topics.space.encode`).
    """
    fresh: dict[str, list[Case]] = {}
    for case in waiting:
        plain = replace(case, text=without_placeholders(case.text))
        if any(map(str.isalpha, plain.text)):
            fresh.setdefault(mark_of(plain), []).append(plain)
    known = {member.mark: row for row, member in enumerate(memory.members)}
    marks = sorted(fresh.keys() - known.keys())
    sharing = _sharing(memory, known)
    with threadpool_limits(1):
        rows = memory.vectors[list(known.values())].astype(np.float32)
        if marks:
            new = encode([fresh[mark][0] for mark in marks])
            rows = np.vstack([rows.reshape(len(known), new.shape[1]), new])
        keys = [tuple(sorted(sharing[mark])) for mark in known]
        keys += [tuple(sorted(case.key for case in fresh[mark])) for mark in marks]
        step = max(len(rows) // SAMPLE, 1)
        return Points(tuple(keys), rows, contrast(rows[::step]))


def name_group(texts: Iterable[Text], others: Iterable[Text], taken: Sequence[str] = ()) -> str:
    """What sets some texts apart from others, as the name of a topic would say it."""
    plain = [[(without_placeholders(text), language) for text, language in some] for some in (texts, others)]
    named = name_topics({NOTHING: plain[0], "": plain[1]}, taken)[NOTHING].label
    return "" if named == NOTHING else named


def _sharing(memory: Memory, marks: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {mark: [] for mark in marks}
    for key, place in memory.places.sharing(found.keys()):
        if place.topic_id is not None:
            found[place.mark].append(key)
    return found
