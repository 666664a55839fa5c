"""From nightly scores to episodes: one alarm that stays on until the node has been quiet for a week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxtext.trends.calendar import Floats
from cxtext.trends.scan import Scores

Kind = Literal["new", "rising", "spike", "seasonal"]
State = Literal["open", "one-off", "closed", "recurring", "chronic"]

CALM = 2.0  # score under which a night counts as quiet
QUIET_NIGHTS = 7  # in a row that end an episode
LEAST_TICKETS, LEAST_DAYS, RECENT = 5, 2, 14  # an alarm needs five tickets on two days within two weeks
NEWNESS = 28  # days a series counts as new after its first ticket
SILENCE = 56  # days without a ticket before the first one; shorter could be chance in a thin series


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One event of one series, told once.

    Attributes:
        day: the night of the alarm.
        onset: first day of the window that raised it.
        count, expected, lower, upper: tickets in that window and its 95 % band of the expected.
        evidence_strength: -log10 of the probability of such a window under the forecast.
        chance_per_year: alarms at least this strong that one quiet series raises per year by chance.
        ratio, ratio_low, ratio_high: tickets over expected with an 80 % interval.
        window: days of the window that raised it.
        until: last day of the episode, None while it goes on.
    """

    series: str
    day: date
    onset: date
    kind: Kind
    state: State
    count: int
    expected: float
    lower: float
    upper: float
    evidence_strength: float
    chance_per_year: float
    ratio: float
    ratio_low: float
    ratio_high: float
    until: date | None
    window: int
    why_de: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Nights on which a series was in alarm: index of the first and, unless still on, of the last."""

    column: int
    kind: Kind
    start: int
    end: int | None


def enough(counts: Floats) -> NDArray[np.bool_]:
    """Return (days, series): at least five tickets on two days within the two weeks that end on that day."""
    known = np.nan_to_num(counts)
    return (_trailing(known) >= LEAST_TICKETS) & (_trailing(known > 0) >= LEAST_DAYS)


def observed_enough(counts: Floats) -> NDArray[np.bool_]:
    """Return (days, series): fewer than three of the last seven days are missing; else there is no saying."""
    return _trailing(np.isnan(counts), 7) < 3


def alarms(counts: Floats, scores: Scores, threshold: float, spike_threshold: float) -> list[Alarm]:
    """Find the alarms of both channels; a spike that a rise follows within a week is one alarm, a rise."""
    first = scores.first_night
    allowed = (observed_enough(counts))[first : first + len(scores.rising)]
    solid = enough(counts)[first : first + len(scores.rising)] & allowed
    batch = (np.nan_to_num(scores.spike_count) >= LEAST_TICKETS) & allowed
    found = []
    for column in range(counts.shape[1]):
        rising, spike = scores.rising[:, column], scores.spike[:, column]
        hot = (rising >= threshold) & solid[:, column]
        sharp = (spike >= spike_threshold) & batch[:, column]
        if hot.any() or sharp.any():
            awake = (rising >= CALM) | sharp
            found += list(_runs(column, hot, sharp, awake))
    return sorted(found, key=lambda alarm: (alarm.start, alarm.column))


def born(counts: Floats) -> NDArray[np.int64]:
    """Return (series,) index of the first ticket where a long silence precedes it, else -1."""
    first = np.full(counts.shape[1], -1)
    for column in range(counts.shape[1]):
        tickets = np.flatnonzero(counts[:, column] > 0)
        silent = tickets[0] if len(tickets) else 0
        if silent >= SILENCE and not np.isnan(counts[silent - SILENCE : silent, column]).any():
            first[column] = silent
    return first


def newcomers(counts: Floats, first_night: int) -> list[Alarm]:
    """Find the series that are new: five tickets on two days within four weeks of the first."""
    solid = enough(counts)
    found = []
    for column, birth in enumerate(born(counts)):
        if birth < 0:
            continue
        nights = np.flatnonzero(solid[birth : birth + NEWNESS, column])
        if len(nights) and birth + nights[0] >= first_night:
            end = birth + NEWNESS - 1
            found.append(Alarm(column, "new", int(birth + nights[0]), int(end) if end < len(counts) - 1 else None))
    return found


def _runs(column: int, hot: NDArray[np.bool_], sharp: NDArray[np.bool_], awake: NDArray[np.bool_]) -> Iterator[Alarm]:
    start, quiet, risen = -1, 0, False
    for night in range(len(hot)):
        if start < 0:
            if hot[night] or sharp[night]:
                start, quiet, risen = night, 0, bool(hot[night])
            continue
        risen = risen or bool(hot[night])
        quiet = 0 if awake[night] else quiet + 1
        if quiet == QUIET_NIGHTS:
            yield Alarm(column, "rising" if risen else "spike", start, night - QUIET_NIGHTS)
            start = -1
    if start >= 0:
        yield Alarm(column, "rising" if risen else "spike", start, None)


def _trailing(values: NDArray[np.generic], days: int = RECENT) -> Floats:
    """Return the sum of each day and the `days` - 1 before it, fewer at the beginning."""
    sums = np.cumsum(values.astype(float), axis=0)
    sums[days:] = sums[days:] - sums[:-days]
    return sums
