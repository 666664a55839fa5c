"""Made-up tickets whose truth is known: the worlds in which intervals of metrics, drivers and checks are tried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cxtext.metrics.columns import Columns, Floats, Integers
from cxtext.metrics.definitions import RATER

Random = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How customers of one company answer, and how long and dear its service is."""

    csat: tuple[float, ...]  # shares of 1…5
    nps: tuple[float, float, float]  # shares of detractors, passives, promoters
    ces: tuple[float, ...]  # shares of 1…7
    hours: tuple[str, float]  # shape of the distribution and its parameter
    resolved: float
    reopened: float
    churned: float
    negative: float
    dimensions: tuple[float, ...]
    known: float = 1.0  # share of tickets whose answers are known


WORLDS: Mapping[str, World] = {
    "content": World(
        csat=(0.03, 0.05, 0.10, 0.30, 0.52), nps=(0.12, 0.28, 0.60), ces=(0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.3),
        hours=("lognormal", 0.6), resolved=0.95, reopened=0.05, churned=0.04, negative=0.15,
        dimensions=(0.5, 0.1, 0.05, 0.1, 0.25),
    ),
    "mixed": World(
        csat=(0.15, 0.15, 0.25, 0.25, 0.20), nps=(0.35, 0.35, 0.30), ces=(0.1, 0.1, 0.2, 0.2, 0.2, 0.1, 0.1),
        hours=("lognormal", 1.0), resolved=0.80, reopened=0.15, churned=0.12, negative=0.45,
        dimensions=(0.3, 0.2, 0.1, 0.2, 0.2),
    ),
    "angry": World(
        csat=(0.50, 0.20, 0.12, 0.10, 0.08), nps=(0.80, 0.12, 0.08), ces=(0.35, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05),
        hours=("exponential", 1.0), resolved=0.65, reopened=0.30, churned=0.30, negative=0.80,
        dimensions=(0.2, 0.1, 0.02, 0.18, 0.5),
    ),
    "torn": World(
        csat=(0.40, 0.05, 0.05, 0.10, 0.40), nps=(0.45, 0.10, 0.45), ces=(0.3, 0.1, 0.05, 0.05, 0.1, 0.1, 0.3),
        hours=("weibull", 0.8), resolved=0.90, reopened=0.10, churned=0.50, negative=0.50,
        dimensions=(0.25, 0.25, 0.25, 0.125, 0.125), known=0.5,
    ),
}  # fmt: skip


def blank(size: int, **given: Any) -> Columns:
    """Columns in which nothing is known but what is given."""
    unknown = np.full(size, np.nan)
    values: dict[str, Any] = {
        "keys": {}, "codes": {}, "day": np.full(size, 1000), "customer": np.arange(size), "first_response": unknown,
        "resolution": unknown, "resolved_day": np.zeros(size, dtype=np.int64), "tracked": np.zeros(size, dtype=bool),
        "resolved": np.zeros(size, dtype=bool), "reopened": unknown, "churned": unknown, "csat": unknown,
        "nps": unknown, "ces": unknown, "cost": unknown, "sentiment": unknown, "negative": np.zeros(size),
        "complaint": np.full(size, -1),
    }  # fmt: skip
    return Columns(**(values | given))


def draw_tickets(world: World, size: int, random: Random) -> Columns:
    """Tickets of one world, independent of each other."""

    def asked(values: Floats) -> Floats:
        return np.where(random.random(size) < world.known, values, np.nan)

    hours = _hours(world, size, random)
    resolved = random.random(size) < world.resolved
    sentiment, _ = _sentiment(world)
    return blank(
        size,
        csat=asked(random.choice(np.arange(1.0, 6.0), size=size, p=world.csat)),
        nps=asked(random.choice(np.array([3.0, 7.0, 10.0]), size=size, p=world.nps)),
        ces=asked(random.choice(np.arange(1.0, 8.0), size=size, p=world.ces)),
        first_response=_hours(world, size, random),
        resolution=np.where(resolved, hours, np.nan),
        tracked=np.ones(size, dtype=bool),
        resolved=resolved,
        reopened=(random.random(size) < world.reopened).astype(float),
        churned=(random.random(size) < world.churned).astype(float),
        cost=3 + 10 * _hours(world, size, random),
        sentiment=sentiment(size, random),
        negative=(random.random(size) < world.negative).astype(float),
        complaint=random.choice(len(RATER), size=size, p=world.dimensions),
    )


