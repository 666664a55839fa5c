"""The weekly sample: fixed size, the same for everybody, each chance as it is said to be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.metrics.sampling import Candidate, draw


def candidates(size: int, topics: int = 6, seed: int = 0) -> list[Candidate]:
    random = np.random.default_rng(seed)
    shown = random.integers(-1, topics, size)
    return [
        Candidate(f"file:{i}", None if shown[i] < 0 else f"T-{shown[i]}", float(random.random())) for i in range(size)
    ]


@settings(max_examples=60)
@given(st.integers(0, 120), st.integers(0, 40), st.integers(0, 9))
def test_as_many_as_wanted_or_all_there_are(size: int, count: int, seed: int) -> None:
    drawn = draw(candidates(size), count, seed=seed, week="2026-W44", field="topic")
    places = [one.place for one in drawn]
    assert len(places) == len(set(places)) == min(size, count)
    assert all(one.weight >= 1 - 1e-9 for one in drawn)


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_order_of_tickets_changes_nothing(random) -> None:
    given_ = candidates(80)
    mixed = list(given_)
    random.shuffle(mixed)
    first = {given_[one.place].key: one.weight for one in draw(given_, 15, seed=1, week="2026-W01", field="cause")}
    second = {mixed[one.place].key: one.weight for one in draw(mixed, 15, seed=1, week="2026-W01", field="cause")}
    assert first == pytest.approx(second)


def test_another_week_or_seed_is_another_sample() -> None:
    given_ = candidates(300)

    def keys(seed: int, week: str) -> set[int]:
        return {one.place for one in draw(given_, 15, seed=seed, week=week, field="topic")}

    assert keys(1, "2026-W01") == keys(1, "2026-W01")
    assert keys(1, "2026-W01") != keys(1, "2026-W02") != keys(2, "2026-W02")


def test_weights_add_up_to_the_week_on_average() -> None:
    given_ = candidates(200)
    totals = [
        sum(one.weight for one in draw(given_, 15, seed=seed, week="2026-W01", field="topic")) for seed in range(400)
    ]
    assert np.mean(totals) == pytest.approx(200, rel=0.05)


def test_small_topics_and_unsure_answers_are_asked_more_often() -> None:
    common = [Candidate(f"a{i}", "large", 0.97) for i in range(180)]
    rare = [Candidate(f"b{i}", "small", 0.5) for i in range(20)]
    drawn = [one.place for seed in range(200) for one in draw(common + rare, 15, seed=seed, week="w", field="topic")]
    small = np.mean([place >= 180 for place in drawn])
    assert small > 2 * 20 / 200
