"""Figures of a classifier with 95 % intervals, the same ones for every model so that they can be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from cxtext.causes.calibration import Integers, calibration_error, share
from cxtext.causes.features import Floats

RESAMPLES = 200


def macro_f1(truth: Integers, answers: Integers) -> float:
    """Mean F1 of the labels that occur in the truth or among the answers; -1 stands for "no answer"."""
    labels = sorted(({*truth.tolist()} | {*answers.tolist()}) - {-1})
    scores = [_f1(truth == label, answers == label) for label in labels]
    return float(np.mean(scores)) if scores else 0.0


def _f1(truth: Any, answers: Any) -> float:
    both = int((truth & answers).sum())
    return 2 * both / max(int(truth.sum()) + int(answers.sum()), 1)


def macro_interval(truth: Integers, answers: Integers, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of the macro F1 over texts."""
    random = np.random.default_rng(seed)
    draws = [random.integers(0, len(truth), len(truth)) for _ in range(RESAMPLES)] if len(truth) else []
    values = [macro_f1(truth[draw], answers[draw]) for draw in draws]
    if not values:
        return 0.0, 1.0
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


def measure(truth: Integers, probabilities: Floats, threshold: float | None = None) -> dict[str, Any]:
    """Accuracy, macro F1, top three, calibration; with a `threshold` also precision and coverage above it."""
    answers = probabilities.argmax(axis=1) if len(truth) else np.zeros(0, dtype=int)
    confidence = probabilities.max(axis=1, initial=0.0)
    correct = answers == truth
    three = np.argsort(-probabilities, axis=1, kind="stable")[:, :3]
    figures: dict[str, Any] = {
        "n": len(truth),
        "accuracy": asdict(share(int(correct.sum()), len(truth))),
        "macro_f1": macro_f1(truth, answers),
        "macro_f1_interval": macro_interval(truth, answers),
        "top_3": asdict(share(int((three == truth[:, None]).any(axis=1).sum()), len(truth))),
        "ece": calibration_error(confidence, correct),
    }
    if threshold is not None:
        sure = confidence >= threshold
        figures["threshold"] = threshold
        figures["coverage"] = asdict(share(int(sure.sum()), len(truth)))
        figures["precision"] = asdict(share(int((correct & sure).sum()), int(sure.sum())))
    return figures


def majority(train: Sequence[str], truth: Sequence[str]) -> dict[str, Any]:
    """What always answering with the most frequent training label would reach."""
    if not train:
        return {"label": None, "accuracy": asdict(share(0, len(truth)))}
    counts: Mapping[str, int] = {label: list(train).count(label) for label in sorted(set(train))}
    best = max(counts, key=lambda label: counts[label])
    return {"label": best, "accuracy": asdict(share(list(truth).count(best), len(truth)))}
