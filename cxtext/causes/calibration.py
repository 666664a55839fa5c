"""Confidence that means what it says: temperature, expected calibration error, thresholds for a wanted precision."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxtext.causes.features import Floats
from cxtext.causes.softmax import probabilities_of

Integers = NDArray[np.int64]
TEMPERATURES = np.exp(np.linspace(np.log(0.3), np.log(4.0), 60))
NEVER = 1.01  # a threshold that no probability reaches
FEWEST = 20  # answers a threshold must rest on


def fit_temperature(logits: Floats, truth: Integers) -> float:
    """The divisor of logits that makes held-out truth likeliest (temperature scaling, Guo et al. 2017)."""
    rows = np.arange(len(truth))
    losses = [-np.log(probabilities_of(logits / t)[rows, truth] + 1e-12).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


Curve = tuple[tuple[float, float], ...]
STEPS = 12  # of a reliability curve
FEWEST_PER_STEP = 25


def fit_curve(probabilities: Floats, truth: Integers) -> Curve:
    """How often answers of a confidence are right, as points of a rising line; empty where too few answers are known.

    One temperature cannot bend: answers in which words and rules agree are surer than it says, others less sure.
    """
    steps = min(STEPS, len(truth) // FEWEST_PER_STEP)
    if steps < 4:
        return ()
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    parts = np.array_split(np.argsort(confidence, kind="stable"), steps)
    rising = np.maximum.accumulate([(correct[part].sum() + 1) / (len(part) + 2) for part in parts])
    middle = [(float(confidence[part].mean()), float(rate)) for part, rate in zip(parts, rising, strict=True)]
    return ((0.0, 0.0), *middle, (1.0, max(middle[-1][1], 0.99)))


def bend(probabilities: Floats, curve: Curve) -> Floats:
    """The same answers with the best probability moved onto the curve and the others scaled to the rest."""
    if not curve or not len(probabilities):
        return probabilities
    rows, best = np.arange(len(probabilities)), probabilities.argmax(axis=1)
    confidence = probabilities[rows, best]
    said, true = np.array(curve).T
    wanted = np.interp(confidence, said, true)
    bent: Floats = probabilities * ((1 - wanted) / np.maximum(1 - confidence, 1e-12))[:, None]
    bent[rows, best] = wanted
    return bent


def calibration_error(confidence: Floats, correct: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error over equally wide bins (Naeini et al. 2015): 0 is perfect."""
    if not len(confidence):
        return 0.0
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(float(confidence[places == place].mean()) - float(correct[places == place].mean()))
        * float((places == place).mean())
        for place in range(bins)
        if (places == place).any()
    ]
    return float(sum(gaps))


def threshold_for(confidence: Floats, correct: NDArray[np.bool_], wanted: float) -> float:
    """The lowest confidence from which on held-out answers are right as often as `wanted`.

    Where even the surest answers are wrong too often it is 1.01: then the product only makes suggestions.
    """
    order = np.argsort(-confidence, kind="stable")
    precision = np.cumsum(correct[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero((precision >= wanted) & (np.arange(1, len(order) + 1) >= min(FEWEST, len(order))))
    return float(confidence[order][enough[-1]]) if len(enough) else NEVER


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 95 % interval and the number it rests on."""

    value: float
    lower: float
    upper: float
    n: int


def share(hits: int, n: int) -> Interval:
    """A share with its Wilson score interval (Wilson 1927), which behaves at 0, at 1 and for small n."""
    if n == 0:
        return Interval(0.0, 0.0, 1.0, 0)
    z, p = 1.959964, hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * float(np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)
    return Interval(p, max(0.0, middle - reach), min(1.0, middle + reach), n)
