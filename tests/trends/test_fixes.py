"""Facts about the verdict on a fix."""

import numpy as np
import pytest

from cxtext.trends.fixes import judge_fix

FIX, RATE = 60, 5.0


@pytest.mark.parametrize(
    ("after", "night", "verdict"),
    [
        (1.0, FIX + 28, "resolved"),
        (3.0, FIX + 28, "not resolved"),
        (2.0, FIX + 28, "improved"),
        (1.0, FIX + 1, "too early"),
    ],
)
def test_the_verdict_follows_the_counts(after: float, night: int, verdict: str) -> None:
    expected = np.full(120, RATE)
    counts = np.where(np.arange(120) < FIX, 3 * RATE, after * RATE)
    assert judge_fix(counts, expected, FIX, night, 1.3).verdict == verdict


def test_missing_days_are_not_taken_for_quiet_ones() -> None:
    expected, counts = np.full(120, RATE), np.full(120, 3 * RATE)
    counts[FIX:] = np.nan
    assert judge_fix(counts, expected, FIX, FIX + 28, 1.3).verdict == "too early"


def test_the_interval_holds_the_ratio() -> None:
    check = judge_fix(np.where(np.arange(120) < FIX, 15.0, 5.0), np.full(120, 5.0), FIX, FIX + 28, 1.3)
    assert check.low < check.ratio < check.high
    assert check.peak == pytest.approx(3.0)
