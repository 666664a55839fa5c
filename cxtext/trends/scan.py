"""How surprising the last days are: sums over short windows against the forecast, as minus log10 of a probability.

A temporal scan statistic (Kulldorff) on one node with three additions: days are capped, so that one batch is not a
trend; the variance is widened by the node's own past forecast errors; late tickets lower the expectation, not the bar.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from cxtext.trends.calendar import Floats
from cxtext.trends.forecast import GUARD, WEEK, Block

# Days of a window and what it must bring beyond its probability: short windows raise more false alarms a year
# because they overlap less. Learned on simulations.
RISING_WINDOWS = {3: 0.3, 5: 0.15, 7: 0.0, 14: -0.15}
SPIKE_WINDOWS = (1, 2)
CAP = 4.0  # standard deviations a single day may count
DRIFT = 0.05  # relative error of any forecast two weeks ahead, however many tickets there are
MEMORY = 0.5 ** (1 / 90)  # per night, of a node's record of forecast errors
RECORD = 3.0  # nights of unsurprising errors a new node is granted
WORST = 6.0  # a squared error counts at most this many variances: one surge must not blind the node for months


@dataclass(frozen=True, slots=True)
class Scores:
    """Per night and series; nights count from `first_night`.

    Attributes:
        first_night: index of the first scored day.
        rising, spike: (nights, series) -log10 p, 0 where nothing can be said.
        window: (nights, series) days of the best rising window.
        count, expected: (nights, series) uncapped tickets and expectation in that window.
        variance: (nights, series) of the expectation error in that window.
        spike_window, spike_count, spike_expected, spike_variance: the same for the best spike window.
        fortnight: (nights, series) expectation of the last 14 days.
        means: window in days -> (nights, series) expectation.
    """

    first_night: int
    rising: Floats
    spike: Floats
    window: NDArray[np.int64]
    count: Floats
    expected: Floats
    variance: Floats
    spike_window: NDArray[np.int64]
    spike_count: Floats
    spike_expected: Floats
    spike_variance: Floats
    fortnight: Floats
    means: Mapping[int, Floats]


@dataclass(frozen=True, slots=True)
class Late:
    """Tickets that arrive after their day.

    Attributes:
        shares: F(0), F(1), …: share of a day's tickets known on the evening of that day, one day later, …
        known: (ages, days, series) what was known of each day at each age, to replay the nights as they were;
            None: `counts` is the table of the last night, and only its last days are incomplete.
    """

    shares: Sequence[float]
    known: Floats | None = None


def known_share(lag: Sequence[float] | None) -> Floats:
    """Return F(0..13): the share of a day's tickets known after 0, 1, … days; the last value holds on."""
    shares = np.ones(GUARD)
    if lag:
        given = np.asarray(lag, dtype=float)[:GUARD]
        shares[: len(given)] = given
        shares[len(given) :] = given[-1]
    return shares


def tail(count: Floats, mean: Floats, variance: Floats) -> Floats:
    """Return -log10 P(X >= count) of a negative binomial with this mean and variance; 0 where count <= mean."""
    score = np.zeros(np.broadcast(count, mean).shape)
    look = (count > mean) & (mean > 0)
    if look.any():
        m = mean[look]
        v = np.maximum(variance[look], m * (1 + 1e-6))
        chance = betainc(count[look], m * m / (v - m), (v - m) / v)
        score[look] = -np.log10(np.maximum(chance, 1e-300))
    return score


def scan(counts: Floats, blocks: Sequence[Block], late: Late | None = None) -> Scores:
    """Score every night that the blocks serve.

    Args:
        counts: (days, series), NaN where nothing is known.
        blocks: of `forecast.forecasts`, consecutive weeks.
        late: how much of the last days is known.
    """
    rising = _Best(counts, blocks, late, tuple(RISING_WINDOWS.items()), capped=True)
    spike = _Best(counts, blocks, late, tuple((window, 0.0) for window in SPIKE_WINDOWS), capped=False)
    return Scores(
        first_night=blocks[0].first,
        rising=np.maximum(rising.score, 0.0),
        spike=np.maximum(spike.score, 0.0),
        window=rising.window,
        count=rising.count,
        expected=rising.expected,
        variance=rising.variance,
        spike_window=spike.window,
        spike_count=spike.count,
        spike_expected=spike.expected,
        spike_variance=spike.variance,
        fortnight=rising.means[max(RISING_WINDOWS)],
        means=rising.means,
    )


