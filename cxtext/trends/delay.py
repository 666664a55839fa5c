"""How late tickets arrive: the share of a day's tickets that is known so many days later."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from cxtext.errors import ConfigurationError
from cxtext.trends.forecast import GUARD

COMPLETE_DAYS = 60  # the newest days that are old enough to be complete
PSEUDO_TICKETS = 50.0  # pull a channel towards all channels together


def reporting_curve(
    occurred: Sequence[date],
    received: Sequence[date],
    today: date,
    pooled: Sequence[float] | None = None,
) -> tuple[float, ...]:
    """Return F(0), …, F(13): the share known on the evening of the day, one day later, …; F(13) is 1.

    Args:
        occurred: the day each ticket belongs to.
        received: the day it was in the table.
        today: tickets of the last two weeks are left out: their late ones are not here yet.
        pooled: F of all channels; a channel with few tickets is drawn towards it. Default: everything on time.

    Raises:
        ConfigurationError: lists of different length, or a ticket received before it occurred.
    """
    if len(occurred) != len(received):
        raise ConfigurationError(f"{len(occurred)} days of occurrence but {len(received)} of arrival")
    ages = [(today - day).days for day in occurred]
    lags = [(late - day).days for day, late in zip(occurred, received, strict=True)]
    early = next((place for place, lag in enumerate(lags) if lag < 0), None)
    if early is not None:
        raise ConfigurationError(f"a ticket of {occurred[early]} was received on {received[early]}, before it occurred")
    own = [0] * GUARD
    for age, lag in zip(ages, lags, strict=True):
        if GUARD <= age < GUARD + COMPLETE_DAYS:
            own[min(lag, GUARD - 1)] += 1
    return curve(own, pooled)


def curve(lags: Sequence[int], pooled: Sequence[float] | None = None) -> tuple[float, ...]:
    """Return F(0), …, F(13) from how many tickets came 0, 1, …, 13 or more days late."""
    own = np.asarray(lags, dtype=float)
    prior = np.asarray(pooled if pooled is not None else [1.0] * GUARD, dtype=float)
    shares = (np.cumsum(own) + PSEUDO_TICKETS * prior) / (own.sum() + PSEUDO_TICKETS)
    return tuple(round(float(share), 6) for share in shares)


def expected_to_grow(count: int, share: float) -> float:
    """Return what a count of which this share is known is expected to become."""
    return count / max(share, 0.01)
