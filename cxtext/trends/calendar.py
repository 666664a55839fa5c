"""What the calendar says about a day: weekday, drift, season, holiday and the working day after it."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cxtext.errors import ConfigurationError

Floats = NDArray[np.float64]

INTERCEPT, WEEKDAYS, TREND, SEASON, HOLIDAY, AFTER = 0, slice(1, 8), 8, slice(9, 11), 11, 12
COLUMNS = 13
YEAR = 365.25


def features(days: Sequence[date], holidays: Collection[date] = ()) -> Floats:
    """Return the design matrix (days, `COLUMNS`); the trend is in years since the first day.

    The working day after a holiday has a column of its own: what waited over the holiday arrives then.
    """
    rows = np.zeros((len(days), COLUMNS))
    rows[:, INTERCEPT] = 1.0
    if not days:
        return rows
    ordinals = np.array([day.toordinal() for day in days], dtype=float)
    weekday = np.array([day.weekday() for day in days])
    rows[np.arange(len(days)), 1 + weekday] = 1.0
    rows[:, TREND] = (ordinals - ordinals[0]) / 365.0
    rows[:, 9] = np.cos(2 * np.pi * ordinals / YEAR)
    rows[:, 10] = np.sin(2 * np.pi * ordinals / YEAR)
    closed = frozenset(holidays)
    after = frozenset(_next_working_day(day, closed) for day in closed)
    rows[:, HOLIDAY] = [day in closed for day in days]
    rows[:, AFTER] = [day in after for day in days]
    return rows


def check_calendar(days: Sequence[date]) -> None:
    """Refuse a calendar with holes, repeats or jumps back: a window of seven rows must be seven days.

    Raises:
        ConfigurationError: names the first day that is out of order.
    """
    for before, day in pairwise(days):
        if (day - before).days != 1:
            raise ConfigurationError(f"the days must follow each other without a gap: after {before} comes {day}")


def _next_working_day(day: date, closed: frozenset[date]) -> date:
    following = day + timedelta(1)
    while following in closed or following.weekday() >= 5:
        following += timedelta(1)
    return following
