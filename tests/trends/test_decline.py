"""Facts about going down: against all other tickets, and only with proof."""

import numpy as np
import pytest

from cxtext.trends.decline import decline


def series(rate: float, recent: float, seed: int = 1, length: int = 200) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return np.concatenate([draw.poisson(rate, length - 28), draw.poisson(recent, 28)]).astype(float)


TOTAL = np.full(200, 100.0)


@pytest.mark.parametrize(
    ("rate", "recent", "word"),
    [(3.0, 3.0, "level"), (3.0, 0.0, "resolved"), (3.0, 1.2, "fading"), (0.1, 0.0, "level"), (3.0, 6.0, "level")],
)
def test_the_word_follows_the_level(rate: float, recent: float, word: str) -> None:
    assert decline(series(rate, recent), TOTAL).course == word


def test_a_quiet_month_for_everybody_is_no_end() -> None:
    total = TOTAL.copy()
    total[-28:] /= 5
    assert decline(series(3.0, 0.6), total).course == "level"


def test_chance_seldom_ends_a_topic() -> None:
    words = [decline(series(rate, rate, seed), TOTAL).course for seed in range(200) for rate in (0.5, 2.0)]
    assert words.count("level") >= 398


def test_missing_days_prove_nothing() -> None:
    counts, total = series(3.0, 0.0), TOTAL.copy()
    counts[-28:] = total[-28:] = np.nan
    assert decline(counts, total).course == "level"
    assert decline(np.zeros(200), TOTAL).course == "level"
