"""Figures with what belongs to them: the interval of a share."""

from math import sqrt

Z = 1.959964  # 95 %
FEW = 5  # under so many tickets a share says nothing and is left out


def interval(share: float | None, count: int) -> tuple[float, float] | None:
    """The 95 % interval of a share of `count` tickets (Wilson 1927); None where there are too few.

    Args:
        share: 0 to 1.
        count: tickets that the share is of.
    """
    if share is None or count < FEW:
        return None
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)
