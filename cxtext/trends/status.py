"""One word for where a topic stands in time: new, rising, recurring, seasonal, steady, fading, resolved.

A first, cautious reading of the daily counts: recent days are compared with the days before by exact binomial tests
against the growth of all tickets together, so that a busy fortnight for everybody is no rise of one topic.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

RECENT = 14  # days; long enough for two of every weekday
QUIET = 28  # days without a ticket before a topic may be called resolved
STRAY = 0.05  # share of a new topic's tickets that may be older: single strays do not make an old topic
SURE = 0.001  # one-sided error of a single test; with 100 topics about one false word in ten nights


@dataclass(frozen=True, slots=True)
class Status:
    """The word and the figures it rests on: tickets in the last `RECENT` days and what was expected there."""

    word: str
    recent: int = 0
    expected: float = 0.0


def topic_status(days: Mapping[date, int], everything: Mapping[date, int]) -> Status:
    """Say where a topic stands on the last day that has any ticket.

    Args:
        days: tickets of the topic per day.
        everything: tickets of all topics per day; it sets the calendar and the pace.
    """
    if not days or not everything:
        return Status("steady")
    start, today = min(everything), max(everything)
    last = max(days)
    total, total_recent = sum(everything.values()), _since(everything, today - timedelta(RECENT))
    size, recent = sum(days.values()), _since(days, today - timedelta(RECENT))
    before = size - recent
    share = total_recent / total if total else 0.0
    expected = before * total_recent / (total - total_recent) if total > total_recent else 0.0
    if (today - start).days < 2 * RECENT:
        return Status("steady", recent, expected)  # too little history to say more
    early = size - _since(days, today - timedelta(QUIET))
    if early <= STRAY * size and (today - start).days >= 2 * QUIET:
        return Status("new", recent, expected)
    if _tail_at_least(recent, size, share) < SURE and recent >= 5:
        return Status("rising", recent, expected)
    quiet_share = _since(everything, today - timedelta(QUIET)) / total
    if (today - last).days >= QUIET and (1 - quiet_share) ** size < SURE:
        return Status("resolved", recent, expected)
    if _tail_at_most(recent, size, share) < SURE:
        return Status("fading", recent, expected)
    if _seasonal(days, everything):
        return Status("seasonal", recent, expected)
    return Status("recurring" if _months(days) >= 3 else "steady", recent, expected)


def _since(days: Mapping[date, int], after: date) -> int:
    return sum(count for day, count in days.items() if day > after)


def _months(days: Mapping[date, int]) -> int:
    return len({(day.year, day.month) for day in days})


def _tail_at_least(count: int, size: int, share: float) -> float:
    from scipy.stats import binom  # noqa: PLC0415 – 0.3 s that only this needs

    return float(binom.sf(count - 1, size, min(max(share, 1e-9), 1.0)))


def _tail_at_most(count: int, size: int, share: float) -> float:
    from scipy.stats import binom  # noqa: PLC0415

    return float(binom.cdf(count, size, min(max(share, 1e-9), 1.0)))


def _seasonal(days: Mapping[date, int], everything: Mapping[date, int]) -> bool:
    """Two years at least, and the same quarter of the year stands out in each of them."""
    years = {day.year for day in everything}
    spans = [year for year in years if sum(1 for day in everything if day.year == year) >= 180]
    if len(spans) < 2:
        return False
    strongest = set()
    for year in spans:
        own, all_ = [0] * 4, [0] * 4
        for day, count in days.items():
            if day.year == year:
                own[(day.month - 1) // 3] += count
        for day, count in everything.items():
            if day.year == year:
                all_[(day.month - 1) // 3] += count
        rates = [mine / theirs if theirs else 0.0 for mine, theirs in zip(own, all_, strict=True)]
        best = max(range(4), key=lambda quarter: rates[quarter])
        if sum(own) < 12 or rates[best] < 1.8 * sum(own) / max(sum(all_), 1):
            return False
        strongest.add(best)
    return len(strongest) == 1