class _Best:
    """Per night and series the window that says most, and its sums; the others are let go, one window at a time."""

    def __init__(
        self, counts: Floats, blocks: Sequence[Block], late: Late | None, windows: Sequence[tuple[int, float]],
        *, capped: bool,
    ) -> None:  # fmt: skip
        self.means: dict[int, Floats] = {}
        for place, (window, toll) in enumerate(windows):
            sums = WindowSums(counts, blocks, window, late)
            score = sums.score(capped=capped) - toll
            self.means[window] = sums.mean
            if not place:
                self.score, self.window = score, np.full(score.shape, window)
                self.count, self.expected, self.variance = sums.count, sums.mean.copy(), sums.variance
                continue
            better = score > self.score
            self.score[better], self.window[better] = score[better], window
            self.count[better], self.expected[better] = sums.count[better], sums.mean[better]
            self.variance[better] = sums.variance[better]


class WindowSums:
    """Counts, capped counts, expectation and variance of one window length, (nights, series) each."""

    def __init__(self, counts: Floats, blocks: Sequence[Block], window: int, late: Late | None) -> None:
        nights = min(len(blocks) * WEEK, len(counts) - blocks[0].first)
        shape = (nights, counts.shape[1])
        self.count, self.capped, self.mean, self.doubt = (np.zeros(shape) for _ in range(4))
        self.dispersion, self.ready = np.ones(shape), np.zeros(shape, dtype=bool)
        for block in blocks:
            start = block.first - GUARD + 1
            for night in range(block.first, min(block.first + WEEK, len(counts))):
                days = slice(night - window + 1, night + 1)
                ahead = slice(days.start - start, days.stop - start)
                if days.start < 0:
                    continue
                y, weights = _as_known(counts, days, late)
                seen = ~np.isnan(y)
                m = np.where(seen, block.mean[ahead] * weights, 0.0)
                doubt = m * block.uncertainty[ahead]
                room = CAP * np.sqrt(block.dispersion * m + doubt**2)
                y = np.where(seen, y, 0.0)
                row = night - blocks[0].first
                self.count[row] = y.sum(axis=0)
                self.capped[row] = np.minimum(y, np.maximum(2.0, np.ceil(m + room))).sum(axis=0)
                self.mean[row], self.doubt[row] = m.sum(axis=0), doubt.sum(axis=0)
                self.dispersion[row], self.ready[row] = block.dispersion, block.ready
        self.variance = self.dispersion * self.mean + self.doubt**2 + (DRIFT * self.mean) ** 2
        self.variance *= self._record(window)

    def _record(self, window: int) -> Floats:
        """Return (nights, series) the factor by which the node's own past errors widen its limits, at least 1."""
        errors = np.minimum((self.capped - self.mean) ** 2, WORST * self.variance) / window
        usual = self.variance / window
        told, expected = np.zeros(self.mean.shape[1]), np.zeros(self.mean.shape[1])
        factor = np.ones_like(self.mean)
        for night in range(len(factor)):
            old = night - GUARD
            if old >= 0:
                told = MEMORY * told + np.where(self.ready[old], errors[old], 0.0)
                expected = MEMORY * expected + np.where(self.ready[old], usual[old], 0.0)
            granted = RECORD * self.variance[night] + 1e-12
            factor[night] = np.maximum(1.0, (granted + told) / (granted + expected))
        return factor

    def score(self, *, capped: bool) -> Floats:
        """Return (nights, series) the evidence that more came than expected."""
        return np.where(self.ready, tail(self.capped if capped else self.count, self.mean, self.variance), 0.0)


def _as_known(counts: Floats, days: slice, late: Late | None) -> tuple[Floats, Floats]:
    """Return the counts of the window (window, series) and the share of them known (window, 1)."""
    if late is None:
        return counts[days], np.ones((days.stop - days.start, 1))
    shares = known_share(late.shares)
    window = np.arange(days.start, days.stop)
    if late.known is None:
        ages = len(counts) - 1 - window
        return counts[days], shares[np.minimum(ages, GUARD - 1), None]
    ages = days.stop - 1 - window
    return late.known[np.minimum(ages, len(late.known) - 1), window], shares[ages, None]
