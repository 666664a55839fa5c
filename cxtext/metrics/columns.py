"""The tickets as columns of numbers: what metrics, drivers and samples are computed from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxtext.metrics.definitions import RATER

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
NO_DAY = 0  # ordinal of an unknown day: before every other


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """One entry per ticket in every array.

    Attributes:
        keys: scope -> the values that occur; codes point into them.
        codes: scope -> place of the ticket's value in `keys`, −1 where it has none.
        day: ordinal of the day it was created, `NO_DAY` if unknown.
        customer: the same number for the same customer; unknown customers have numbers of their own.
        first_response, resolution: hours since creation; NaN where unknown or negative.
        resolved_day: ordinal, `NO_DAY` while it is open or nothing is known.
        tracked: the source says whether the ticket is open.
        resolved: it is resolved.
        reopened, churned: 1 or 0; NaN where unknown. So are the answers of surveys, cost and sentiment.
        complaint: place of the RATER dimension of its cause, −1 where it is no complaint or has no cause.
    """

    keys: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Integers]
    day: Integers
    customer: Integers
    first_response: Floats
    resolution: Floats
    resolved_day: Integers
    tracked: Booleans
    resolved: Booleans
    reopened: Floats
    churned: Floats
    csat: Floats
    nps: Floats
    ces: Floats
    cost: Floats
    sentiment: Floats
    negative: Floats
    complaint: Integers

    @property
    def size(self) -> int:
        """How many tickets."""
        return len(self.day)

    @property
    def last_day(self) -> int:
        """Ordinal of the last day that has a ticket; `NO_DAY` if none has a date."""
        return int(self.day.max(initial=NO_DAY))


def dimension_codes(dimensions: Mapping[str, str], causes: tuple[str, ...]) -> Integers:
    """Place of each cause's RATER dimension, −1 for causes that the taxonomy no longer knows."""
    places = {name: place for place, name in enumerate(RATER)}
    return np.array([places.get(dimensions.get(cause, ""), -1) for cause in causes], dtype=np.int64)
