"""Which way something goes, said only where its 95 % interval excludes "no change". Plain arithmetic, for screens too."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

Direction = Literal["up", "down", "flat"]
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Arrow:
    """A direction, the change and its interval: a ratio for counts, a difference for other values; None if unknown."""

    direction: Direction
    change: float | None = None
    lower: float | None = None
    upper: float | None = None


def arrow_of_counts(
    recent: float, before: float, *, recent_days: int = 28, before_days: int = 28, dispersion: float = 1.0
) -> Arrow:
    """Compare the rates of two counts: the ratio recent / before with its interval (conditional, by Wilson's bounds).

    Args:
        recent: how many in the last `recent_days`.
        before: how many in the `before_days` before.
        recent_days: length of the newer stretch.
        before_days: length of the older one.
        dispersion: variance of a day's count as a multiple of its mean; 1 for a Poisson process, more where one
            event brings several tickets.
    """
    total = (recent + before) / max(dispersion, 1.0)
    if total <= 0:
        return Arrow("flat")
    share = recent / (recent + before)
    middle = (share + Z**2 / (2 * total)) / (1 + Z**2 / total)
    half = Z / (1 + Z**2 / total) * sqrt(share * (1 - share) / total + Z**2 / (4 * total**2))
    pace = before_days / recent_days
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    lower = pace * low / (1 - low) if low < 1 else None
    upper = pace * high / (1 - high) if high < 1 - 1e-12 else None
    change = pace * recent / before if before > 0 else None
    direction: Direction = "flat"
    if lower is not None and lower > 1:
        direction = "up"
    elif upper is not None and upper < 1:
        direction = "down"
    return Arrow(direction, change, lower, upper)


def arrow_of_values(
    now: tuple[float | None, float | None, float | None], before: tuple[float | None, float | None, float | None]
) -> Arrow:
    """Compare two values that have intervals: the difference now − before (MOVER, Zou & Donner 2008).

    Args:
        now: value, lower, upper.
        before: the same of an earlier stretch that shares no tickets with it.
    """
    value, lower, upper = now
    old, old_lower, old_upper = before
    if None in (value, lower, upper, old, old_lower, old_upper):
        return Arrow("flat")
    assert value is not None and lower is not None and upper is not None  # noqa: PT018 – for the type checker
    assert old is not None and old_lower is not None and old_upper is not None  # noqa: PT018
    change = value - old
    low = change - sqrt((value - lower) ** 2 + (old_upper - old) ** 2)
    high = change + sqrt((upper - value) ** 2 + (old - old_lower) ** 2)
    return Arrow("up" if low > 0 else "down" if high < 0 else "flat", change, low, high)
