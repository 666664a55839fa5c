"""Daily counts with known truth for the tests of this room."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from cxtext.trends.calendar import Floats

Quiet = Callable[..., tuple[list[date], Floats]]


@pytest.fixture
def quiet() -> Quiet:
    """Poisson counts with a business week."""

    def make(length: int = 560, series: int = 3, rate: float = 4.0, seed: int = 1) -> tuple[list[date], Floats]:
        days = [date(2024, 1, 1) + timedelta(offset) for offset in range(length)]
        week = np.array([1.2 if day.weekday() < 5 else 0.4 for day in days])[:, None]
        draw = np.random.default_rng(seed)
        return days, draw.poisson(rate * week, (length, series)).astype(float)

    return make
