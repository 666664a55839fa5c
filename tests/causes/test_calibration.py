import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.causes.calibration import NEVER, bend, calibration_error, fit_curve, fit_temperature, share, threshold_for


def test_temperature_of_overconfident_logits_is_above_one() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 2, 2000)
    shown = np.where(random.random(2000) < 0.75, truth, 1 - truth)
    logits = np.eye(2)[shown] * 4
    temperature = fit_temperature(logits, truth)
    assert 3 < temperature <= 4


def test_calibration_error_of_honest_and_of_boasting_answers() -> None:
    correct = np.array([True] * 8 + [False] * 2)
    assert calibration_error(np.full(10, 0.8), correct) == pytest.approx(0)
    assert calibration_error(np.full(10, 1.0), correct) == pytest.approx(0.2)
    assert calibration_error(np.zeros(0), np.zeros(0, dtype=bool)) == 0


def test_threshold_keeps_the_wanted_precision() -> None:
    confidence = np.linspace(1, 0, 100)
    correct = np.arange(100) < 50
    least = threshold_for(confidence, correct, 0.9)
    assert correct[confidence >= least].mean() >= 0.9
    assert (confidence >= least).sum() == 55
    assert threshold_for(confidence, ~correct, 0.9) == NEVER


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_value(hits: int, more: int) -> None:
    found = share(hits, hits + more)
    assert 0 <= found.lower <= found.value + 1e-12
    assert found.value <= found.upper + 1e-12
    assert found.upper <= 1


def test_a_curve_mends_what_no_temperature_can() -> None:
    random = np.random.default_rng(0)
    confidence = random.uniform(0.5, 1, 4000)
    truth = (random.random(4000) > 0.7).astype(int)  # right in 70 %, whatever it says
    said = np.stack([confidence, 1 - confidence], axis=1)
    curve = fit_curve(said, truth)
    bent = bend(said, curve)
    assert np.allclose(bent.sum(axis=1), 1)
    before, after = (calibration_error(p.max(axis=1), p.argmax(axis=1) == truth) for p in (said, bent))
    assert after < 0.05 < before


def test_too_few_answers_leave_probabilities_as_they_are() -> None:
    said = np.array([[0.6, 0.4]])
    assert fit_curve(said, np.array([0])) == ()
    assert np.array_equal(bend(said, ()), said)
