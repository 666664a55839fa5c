"""Issues as lists show them: one row each with size, course, mood, cause and owner. No ticket is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from api.dashboard.charts import by_week, sparkline
from api.dashboard.figures import FEW, interval
from api.dashboard.view import Names, View
from cxtext.store import read_owners, read_tally, read_topics

SPARK_WEEKS = 20
LEADING = 0.2  # a cause of fewer of its tickets does not speak for an issue
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue of a list.

    Attributes:
        topic: the row of `read_topics.topics`.
        part: its share of all tickets, 0…1.
        recent: tickets of the last 28 days.
        spark: tickets per week.
        bounds: 95 % interval of the negative share; None where there are too few tickets.
        owner: key of the department that a person or, failing that, most of its tickets name.
        by_person: True where a person said so.
    """

    topic: Facts
    part: float
    recent: int
    spark: Markup
    bounds: tuple[float, float] | None
    cause: str | None
    owner: str | None
    department: str | None
    by_person: bool
    total: read_tally.Sum | None

    @property
    def id(self) -> str:
        """The topic's."""
        return str(self.topic["topic_id"])

    @property
    def label(self) -> str:
        """The topic's name."""
        return str(self.topic["label"])

    @property
    def size(self) -> int:
        """Tickets."""
        return int(self.topic["size"])

    @property
    def thin(self) -> bool:
        """Too few tickets for a share."""
        return self.size < FEW


def issues(seen: View, known: Names) -> list[Issue]:
    """All issues that hold tickets, largest first; groups of issues and empty ones are left out."""
    topics = read_topics.topics(seen.connection, seen.run_id)
    groups = {topic["parent_id"] for topic in topics}
    totals = read_tally.by_topic(seen.connection, seen.run_id)
    tickets = sum(one.count for one in totals.values())
    owned = read_owners.owners(seen.connection, seen.run_id)
    start = (seen.last or date.min) - timedelta(days=SPARK_WEEKS * 7 - 1) if seen.last else None
    days = read_tally.crossed(seen.connection, seen.run_id, "day", since=start.isoformat()) if start else {}
    return [
        _issue(seen, known, topic, tickets, totals.get(topic["topic_id"]), owned.get(topic["topic_id"]), days)
        for topic in topics
        if topic["topic_id"] not in groups and topic["size"]
    ]


def _issue(
    seen: View,
    known: Names,
    topic: Facts,
    tickets: int,
    total: read_tally.Sum | None,
    owner: read_owners.Owner | None,
    days: Mapping[str, Mapping[str, tuple[int, int]]],
) -> Issue:
    own = [(date.fromisoformat(day), count) for day, (count, _) in days.get(topic["topic_id"], {}).items() if day]
    key = owner.department if owner else leading(topic["departments"])
    return Issue(
        topic=topic,
        part=topic["size"] / max(tickets, 1),
        recent=sum(count for day, count in own if seen.last and day > seen.last - timedelta(days=28)),
        spark=spark(seen, own),
        bounds=interval(topic["negative_share"], topic["size"]),
        cause=known.of("cause", cause) if (cause := leading(topic["causes"])) else None,
        owner=key,
        department=known.of("department", key) if key else None,
        by_person=owner is not None,
        total=total,
    )


def spark(seen: View, days: Sequence[tuple[date, int]]) -> Markup:
    """Tickets per week of the last weeks."""
    if seen.last is None:
        return Markup("")
    weeks = by_week(days, seen.last - timedelta(days=SPARK_WEEKS * 7 - 1), seen.last)[-SPARK_WEEKS:]
    counts = [count for _, count in weeks]
    words = seen.speech.say("spark", weeks=len(weeks), most=max(counts, default=0), last=counts[-1] if counts else 0)
    return sparkline(counts, words)


def leading(shares: Sequence[tuple[str, float]]) -> str | None:
    """What most of the tickets say, where enough of them do."""
    return shares[0][0] if shares and shares[0][1] >= LEADING else None
