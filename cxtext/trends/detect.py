"""What is new and what is rising in daily counts: one entry per episode."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from cxtext.errors import ConfigurationError
from cxtext.trends.calendar import Floats, check_calendar, features
from cxtext.trends.episodes import NEWNESS, RECENT, Alarm, Episode, Kind, State, alarms, born, newcomers
from cxtext.trends.forecast import GUARD, SHORTEST, WEEK, Block, forecasts
from cxtext.trends.lasting import FROZEN, prolong
from cxtext.trends.scan import Late, Scores, scan, tail
from cxtext.trends.seasons import seasonal
from cxtext.trends.tree import one_line_per_event, parent_columns, upwards
from cxtext.trends.words import Told, why

THRESHOLD, SPIKE_THRESHOLD = 3.5, 5.0
MARGIN = 0.5  # of evidence: fits that start afresh differ a little from those that go on
RECORD_NIGHTS = 364  # nights scored before the first one told, so that every node knows its own errors
CLOSED_WITHIN, HALF_A_YEAR = 21, 180  # days
# Alarms per year of a quiet series at threshold 3.5, and how they thin out per unit of score (benchmark, simulation).
CHANCE_AT_THRESHOLD, CHANCE_SLOPE = 0.1, 0.8


def detect(
    days: Sequence[date],
    counts: Floats,
    names: Sequence[str],
    *,
    from_day: date | None = None,
    parents: Mapping[str, str] | None = None,
    lag: Sequence[float] | None = None,
    threshold: float = THRESHOLD,
    spike_threshold: float = SPIKE_THRESHOLD,
    holidays: Collection[date] = (),
) -> list[Episode]:
    """Find what is new, rising or jumping, night by night, as each night could have known it.

    Args:
        days: consecutive days.
        counts: (days, series) tickets or customers per day; NaN where nothing is known.
        names: of the series.
        from_day: earlier days are history only; default: every day that has history enough.
        parents: child to parent among `names`; an event that a node shares with its parts is told once.
        lag: F(0), F(1), …: share of a day's tickets known on the evening of that day, one day later, …
        threshold: evidence (-log10 p) that makes a rise; 3.5 is about one false alarm per series in ten years.
        spike_threshold: evidence for a jump of one or two days.
        holidays: closed days.

    Raises:
        ConfigurationError: shapes that do not fit, a calendar with holes, negative counts, an unknown parent.
    """
    _check(days, counts, names)
    above = parent_columns(names, parents)
    told = max(_first_index(days, from_day), 0)
    if not len(names) or told >= len(days) or len(days) < GUARD + SHORTEST:
        return []
    known = _since_birth(counts)
    bars = _Bars(threshold, spike_threshold, Late(lag) if lag else None, frozenset(holidays))
    columns = _worth_a_look(days, known, told, above, bars)
    if not len(columns):
        return []
    start = min(max(told - RECORD_NIGHTS, GUARD + SHORTEST - 1), len(days) - 1)
    blocks = forecasts(days, known, first_night=start, holidays=bars.holidays, parents=np.array(above), columns=columns)
    known, names, above = known[:, columns], [names[column] for column in columns], _among(above, columns)
    scores = scan(known, blocks, bars.late)
    found = alarms(known, scores, threshold, spike_threshold)
    found = prolong(found, known, features(days, bars.holidays), blocks, scores)
    found = one_line_per_event(found, above, known, scores)
    fresh = [_shifted(alarm, -scores.first_night) for alarm in newcomers(counts[:, columns], scores.first_night)]
    found = sorted([*_not_twice(found, fresh), *fresh], key=lambda alarm: (alarm.start, alarm.column))
    episodes = [_episode(alarm, found, days, names, known, blocks, scores) for alarm in found]
    return [episode for episode in episodes if episode.day >= days[told]]


def as_signal(episode: Episode, language: str) -> dict[str, object]:
    """Return the episode in the shape of `cxtext detect --json`."""
    return {
        "series": episode.series,
        "day": episode.day.isoformat(),
        "kind": episode.kind,
        "count": episode.count,
        "expected": episode.expected,
        "evidence_strength": episode.evidence_strength,
        "why": episode.why_de if language == "de" else episode.why_en,
    }


def chance_share(episodes: Sequence[Episode], series: int, nights: int, threshold: float = THRESHOLD) -> float | None:
    """Return the estimated share of the rising episodes that are chance; None where there are none."""
    rising = sum(episode.kind == "rising" for episode in episodes)
    if not rising:
        return None
    return min(1.0, chance_per_year(threshold) * series * nights / 365 / rising)


def chance_per_year(score: float) -> float:
    """Return how many alarms of this strength a quiet series raises per year."""
    return float(CHANCE_AT_THRESHOLD * 10 ** (-CHANCE_SLOPE * (score - THRESHOLD)))


def threshold_for(scores: Scores, counts: Floats, lines_per_week: float, nights: int = 90) -> float:
    """Choose the threshold in [3, 5] that would have raised at most so many lines a week over the last nights."""
    recent = slice(max(len(scores.rising) - nights, 0), len(scores.rising))
    weeks = max((recent.stop - recent.start) / 7, 1e-9)
    for step in range(300, 501, 5):
        raised = alarms(counts, scores, step / 100, max(SPIKE_THRESHOLD, step / 100))
        if sum(alarm.start >= recent.start for alarm in raised) / weeks <= lines_per_week:
            return step / 100
    return 5.0


def _check(days: Sequence[date], counts: Floats, names: Sequence[str]) -> None:
    if counts.ndim != 2 or counts.shape != (len(days), len(names)):
        raise ConfigurationError(f"counts of {len(days)} days and {len(names)} series have the shape {counts.shape}")
    check_calendar(days)
    if len(set(names)) != len(names):
        raise ConfigurationError(f"series '{next(n for n in names if list(names).count(n) > 1)}' appears twice")
    if np.isinf(counts).any() or (np.nan_to_num(counts) < 0).any():
        raise ConfigurationError("counts must be finite and not negative")


@dataclass(frozen=True, slots=True)
class _Bars:
    threshold: float
    spike_threshold: float
    late: Late | None
    holidays: frozenset[date]


def _worth_a_look(
    days: Sequence[date], known: Floats, told: int, above: Sequence[int], bars: _Bars
) -> NDArray[np.int64]:
    """Return the columns that can have an episode since `told`, with all above and below them in the tree.

    A node's record of errors takes 52 fits and only ever weakens its evidence. Where few nights are asked for, nodes
    whose evidence falls short without it are spared that: a night of 10,000 nodes takes seconds, not minutes.
    """
    everything = np.arange(known.shape[1])
    first = max(told, GUARD + SHORTEST - 1)
    if len(days) - told > GUARD or first >= len(days):
        return everything
    blocks = forecasts(days, known, first_night=first, holidays=bars.holidays, parents=np.array(above))
    scores = scan(known, blocks, bars.late)
    since = slice(told - scores.first_night if told >= scores.first_night else 0, None)
    hot = (scores.rising[since] >= bars.threshold - MARGIN).any(axis=0)
    hot |= (scores.spike[since] >= bars.spike_threshold - MARGIN).any(axis=0)
    hot |= np.array([birth >= 0 and birth + NEWNESS > told for birth in born(np.nan_to_num(known))])
    lines: list[list[int]] = [[column, *upwards(column, above)] for column in range(known.shape[1])]
    wanted = {column for line in lines if hot[line].any() for column in line}
    return np.array(sorted(wanted), dtype=np.int64)


def _among(above: Sequence[int], columns: NDArray[np.int64]) -> list[int]:
    """Number the parents of the chosen columns by their place among them."""
    place = {int(column): index for index, column in enumerate(columns)}
    return [place.get(above[column], -1) for column in columns]


def _first_index(days: Sequence[date], from_day: date | None) -> int:
    return (from_day - days[0]).days if from_day else 0


def _since_birth(counts: Floats) -> Floats:
    """Forget the silence before a topic existed: it is no evidence for a rate of zero."""
    known = np.array(counts, dtype=float)
    for column, birth in enumerate(born(counts)):
        if birth > 0:
            known[:birth, column] = np.nan
    return known


def _shifted(alarm: Alarm, nights: int) -> Alarm:
    end = alarm.end if alarm.end is None else alarm.end + nights
    return Alarm(alarm.column, alarm.kind, alarm.start + nights, end)


def _not_twice(found: Sequence[Alarm], fresh: Sequence[Alarm]) -> list[Alarm]:
    """Drop the alarms of a series that is already told as new."""
    births = {alarm.column: alarm for alarm in fresh}
    return [
        alarm for alarm in found
        if (birth := births.get(alarm.column)) is None or birth.end is None or alarm.start > birth.end
    ]  # fmt: skip


def _episode(
    alarm: Alarm,
    found: Sequence[Alarm],
    days: Sequence[date],
    names: Sequence[str],
    counts: Floats,
    blocks: Sequence[Block],
    scores: Scores,
) -> Episode:
    index = scores.first_night + alarm.start
    seen = _evidence(alarm, counts, scores)
    kind: Kind = alarm.kind
    if kind == "rising":
        dispersion = float(blocks[alarm.start // WEEK].dispersion[alarm.column])
        fortnight = float(scores.fortnight[alarm.start, alarm.column])
        kind = "seasonal" if seasonal(counts[:, alarm.column], index, fortnight, dispersion) else kind
    state = _state(alarm, found, len(days) - 1 - scores.first_night)
    band = _band(seen.expected, seen.variance)
    low, ratio, high = _ratio(seen.count, seen.expected, seen.variance)
    chance = chance_per_year(seen.score)
    told = Told(
        kind=kind, state=state, series=names[alarm.column], count=int(seen.count), window=seen.window,
        day=days[index], band=(seen.expected, *band), ratio_low=low, chance_per_year=chance,
    )  # fmt: skip
    return Episode(
        series=names[alarm.column], day=days[index], onset=days[max(index - seen.window + 1, 0)],
        kind=kind, state=state, until=None if alarm.end is None else days[scores.first_night + alarm.end],
        count=int(seen.count), expected=round(seen.expected, 2), lower=round(band[0], 2), upper=round(band[1], 2),
        evidence_strength=round(seen.score, 2), chance_per_year=round(chance, 4),
        ratio=round(ratio, 2), ratio_low=round(low, 2), ratio_high=round(high, 2),
        why_de=why(told, "de"), why_en=why(told, "en"),
    )  # fmt: skip


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


def _band(expected: float, variance: float) -> tuple[float, float]:
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
