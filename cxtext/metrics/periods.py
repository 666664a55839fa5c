"""Weeks, months, the last 28 days, all: which days belong together, and what the pieces are called."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Kind = Literal["week", "month", "28d", "before", "all"]
RECENT = 28  # days: four of every weekday
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included; `first` is None where it has no beginning."""

    kind: Kind
    label: str
    first: date | None
    last: date


def period_index(days: Integers, kind: Literal["week", "month"]) -> Integers:
    """Running number of the ISO week or the month of ordinal days."""
    if kind == "week":
        return np.asarray((days - 1) // 7, dtype=np.int64)  # day 1 of the calendar was a Monday
    months = (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]")
    return months.astype(np.int64)


def period_of(index: int, kind: Literal["week", "month"]) -> Period:
    """The week or month behind a running number."""
    if kind == "week":
        first = date.fromordinal(index * 7 + 1)
        year, week, _ = first.isocalendar()
        return Period("week", f"{year}-W{week:02d}", first, first + timedelta(6))
    first = date(1970 + index // 12, index % 12 + 1, 1)
    after = date(1970 + (index + 1) // 12, (index + 1) % 12 + 1, 1)
    return Period("month", f"{first:%Y-%m}", first, after - timedelta(1))


def last_28_days(end: date) -> Period:
    """The 28 days that end with a day."""
    return Period("28d", "28d", end - timedelta(RECENT - 1), end)


def before_them(end: date) -> Period:
    """The 28 days before those, for comparison."""
    return Period("before", "28d-before", end - timedelta(2 * RECENT - 1), end - timedelta(RECENT))


def week_label(day: date) -> str:
    """ISO week of a day, such as 2026-W44."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
