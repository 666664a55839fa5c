"""Learn sentiment on site: one calibrated model per language, from stars, answers to surveys or corrections."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import diags_array, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from cxtext.domain import SentimentLabel
from cxtext.errors import ModelError
from cxtext.sentiment.features import Floats, lexicon_features, scaled
from cxtext.sentiment.lexicon import Lexicon
from cxtext.sentiment.model import LABELS, Model, calibrated, fresh_vectorizers

_FOLDS: Final = 4
_NO_SPREAD: Final = 1e-9  # a feature that is the same everywhere, but for the last digit of its mean
_FEWEST: Final = 8  # texts per label; below, a label is left out
_STRENGTH: Final = 1.5  # inverse regularisation, and
_RATIO_SHARE: Final = 0.25  # how much log-count ratios count: both found by cross-validation on the development parts
_POWERS: Final = np.round(np.arange(0.0, 1.01, 0.1), 2)
_TEMPERATURES: Final = np.round(np.geomspace(0.3, 2.0, 20), 3)


def train_model(
    texts: Sequence[str], labels: Sequence[SentimentLabel], language: str, *, seed: int, weights: Floats | None = None
) -> Model:
    """Fit, then calibrate and choose the thresholds on held-out folds, so that no text judges itself.

    Args:
        texts: as cleaned; any length.
        labels: one per text.
        language: decides on the lexicon features.
        seed: shuffles the folds.
        weights: one per text, for example 3 for a correction and 1 for stars.

    Raises:
        ModelError: fewer than two labels have eight texts each.
    """
    known = _labels_with_enough(labels, language)
    kept = [index for index, label in enumerate(labels) if label in known]
    chosen = [texts[index] for index in kept]
    truth = np.array([known.index(labels[index]) for index in kept])
    loads = np.ones(len(kept)) if weights is None else np.asarray(weights, dtype=np.float64)[kept]
    rows = lexicon_features(chosen, language, Lexicon())
    held_out = _held_out_logits(chosen, rows, truth, loads, seed)
    temperature, bias = _calibrate(held_out, truth, loads)
    offsets = _choose_offsets(calibrated(held_out, temperature, bias), truth)
    fitted = _fit(chosen, rows, truth, loads)
    return Model(language, known, *fitted, temperature, bias, offsets)


_Fitted = tuple[TfidfVectorizer, TfidfVectorizer, Floats, Floats, Floats, Floats]


def _labels_with_enough(labels: Sequence[SentimentLabel], language: str) -> tuple[SentimentLabel, ...]:
    counts = Counter(labels)
    known = tuple(label for label in LABELS if counts[label] >= _FEWEST)
    if len(known) < 2:
        raise ModelError(
            f"sentiment training, language {language!r}: needs at least {_FEWEST} texts for each of two labels, "
            f"got {dict(counts)}: collect more ratings or corrections"
        )
    return known


def _fit(texts: list[str], rows: Floats, truth: NDArray[Any], loads: Floats) -> _Fitted:
    words, letters = fresh_vectorizers()
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread < _NO_SPREAD] = 1.0
    features = hstack([words.fit_transform(texts), letters.fit_transform(texts), scaled(rows, mean, spread)], "csr")
    return words, letters, mean, spread, *_weigh(features, truth, loads)


def _weigh(features: Any, truth: NDArray[Any], loads: Floats) -> tuple[Floats, Floats]:
    """Weights and intercept of each label against the rest; a feature counts the more, the more it tells them apart.

    Logistic regression over features that are scaled by log-count ratios, interpolated with the plain ones (NB-SVM,
    Wang and Manning 2012). The scale is part of the weights that come back, so it costs nothing afterwards.
    """
    coefficients, intercepts = [], []
    for label in range(int(truth.max()) + 1):
        inside = truth == label
        scale = (1 - _RATIO_SHARE) + _RATIO_SHARE * np.abs(_log_ratio(features, inside))
        head = LogisticRegression(C=_STRENGTH, max_iter=300, tol=1e-3)
        head.fit(features @ diags_array(scale), inside, sample_weight=loads * _half_balanced(truth))
        coefficients.append(head.coef_[0] * scale)
        intercepts.append(float(head.intercept_[0]))
    return np.array(coefficients), np.array(intercepts)


def _log_ratio(features: Any, inside: NDArray[Any]) -> Floats:
    """How much more of each feature there is in a label's texts than in the others, as the logarithm of its shares."""
    sums = (np.maximum(np.asarray(features[rows].sum(axis=0)).ravel(), 0.0) + 1.0 for rows in (inside, ~inside))
    own, others = (total / total.sum() for total in sums)
    ratio: Floats = np.log(own) - np.log(others)
    return ratio


def _half_balanced(truth: NDArray[Any]) -> Floats:
    """The square root of balanced weights: full balance cries wolf, none overlooks the rare label."""
    counts = np.bincount(truth)
    weights: Floats = np.sqrt(len(truth) / (len(counts) * counts[truth]))
    return weights


def _held_out_logits(texts: list[str], rows: Floats, truth: NDArray[Any], loads: Floats, seed: int) -> Floats:
    logits = np.zeros((len(texts), len(set(truth.tolist()))))
    for learn, hold in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(rows, truth):
        words, letters, mean, spread, weights, intercept = _fit(
            [texts[index] for index in learn], rows[learn], truth[learn], loads[learn]
        )
        held = [texts[index] for index in hold]
        features = hstack([words.transform(held), letters.transform(held), scaled(rows[hold], mean, spread)], "csr")
        logits[hold] = features @ weights.T + intercept
    return logits


def _calibrate(logits: Floats, truth: NDArray[Any], loads: Floats) -> tuple[float, Floats]:
    """Temperature by grid, bias by iterated matching of the shares; both on held-out texts."""
    shares = np.bincount(truth, weights=loads) / loads.sum()
    best: tuple[float, float, Floats] | None = None
    for temperature in _TEMPERATURES:
        bias = np.zeros(logits.shape[1])
        for _ in range(20):
            mean = np.average(calibrated(logits, float(temperature), bias), axis=0, weights=loads)
            bias += np.log(shares / mean)
        right = calibrated(logits, float(temperature), bias)[np.arange(len(truth)), truth]
        loss = float(-np.average(np.log(right + 1e-12), weights=loads))
        if best is None or loss < best[0]:
            best = loss, float(temperature), bias
    assert best is not None
    return best[1], best[2]


def _choose_offsets(probabilities: Floats, truth: NDArray[Any]) -> Floats:
    """How far rare labels are favoured: one number, the power of the prior, with the best macro F1 plus accuracy."""
    logs, count = np.log(probabilities + 1e-12), probabilities.shape[1]
    rarity = -np.log(np.bincount(truth, minlength=count) / len(truth))
    values = [
        _macro_f1(guess, truth, count) + float((guess == truth).mean())
        for guess in ((logs + power * rarity).argmax(axis=1) for power in _POWERS)
    ]
    chosen: Floats = _POWERS[int(np.argmax(values))] * rarity
    return chosen


def _macro_f1(guess: NDArray[Any], truth: NDArray[Any], count: int) -> float:
    table = np.bincount(truth * count + guess, minlength=count * count).reshape(count, count)
    hits = np.diag(table)
    return float(np.mean(2 * hits / np.maximum(1, table.sum(axis=0) + table.sum(axis=1))))
