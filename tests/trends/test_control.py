"""Laney's p′ and u′ charts, against the published formulas."""

import numpy as np
import pytest

from cxtext.trends.control import laney_limits


def test_limits_follow_the_published_formula() -> None:
    """p̄, sigma of a point, sigma z from the moving range of the standardised rates (Laney 2002), by hand."""
    events, sizes = [10, 14, 9, 12, 11, 16, 8, 12], [100, 120, 90, 110, 100, 130, 95, 105]
    found = laney_limits(events, sizes, recent=0)
    assert found is not None
    center = sum(events) / sum(sizes)
    sigma = np.sqrt(center * (1 - center) / np.array(sizes))
    scores = (np.array(events) / np.array(sizes) - center) / sigma
    spread = float(np.mean(np.abs(np.diff(scores)))) / 1.128
    assert found.center == pytest.approx(center)
    assert found.spread == pytest.approx(spread)
    assert found.upper == pytest.approx(center + 3 * sigma * spread)
    assert found.lower == pytest.approx(np.maximum(center - 3 * sigma * spread, 0))
    assert found.outside == ()


def test_thousands_of_tickets_a_week_are_no_alarm_every_week() -> None:
    """Over-dispersed rates: the classical chart calls many weeks an alarm, Laney's hardly any."""
    numbers = np.random.default_rng(7)
    sizes = [20_000] * 60
    events = [int(numbers.binomial(20_000, rate)) for rate in numbers.normal(0.05, 0.005, 60)]
    found = laney_limits(events, sizes, recent=0)
    assert found is not None
    classical = 3 * np.sqrt(found.center * (1 - found.center) / 20_000)
    assert sum(abs(event / 20_000 - found.center) > classical for event in events) > 10
    assert len(found.outside) <= 2
    assert found.spread > 2


def test_a_jump_of_the_last_week_is_outside_and_does_not_widen_its_own_limits() -> None:
    events = [10, 12, 9, 11, 10, 12, 8, 11, 10, 9, 12, 10, 11, 40]
    found = laney_limits(events, [200] * 14)
    assert found is not None
    assert found.outside == (13,)
    assert found.center == pytest.approx(sum(events[:10]) / 2000)


def test_u_charts_count_events_beside_their_size() -> None:
    found = laney_limits([3, 5, 4, 6, 2, 4, 5, 3], [2, 2, 2, 2, 2, 2, 2, 2], kind="u", recent=0)
    assert found is not None
    assert found.center == 2.0


def test_too_little_gives_no_limits() -> None:
    assert laney_limits([1] * 7, [10] * 7) is None
    assert laney_limits([0] * 20, [10] * 20) is None
    assert laney_limits([1] * 20, [0] * 20) is None
