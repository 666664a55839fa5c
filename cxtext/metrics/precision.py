"""How often what is shown is right, and how frequent topics and causes truly are, from few human checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxtext.metrics.columns import Booleans, Floats
from cxtext.metrics.definitions import THIN, WHOLE
from cxtext.metrics.intervals import jeffreys, wilson

ENOUGH = 30  # checks before confidence may help: fewer cannot say how much it is worth
MOST_GAIN = 2.0  # how many plain checks a well drawn one may be worth
LEAST_LEFT = 0.25  # of the variance, however well confidence seems to tell

Bounds = tuple[float, float, float]  # value, lower, upper


@dataclass(frozen=True, slots=True)
class Answer:
    """One check: what was shown, whether it is right, what is right instead (if said), confidence and weight."""

    shown: str | None
    verdict: bool
    right_value: str | None
    confidence: float
    weight: float


@dataclass(frozen=True, slots=True)
class Shown:
    """Of all tickets of the checked weeks: how many show a value, and their mean confidence."""

    count: int
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How far one value can be trusted, in percent with 95 % intervals; None under five checks.

    Attributes:
        key: topic or cause; "all" for all shown values together.
        precision: of the tickets that show it, how many are rightly shown so.
        share: of all tickets, how many are truly of it (what is shown, corrected by what the checks found).
        n: checks that precision rests on.
    """

    field: str
    key: str
    precision: float | None
    lower: float | None
    upper: float | None
    share: float | None
    share_lower: float | None
    share_upper: float | None
    n: int


def precision_of(field: str, answers: Sequence[Answer], shown: Mapping[str | None, Shown]) -> list[Precision]:
    """Precision and share of every value that was shown, "all" first.

    Weighted by the chance of being drawn; the confidence of the tickets nobody looked at helps as far as it has been
    found to tell right from wrong (prediction-powered inference, Angelopoulos et al. 2023, tuned as in PPI++).
    Intervals are Wilson's with the number of equally weighted checks that say as much (Kish 1965).
    """
    if not answers:
        return []
    checks = _Checks(
        values=[one.shown for one in answers],
        truth=[one.shown if one.verdict else one.right_value for one in answers],
        right=np.array([one.verdict for one in answers], dtype=np.float64),
        confidence=np.array([one.confidence for one in answers]),
        weight=np.array([one.weight for one in answers]),
    )
    leaning = _worth(checks)
    total = sum(one.count for one in shown.values())
    named = {key: one for key, one in shown.items() if key is not None}
    size = sum(one.count for one in named.values())
    mean = sum(one.count * one.confidence for one in named.values()) / max(size, 1)
    something = np.array([value is not None for value in checks.values])
    found = [_told(field, WHOLE, _precision(checks, something, Shown(size, mean), leaning), None, int(something.sum()))]
    for key in sorted(named):
        mine = np.array([value == key for value in checks.values])
        precise = _precision(checks, mine, named[key], leaning)
        share = _share(checks, key, ~mine, precise, named[key].count / max(total, 1))
        found.append(_told(field, key, precise, share, int(mine.sum())))
    return found


@dataclass(frozen=True, slots=True)
class _Checks:
    """The answers as columns."""

    values: Sequence[str | None]
    truth: Sequence[str | None]
    right: Floats
    confidence: Floats
    weight: Floats


def _told(field: str, key: str, precise: Bounds, share: Bounds | None, n: int) -> Precision:
    few = n < THIN
    first = [None] * 3 if few else [round(100 * part, 2) for part in precise]
    second = [None] * 3 if few or share is None else [round(100 * part, 3) for part in share]
    return Precision(
        field=field, key=key, n=n, precision=first[0], lower=first[1], upper=first[2],
        share=second[0], share_lower=second[1], share_upper=second[2],
    )  # fmt: skip


def effective(weight: Floats) -> float:
    """How many equally weighted checks say as much as these (Kish 1965)."""
    return float(weight.sum() ** 2 / np.sum(weight**2)) if len(weight) else 0.0


def _worth(checks: _Checks) -> tuple[float, float]:
    """How strongly to lean on confidence, and the part of the variance that is left then; from all checks together."""
    if len(checks.right) < ENOUGH:
        return 0.0, 1.0
    weight = checks.weight
    groups = {value: place for place, value in enumerate(dict.fromkeys(checks.values))}
    of = np.array([groups[value] for value in checks.values])
    mass = np.bincount(of, weights=weight)

    def inside(column: Floats) -> Floats:
        centred: Floats = column - (np.bincount(of, weights=weight * column) / mass)[of]
        return centred

    own, other = inside(checks.right), inside(checks.confidence)
    spread = float(np.sum(weight * other**2))
    before = float(np.sum(weight * own**2))
    if spread <= 0 or before <= 0:
        return 0.0, 1.0
    tuning = min(max(float(np.sum(weight * own * other)) / spread, 0.0), 1.0)
    left = float(np.sum(weight * (own - tuning * other) ** 2)) / before
    return tuning, min(max(left, LEAST_LEFT), 1.0)


def _precision(checks: _Checks, mine: Booleans, population: Shown, leaning: tuple[float, float]) -> Bounds:
    tuning, left = leaning
    own = checks.weight[mine]
    if not len(own):
        return 0.5, 0.0, 1.0
    mean = float(own @ checks.right[mine] / own.sum())
    helped = mean + tuning * (population.confidence - float(own @ checks.confidence[mine] / own.sum()))
    value = min(max(helped, 0.0), 1.0)
    n = effective(own) / left
    if len(own) >= ENOUGH:  # many enough to see that errors sit where more was drawn, as they were meant to
        residual = (checks.right - tuning * checks.confidence)[mine]
        residual = residual - float(own @ residual / own.sum())
        error = float(np.sum((own * residual) ** 2) / own.sum() ** 2 * len(own) / (len(own) - 1))
        n = min(max(n, value * (1 - value) / max(error, 1e-12)), MOST_GAIN * len(own))
    lower, upper = wilson(np.array([value * n]), np.array([n]))
    return value, float(lower[0]), float(upper[0])


def _share(checks: _Checks, key: str, others: Booleans, precise: Bounds, shown: float) -> Bounds:
    """Rightly shown plus missed elsewhere; the intervals of both are joined (MOVER, Zou & Donner 2008)."""
    hit, lower, upper = precise
    own = checks.weight[others]
    n = effective(own)
    is_true = np.array([value == key for value in checks.truth], dtype=np.float64)
    missed = float(own @ is_true[others] / own.sum()) if len(own) else 0.0
    low, high = jeffreys(missed * n, n)
    value = shown * hit + (1 - shown) * missed
    down = np.hypot(shown * (hit - lower), (1 - shown) * (missed - low))
    up = np.hypot(shown * (upper - hit), (1 - shown) * (high - missed))
    return value, max(value - float(down), 0.0), min(value + float(up), 1.0)
