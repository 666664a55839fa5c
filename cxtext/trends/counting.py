"""From tickets to daily counts: distinct customers per day on every node of the tree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from cxtext.trends.calendar import Floats

SEPARATOR = " × "
FACETS = ("department", "product", "channel", "language", "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One ticket as the counter sees it.

    Attributes:
        who: customer, or whatever repeats of the same ticket share; None: counts on its own.
        topic: path from the broadest topic down, e.g. ("delivery", "late delivery").
        facets: department, product, … where known; they split the topic, never each other.
    """

    day: date
    who: str | None
    topic: tuple[str, ...]
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NodeCounts:
    """Counts (days, nodes) of consecutive days, the nodes' names, and child to parent among them."""

    days: list[date]
    names: list[str]
    counts: Floats
    parents: dict[str, str]


def count_nodes(occurrences: Iterable[Occurrence], first: date, last: date) -> NodeCounts:
    """Count distinct customers per node and day; days without a ticket count zero.

    A customer who writes ten times about one topic on one day is one. Somebody unknown is always somebody else.
    """
    length = (last - first).days + 1
    seen: dict[str, set[tuple[int, str]]] = {}
    unknown: dict[str, list[int]] = {}
    parents: dict[str, str] = {}
    for occurrence in occurrences:
        offset = (occurrence.day - first).days
        if not 0 <= offset < length:
            continue
        for node, parent in _nodes(occurrence):
            who = seen.setdefault(node, set())
            if parent:
                parents[node] = parent
            if occurrence.who is None:
                unknown.setdefault(node, []).append(offset)
            else:
                who.add((offset, occurrence.who))
    names = sorted(seen)
    counts = np.zeros((length, len(names)))
    for column, name in enumerate(names):
        np.add.at(counts[:, column], [offset for offset, _ in seen[name]], 1)
        np.add.at(counts[:, column], unknown.get(name, []), 1)
    return NodeCounts([first + timedelta(offset) for offset in range(length)], names, counts, parents)


def per_thousand(counts: Floats, total: Floats) -> Floats:
    """Return counts (days, nodes) per 1,000 tickets of the day (days,); NaN on days without tickets."""
    whole = np.where(total > 0, total, np.nan)
    return np.asarray(1000.0 * counts / whole[:, None])


def _nodes(occurrence: Occurrence) -> Iterable[tuple[str, str | None]]:
    parent = None
    for depth in range(1, len(occurrence.topic) + 1):
        node = "/".join(occurrence.topic[:depth])
        yield node, parent
        parent = node
    if parent is None:
        return
    for facet in FACETS:
        value = occurrence.facets.get(facet)
        if value:
            yield f"{parent}{SEPARATOR}{facet}={value}", parent
