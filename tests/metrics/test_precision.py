"""Precision from checks: plain counting where chances are equal, weighted where they are not, covered as promised."""

import numpy as np
import pytest

from cxtext.evaluate.metrics import check_coverage
from cxtext.metrics.intervals import jeffreys
from cxtext.metrics.precision import Answer, Shown, effective, precision_of


def answers(
    right: int, wrong: int, *, shown: str = "T-1", instead: str | None = None, weight: float = 1.0
) -> list[Answer]:
    return [
        Answer(shown, place < right, None if place < right else instead, 0.8, weight) for place in range(right + wrong)
    ]


def test_equal_chances_are_plain_counting() -> None:
    """Nine of ten right: Wilson says 59.6 to 98.2 %. Half of all tickets show it, nothing is missed elsewhere."""
    given = answers(9, 1) + answers(10, 0, shown="T-2")
    found = {one.key: one for one in precision_of("topic", given, {"T-1": Shown(50, 0.8), "T-2": Shown(50, 0.8)})}
    assert (found["T-1"].precision, found["T-1"].lower, found["T-1"].upper) == (90.0, 59.58, 98.21)
    assert found["all"].precision == 95.0
    assert found["T-1"].share == 45.0
    upper = found["T-1"].share_upper
    assert upper is not None
    missed = jeffreys(0, 10)[1]
    assert upper == pytest.approx(100 * (0.45 + np.hypot(0.5 * 0.0821, 0.5 * missed)), abs=0.05)


def test_what_is_wrong_elsewhere_counts_for_the_share() -> None:
    given = answers(10, 0) + answers(5, 5, shown="T-2", instead="T-1")
    found = {one.key: one for one in precision_of("topic", given, {"T-1": Shown(50, 0.8), "T-2": Shown(50, 0.8)})}
    assert found["T-1"].share == 75.0  # all of its own half, and half of the other
    assert found["T-2"].share == 25.0


def test_who_stands_for_more_tickets_counts_more() -> None:
    given = answers(5, 0, weight=9.0) + answers(0, 5, weight=1.0)
    (_, one) = precision_of("topic", given, {"T-1": Shown(50, 0.8)})
    assert one.precision == 90.0
    assert effective(np.array([9.0] * 5 + [1.0] * 5)) == pytest.approx(2500 / 410)


def test_under_five_checks_nothing_is_said() -> None:
    (everything, one) = precision_of("cause", answers(4, 0), {"T-1": Shown(9, 0.5)})
    assert (one.precision, one.share, one.n, everything.precision) == (None, None, 4, None)


def test_nothing_checked_nothing_said() -> None:
    assert precision_of("topic", [], {"T-1": Shown(9, 0.5)}) == []


def test_intervals_hold_the_truth() -> None:
    found = check_coverage(60, seed=2)
    assert 0.92 <= found["precision"]["coverage"] <= 0.98
    assert 0.92 <= found["share"]["coverage"] <= 0.985
