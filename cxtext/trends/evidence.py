"""What an alarm rests on: the window that raised it, what was expected there, and where its episode stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy.special import gammaincinv

from cxtext.trends.calendar import Floats
from cxtext.trends.episodes import RECENT, Alarm, Episode, Kind, State
from cxtext.trends.forecast import WEEK, Block
from cxtext.trends.lasting import FROZEN
from cxtext.trends.scan import Scores, tail
from cxtext.trends.seasons import seasonal
from cxtext.trends.words import Told, why

THRESHOLD, SPIKE_THRESHOLD = 3.5, 5.0
CLOSED_WITHIN, HALF_A_YEAR = 21, 180  # days
# Alarms per year of a quiet series at threshold 3.5, and how they thin out per unit of score (benchmark, simulation).
CHANCE_AT_THRESHOLD, CHANCE_SLOPE = 0.1, 0.8


def chance_per_year(score: float) -> float:
    """Return how many alarms of this strength a quiet series raises per year."""
    return float(CHANCE_AT_THRESHOLD * 10 ** (-CHANCE_SLOPE * (score - THRESHOLD)))


def sentence(episode: Episode, series: str, language: str) -> str:
    """Say why the episode was told, about a series called so."""
    told = Told(
        kind=episode.kind, state=episode.state, series=series, count=episode.count, window=episode.window,
        day=episode.day, band=(episode.expected, episode.lower, episode.upper), ratio_low=episode.ratio_low,
        chance_per_year=episode.chance_per_year,
    )  # fmt: skip
    return why(told, language)


def episode_of(
    alarm: Alarm,
    found: Sequence[Alarm],
    days: Sequence[date],
    names: Sequence[str],
    counts: Floats,
    blocks: Sequence[Block],
    scores: Scores,
) -> Episode:
    """Tell an alarm, with all that speaks for it."""
    index = scores.first_night + alarm.start
    seen = _evidence(alarm, counts, scores)
    kind: Kind = alarm.kind
    if kind == "rising":
        dispersion = float(blocks[alarm.start // WEEK].dispersion[alarm.column])
        fortnight = float(scores.fortnight[alarm.start, alarm.column])
        kind = "seasonal" if seasonal(counts[:, alarm.column], index, fortnight, dispersion) else kind
    state = _state(alarm, found, len(days) - 1 - scores.first_night)
    lower, upper = band(seen.expected, seen.variance)
    low, ratio, high = _ratio(seen.count, seen.expected, seen.variance)
    chance = chance_per_year(seen.score)
    told = Episode(
        series=names[alarm.column], day=days[index], onset=days[max(index - seen.window + 1, 0)],
        kind=kind, state=state, until=None if alarm.end is None else days[scores.first_night + alarm.end],
        count=int(seen.count), expected=round(seen.expected, 2), lower=round(lower, 2), upper=round(upper, 2),
        evidence_strength=round(seen.score, 2), chance_per_year=round(chance, 4),
        ratio=round(ratio, 2), ratio_low=round(low, 2), ratio_high=round(high, 2),
        window=seen.window, why_de="", why_en="",
    )  # fmt: skip
    name = names[alarm.column]
    return replace(told, why_de=sentence(told, name, "de"), why_en=sentence(told, name, "en"))


@dataclass(frozen=True, slots=True)
class _Evidence:
    window: int
    score: float
    count: float
    expected: float
    variance: float


def _evidence(alarm: Alarm, counts: Floats, scores: Scores) -> _Evidence:
    """Return the window that raised the alarm."""
    at = (alarm.start, alarm.column)
    if alarm.kind == "new":
        day = scores.first_night + alarm.start
        silence = int(np.flatnonzero(counts[:, alarm.column] > 0)[0])
        count = float(np.nansum(counts[max(day - RECENT + 1, 0) : day + 1, alarm.column]))
        expected = RECENT * 0.5 / (silence + 1)  # the median of a rate that brought no ticket for so long
        score = float(tail(np.array(count), np.array(expected), np.array(expected)))
        return _Evidence(RECENT, score, count, expected, expected)
    if scores.rising[at] < SPIKE_THRESHOLD <= scores.spike[at] or alarm.kind == "spike":
        return _Evidence(
            int(scores.spike_window[at]), float(scores.spike[at]), float(scores.spike_count[at]),
            float(scores.spike_expected[at]), float(scores.spike_variance[at]),
        )  # fmt: skip
    return _Evidence(
        int(scores.window[at]), float(scores.rising[at]), float(scores.count[at]),
        float(scores.expected[at]), float(scores.variance[at]),
    )  # fmt: skip


def _state(alarm: Alarm, found: Sequence[Alarm], last: int) -> State:
    """Say where the episode stands on the last night."""
    earlier = [
        other for other in found
        if other.column == alarm.column and other.start < alarm.start and other.kind != "new"
        and other.end is not None and alarm.start - other.start <= HALF_A_YEAR
    ]  # fmt: skip
    length = (last if alarm.end is None else alarm.end) - alarm.start
    if length >= FROZEN:
        return "chronic"
    if earlier:
        return "recurring"
    if alarm.end is None:
        return "open"
    alone = not any(other.column == alarm.column and 0 < other.start - alarm.start <= HALF_A_YEAR for other in found)
    return "one-off" if alone and length <= CLOSED_WITHIN else "closed"


def band(expected: float, variance: float) -> tuple[float, float]:
    """Return the 95 % band of a count with this mean and variance (gamma in place of the negative binomial)."""
    if expected <= 0 or variance <= 0:
        return 0.0, 0.0
    shape, scale = expected**2 / variance, variance / expected
    return float(scale * gammaincinv(shape, 0.025)), float(scale * gammaincinv(shape, 0.975))


def _ratio(count: float, expected: float, variance: float) -> tuple[float, float, float]:
    """Return tickets over expected with its 80 % interval."""
    if expected <= 0:
        return 1.0, 1.0, 1.0
    wide = max(variance / expected, 1.0)
    low, high = (float(wide * gammaincinv(count / wide + 0.5, q) / expected) for q in (0.1, 0.9))
    return low, count / expected, high
