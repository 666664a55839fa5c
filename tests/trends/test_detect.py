"""Facts about the detector: what it tells, once, and what it does not tell."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from cxtext.errors import ConfigurationError
from cxtext.trends.calendar import Floats
from cxtext.trends.detect import as_signal, chance_share, detect, threshold_for
from cxtext.trends.evidence import chance_per_year
from cxtext.trends.forecast import forecasts
from cxtext.trends.scan import Late, scan

Quiet = Callable[..., tuple[list[date], Floats]]
NAMES = ["delivery", "login", "invoice"]


def test_quiet_counts_say_nothing(quiet: Quiet) -> None:
    days, counts = quiet()
    assert detect(days, counts, NAMES, from_day=days[420]) == []


def test_a_lasting_rise_is_told_once_within_a_week(quiet: Quiet) -> None:
    days, counts = quiet()
    counts[500:, 1] *= 3
    (episode,) = detect(days, counts, NAMES, from_day=days[420])
    assert (episode.series, episode.kind) == ("login", "rising")
    assert 0 <= (episode.day - days[500]).days <= 6
    assert episode.count > episode.upper > episode.expected > episode.lower
    assert episode.evidence_strength >= 3.5
    assert episode.ratio_low < episode.ratio < episode.ratio_high


def test_a_new_normal_is_told_once_and_called_chronic(quiet: Quiet) -> None:
    days, counts = quiet(length=700)
    counts[500:, 1] += np.random.default_rng(2).poisson(8.0, 200)
    (episode,) = detect(days, counts, NAMES, from_day=days[490])
    assert (episode.series, episode.state) == ("login", "chronic")
    assert "eight weeks" in episode.why_en


def test_one_batch_is_a_spike_and_no_trend(quiet: Quiet) -> None:
    days, counts = quiet()
    counts[500, 0] += 40
    (episode,) = detect(days, counts, NAMES, from_day=days[420])
    assert (episode.series, episode.kind, episode.state, episode.day) == ("delivery", "spike", "one-off", days[500])


def test_a_series_after_long_silence_is_new_and_not_rising(quiet: Quiet) -> None:
    days, counts = quiet(rate=1.0)
    counts[:530, 2] = 0
    told = [episode for episode in detect(days, counts, NAMES, from_day=days[420]) if episode.series == "invoice"]
    assert [episode.kind for episode in told] == ["new"]
    assert told[0].evidence_strength > 3


def test_a_second_surge_is_recurring(quiet: Quiet) -> None:
    days, counts = quiet()
    counts[440:450, 1] *= 4
    counts[520:530, 1] *= 4
    told = detect(days, counts, NAMES, from_day=days[420])
    assert [episode.state for episode in told if episode.series == "login"] == ["closed", "recurring"]


def test_earlier_days_are_history_only(quiet: Quiet) -> None:
    days, counts = quiet()
    counts[440:450, 1] *= 4
    assert detect(days, counts, NAMES, from_day=days[500]) == []


def test_one_night_alone_says_what_the_whole_year_says(quiet: Quiet) -> None:
    days, counts = quiet(series=12)
    counts[500:, 1] *= 3
    counts[:520, 5] = 0
    names = [f"series {column}" for column in range(12)]
    parents = {"series 1": "series 0", "series 2": "series 0"}
    whole = detect(days, counts, names, from_day=days[420], parents=parents)
    for night in {episode.day for episode in whole}:
        until = days.index(night) + 1
        alone = detect(days[:until], counts[:until], names, from_day=night, parents=parents)
        assert {e.series for e in alone} == {e.series for e in whole if e.day == night}


def test_a_yearly_wave_is_seasonal() -> None:
    days = [date.fromordinal(date(2022, 1, 3).toordinal() + offset) for offset in range(1100)]
    draw = np.random.default_rng(3)
    season = np.array([3.0 if day.month == 11 else 1.0 for day in days])[:, None]
    counts = draw.poisson(4 * season, (len(days), 1)).astype(float)
    told = detect(days, counts, ["street lamps"], from_day=date(2024, 9, 1))
    assert {episode.kind for episode in told} <= {"seasonal"}


def test_late_tickets_lower_the_expectation(quiet: Quiet) -> None:
    days, counts = quiet(rate=20.0)
    share = [0.5, 0.8, 0.9, 1.0]
    late = counts.copy()
    for age, known in enumerate(share):
        late[-1 - age] = np.round(late[-1 - age] * known)
    blocks = forecasts(days, late, first_night=len(days) - 7)
    assert (scan(late, blocks, Late(share)).fortnight[-1] < scan(late, blocks).fortnight[-1]).all()


def test_missing_days_are_no_drop_and_no_alarm(quiet: Quiet) -> None:
    days, counts = quiet()
    counts[500:510] = np.nan
    assert detect(days, counts, NAMES, from_day=days[420]) == []


def test_one_line_per_event_in_the_tree(quiet: Quiet) -> None:
    days, counts = quiet(series=4)
    counts[:, 0] = counts[:, 1:].sum(axis=1)
    counts[500:, 0] += counts[500:, 2] * 4
    counts[500:, 2] *= 5
    told = detect(
        days, counts, ["all", "a", "b", "c"], from_day=days[420], parents={"a": "all", "b": "all", "c": "all"}
    )
    assert [episode.series for episode in told if episode.day >= days[490]] == ["b"]


def test_a_rise_of_all_parts_is_the_parents(quiet: Quiet) -> None:
    days, counts = quiet(series=9)
    counts[500:, 1:] += np.random.default_rng(7).poisson(6.0, (60, 8))
    counts[:, 0] = counts[:, 1:].sum(axis=1)
    names = ["all", *"abcdefgh"]
    told = detect(days, counts, names, from_day=days[420], parents=dict.fromkeys(names[1:], "all"))
    assert [episode.series for episode in told if (episode.day - days[500]).days < 14] == ["all"]


def test_the_order_of_the_series_does_not_matter(quiet: Quiet) -> None:
    days, counts = quiet()
    counts[500:, 1] *= 3
    there = detect(days, counts, NAMES, from_day=days[420])
    back = detect(days, counts[:, ::-1], NAMES[::-1], from_day=days[420])
    assert {(e.series, e.day, e.kind) for e in there} == {(e.series, e.day, e.kind) for e in back}


def test_nothing_is_known_of_the_future(quiet: Quiet) -> None:
    days, counts = quiet()
    counts[500:, 1] *= 3
    (late,) = detect(days, counts, NAMES, from_day=days[420])
    until = days.index(late.day) + 1
    (early,) = detect(days[:until], counts[:until], NAMES, from_day=days[420])
    assert (early.series, early.day) == (late.series, late.day)


def test_a_signal_has_the_shape_of_the_contract(quiet: Quiet) -> None:
    days, counts = quiet()
    counts[500:, 1] *= 3
    (episode,) = detect(days, counts, NAMES, from_day=days[420])
    signal = as_signal(episode, "de")
    assert list(signal) == ["series", "day", "kind", "count", "expected", "evidence_strength", "why"]
    assert "login nimmt" in str(signal["why"])
    assert "login is rising" in str(as_signal(episode, "en")["why"])


def test_no_days_no_signals() -> None:
    assert detect([], np.zeros((0, 0)), []) == []


@pytest.mark.parametrize("length", [1, 5, 27, 28, 29, 33, 60])
def test_a_short_table_is_no_error(quiet: Quiet, length: int) -> None:
    days, counts = quiet(length=length)
    assert detect(days, counts, NAMES, from_day=days[-1]) == []
    assert detect(days, counts, NAMES) == []


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_series_without_any_ticket_say_nothing(quiet: Quiet, value: float) -> None:
    days, counts = quiet(length=100)
    counts[:, 1] = value
    assert detect(days, counts, NAMES, from_day=days[90]) == []


def test_an_alarm_budget_sets_the_threshold(quiet: Quiet) -> None:
    days, counts = quiet(series=20)
    scores = scan(counts, forecasts(days, counts, first_night=200))
    assert threshold_for(scores, counts, 5) == 3.0
    assert 3.0 <= threshold_for(scores, counts, 0) <= 5.0


def test_chance_thins_out_with_the_evidence(quiet: Quiet) -> None:
    assert chance_per_year(3.5) == pytest.approx(0.1)
    assert chance_per_year(4.5) < 0.03
    days, counts = quiet()
    counts[500:, 1] *= 3
    told = detect(days, counts, NAMES, from_day=days[420])
    assert chance_share(told, 3, 140) == pytest.approx(0.1 * 3 * 140 / 365)
    assert chance_share([], 3, 140) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"names": ["a", "b"]}, "shape"),
        ({"names": ["a", "a", "b"]}, "twice"),
        ({"parents": {"login": "nobody"}}, "nobody"),
        ({"parents": {"login": "invoice", "invoice": "login"}}, "above itself"),
    ],
)
def test_what_does_not_fit_is_said(quiet: Quiet, change: dict[str, object], message: str) -> None:
    days, counts = quiet(length=60)
    arguments: dict[str, object] = {"names": NAMES, **change}
    with pytest.raises(ConfigurationError, match=message):
        detect(days, counts, **arguments)  # type: ignore[arg-type]


def test_a_calendar_with_holes_is_refused(quiet: Quiet) -> None:
    days, counts = quiet(length=60)
    with pytest.raises(ConfigurationError, match="without a gap"):
        detect(days[:30] + days[31:], np.delete(counts, 30, axis=0), NAMES)
    with pytest.raises(ConfigurationError, match="negative"):
        detect(days, counts - 100, NAMES)
