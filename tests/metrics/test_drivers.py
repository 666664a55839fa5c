"""Effects of issues: right where raw averages lie, honest where tickets are few, ranked by what is certain."""

import numpy as np
import pytest

from cxtext.evaluate.metric_worlds import blank
from cxtext.evaluate.metrics import driver_coverage
from cxtext.metrics.columns import Columns, Floats, Integers
from cxtext.metrics.drivers import Effect, all_effects, effects, ranked, weekly_costs
from cxtext.metrics.factors import Factor, fit


def company(topic: Integers, product: Integers, **given: Floats | Integers) -> Columns:
    """Tickets of one channel and one month."""
    size = len(topic)
    return blank(
        size,
        keys={"topic": ("T-1", "T-2", "T-3"), "product": ("good", "bad"), "channel": ("email",)},
        codes={"topic": topic, "product": product, "channel": np.zeros(size, dtype=np.int64)},
        **given,
    )


def test_a_harmless_issue_of_a_bad_product_is_not_blamed() -> None:
    """The product takes 2 points; T-1 sits with it nine times in ten and does nothing itself."""
    random = np.random.default_rng(3)
    topic = random.integers(0, 3, 3000)
    product = (random.random(3000) < np.where(topic == 0, 0.9, 0.3)).astype(np.int64)
    csat = 4.2 - 2.0 * product + random.normal(0, 0.5, 3000)
    columns = company(topic, product, csat=csat)
    found = {one.topic_id: one for one in effects(columns, {}, "csat", csat, np.arange(3000))}
    raw = csat[topic == 0].mean() - csat[topic != 0].mean()
    blamed = found["T-1"]
    assert raw < -1.0
    assert blamed.effect is not None
    assert blamed.lower is not None
    assert blamed.upper is not None
    assert blamed.lower < 0 < blamed.upper
    assert abs(blamed.effect) < 0.1
    assert blamed.harm == 0.0


def test_ridge_on_categories_is_ridge_on_a_design_matrix() -> None:
    random = np.random.default_rng(4)
    factors = [Factor(random.integers(0, levels, 400), levels) for levels in (5, 3, 4)]
    outcome = random.normal(0, 1, 400) + factors[0].codes * 0.3
    design = np.column_stack([np.ones(400), *(np.eye(factor.levels)[factor.codes] for factor in factors)])
    penalty = np.diag([1e-9] + [1.0] * 12)
    beta = np.linalg.solve(design.T @ design + penalty, design.T @ (outcome - outcome.mean()))
    assert fit(outcome, factors).coefficients == pytest.approx(beta[1:6])


def test_without_an_issue_the_value_is_that_of_the_others_where_nothing_confounds() -> None:
    topic = np.repeat([0, 1], [500, 1500])
    values = np.where(topic == 0, 2.0, 4.0) + np.tile([-0.5, 0.5], 1000)
    columns = company(topic, np.zeros(2000, dtype=np.int64), csat=values)
    found = {one.topic_id: one for one in effects(columns, {}, "csat", values, np.arange(2000))}
    assert found["T-1"].overall == pytest.approx(3.5)
    assert found["T-1"].effect == pytest.approx(-2.0, abs=0.01)
    assert found["T-1"].without == pytest.approx(4.0, abs=0.01)
    lower, upper = found["T-1"].without_lower, found["T-1"].without_upper
    assert lower is not None
    assert upper is not None
    assert lower < 4.0 < upper


def test_a_parent_takes_its_subtopics_together() -> None:
    topic = np.repeat([0, 1, 2], [100, 100, 800])
    values = np.where(topic < 2, 1.0, 5.0) + np.tile([-0.1, 0.1], 500)
    columns = company(topic, np.zeros(1000, dtype=np.int64), csat=values)
    found = {
        one.topic_id: one for one in effects(columns, {"T-1": "T-9", "T-2": "T-9"}, "csat", values, np.arange(1000))
    }
    assert found["T-9"].n == 200
    assert found["T-9"].effect == pytest.approx(-4.0, abs=0.05)


def test_few_tickets_are_marked_and_fewer_hidden() -> None:
    topic = np.repeat([0, 1, 2], [4, 10, 500])
    values = np.random.default_rng(1).normal(3, 1, 514)
    columns = company(topic, np.zeros(514, dtype=np.int64), csat=values)
    found = {one.topic_id: one for one in effects(columns, {}, "csat", values, np.arange(514))}
    assert (found["T-1"].effect, found["T-1"].n, found["T-1"].thin) == (None, 4, True)
    assert found["T-2"].effect is not None
    assert found["T-2"].thin
    assert not found["T-3"].thin


def test_what_is_certain_comes_before_what_is_large() -> None:
    large = Effect(outcome="hours", topic_id="large", n=8, others=99, effect=40.0, harm=0.1)
    sure = Effect(outcome="hours", topic_id="sure", n=90, others=99, effect=5.0, harm=1.0)
    hidden = Effect(outcome="hours", topic_id="hidden", n=2, others=99)
    helps = Effect(outcome="hours", topic_id="helps", n=90, others=99, effect=-5.0, harm=0.0)
    assert [one.topic_id for one in ranked([hidden, helps, large, sure])] == ["sure", "large", "helps", "hidden"]


def test_cost_per_week_is_that_of_the_last_28_days() -> None:
    days = np.repeat([960, 1000], [50, 40])
    cost = np.where(days == 1000, 14.0, 1000.0)
    columns = company(np.zeros(90, dtype=np.int64), np.zeros(90, dtype=np.int64), day=days, cost=cost)
    (found,) = weekly_costs(columns, {}, None)
    assert (found.n, found.effect, found.overall, found.without) == (40, 140.0, 140.0, 0.0)
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower < 140 < found.upper
    assert found.harm == found.lower


def test_tickets_without_a_cost_count_as_configured_else_as_the_mean() -> None:
    cost = np.where(np.arange(40) < 20, 10.0, np.nan)
    columns = company(np.zeros(40, dtype=np.int64), np.zeros(40, dtype=np.int64), day=np.arange(973, 1013), cost=cost)
    inside = 28
    known = int((~np.isnan(cost[-inside:])).sum())
    assert weekly_costs(columns, {}, None)[0].effect == pytest.approx(10.0 * inside / 4)
    assert weekly_costs(columns, {}, 30.0)[0].effect == pytest.approx((10.0 * known + 30.0 * (inside - known)) / 4)
    silent = company(np.zeros(40, dtype=np.int64), np.zeros(40, dtype=np.int64))
    assert weekly_costs(silent, {}, None) == []


def test_outcomes_that_nobody_knows_are_left_out() -> None:
    columns = company(np.zeros(100, dtype=np.int64), np.zeros(100, dtype=np.int64), csat=np.tile([1.0, 5.0], 50))
    assert {one.outcome for one in all_effects(columns, {})} == {"csat"}


def test_effects_hold_the_truth_where_raw_differences_do_not() -> None:
    found = driver_coverage(25, seed=3)
    for kind, shares in found.items():
        assert 0.92 <= shares["all"] <= 0.98, kind
        assert shares["raw difference"] < shares["all"], kind
        assert shares["harm claimed, and true"] > 0.95, kind
