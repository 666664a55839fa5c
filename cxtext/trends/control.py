"""Control limits for rates of large, uneven samples: Laney's p′ and u′ charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Literal

RECENT = 4  # newest points that do not set the limits they are held against
FEWEST = 8  # points that limits need
MOVING_RANGE = 1.128  # mean range of two normal values, in standard deviations


@dataclass(frozen=True, slots=True)
class Limits:
    """The centre of a rate and its limits point by point; a point outside needs a cause of its own."""

    center: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    spread: float  # sigma z: 1 means that chance alone explains the spread, 2 that it is twice that
    outside: tuple[int, ...]  # places of the points beyond a limit


def laney_limits(
    events: Sequence[int], sizes: Sequence[int], *, kind: Literal["p", "u"] = "p", recent: int = RECENT
) -> Limits | None:
    """Limits of the rate events/size per point, three sigma wide, with the spread between points taken into account.

    Classical p and u charts assume that only chance within a point makes it vary; with thousands of tickets a point
    they call nearly everything an alarm. Laney (Improved Control Charts for Attributes, Quality Engineering 14, 2002)
    widens them by sigma z, the moving range of the standardised rates.

    Args:
        events: of what is watched, per point in time.
        sizes: all tickets of the same points; a point without tickets has no limits of its own (the centre).
        kind: "p" where an event is a part of its size, "u" where it is not.
        recent: so many newest points are held against limits that the older ones set.

    Returns:
        None with fewer than eight points to set limits by, or where nothing varies.
    """
    base = [at for at in range(len(sizes)) if sizes[at] > 0]
    if len(base) >= FEWEST + recent:
        base = base[: len(base) - recent]
    total = sum(sizes[at] for at in base)
    if len(base) < FEWEST or total == 0:
        return None
    center = sum(events[at] for at in base) / total
    variance = center * (1 - center) if kind == "p" else center
    if variance <= 0:
        return None
    scores = [(events[at] / sizes[at] - center) / sqrt(variance / sizes[at]) for at in base]
    ranges = [abs(after - before) for before, after in pairwise(scores)]
    spread = sum(ranges) / len(ranges) / MOVING_RANGE
    reach = [3 * sqrt(variance / size) * spread if size else 0.0 for size in sizes]
    upper = tuple(center + one for one in reach)
    lower = tuple(max(center - one, 0.0) for one in reach)
    outside = tuple(at for at, size in enumerate(sizes) if size and not lower[at] <= events[at] / size <= upper[at])
    return Limits(center, lower, upper, spread, outside)
