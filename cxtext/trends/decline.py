"""Whether a topic goes down or is gone: the last four (or six) weeks against the months before, beside all other tickets."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betainc, gammaincinv

from cxtext.trends.calendar import Floats

Course = Literal["level", "fading", "resolved"]

RECENT, BASE, LEAST_BASE = (
    (28, 42),
    168,
    42,
)  # days; a thin topic must be silent for longer before silence proves anything
ENOUGH = 8.0  # customers that should have come: with fewer, silence proves nothing
SURE = 0.001 / len(RECENT)  # of each look, so that both together are wrong once in a thousand
FALLEN, GONE = 0.7, 0.35  # upper 95 % limits of what is left of the level
LEAST_DISPERSION = 1.3


@dataclass(frozen=True, slots=True)
class Decline:
    """The word, what came in the last days, what would have come at the level before, and how many days these are."""

    course: Course
    count: int = 0
    expected: float = 0.0
    days: int = RECENT[0]  # of the look


def decline(counts: Floats, total: Floats) -> Decline:
    """Compare the last 28 days of one topic, and then its last 42, with up to 168 days before them, as shares of all tickets.

    Shares, so that a quiet month for everybody is no end of one topic. The test is the conditional binomial one, its
    counts divided by the dispersion of the topic's weeks.

    Args:
        counts: (days,) customers of the topic; NaN where data is missing.
        total: (days,) of all tickets.
    """
    looks = [_look(counts, total, days) for days in RECENT]
    return next((found for found in looks if found.course != "level"), looks[0])


def _look(counts: Floats, total: Floats, days: int) -> Decline:
    known = ~np.isnan(counts) & ~np.isnan(total)
    born = int(np.flatnonzero(np.nan_to_num(counts) > 0)[0]) if (np.nan_to_num(counts) > 0).any() else len(counts)
    recent, base = _spans(len(counts), born, days)
    if base.stop - base.start < LEAST_BASE or known[recent].sum() < days / 2:
        return Decline("level")
    own_base, own = float(counts[base][known[base]].sum()), float(counts[recent][known[recent]].sum())
    all_base, all_now = float(total[base][known[base]].sum()), float(total[recent][known[recent]].sum())
    if all_base <= 0 or all_now <= 0:
        return Decline("level", int(own))
    expected = own_base * all_now / all_base
    if expected < ENOUGH:
        return Decline("level", int(own), expected)
    wide = _dispersion(counts[base], total[base], known[base])
    share = all_now / (all_now + all_base)
    chance = float(1 - betainc(own / wide + 1, own_base / wide + 1e-9, share))
    left = float(wide * gammaincinv(own / wide + 0.5, 0.95)) / expected
    if chance >= SURE or left >= FALLEN:
        return Decline("level", int(own), expected)
    return Decline("resolved" if left < GONE and own <= expected / 10 else "fading", int(own), expected, days)


def _spans(length: int, born: int, days: int) -> tuple[slice, slice]:
    recent = slice(max(length - days, 0), length)
    return recent, slice(max(recent.start - BASE, born), max(recent.start, born))


def _dispersion(counts: Floats, total: Floats, known: "np.typing.NDArray[np.bool_]") -> float:
    """Return variance over mean of the weeks, of what the topic's share of all tickets leaves unexplained.

    From the differences of successive weeks (von Neumann 1941): the very fall that is looked for does not widen it.
    """
    own, everything = np.where(known, counts, 0.0), np.where(known, total, 0.0)
    weeks = len(own) // 7
    own, everything = (values[-7 * weeks :].reshape(weeks, 7).sum(axis=1) for values in (own, everything))
    mean = np.maximum(own.sum() * everything / max(everything.sum(), 1e-9), 1e-9)
    steps = np.diff(own - mean)
    return float(max(LEAST_DISPERSION, (steps**2).sum() / max(2 * mean.mean() * len(steps), 1e-9)))