def truths(world: World, tickets: float) -> dict[str, float]:
    """What every metric would be with endlessly many tickets; `tickets`: mean number in a group."""
    mean, median = _hours_truth(world)
    cost = 3 + 10 * mean
    _, sentiment = _sentiment(world)
    known = {
        "tickets": tickets,
        "csat": 100 * (world.csat[3] + world.csat[4]),
        "csat_mean": float(np.dot(world.csat, np.arange(1, 6))),
        "nps": 100 * (world.nps[2] - world.nps[0]),
        "ces": float(np.dot(world.ces, np.arange(1, 8))),
        "frt_median": median, "frt_mean": mean, "ttr_median": median, "ttr_mean": mean,
        "resolution_rate": 100 * world.resolved, "reopen_rate": 100 * world.reopened, "churned": 100 * world.churned,
        "cost_sum": tickets * cost, "cost_per_resolution": cost / world.resolved,
        "negative_share": 100 * world.negative, "sentiment": sentiment,
    }  # fmt: skip
    return known | {f"servqual_{name}": 100 * share for name, share in zip(RATER, world.dimensions, strict=True)}


def _hours(world: World, size: int, random: Random) -> Floats:
    kind, shape = world.hours
    if kind == "lognormal":
        return random.lognormal(0.0, shape, size)
    return random.exponential(1.0, size) if kind == "exponential" else random.weibull(shape, size)


def _hours_truth(world: World) -> tuple[float, float]:
    from math import gamma, log  # noqa: PLC0415 – for one line

    kind, shape = world.hours
    if kind == "lognormal":
        return float(np.exp(shape**2 / 2)), 1.0
    return (1.0, log(2)) if kind == "exponential" else (gamma(1 + 1 / shape), log(2) ** (1 / shape))


def _sentiment(world: World) -> tuple[Callable[[int, Random], Floats], float]:
    """Scores as the lexicon gives them: a part exactly 0, the rest beta-distributed on −1…+1; and their mean."""
    low, high = 1 + 4 * world.negative, 1 + 4 * (1 - world.negative)

    def draw(size: int, random: Random) -> Floats:
        scores: Floats = np.where(random.random(size) < 0.2, 0.0, 2 * random.beta(high, low, size) - 1)
        return scores

    return draw, 0.8 * (2 * high / (high + low) - 1)


@dataclass(frozen=True, slots=True)
class Confounded:
    """Tickets whose topics depend on product and channel, which harm the outcome themselves.

    `effects` are the true coefficients of the topics, by code.
    """

    columns: Columns
    outcome: Floats
    effects: Floats


def draw_confounded(kind: str, size: int, topics: int, random: Random) -> Confounded:
    """A world in which raw averages lie: the topic that hurts most may only sit with the worst product.

    Args:
        kind: scale (normal errors, a spread of its own per topic), percent (0 or 100) or hours (long tails).
        size: tickets.
        topics: how many.
        random: source of chance.
    """
    products, channels = 5, 4
    product = random.choice(products, size=size, p=random.dirichlet(np.full(products, 2.0)))
    channel = random.choice(channels, size=size, p=random.dirichlet(np.full(channels, 2.0)))
    liking = random.dirichlet(np.full(topics, 0.7), size=(products, channels))
    cumulated = np.cumsum(liking[product, channel], axis=1)
    topic = np.minimum((random.random(size)[:, None] > cumulated).sum(axis=1), topics - 1)
    effects, by_product, by_channel = (
        random.normal(0, spread, many) for spread, many in ((0.5, topics), (0.7, products), (0.4, channels))
    )
    level = effects[topic] + by_product[product] + by_channel[channel]
    if kind == "percent":
        scale = 0.35 / max(np.abs(level).max(), 1e-9)
        outcome = 100.0 * (random.random(size) < 0.5 + scale * level)
        effects = effects * 100 * scale
    elif kind == "hours":
        scale = 2.5 / max(np.abs(level).max(), 1e-9)
        level, effects = 6 + scale * level, scale * effects
        outcome = level * random.lognormal(-0.32, 0.8, size)
    else:
        outcome = 3 + level + random.normal(0, 1, size) * random.uniform(0.5, 1.5, topics)[topic]
    names = {"topic": topics, "product": products, "channel": channels}
    columns = blank(
        size,
        keys={name: tuple(f"{name}-{place:02d}" for place in range(many)) for name, many in names.items()},
        codes={"topic": topic.astype(np.int64), "product": product, "channel": channel},
        day=1000 + random.integers(0, 200, size),
    )
    return Confounded(columns, outcome, effects)


def true_contrast(effects: Floats, topic: Integers, code: int) -> float:
    """What one topic does against all others, as `metrics.drivers` defines it."""
    counts = np.bincount(topic, minlength=len(effects)).astype(float)
    counts[code] = 0
    return float(effects[code] - counts @ effects / counts.sum())
