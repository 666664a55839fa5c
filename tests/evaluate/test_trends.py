"""Facts about the benchmark of trends: fair thresholds, honest delays, and a small run of every part."""

from pathlib import Path

import numpy as np
import pytest

from cxtext.errors import ConfigurationError
from cxtext.evaluate.trend_comparators import COMPARATORS
from cxtext.evaluate.trend_matching import NEVER, Surges, delays, detection, false_rate, threshold_at
from cxtext.evaluate.trend_scenarios import fix_checks, labels, tree
from cxtext.evaluate.trend_simulation import HISTORY, SURGES, YEAR, support, surge, syndromic
from cxtext.evaluate.trends import evaluate_trends
from cxtext.trends.forecast import forecasts


def test_one_long_alarm_is_one_episode() -> None:
    scores = np.zeros((364, 1))
    scores[100:110] = 5
    scores[114] = 5
    scores[200] = 5
    assert false_rate([scores], 3.0) == 2.0


def test_the_threshold_costs_what_it_may() -> None:
    scores = [np.random.default_rng(1).exponential(1.0, (364, 50))]
    assert false_rate(scores, threshold_at(scores, 0.5)) <= 0.5 < false_rate(scores, threshold_at(scores, 0.6))


def test_only_a_new_alarm_detects() -> None:
    scores = np.zeros((60, 3))
    scores[32, 0] = 5  # third night
    scores[25:40, 1] = 5  # was on before
    waits = delays(Surges("x2", scores, np.array([30, 30, 30])), 3.0)
    assert waits.tolist() == [3, NEVER, NEVER]
    assert detection([Surges("x2", scores, np.array([30, 30, 30]))], 3.0)["mean"] == [0.333, 0.333, 0.333]


@pytest.mark.parametrize("kind", SURGES)
def test_a_surge_begins_on_its_day(kind: str) -> None:
    world = syndromic(1, 2)
    extra = surge(np.random.default_rng(2), world, kind, 0, 800)
    assert np.flatnonzero(extra)[0] == 800


def test_the_same_seed_is_the_same_world() -> None:
    for maker in (syndromic, support):
        np.testing.assert_array_equal(maker(3, 4).counts, maker(3, 4).counts)
        assert not np.array_equal(maker(3, 4).counts, maker(4, 4).counts, equal_nan=True)


@pytest.mark.parametrize("name", COMPARATORS)
def test_every_comparator_sees_a_flood(name: str) -> None:
    world = syndromic(1, 3)
    counts = world.counts.copy()
    counts[HISTORY + 100 : HISTORY + 103] += 10 * world.spread[HISTORY + 100].max() + 50
    blocks = forecasts(world.days, counts, first_night=HISTORY)
    scores = COMPARATORS[name](counts, blocks)
    night = HISTORY + 100 - blocks[0].first
    assert len(scores) == HISTORY + YEAR - blocks[0].first
    assert (scores[night : night + 3].max(axis=0) > 3).all()


def test_the_tree_needs_both_levels() -> None:
    found = tree(9700, 12)
    spread, single = found["x3 in all"], found["x8 in one"]
    assert isinstance(spread, dict)
    assert isinstance(single, dict)
    assert spread["both"] > spread["leaves only"]
    assert single["both"] > single["parent only"]


def test_labels_and_verdicts_of_a_small_run() -> None:
    words = labels(9700, 12)
    assert words["quiet"] == {"quiet": 1.0}
    for truth in ("one-off", "recurring", "rising", "seasonal"):
        told = words[truth]
        assert isinstance(told, dict)
        assert told[truth] >= 0.75
    verdicts = fix_checks(9700, 12)
    assert verdicts["not fixed, day 28"] == {"not resolved": 1.0}


def test_an_unknown_benchmark_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="known: simulation"):
        evaluate_trends("weather")  # type: ignore[arg-type]


def test_the_council_replay_says_when_its_data_is_missing(tmp_path: Path) -> None:
    answer = evaluate_trends("council", council=tmp_path / "none.parquet")
    council = answer["council"]
    assert isinstance(council, dict)
    assert "not here" in str(council["skipped"])
