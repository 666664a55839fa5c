"""What is new and what is rising in daily counts: one entry per episode."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cxtext.errors import ConfigurationError
from cxtext.trends.calendar import Floats, check_calendar, features
from cxtext.trends.episodes import NEWNESS, Alarm, Episode, alarms, born, newcomers
from cxtext.trends.evidence import SPIKE_THRESHOLD, THRESHOLD, chance_per_year, episode_of
from cxtext.trends.forecast import GUARD, SHORTEST, Block, forecasts
from cxtext.trends.lasting import prolong
from cxtext.trends.scan import Late, Scores, scan
from cxtext.trends.tree import one_line_per_event, parent_columns, upwards

MARGIN = 0.5  # of evidence: fits that start afresh differ a little from those that go on
RECORD_NIGHTS = 364  # nights scored before the first one told, so that every node knows its own errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What detection holds on to; `detect` explains each.

    Attributes:
        slices: (series,) what cuts a series out of its parent ("product", …), "" for a series of its own. Slices of
            one parent cut by different words share tickets and never make two lines of one event.
        one_line: whether an event that a node shares with its parts is told once.
        ongoing: tell what began before `from_day` too, if it still goes on: tickets that came late may have made it.
        silent: nothing before the first ticket of a series is known to be nothing, not the time before it was a series.
    """

    from_day: date | None = None
    parents: Mapping[str, str] | None = None
    lag: Sequence[float] | None = None
    threshold: float = THRESHOLD
    spike_threshold: float = SPIKE_THRESHOLD
    holidays: Collection[date] = ()
    slices: Sequence[str] | None = None
    one_line: bool = True
    ongoing: bool = False
    silent: bool = False

    @property
    def late(self) -> Late | None:
        """The reporting curve as the scan wants it."""
        return Late(self.lag) if self.lag else None


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
    rules = Rules(
        from_day=from_day, parents=parents, lag=lag, threshold=threshold, spike_threshold=spike_threshold,
        holidays=frozenset(holidays),
    )  # fmt: skip
    return find(days, counts, names, rules)


def find(
    days: Sequence[date],
    counts: Floats,
    names: Sequence[str],
    rules: Rules,
    columns: NDArray[np.int64] | None = None,
) -> list[Episode]:
    """Do what `detect` says under these rules; `columns`: the series worth a look, where somebody knows them."""
    _check(days, counts, names)
    above = parent_columns(names, rules.parents)
    told = max(_first_index(days, rules.from_day), 0)
    if not len(names) or told >= len(days) or len(days) < GUARD + SHORTEST:
        return []
    known = counts if rules.silent else since_birth(counts)
    if columns is None:
        columns = worth_a_look(days, known, told, above, rules)
    if not len(columns):
        return []
    start = min(max(told - RECORD_NIGHTS, GUARD + SHORTEST - 1), len(days) - 1)
    blocks = forecasts(
        days, known, first_night=start, holidays=rules.holidays, parents=np.array(above), columns=columns
    )
    known, names, above = known[:, columns], [names[column] for column in columns], _among(above, columns)
    slices = None if rules.slices is None else [rules.slices[column] for column in columns]
    scores = scan(known, blocks, rules.late)
    found = alarms(known, scores, rules.threshold, rules.spike_threshold)
    found = prolong(found, known, features(days, rules.holidays), blocks, scores)
    if rules.one_line:
        found = one_line_per_event(found, above, known, scores, slices)
    births = _whole(newcomers(counts[:, columns], scores.first_night), above, slices)
    fresh = [_shifted(alarm, -scores.first_night) for alarm in births]
    found = sorted([*_not_twice(found, fresh), *fresh], key=lambda alarm: (alarm.start, alarm.column))
    episodes = [episode_of(alarm, found, days, names, known, blocks, scores) for alarm in found]
    return [one for one in episodes if one.day >= days[told] or (rules.ongoing and one.until is None)]


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


