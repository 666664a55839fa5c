"""Arrows: only where "no change" is excluded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from cxtext.metrics.arrows import arrow_of_counts, arrow_of_values


def test_ten_after_eight_is_no_rise_and_thirty_after_eight_is() -> None:
    assert arrow_of_counts(10, 8).direction == "flat"
    assert arrow_of_counts(30, 8).direction == "up"
    assert arrow_of_counts(8, 30).direction == "down"
    assert arrow_of_counts(0, 0).direction == "flat"


def test_a_burst_of_few_events_is_no_rise() -> None:
    assert arrow_of_counts(30, 12).direction == "up"
    assert arrow_of_counts(30, 12, dispersion=3.0).direction == "flat"


def test_unequal_stretches_are_compared_by_the_day() -> None:
    assert arrow_of_counts(20, 60, recent_days=28, before_days=84).change == pytest.approx(1.0)
    assert arrow_of_counts(20, 60, recent_days=28, before_days=84).direction == "flat"


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_ratio_is_that_of_two_conditional_shares(recent: int, before: int) -> None:
    found = arrow_of_counts(recent, before)
    lower, upper = proportion_confint(recent, recent + before, method="wilson")
    assert found.lower == pytest.approx(lower / (1 - lower), abs=1e-9)
    assert found.upper == pytest.approx(upper / (1 - upper), rel=1e-9)
    assert found.change == pytest.approx(recent / before)


@given(st.integers(0, 500), st.integers(0, 500))
def test_turned_round_it_points_the_other_way(recent: int, before: int) -> None:
    opposite = {"up": "down", "down": "up", "flat": "flat"}
    assert arrow_of_counts(before, recent).direction == opposite[arrow_of_counts(recent, before).direction]


def test_values_differ_only_where_their_intervals_say_so() -> None:
    assert arrow_of_values((4.0, 3.8, 4.2), (3.5, 3.3, 3.7)).direction == "up"
    assert arrow_of_values((3.6, 3.4, 3.8), (3.5, 3.3, 3.7)).direction == "flat"
    assert arrow_of_values((None, None, None), (3.5, 3.3, 3.7)).direction == "flat"


def test_few_false_arrows() -> None:
    counts = np.random.default_rng(1).poisson(40, (4000, 2)).tolist()
    assert np.mean([arrow_of_counts(*pair).direction != "flat" for pair in counts]) == pytest.approx(0.05, abs=0.012)
