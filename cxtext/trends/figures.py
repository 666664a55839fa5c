"""The figures of every topic: how many tickets, since when, how they feel, whose they are, and where it stands."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from cxtext.domain import Topic

NOBODY: Mapping[str, str] = MappingProxyType({})
SHOWN = 5  # departments and causes named per topic


@dataclass(frozen=True, slots=True)
class Cell:
    """Tickets of one topic on one day with one cause and department, as sums."""

    topic_id: str | None
    day: date | None
    department: str | None
    cause: str | None
    count: int
    negative: int
    sentiment: float  # sum


@dataclass(frozen=True, slots=True)
class Total:
    """Tickets of one topic that share a day, a department or a cause, as sums; one with an empty value has none."""

    topic_id: str | None
    facet: Literal["day", "department", "cause"]
    value: str  # a day in ISO 8601, or a key
    count: int
    negative: int
    sentiment: float  # sum


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFigures:
    """What is known of one topic, its subtopics included."""

    topic_id: str
    size: int
    first_seen: date | None
    last_seen: date | None
    status: str
    sentiment: float | None
    negative_share: float | None
    departments: tuple[tuple[str, float], ...]
    causes: tuple[tuple[str, float], ...]


@dataclass(slots=True)
class _Sums:
    count: int = 0
    negative: int = 0
    sentiment: float = 0.0
    days: Counter[date] = field(default_factory=Counter)
    departments: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)

    def add(self, cell: Cell) -> None:
        self.count += cell.count
        self.negative += cell.negative
        self.sentiment += cell.sentiment
        if cell.day:
            self.days[cell.day] += cell.count
        if cell.department:
            self.departments[cell.department] += cell.count
        if cell.cause:
            self.causes[cell.cause] += cell.count

    def add_total(self, total: Total) -> None:
        """Totals by day hold every ticket once; those by department and cause hold the same tickets again."""
        if total.facet == "day":
            self.count += total.count
            self.negative += total.negative
            self.sentiment += total.sentiment
            if total.value:
                self.days[date.fromisoformat(total.value)] += total.count
        elif total.value:
            (self.departments if total.facet == "department" else self.causes)[total.value] += total.count


def topic_figures(
    cells: Iterable[Cell], topics: Sequence[Topic], status: Mapping[str, str] = NOBODY
) -> list[TopicFigures]:
    """Add up the cells for every topic and all that stand above it; `status`: where topics stand, else steady."""
    parents = {topic.id: topic.parent_id for topic in topics}
    sums: defaultdict[str, _Sums] = defaultdict(_Sums)
    for cell in cells:
        for topic_id in _upwards(cell.topic_id, parents):
            sums[topic_id].add(cell)
    return [_figures(topic.id, sums[topic.id], status.get(topic.id, "steady")) for topic in topics]


def figures_of_totals(
    totals: Iterable[Total], topics: Sequence[Topic], status: Mapping[str, str] = NOBODY
) -> list[TopicFigures]:
    """The same from sums by day, by department and by cause: far fewer than cells."""
    parents = {topic.id: topic.parent_id for topic in topics}
    sums: defaultdict[str, _Sums] = defaultdict(_Sums)
    for total in totals:
        for topic_id in _upwards(total.topic_id, parents):
            sums[topic_id].add_total(total)
    return [_figures(topic.id, sums[topic.id], status.get(topic.id, "steady")) for topic in topics]


def _upwards(topic_id: str | None, parents: Mapping[str, str | None]) -> Iterable[str]:
    seen: set[str] = set()
    while topic_id is not None and topic_id not in seen:
        seen.add(topic_id)
        yield topic_id
        topic_id = parents.get(topic_id)


def _figures(topic_id: str, own: _Sums, status: str) -> TopicFigures:
    return TopicFigures(
        topic_id=topic_id,
        size=own.count,
        first_seen=min(own.days, default=None),
        last_seen=max(own.days, default=None),
        status=status,
        sentiment=round(own.sentiment / own.count, 4) if own.count else None,
        negative_share=round(own.negative / own.count, 4) if own.count else None,
        departments=_shares(own.departments, own.count),
        causes=_shares(own.causes, own.count),
    )


def _shares(counts: Counter[str], size: int) -> tuple[tuple[str, float], ...]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
    return tuple((name, round(count / size, 4)) for name, count in ranked)
