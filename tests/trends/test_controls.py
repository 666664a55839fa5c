"""Facts about a fix judged against issues that nobody touched."""

import numpy as np
import pytest

from cxtext.trends.calendar import Floats
from cxtext.trends.controls import Effect, effect_of_fix, verdict
from cxtext.trends.fixes import onset_before, relapse

FIX, ONSET, DAYS = 120, 92, 210
TOPICS = 10


def counts(after: float = 1.0, everything: float = 1.0, seed: int = 3) -> Floats:
    rate = np.full((DAYS, TOPICS), 6.0)
    rate[ONSET:FIX, 0] *= 3
    rate[FIX:, 0] *= after
    rate[FIX:] *= everything
    return np.random.default_rng(seed).poisson(rate).astype(float)


def effect(table: Floats, night: int = FIX + 28) -> Effect:
    spread = np.ones(TOPICS)
    return effect_of_fix(table, 0, range(1, TOPICS), since=ONSET, fix=FIX, night=night, dispersion=spread)


def judged(table: Floats) -> str:
    return verdict(table[:, 0], np.full(DAYS, 6.0), effect(table), fix=FIX, night=FIX + 28, dispersion=1.0)[0]


def test_a_fix_that_worked_is_told_with_its_size() -> None:
    found = effect(counts())
    assert judged(counts()) == "resolved"
    assert found.low < 1 / 3 < found.high
    assert found.high < 0.6
    assert found.placebo == pytest.approx(1 / TOPICS)


def test_a_fix_is_not_praised_for_what_fell_anyway() -> None:
    assert judged(counts(after=3.0, everything=0.4)) == "not resolved"


def test_a_fix_is_not_blamed_for_what_rose_anyway() -> None:
    assert judged(counts(after=1.0, everything=1.6)) == "resolved"


def test_what_was_saved_is_what_would_have_come() -> None:
    found = effect(counts())
    value, lower, upper = found.saved()
    assert lower < value < upper
    assert value == pytest.approx(27 * 12, rel=0.15)  # 27 days, twelve tickets a day more than now


def test_controls_that_surged_themselves_are_no_yardstick() -> None:
    table = counts()
    table[ONSET:FIX, 5] *= 4
    assert 5 not in effect(table).controls


def test_without_controls_the_issue_is_compared_with_itself() -> None:
    alone = effect_of_fix(counts(), 0, (), since=ONSET, fix=FIX, night=FIX + 28, dispersion=np.ones(TOPICS))
    assert (alone.controls, alone.placebo, alone.common) == ((), None, 1.0)


def test_the_onset_is_found() -> None:
    assert onset_before(counts()[:, 0], FIX, 1.0) == pytest.approx(ONSET, abs=2)
    assert onset_before(counts()[:, 3], FIX, 1.0) is None


def test_a_relapse_is_a_rise_above_the_level_it_had_come_down_to() -> None:
    table = counts()[:, 0]
    assert relapse(table, FIX, DAYS - 1, 1.0) is None
    table[FIX + 50 :] *= 3
    back = relapse(table, FIX, DAYS - 1, 1.0)
    assert back is not None
    assert FIX + 50 < back < FIX + 60
