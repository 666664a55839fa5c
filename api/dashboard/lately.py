"""What came since the night before: how much, how much was usual, and which issue stands out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from api.dashboard.trend import together
from api.dashboard.view import View
from cxtext.store import read_topics, read_trends
from cxtext.store.read_trends import TrendDay

LARGEST = 10  # issues of the period that are looked at
MANY, TIMES = 5, 3  # customers, and times what was expected, from which on an issue is told on usual days too
LONGEST = 31  # days; a store that slept longer is told by its last day
PLACE = "\0"  # of a name within a sentence, where a link goes
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lately:
    """The days since the night before up to the newest ticket, as one."""

    first: date
    last: date
    whole: TrendDay


def lately(seen: View, since: date | None) -> Lately | None:
    """Where nights are a day apart, the last day with a ticket; where they are weeks apart, all days since.

    Args:
        seen: the reader's view.
        since: day of the night before this one.
    """
    if seen.last is None:
        return None
    first = seen.last
    if since is not None and timedelta(1) < seen.last - since <= timedelta(LONGEST):
        first = since + timedelta(1)
    days = read_trends.trend(seen.connection, seen.run_id, None, since=first, until=seen.last)
    return Lately(first, seen.last, together(days))


def size(seen: View, period: Lately | None, attention: str) -> str:
    """Good morning: how many tickets came, what was usual, and how many things need a person."""
    speech = seen.speech
    if period is None:
        return f"{speech.say('good_morning')} {attention}"
    whole = period.whole
    usual = ""
    if whole.lower is not None and whole.upper is not None:
        usual = speech.say("usual", low=speech.round(whole.lower, 0), high=speech.round(whole.upper, 0))
    name = "morning" if period.first == period.last else "morning_since"
    return speech.say(
        name, n=whole.tickets, day=period.first, size=speech.say("cases", n=whole.tickets), usual=usual,
        attention=attention,
    )  # fmt: skip


def peak(seen: View, period: Lately | None) -> Facts | None:
    """What made unusual days unusual: the issue that lies furthest above its own band; None where none does by far.

    Returns the words before and after the issue's name, the name and the issue.
    """
    if period is None:
        return None
    found: list[tuple[float, str, TrendDay]] = []
    for one in read_trends.by_topic(seen.connection, seen.run_id, since=period.first, until=period.last)[:LARGEST]:
        own = together(_days(seen, period, one.key))
        if own.expected is not None and own.upper is not None and own.count > own.upper:
            found.append((own.count - own.expected, one.key, own))
    if not found or not _unusual(period, found):
        return None
    _, topic_id, own = max(found, key=lambda row: (row[0], row[1]))
    words = seen.speech.say("peak", label=PLACE, count=own.count, expected=seen.speech.round(own.expected, 1))
    before, _, after = words.partition(PLACE)
    label = read_topics.topic(seen.connection, seen.run_id, topic_id)["label"]
    return {"before": before, "after": after, "label": label, "topic_id": topic_id}


def _days(seen: View, period: Lately, topic_id: str) -> Sequence[TrendDay]:
    return read_trends.trend(seen.connection, seen.run_id, topic_id, since=period.first, until=period.last)


def _unusual(period: Lately, found: Sequence[tuple[float, str, TrendDay]]) -> bool:
    """Whether the whole lies above its band, or one issue came several times as often as expected.

    Above its band alone is not enough: of forty issues, one is by chance.
    """
    whole = period.whole
    if whole.upper is not None and whole.count > whole.upper:
        return True
    return any(own.count >= MANY and own.count >= TIMES * (own.expected or 0.0) for _, _, own in found)
