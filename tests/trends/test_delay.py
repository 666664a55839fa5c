"""Facts about late tickets: the curve is learned from days that are complete."""

from datetime import date, timedelta

import pytest

from cxtext.errors import ConfigurationError
from cxtext.trends.delay import curve, expected_to_grow, reporting_curve

DAY = date(2026, 1, 5)


def test_the_curve_is_learned_from_days_that_are_complete() -> None:
    today = DAY + timedelta(100)
    occurred = [DAY + timedelta(70)] * 800 + [today] * 100
    received = [DAY + timedelta(70)] * 400 + [DAY + timedelta(72)] * 400 + [today] * 100
    learned = reporting_curve(occurred, received, today)
    assert learned[0] == pytest.approx((400 + 50) / 850, abs=1e-5)
    assert learned[2] == learned[13] == 1.0
    assert expected_to_grow(9, learned[0]) == pytest.approx(17.0, abs=0.01)
    assert curve([400, 0, 400, *[0] * 11]) == learned


def test_a_channel_without_tickets_takes_the_curve_of_all() -> None:
    pooled = (0.5, *[1.0] * 13)
    assert reporting_curve([], [], DAY, pooled) == pooled


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(ConfigurationError, match="before it occurred"):
        reporting_curve([DAY], [DAY - timedelta(1)], DAY)
    with pytest.raises(ConfigurationError, match="1 days of occurrence"):
        reporting_curve([DAY], [], DAY)
