"""Metrics of ten tickets that anybody can count on a sheet of paper, and laws that hold for all tickets."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.evaluate.metric_worlds import blank
from cxtext.metrics.columns import Columns
from cxtext.metrics.definitions import METRICS, RATER, csat_band
from cxtext.metrics.measure import Groups, _in_order, measure
from cxtext.metrics.standing import Entries, Spans, backlog, customers, standing

NO = np.nan


def tickets() -> Columns:
    """Ten tickets; what they give is counted by hand in the tests below."""
    return blank(
        10,
        day=np.array([1, 1, 2, 3, 4, 5, 6, 7, 8, 8]),
        customer=np.array([0, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
        csat=np.array([5, 4, 3, 1, 2, 5, NO, NO, NO, NO]),
        nps=np.array([10, 9, 8, 7, 6, 0, 3, 9, NO, NO]),
        ces=np.array([7, 6, 5, 4, 3, NO, NO, NO, NO, NO]),
        first_response=np.array([1, 2, 3, 4, 10, NO, NO, NO, NO, NO]),
        resolution=np.array([2, 4, 6, 8, 30, 10, NO, NO, NO, NO]),
        resolved=np.array([1, 1, 1, 1, 1, 1, 0, 0, 0, 0], dtype=bool),
        resolved_day=np.array([1, 2, 3, 4, 9, 6, 0, 0, 0, 0]),
        tracked=np.array([1] * 8 + [0, 0], dtype=bool),
        reopened=np.array([0, 1, 0, 0, 2, NO, 1, 0, NO, NO]),
        churned=np.array([0, 1, 0, 0, 1, 0, 0, NO, NO, NO]),
        cost=np.array([10, 20, 30, 40, 50, 0, NO, NO, NO, NO]),
        sentiment=np.array([-1, -0.5, 0, 0.5, 1, -0.5, -0.5, 0, 0, 0]),
        negative=np.array([1, 1, 0, 0, 0, 1, 1, 0, 0, 0]),
        complaint=np.array([0, 0, 0, 4, 4, 1, -1, -1, -1, -1]),
    )


def one_group(columns: Columns) -> Any:
    rows = np.arange(columns.size)
    return measure(columns, Groups(rows, np.zeros(columns.size, dtype=np.int64), 1))


@pytest.mark.parametrize(
    ("metric", "value", "n"),
    [
        ("tickets", 10, 10),
        ("csat", 50.0, 6),  # 5, 4 and 5 of six answers
        ("csat_mean", 20 / 6, 6),
        ("nps", 0.0, 8),  # promoters 10, 9, 9; detractors 6, 0, 3
        ("ces", 5.0, 5),
        ("frt_median", 3.0, 5),
        ("frt_mean", 4.0, 5),
        ("ttr_median", 7.0, 6),
        ("ttr_mean", 10.0, 6),
        ("resolution_rate", 75.0, 8),
        ("reopen_rate", 40.0, 5),  # two of the five resolved ones of which it is known
        ("cost_sum", 150.0, 6),
        ("cost_per_resolution", 25.0, 6),
        ("negative_share", 40.0, 10),
        ("sentiment", -0.1, 10),
        ("churned", 100 * 2 / 6, 6),  # customers 0 and 3 of six; customer 0 counts once
        ("servqual_reliability", 50.0, 6),
        ("servqual_responsiveness", 100 * 2 / 6, 6),
        ("servqual_assurance", 100 / 6, 6),
        ("servqual_tangibles", 0.0, 6),
    ],
)  # fmt: skip
def test_by_hand(metric: str, value: float, n: int) -> None:
    found = one_group(tickets())[metric]
    assert (found.value[0], found.n[0]) == (pytest.approx(value), n)
    assert found.lower[0] <= value <= found.upper[0]


def test_four_answers_are_hidden_and_counted() -> None:
    columns = blank(9, csat=np.array([5, 5, 5, 5, NO, NO, NO, NO, NO]))
    found = one_group(columns)["csat"]
    assert np.isnan([found.value[0], found.lower[0], found.upper[0]]).all()
    assert found.n[0] == 4


def test_open_at_the_end_by_hand() -> None:
    """Days 1–4: five of the tracked came, four were solved. Days 5–9: three more came, two were solved."""
    columns = tickets()
    entries = Entries(np.arange(10), np.zeros(10, dtype=np.int64), 1)
    found = backlog(standing(columns, entries), Spans(np.array([1, 5]), np.array([4, 9])))
    assert found.value.tolist() == [1.0, 2.0]
    assert found.n.tolist() == [5, 8]


def test_retention_by_hand() -> None:
    """Six customers before day 11; one leaves on day 12, one new one comes and goes: five of six are kept."""
    columns = blank(
        10,
        day=np.array([1, 2, 3, 4, 5, 6, 12, 13, 14, 15]),
        customer=np.array([0, 1, 2, 3, 4, 5, 5, 6, 6, 0]),
        churned=np.array([0, 0, 0, 0, 0, 0, 1, 0, 1, 0]),
    )
    entries = Entries(np.arange(10), np.zeros(10, dtype=np.int64), 1)
    kept, lost = customers(standing(columns, entries), Spans(np.array([1, 11, 21]), np.array([10, 20, 30])))
    assert np.isnan(kept.value[0])  # nobody was a customer before the first day
    assert kept.value[1:].tolist() == [pytest.approx(100 * 5 / 6), 100.0]
    assert lost.value[1:].tolist() == [pytest.approx(100 / 6), 0.0]
    assert kept.n.tolist() == [0, 6, 5]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 80))
def test_groups_are_measured_as_if_alone_and_in_any_order(seed: int, groups: int, size: int) -> None:
    from cxtext.evaluate.metric_worlds import WORLDS, draw_tickets

    random = np.random.default_rng(seed)
    columns = draw_tickets(WORLDS["torn"], size, random)
    of = random.integers(0, groups, size)
    order = random.permutation(size)
    together = measure(columns, Groups(order, of[order], groups))
    for group in range(groups):
        rows = np.flatnonzero(of == group)
        alone = measure(columns, Groups(rows, np.zeros(len(rows), dtype=np.int64), 1))
        for name, figures in together.items():
            for part in ("value", "lower", "upper", "n"):
                one, other = getattr(figures, part)[group], getattr(alone[name], part)[0]
                assert one == pytest.approx(other, nan_ok=True, rel=1e-9), name


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(5, 60))
def test_every_interval_stands_around_its_value(seed: int, size: int) -> None:
    from cxtext.evaluate.metric_worlds import WORLDS, draw_tickets

    columns = draw_tickets(WORLDS["angry"], size, np.random.default_rng(seed))
    for name, figures in one_group(columns).items():
        if not np.isnan(figures.value[0]):
            assert figures.lower[0] - 1e-9 <= figures.value[0] <= figures.upper[0] + 1e-9, name


def test_every_metric_is_defined_in_both_languages() -> None:
    standing = {"backlog", "retention", "churn"}
    assert set(one_group(tickets())) | standing == set(METRICS)
    for definition in METRICS.values():
        assert set(definition.titles) == set(definition.of) == {"de", "en"}
    assert {f"servqual_{name}" for name in RATER} <= set(METRICS)


def test_bands_of_csat() -> None:
    assert [csat_band(value) for value in (80.1, 80.0, 60.0, 59.9, None)] == ["excellent", "good", "good", "poor", None]


@pytest.mark.parametrize("step", [3600, 7000])
def test_hours_stand_in_order_whether_they_are_whole_seconds_or_not(step: int) -> None:
    random = np.random.default_rng(1)
    of, hours = random.integers(0, 9, 500), random.integers(0, 10**6, 500) / step
    assert np.array_equal(_in_order(of, hours), hours[np.lexsort((hours, of))])
