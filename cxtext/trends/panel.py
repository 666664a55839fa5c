"""The table that is looked at every night: customers per day on the nodes of the tree topic × slice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from cxtext.trends.calendar import Floats

SLICES = ("department", "product", "channel", "language", "version")  # that split a topic, never each other
EVERYTHING = ""  # topic of the node that stands for all tickets
ALIKE = "alike"  # dimension of an event that lies across topics or in none: tickets near one text
SAME_WEEKDAYS = 8  # weeks before a day that say how many tickets such a day brings
SURELY = 6.0  # tickets a day must usually bring before none at all means that data is missing


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A topic, a group of topics or everything (""), whole or one slice of it."""

    topic_id: str
    dimension: str = "all"
    value: str = ""

    @property
    def name(self) -> str:
        """One unambiguous string."""
        return f"{self.topic_id}|{self.dimension}|{self.value}"


@dataclass(frozen=True, slots=True)
class Panel:
    """Consecutive days, nodes, counts (days, nodes; NaN where data is missing) and child to parent by name."""

    days: Sequence[date]
    nodes: Sequence[Node]
    counts: Floats
    parents: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """Of the nodes, in order."""
        return [node.name for node in self.nodes]

    def only(self, nodes: Collection[Node]) -> "Panel":
        """The same days for some nodes and all that stand above them."""
        by_name = {node.name: node for node in self.nodes}
        wanted: set[str] = set()
        for node in nodes:
            name: str | None = node.name
            while name is not None and name in by_name and name not in wanted:
                wanted.add(name)
                name = self.parents.get(name)
        columns = [place for place, node in enumerate(self.nodes) if node.name in wanted]
        kept = {child: parent for child, parent in self.parents.items() if child in wanted and parent in wanted}
        return Panel(self.days, [self.nodes[column] for column in columns], self.counts[:, columns], kept)


def build_panel(
    rows: Iterable[tuple[Node, date, int]],
    topics: Mapping[str, str | None],
    first: date,
    last: date,
    closed: Collection[date] = (),
) -> Panel:
    """Lay counts of leaf topics, of their slices and of everything out by day, and add the groups of topics up.

    Args:
        rows: node, day, customers; days outside the period are left out.
        topics: topic to its parent, groups included.
        first: first day.
        last: tonight.
        closed: holidays, on which no ticket is no wonder.
    """
    length = (last - first).days + 1
    series: dict[Node, Floats] = {Node(EVERYTHING): np.zeros(length)}
    for node, day, customers in rows:
        if 0 <= (place := (day - first).days) < length:
            series.setdefault(node, np.zeros(length))[place] += customers
    for node in sorted(node for node in series if node.dimension == "all" and node.topic_id):
        for above in _above(node.topic_id, topics):
            total = series.setdefault(Node(above), np.zeros(length))
            total += series[node]
    nodes = sorted(series)
    days = [first + timedelta(offset) for offset in range(length)]
    counts = np.stack([series[node] for node in nodes], axis=1)
    counts[missing_days(counts[:, nodes.index(Node(EVERYTHING))], days, closed)] = np.nan
    return Panel(days, nodes, counts, _parents(nodes, topics))


def missing_days(total: Floats, days: Sequence[date], closed: Collection[date] = ()) -> NDArray[np.bool_]:
    """Say which days (days,) have no data: not one ticket where such a weekday brings at least six on average.

    Every day is judged by the weeks before it alone. A business that gets few tickets has no such day.
    """
    lost = np.zeros(len(total), dtype=bool)
    holidays = frozenset(closed)
    for place in np.flatnonzero(total == 0).tolist():
        past = np.arange(place - 7, max(place - 7 * SAME_WEEKDAYS, 0) - 1, -7)
        past = past[~lost[past]] if len(past) else past
        lost[place] = len(past) >= 3 and days[place] not in holidays and float(total[past].mean()) >= SURELY
    return lost


def per_thousand(counts: Floats, total: Floats) -> Floats:
    """Return counts (days, nodes) per 1,000 tickets of the day (days,); NaN on days without tickets."""
    whole = np.where(total > 0, total, np.nan)
    return np.asarray(1000.0 * counts / whole[:, None])


def _above(topic_id: str, topics: Mapping[str, str | None]) -> list[str]:
    found: list[str] = []
    parent = topics.get(topic_id)
    while parent is not None and parent not in found and parent != topic_id:
        found.append(parent)
        parent = topics.get(parent)
    return found


def _parents(nodes: Sequence[Node], topics: Mapping[str, str | None]) -> dict[str, str]:
    known = set(nodes)
    parents: dict[str, str] = {}
    for node in nodes:
        if node.topic_id == EVERYTHING:
            continue
        above = Node(node.topic_id) if node.dimension != "all" else Node(topics.get(node.topic_id) or EVERYTHING)
        parents[node.name] = (above if above in known else Node(EVERYTHING)).name
    return parents