def threshold_for(scores: Scores, counts: Floats, lines_per_week: float, nights: int = 90) -> float:
    """Choose the threshold in [3, 5] that would have raised at most so many lines a week over the last nights."""
    recent = slice(max(len(scores.rising) - nights, 0), len(scores.rising))
    weeks = max((recent.stop - recent.start) / 7, 1e-9)
    for step in range(300, 501, 5):
        raised = alarms(counts, scores, step / 100, max(SPIKE_THRESHOLD, step / 100))
        if sum(alarm.start >= recent.start for alarm in raised) / weeks <= lines_per_week:
            return step / 100
    return 5.0


def worth_a_look(
    days: Sequence[date],
    known: Floats,
    told: int,
    above: Sequence[int],
    rules: Rules,
    blocks: Sequence[Block] | None = None,
) -> NDArray[np.int64]:
    """Return the columns that can have an episode since `told`, with all above and below them in the tree.

    A node's record of errors takes 52 fits and only ever weakens its evidence. Where few nights are asked for, nodes
    whose evidence falls short without it are spared that: a night of 10,000 nodes takes seconds, not minutes.
    """
    everything = np.arange(known.shape[1])
    first = max(told, GUARD + SHORTEST - 1)
    if len(days) - told > GUARD or first >= len(days):
        return everything
    blocks = blocks or forecasts(days, known, first_night=first, holidays=rules.holidays, parents=np.array(above))
    scores = scan(known, blocks, rules.late)
    since = slice(told - scores.first_night if told >= scores.first_night else 0, None)
    hot = (scores.rising[since] >= rules.threshold - MARGIN).any(axis=0)
    hot |= (scores.spike[since] >= rules.spike_threshold - MARGIN).any(axis=0)
    hot |= np.array([birth >= 0 and birth + NEWNESS > told for birth in born(np.nan_to_num(known))])
    lines: list[list[int]] = [[column, *upwards(column, above)] for column in range(known.shape[1])]
    wanted = {column for line in lines if hot[line].any() for column in line}
    return np.array(sorted(wanted), dtype=np.int64)


def since_birth(counts: Floats) -> Floats:
    """Forget the silence before a topic existed: it is no evidence for a rate of zero."""
    known = np.array(counts, dtype=float)
    for column, birth in enumerate(born(counts)):
        if birth > 0:
            known[:birth, column] = np.nan
    return known


def _check(days: Sequence[date], counts: Floats, names: Sequence[str]) -> None:
    if counts.ndim != 2 or counts.shape != (len(days), len(names)):
        raise ConfigurationError(f"counts of {len(days)} days and {len(names)} series have the shape {counts.shape}")
    check_calendar(days)
    if len(set(names)) != len(names):
        raise ConfigurationError(f"series '{next(n for n in names if list(names).count(n) > 1)}' appears twice")
    if np.isinf(counts).any() or (np.nan_to_num(counts) < 0).any():
        raise ConfigurationError("counts must be finite and not negative")


def _among(above: Sequence[int], columns: NDArray[np.int64]) -> list[int]:
    """Number the parents of the chosen columns by their place among them."""
    place = {int(column): index for index, column in enumerate(columns)}
    return [place.get(above[column], -1) for column in columns]


def _first_index(days: Sequence[date], from_day: date | None) -> int:
    return (from_day - days[0]).days if from_day else 0


def _shifted(alarm: Alarm, nights: int) -> Alarm:
    end = alarm.end if alarm.end is None else alarm.end + nights
    return Alarm(alarm.column, alarm.kind, alarm.start + nights, end)


def _whole(births: Sequence[Alarm], above: Sequence[int], slices: Sequence[str] | None) -> list[Alarm]:
    """Only a topic is new, and of a group and its topic the topic: a new product makes slices, not problems."""
    mine = [alarm for alarm in births if slices is None or not slices[alarm.column]]
    covered = {above_it for alarm in mine for above_it in upwards(alarm.column, above)}
    return [alarm for alarm in mine if alarm.column not in covered]


def _not_twice(found: Sequence[Alarm], fresh: Sequence[Alarm]) -> list[Alarm]:
    """Drop the alarms of a series that is already told as new."""
    births = {alarm.column: alarm for alarm in fresh}
    return [
        alarm for alarm in found
        if (birth := births.get(alarm.column)) is None or birth.end is None or alarm.start > birth.end
    ]  # fmt: skip
