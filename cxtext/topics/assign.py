"""Which known topic a new ticket belongs to: a vote of its nearest neighbours, and how sure that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

VOTERS = 15
CLOSEST = 5  # members whose mean similarity says how near a topic is
ENOUGH_TO_CALIBRATE = 40
_SAMPLE = 800  # members that calibration asks; more moves no figure
_UNKNOWN_SHARE = 0.25  # weight of "this ticket's topic is not known yet" against one known ticket
_UNCALIBRATED = (2.0, 0.0, 20.0, 0.0)
_ROWS_AT_ONCE = 512
_CELLS_AT_ONCE = 8_000_000  # similarities compared at a time; with their order they take 16 bytes each
_ROUNDED = 5  # decimals of a similarity: further ones differ between machines and thread counts


@dataclass(frozen=True, slots=True)
class Crowd:
    """The members of all topics: rows of length 1, and the topic (0…topics-1) of each."""

    vectors: Floats
    topics: Ints
    typical: Floats  # per topic: how near its own members are to it


@dataclass(frozen=True, slots=True)
class Vote:
    """The topic that won, per ticket, and what speaks for it.

    `features` (tickets, 4): 1, nearness, nearness beyond what is typical of the topic, share of the vote.
    """

    winners: Ints
    features: NDArray[np.float64]


def crowd(vectors: NDArray[np.floating], topics: Sequence[int] | Ints) -> Crowd:
    """Gather members; every topic in 0…max must have at least one."""
    rows = np.asarray(vectors, dtype=np.float32)
    of = np.asarray(topics, dtype=np.int64)
    count = int(of.max()) + 1 if of.size else 0
    typical = np.zeros(count, dtype=np.float32)
    for topic in range(count):
        own = rows[of == topic]
        near = np.round(own @ own.T, _ROUNDED)
        np.fill_diagonal(near, -1.0)
        typical[topic] = _mean_of_largest(near, CLOSEST, spare=1).mean() if len(own) > 1 else 1.0
    return Crowd(rows, of, typical)


def vote(queries: Floats, members: Crowd, *, without: Ints | None = None, strangers: bool = False) -> Vote:
    """Ask the nearest members of all topics.

    Args:
        queries: rows of length 1.
        members: who may vote.
        without: per query the member that it is itself and that may not vote (-1: none).
        strangers: let no member of that member's own topic vote either: how a ticket of an unknown topic would fare.
    """
    winners = np.full(len(queries), -1, dtype=np.int64)
    features = np.zeros((len(queries), 4))
    features[:, 0] = 1.0
    if len(members.vectors) == 0:
        return Vote(winners, features)
    for rows in _chunks(len(queries), len(members.vectors)):
        near = np.round(queries[rows] @ members.vectors.T, _ROUNDED)
        if without is not None:
            _silence(near, without[rows], members.topics, whole_topic=strangers)
        winners[rows], share = _elect(near, members)
        features[rows, 3] = share
        for topic in np.unique(winners[rows]).tolist():
            mine = np.flatnonzero(winners[rows] == topic)
            closeness = _mean_of_largest(near[np.ix_(mine, np.flatnonzero(members.topics == topic))], CLOSEST)
            features[rows.start + mine, 1] = closeness
            features[rows.start + mine, 2] = closeness - members.typical[topic]
    return Vote(winners, features)


def calibrate(members: Crowd) -> tuple[float, ...]:
    """Weights that turn a vote's features into the probability that the ticket belongs to the winner.

    Logistic regression on what is known: every member asks all others (right: its own topic wins), and asks again with
    its whole topic silent, as a ticket of a topic that nobody knows yet would.
    """
    count = len(members.vectors)
    if count < ENOUGH_TO_CALIBRATE or len(members.typical) < 2:
        return _UNCALIBRATED
    chosen = np.unique(np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.int64))
    known = vote(members.vectors[chosen], members, without=chosen)
    unknown = vote(members.vectors[chosen], members, without=chosen, strangers=True)
    features = np.vstack([known.features, unknown.features])
    right = np.concatenate([known.winners == members.topics[chosen], np.zeros(len(chosen), dtype=bool)])
    weights = np.concatenate([np.ones(len(chosen)), np.full(len(chosen), _UNKNOWN_SHARE)])
    return tuple(np.round(_logistic(features, right.astype(np.float64), weights), 6).tolist())


def confidence(features: NDArray[np.float64], calibration: Sequence[float]) -> NDArray[np.float64]:
    """Probability in 0…1 that each ticket belongs to the topic that won, rounded to four decimals."""
    logits = np.clip(features @ np.asarray(calibration), -30.0, 30.0)
    probability: NDArray[np.float64] = np.round(1.0 / (1.0 + np.exp(-logits)), 4)
    return probability


def _chunks(count: int, members: int) -> Iterator[slice]:
    rows = min(max(_CELLS_AT_ONCE // members, 1), _ROWS_AT_ONCE)
    for start in range(0, count, rows):
        yield slice(start, min(start + rows, count))


def _silence(near: Floats, without: Ints, topics: Ints, *, whole_topic: bool) -> None:
    asking = np.flatnonzero(without >= 0)
    near[asking, without[asking]] = -1.0
    if whole_topic:
        near[topics[None, :] == np.where(without >= 0, topics[without], -1)[:, None]] = -1.0


def _elect(near: Floats, members: Crowd) -> tuple[Ints, NDArray[np.float64]]:
    voters = min(VOTERS, near.shape[1])
    nearest = np.argpartition(-near, voters - 1, axis=1)[:, :voters]
    weights = np.maximum(np.take_along_axis(near, nearest, axis=1), 0.0).astype(np.float64) ** 4
    ballots = np.zeros((len(near), len(members.typical)))
    np.add.at(ballots, (np.arange(len(near))[:, None], members.topics[nearest]), weights)
    ballots = np.round(ballots, 9)
    winners = ballots.argmax(axis=1)
    total = ballots.sum(axis=1)
    share = np.divide(ballots.max(axis=1), total, out=np.zeros(len(near)), where=total > 0)
    return winners, share


def _mean_of_largest(near: Floats, count: int, spare: int = 0) -> NDArray[np.float64]:
    """Row means of the `count` largest values; `spare` columns (a member itself) do not count."""
    count = max(1, min(count, near.shape[1] - spare))
    largest = -np.partition(-near, count - 1, axis=1)[:, :count]
    means: NDArray[np.float64] = largest.astype(np.float64).mean(axis=1)
    return means


def _logistic(
    features: NDArray[np.float64], target: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Newton's method with a little ridge; deterministic and independent of the rows' order up to rounding."""
    solution = np.zeros(features.shape[1])
    ridge = np.diag([1e-3, 1.0, 1.0, 1.0])
    for _ in range(25):
        logits = np.clip(features @ solution, -30.0, 30.0)
        probability = 1.0 / (1.0 + np.exp(-logits))
        slope = features.T @ (weights * (target - probability)) - ridge @ solution
        curve = (features * (weights * probability * (1.0 - probability))[:, None]).T @ features + ridge
        step = np.linalg.solve(curve, slope)
        solution = solution + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return solution
