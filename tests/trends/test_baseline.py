"""Facts about the batched regression: it finds what was put in, and never runs away."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.errors import ConfigurationError
from cxtext.trends.baseline import fit, prior, weekday_profile
from cxtext.trends.calendar import AFTER, HOLIDAY, TREND, check_calendar, features
from cxtext.trends.forecast import GUARD, WEEK, forecasts
from cxtext.trends.scan import known_share, tail

DAYS = [date(2024, 1, 1) + timedelta(offset) for offset in range(728)]


def rows() -> np.ndarray:
    table = features(DAYS)
    table[:, TREND] -= table[-1, TREND]
    return table


def test_level_week_and_growth_are_found() -> None:
    truth = np.array(
        [20.0 * np.exp(0.3 * (t - 727) / 365) * (0.4 if day.weekday() > 4 else 1.2) for t, day in enumerate(DAYS)]
    )
    counts = np.random.default_rng(1).poisson(truth)[:, None].astype(float)
    seen = np.ones_like(counts, dtype=bool)
    weekdays = np.array([day.weekday() for day in DAYS])
    profile = weekday_profile(counts, seen, weekdays)[:, None]
    fitted = fit(counts, seen, rows(), prior(counts, seen, profile))
    assert np.allclose(np.exp(rows() @ fitted.coefficients[0]), truth, rtol=0.12)
    assert fitted.coefficients[0, TREND] == pytest.approx(0.3, abs=0.1)
    assert fitted.dispersion[0] < 1.2


def test_past_surges_hardly_move_the_level() -> None:
    counts = np.random.default_rng(2).poisson(5.0, (728, 1)).astype(float)
    hit = counts.copy()
    hit[300:314] += 30
    seen = np.ones_like(counts, dtype=bool)
    plain, moved = (fit(c, seen, rows(), prior(c, seen, np.zeros((7, 1)))) for c in (counts, hit))
    ratio = np.exp(rows()[-30:] @ (moved.coefficients[0] - plain.coefficients[0]))
    assert np.abs(ratio - 1).max() < 0.1


@given(values=st.lists(st.integers(0, 3), min_size=30, max_size=30))
@settings(max_examples=25, deadline=None)
def test_thin_counts_give_finite_forecasts(values: list[int]) -> None:
    days = DAYS[:60]
    counts = np.array(values * 2, dtype=float)[:, None]
    for block in forecasts(days, counts, first_night=GUARD):
        assert np.isfinite(block.mean).all()
        assert (block.mean < 1e3).all()
        assert np.isfinite(block.uncertainty).all()


def test_a_forecast_does_not_see_the_guard() -> None:
    counts = np.random.default_rng(2).poisson(5.0, (200, 1)).astype(float)
    surged = counts.copy()
    night = next(index for index in range(180, 187) if DAYS[index].weekday() == 0)
    surged[night - GUARD + 1 :] += 50
    calm, wild = (forecasts(DAYS[:200], c, first_night=night)[0] for c in (counts, surged))
    np.testing.assert_allclose(calm.mean, wild.mean)
    assert calm.mean.shape == (GUARD - 1 + WEEK, 1)


def test_holidays_and_the_working_day_after() -> None:
    table = features(
        [date(2024, 12, 24) + timedelta(offset) for offset in range(7)], {date(2024, 12, 25), date(2024, 12, 26)}
    )
    assert table[:, HOLIDAY].tolist() == [0, 1, 1, 0, 0, 0, 0]
    assert table[:, AFTER].tolist() == [0, 0, 0, 1, 0, 0, 0]


def test_a_hole_in_the_calendar_is_named() -> None:
    with pytest.raises(ConfigurationError, match="after 2024-01-03 comes 2024-01-05"):
        check_calendar([*DAYS[:3], *DAYS[4:]])


def test_the_tail_is_that_of_the_negative_binomial() -> None:
    from scipy.stats import nbinom

    mean, variance, count = 6.0, 11.0, 17.0
    exact = -np.log10(nbinom.sf(count - 1, mean**2 / (variance - mean), mean / variance))
    assert float(tail(np.array(count), np.array(mean), np.array(variance))) == pytest.approx(exact)


def test_the_share_known_holds_on() -> None:
    assert known_share([0.7, 0.9])[:4].tolist() == [0.7, 0.9, 0.9, 0.9]
    assert known_share(None).tolist() == [1.0] * GUARD
