"""When the demo's customers write: weekdays, hours, seasons, and the life of each issue."""

import math
from bisect import bisect
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random

_WEEKDAYS = (1.28, 1.16, 1.06, 1.0, 0.95, 0.62, 0.52)
_HOURS = (1, 0.6, 0.4, 0.3, 0.3, 0.7, 2, 4, 7, 10, 10.5, 9.5, 8, 8, 8, 7.5, 7, 7, 7.5, 8, 7.5, 6, 4, 2)
_HOURS_CUMULATED = tuple(accumulate(_HOURS))

EMERGING_DAYS = 21  # the new defect is this young
FIXED_AT = 70 / 120  # share of the period after which the mended issue is mended
SPIKE_AT = 50 / 120
SPIKE_DAYS = 4


def emerging(day: int, days: int, _: date) -> float:
    """Nothing, then more every day of the last three weeks."""
    start = days - min(EMERGING_DAYS, days // 2)
    return 0.0 if day < start else 0.35 + 1.3 * (day - start + 1) / (days - start)


def fixed(day: int, days: int, _: date) -> float:
    """Steady until somebody mended it; a few latecomers after that."""
    late = day - round(days * FIXED_AT)
    return 1.0 if late < 0 else max(0.02, 0.5 ** (late + 1))


def spike(day: int, days: int, _: date) -> float:
    """A trickle, and once a flood of four days."""
    start = round(days * SPIKE_AT)
    return 11.0 if start <= day < start + SPIKE_DAYS else 0.3


def summer(_day: int, _days: int, when: date) -> float:
    """Highest in late July."""
    return 0.04 + 1.6 * math.exp(-(((when.timetuple().tm_yday - 205) / 38) ** 2))


def holidays(_day: int, _days: int, when: date) -> float:
    """Two and a half times as much between the sales weeks of November and the end of the year."""
    return 2.5 if (when.month, when.day) >= (11, 18) else 1.0


def steady(_day: int, _days: int, _when: date) -> float:
    """Always the same."""
    return 1.0


PROFILES: dict[str, Callable[[int, int, date], float]] = {
    "emerging": emerging,
    "fixed": fixed,
    "spike": spike,
    "summer": summer,
    "holidays": holidays,
    "steady": steady,
}


def calendar(
    count: int, days: int, until: date, weights: Sequence[tuple[float, str]], random: Random
) -> list[list[int]]:
    """How many tickets each issue gets on each day: `days` rows, one column per (weight, profile), `count` in all.

    Days differ more than chance alone makes them differ, as in life: each cell's rate varies by about 15 %.
    """
    first = until - timedelta(days=days - 1)
    rates = []
    for day in range(days):
        when = first + timedelta(days=day)
        for weight, profile in weights:
            rate = weight * PROFILES[profile](day, days, when) * _WEEKDAYS[when.weekday()]
            rates.append(rate * random.lognormvariate(0, 0.15))
    cumulated = list(accumulate(rates))
    cells = [0] * len(rates)
    last = len(cells) - 1
    for _ in range(count):
        cells[min(bisect(cumulated, random.random() * cumulated[-1]), last)] += 1
    width = len(weights)
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def second_of_day(random: Random) -> int:
    """A moment of a local day in seconds after midnight: office hours, lunch, a second peak in the evening."""
    hour = bisect(_HOURS_CUMULATED, random.random() * _HOURS_CUMULATED[-1])
    return hour * 3600 + int(random.random() * 3600)
