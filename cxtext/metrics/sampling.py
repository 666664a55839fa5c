"""Which tickets people should check this week: a sample whose chances are known, so that few checks say much."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxtext.metrics.columns import Floats

AT_RANDOM = (
    0.5  # part of every ticket's chance that looks at nothing: it bounds the weights and finds what nobody expects
)
UNSURE = 0.1  # how much a quite certain answer counts beside one of confidence ½, which counts 0.1 + 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value that was shown: whose, which, how sure."""

    key: str
    shown: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """A candidate to be checked; `weight` is how many of the week's tickets it stands for."""

    place: int
    weight: float


def draw(candidates: Sequence[Candidate], count: int, *, seed: int, week: str, field: str) -> list[Drawn]:
    """Draw at most `count` candidates, the same for the same week, seed and candidates, whatever their order.

    Half of each chance is the same for all; the other half favours small topics (by the root of their size) and
    unsure answers. Drawn systematically in the order of value and confidence, which spreads the sample over both
    (Hartley & Rao 1962).
    """
    if not candidates or count < 1:
        return []
    order = sorted(
        range(len(candidates)),
        key=lambda place: (candidates[place].shown or "", candidates[place].confidence, candidates[place].key),
    )
    chances = _chances([candidates[place] for place in order], count)
    start = int.from_bytes(hashlib.sha256(f"{seed} {week} {field}".encode()).digest()[:6], "big") / 2**48
    ends = np.cumsum(chances)
    hit = np.floor(ends - start + 1e-9) > np.floor(ends - chances - start + 1e-9)
    return [Drawn(order[place], float(1 / chances[place])) for place in np.flatnonzero(hit).tolist()]


def _chances(candidates: Sequence[Candidate], count: int) -> Floats:
    """Chance of each candidate to be drawn; they add up to `count`, or to all there are."""
    sizes = Counter(one.shown for one in candidates)
    wanted = np.array(
        [
            (UNSURE + np.sqrt(max(one.confidence * (1 - one.confidence), 0.0))) / np.sqrt(sizes[one.shown])
            for one in candidates
        ]
    )
    mixed = AT_RANDOM / len(candidates) + (1 - AT_RANDOM) * wanted / wanted.sum()
    chances = np.ones(len(candidates))
    open_ = np.ones(len(candidates), dtype=bool)
    left = float(min(count, len(candidates)))
    while left > 0 and open_.any():  # whose chance would pass 1 is taken for certain, and the others share the rest
        chances[open_] = left * mixed[open_] / mixed[open_].sum()
        certain = open_ & (chances >= 1)
        if not certain.any():
            break
        chances[certain] = 1.0
        open_ &= ~certain
        left = min(count, len(candidates)) - float((~open_).sum())
    return chances
