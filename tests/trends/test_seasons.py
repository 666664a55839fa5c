"""Facts about seasons: the same weeks of every year, and not beyond."""

import numpy as np
import pytest

from cxtext.trends.calendar import Floats
from cxtext.trends.seasons import SHORTEST, seasonal

NIGHT = 2 * 364 + 200


def waves(*years: int, height: float = 12.0) -> Floats:
    counts = np.full(NIGHT + 1, 4.0)
    for year in years:
        end = NIGHT - 364 * year
        counts[end - 13 : end + 15] = height
    return counts


def test_the_same_weeks_of_every_year_are_a_season() -> None:
    assert seasonal(waves(0, 1, 2), NIGHT, 56.0, 1.3)


def test_one_surge_of_one_year_is_none() -> None:
    assert not seasonal(waves(0, 1), NIGHT, 56.0, 1.3)


def test_the_first_surge_is_none() -> None:
    assert not seasonal(waves(0), NIGHT, 56.0, 1.3)


def test_far_above_the_season_is_no_season() -> None:
    counts = waves(0, 1, 2)
    counts[NIGHT - 13 :] = 60.0
    assert not seasonal(counts, NIGHT, 56.0, 1.3)


@pytest.mark.parametrize("length", [10, SHORTEST - 1])
def test_a_short_history_has_no_season(length: int) -> None:
    assert not seasonal(np.full(length, 4.0), length - 1, 56.0, 1.3)
