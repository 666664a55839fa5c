"""Intervals agree with textbook formulae, stand around their value and hold the truth as often as they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from cxtext.metrics.intervals import (
    Z,
    jeffreys,
    log_shape,
    median,
    poisson,
    positive_mean,
    scale_mean,
    wilson,
)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_that_of_statsmodels(case: tuple[int, int]) -> None:
    hits, n = case
    lower, upper = wilson(np.array([hits]), np.array([n]))
    expected = proportion_confint(hits, n, method="wilson")
    assert (lower[0], upper[0]) == pytest.approx(expected, abs=1e-9)


@given(st.integers(2, 3000).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))))
def test_jeffreys_is_that_of_statsmodels(case: tuple[int, int]) -> None:
    hits, n = case
    expected = proportion_confint(hits, n, method="jeffreys")
    assert jeffreys(hits, n) == pytest.approx(expected, abs=1e-9)


def test_a_share_never_seen_has_one_bound_that_carries_all_doubt() -> None:
    assert jeffreys(0, 60) == pytest.approx((0.0, stats.beta.ppf(0.95, 0.5, 60.5)))
    assert jeffreys(0, 0) == (0.0, 1.0)


@given(st.integers(1, 10_000))
def test_counts_lie_within_the_exact_bounds_and_around_themselves(count: int) -> None:
    lower, upper = poisson(np.array([count]))
    exact = stats.gamma.ppf(0.025, count), stats.gamma.ppf(0.975, count + 1)
    assert exact[0] <= lower[0] <= count <= upper[0] <= exact[1]


def test_no_count_has_no_lower_bound() -> None:
    lower, upper = poisson(np.array([0]))
    assert lower[0] == 0
    assert 1 < upper[0] < stats.gamma.ppf(0.975, 1)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=200))
def test_a_mean_stays_on_its_scale_and_inside_its_interval(answers: list[int]) -> None:
    values = np.array(answers, dtype=float)
    lower, upper = scale_mean(np.array([len(values)]), np.array([values.sum()]), np.array([(values**2).sum()]), 1, 5)
    assert 1 <= lower[0] <= values.mean() + 1e-12
    assert values.mean() - 1e-12 <= upper[0] <= 5


def test_the_mean_of_many_answers_has_students_interval() -> None:
    values = np.random.default_rng(1).integers(1, 6, 20_000).astype(float)
    lower, upper = scale_mean(np.array([len(values)]), np.array([values.sum()]), np.array([(values**2).sum()]), 1, 5)
    expected = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
    assert (lower[0], upper[0]) == pytest.approx(expected, abs=2e-4)


def test_the_mean_of_many_hours_has_the_normal_interval_of_its_logarithm() -> None:
    hours = np.random.default_rng(2).lognormal(0, 0.5, 200_000)
    n, mean = np.array([len(hours)]), np.array([hours.mean()])
    error = np.array([stats.sem(hours) / hours.mean()])
    shape = log_shape(n, np.array([np.log(hours).sum()]), np.array([(np.log(hours) ** 2).sum()]))
    lower, upper = positive_mean(n, mean, error, shape)
    assert shape[0] == pytest.approx(0.5, abs=0.01)
    assert lower[0] == pytest.approx(mean[0] * np.exp(-Z * error[0]), rel=1e-3)
    assert upper[0] == pytest.approx(mean[0] * np.exp(Z * error[0]), rel=1e-3)


def test_few_hours_may_be_much_more_but_hardly_less() -> None:
    n, mean, error, shape = np.array([8]), np.array([10.0]), np.array([0.3]), np.array([1.0])
    lower, upper = positive_mean(n, mean, error, shape)
    assert upper[0] / mean[0] > 1.5 * mean[0] / lower[0]


@settings(max_examples=60)
@given(st.lists(st.lists(st.floats(0, 1e6), min_size=1, max_size=40), min_size=1, max_size=5))
def test_the_median_is_numpys_and_lies_between_members(groups: list[list[float]]) -> None:
    n = np.array([len(group) for group in groups])
    ordered = np.concatenate([np.sort(group) for group in groups])
    middle, lower, upper = median(ordered, np.cumsum(n) - n, n)
    for place, group in enumerate(groups):
        assert middle[place] == pytest.approx(np.median(group))
        rounding = 1 + 1e-12  # between two equal members the interpolation may err in the last digit
        assert min(group) <= lower[place] * rounding <= middle[place] * rounding**2
        assert middle[place] <= upper[place] * rounding <= max(group) * rounding**2


def test_the_median_of_nine_is_interpolated_between_order_statistics() -> None:
    """By hand: ranks 2 and 8 hold with 96.09 %, 3 and 7 with 82.03 %; I = 1.094 / 14.06 = .0778, weight = .2279."""
    ordered = np.arange(1.0, 10.0)
    middle, lower, upper = median(ordered, np.array([0]), np.array([9]))
    part = (0.9609375 - 0.95) / (0.9609375 - 0.8203125)
    weight = 7 * part / (2 + 5 * part)
    assert (middle[0], lower[0], upper[0]) == pytest.approx((5.0, 2 + weight, 8 - weight))


def test_of_five_the_outermost_are_taken() -> None:
    middle, lower, upper = median(np.array([1.0, 2, 4, 8, 16]), np.array([0]), np.array([5]))
    assert (middle[0], lower[0], upper[0]) == (4.0, 1.0, 16.0)
