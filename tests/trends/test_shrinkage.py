"""Facts about the gamma-Poisson shrinker, held against plain numerical integration."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma, nbinom

from cxtext.trends.shrinkage import Prior, fit_prior, information, shrink, shrink_against

PRIOR = Prior((0.8, 12.0), (0.5, 13.0), 0.1)


def density(ratio: float, count: float, expected: float) -> float:
    parts = zip(PRIOR.shape, PRIOR.rate, (PRIOR.weight, 1 - PRIOR.weight), strict=True)
    chance = np.exp(-ratio * expected) * (ratio * expected) ** count
    return float(chance * sum(weight * gamma.pdf(ratio, shape, scale=1 / rate) for shape, rate, weight in parts))


@pytest.mark.parametrize(("count", "expected"), [(0, 2.0), (3, 1.0), (12, 4.0), (40, 35.0)])
def test_the_posterior_is_what_integration_says(count: int, expected: float) -> None:
    found = shrink(np.array([count], dtype=float), np.array([expected]), PRIOR)
    top = 60.0
    whole = quad(density, 0, top, (count, expected), limit=400, points=[0.5, 1, 2, 5])[0]
    mean = quad(lambda r: np.log(r) * density(r, count, expected), 1e-9, top, limit=400, points=[0.5, 1, 2, 5])[0]
    assert found.mean[0] == pytest.approx(np.exp(mean / whole), rel=1e-4)
    below = quad(density, 0, found.low[0], (count, expected), limit=400)[0]
    assert below / whole == pytest.approx(0.05, abs=1e-4)


def test_the_prior_is_the_one_that_made_the_table() -> None:
    draw = np.random.default_rng(1)
    expected = np.exp(draw.uniform(0, 4, 20_000))
    usual = draw.gamma(12.0, 1 / 13.0, expected.shape)
    rare = draw.gamma(3.0, 1 / 1.0, expected.shape)
    counts = draw.poisson(expected * np.where(draw.random(expected.shape) < 0.1, rare, usual)).astype(float)
    found = fit_prior(counts, expected)
    shares = sorted(
        [(found.weight, found.shape[0] / found.rate[0]), (1 - found.weight, found.shape[1] / found.rate[1])]
    )
    assert shares[0][0] == pytest.approx(0.1, abs=0.03)
    assert shares[0][1] == pytest.approx(3.0, rel=0.25)
    assert shares[1][1] == pytest.approx(12 / 13, rel=0.05)


def test_one_table_gives_one_answer_in_any_order() -> None:
    draw = np.random.default_rng(2)
    expected = np.exp(draw.uniform(-1, 4, 500))
    counts = draw.poisson(expected).astype(float)
    order = draw.permutation(500)
    assert fit_prior(counts, expected) == fit_prior(counts[order], expected[order])


def test_a_well_known_reference_changes_nothing_and_a_thin_one_much() -> None:
    count, expected = np.array([12.0]), np.array([4.0])
    exact = shrink(count, expected, PRIOR)
    certain = shrink_against(count, expected, np.array([1e6]), PRIOR)
    thin = shrink_against(count, expected, np.array([2.0]), PRIOR)
    assert certain.low[0] == pytest.approx(exact.low[0], rel=0.03)
    assert certain.mean[0] == pytest.approx(exact.mean[0], rel=0.02)
    assert thin.low[0] < certain.low[0]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 200), st.floats(0.05, 100), st.integers(1, 5000))
def test_more_tickets_never_look_weaker(count: int, expected: float, others: int) -> None:
    counts = np.array([count, count + 1], dtype=float)
    known = np.array([others, others], dtype=float)
    for found in (
        shrink(counts, np.full(2, expected), PRIOR),
        shrink_against(counts, np.full(2, expected), known, PRIOR),
    ):
        assert found.low[0] <= found.low[1]
        assert np.all(found.low <= found.mean)
        assert np.all(found.mean <= found.high)


def test_the_marginal_is_a_negative_binomial() -> None:
    from cxtext.trends.shrinkage import _marginals

    counts, expected = np.array([0.0, 4.0, 9.0]), np.array([0.5, 3.0, 20.0])
    found = np.exp(_marginals(counts, expected, PRIOR))
    for part, weight in ((0, 0.1), (1, 0.9)):
        shape, rate = PRIOR.shape[part], PRIOR.rate[part]
        assert found[part] == pytest.approx(weight * nbinom.pmf(counts, shape, rate / (rate + expected)))


def test_information_asks_for_more_where_there_is_less() -> None:
    found = information(np.array([3.0, 30.0, 300.0]), np.array([1.0, 10.0, 100.0]))
    assert found[0] < 0 < found[1] < found[2] < np.log2(3)
