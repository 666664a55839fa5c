"""Weeks of made-up tickets with topics that are sometimes wrong, and the checks that people give of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxtext.metrics.precision import Answer, Shown
from cxtext.metrics.sampling import Candidate, draw

CHECKS = 15  # a week and field


@dataclass(frozen=True, slots=True)
class Review:
    """What people said, what is shown, and the truth in percent, by topic ("all": of everything that shows one)."""

    answers: Sequence[Answer]
    shown: Mapping[str | None, Shown]
    precision: Mapping[str, float]
    share: Mapping[str, float]


def draw_review(random: np.random.Generator, *, seed: int) -> Review:
    """Six to twenty topics of unequal size and precision, three to thirteen weeks, confidence that tells a little."""
    topics = int(random.integers(6, 20))
    weeks, size = int(random.integers(3, 14)), int(random.integers(150, 900))
    shares, right = random.dirichlet(np.ones(topics)), random.beta(8, 2, topics)
    answers: list[Answer] = []
    counts: Counter[str | None] = Counter()
    truly: Counter[str | None] = Counter()
    correct: Counter[str | None] = Counter()
    sure: defaultdict[str | None, float] = defaultdict(float)
    for week in range(weeks):
        shown, truth, confidence = _week(random, shares, right, size)
        names = [_name(code, topics) for code in shown]
        true_names = [_name(code, topics) for code in truth]
        candidates = [Candidate(f"{week}:{i}", names[i], float(confidence[i])) for i in range(size)]
        for drawn in draw(candidates, CHECKS, seed=seed, week=str(week), field="topic"):
            i = drawn.place
            said = names[i] == true_names[i]
            answers.append(Answer(names[i], said, None if said else true_names[i], float(confidence[i]), drawn.weight))
        counts.update(names)
        truly.update(true_names)
        correct.update(name for name, other in zip(names, true_names, strict=True) if name == other)
        for name, one in zip(names, confidence.tolist(), strict=True):
            sure[name] += one
    named = [name for name in counts if name is not None]
    all_shown = sum(counts[name] for name in named)
    precision = {name: 100 * correct[name] / counts[name] for name in named}
    precision["all"] = 100 * sum(correct[name] for name in named) / all_shown
    return Review(
        answers,
        {name: Shown(count, sure[name] / count) for name, count in counts.items()},
        precision,
        {name: 100 * truly[name] / (weeks * size) for name in named},
    )


def _week(
    random: np.random.Generator, shares: np.ndarray, right: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shown topic, true topic and confidence of a week's tickets; the last code is "none"."""
    topics = len(shares)
    shown = random.choice(topics + 1, size=size, p=np.append(0.9 * shares, 0.1))
    chance = np.append(right, 0.8)[shown] + random.normal(0, 0.1, size)
    held = random.random(size) < np.clip(chance, 0.02, 0.99)
    other = np.where(random.random(size) < 0.3, topics, random.choice(topics, size=size, p=shares))
    other = np.where(other == shown, (shown + 1) % topics, other)
    confidence = np.clip(chance + random.normal(0, 0.1, size), 0.01, 0.99)
    return shown, np.where(held, shown, other), confidence


def _name(code: int, topics: int) -> str | None:
    return f"T-{code:04d}" if code < topics else None
