"""Learn labels from rules, corrections and labelled history; a person's word weighs more than a rule's."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cxtext.causes.calibration import Curve, Integers, bend, fit_curve, fit_temperature, threshold_for
from cxtext.causes.features import Facts, Floats, fit_features
from cxtext.causes.label_model import WANTED, LabelModel, combine
from cxtext.causes.softmax import fit_softmax, probabilities_of
from cxtext.causes.weak_labels import weak_targets

WEAK = 0.3  # what a rule's opinion counts against a person's
HALF_LIFE = 400  # corrections after which rules count half as much
FOLDS = 4
FEWEST_FOR_CALIBRATION = 40


def learn(
    texts: Sequence[str],
    truth: Sequence[str | None],
    labels: Sequence[str],
    *,
    rules: Floats | None = None,
    facts: Sequence[Facts] | None = None,
    meanings: Floats | None = None,
    unbiased: Sequence[bool] | None = None,
    seed: int = 0,
    calibrate: bool = True,
) -> LabelModel:
    """Fit a model to all texts: those with a `truth` as given, the others as the rules see them.

    Args:
        texts: all texts at hand, also unlabelled ones: they teach which words go together.
        truth: the label a person gave, or None.
        labels: every label the model may answer with.
        rules: rule logits (texts, labels), or None where no rules exist for these labels.
        facts: what columns say about each text, or None to learn from texts alone.
        meanings: the texts as rows of an embedder, shape (texts, dimensions): few labels then teach more words.
        unbiased: which labelled texts were drawn at random; corrections chosen for being doubtful teach well but would
            make every confidence look too high. None: all of them, as in a labelled history.
        seed: decides the folds of the calibration, nothing else.
        calibrate: costs four more fits; between two batches of corrections nobody needs it.
    """
    column = {label: number for number, label in enumerate(labels)}
    known = np.array([column.get(label, -1) if label is not None else -1 for label in truth])
    features = fit_features(texts, facts)
    matrix = features.matrix(texts, facts)
    corrections = int((known >= 0).sum())
    rule_share = 0.0 if rules is None else 0.5 + 0.5 * HALF_LIFE / (HALF_LIFE + corrections)
    targets, weights = training_targets(known, len(labels), rules)
    temperature, thresholds = 1.0, None
    curve: Curve = ()
    drawn = known >= 0 if unbiased is None else (known >= 0) & np.array(unbiased, dtype=bool)
    if calibrate and drawn.sum() >= FEWEST_FOR_CALIBRATION:
        rows = np.flatnonzero(drawn)
        views = [matrix] if meanings is None else [matrix, meanings]
        held_out = _held_out(views, rows, targets, weights, rules, rule_share, seed)
        temperature = fit_temperature(held_out, known[rows])
        found = probabilities_of(held_out / temperature)
        curve = fit_curve(found, known[rows])
        thresholds = _thresholds(bend(found, curve), known[rows])
    return LabelModel(
        labels=tuple(labels),
        features=features,
        softmax=fit_softmax(matrix, targets, weights),
        rule_share=rule_share,
        temperature=temperature,
        curve=curve,
        thresholds=thresholds,
        meaning=None if meanings is None else fit_softmax(meanings, targets, weights),
    )


def training_targets(known: Integers, labels: int, rules: Floats | None) -> tuple[Floats, Floats]:
    """Soft targets (texts, labels) and weights: corrections 1, rules `WEAK`, fewer with every correction."""
    corrected = known >= 0
    if rules is None:
        targets, trust = np.full((len(known), labels), 1 / labels), np.zeros(len(known))
    else:
        targets, trust = weak_targets(rules)
    fading = WEAK * HALF_LIFE / (HALF_LIFE + corrected.sum())
    weights: Floats = np.where(corrected, 1.0, fading * trust)
    if rules is None:
        weights = weights * _balance(known, labels)
    targets = targets.copy()
    targets[corrected] = np.eye(labels)[known[corrected]]
    return targets, weights


def _balance(known: Integers, labels: int) -> Floats:
    """Rare labels weigh more, by the square root: full balance costs accuracy, none forgets small departments."""
    counts = np.bincount(known[known >= 0], minlength=labels)
    wanted: Floats = 1 / np.sqrt(np.maximum(counts[np.maximum(known, 0)], 1))
    return wanted / max(float(wanted[known >= 0].mean()), 1e-12) if (known >= 0).any() else wanted


def _held_out(
    views: Sequence[Any],
    rows: Integers,
    targets: Floats,
    weights: Floats,
    rules: Floats | None,
    rule_share: float,
    seed: int,
) -> Floats:
    """Logits of these texts from models that did not see their labels."""
    folds = np.random.default_rng(seed).permutation(len(rows)) % FOLDS
    logits = np.zeros((len(rows), targets.shape[1]))
    for fold in range(FOLDS):
        out = rows[folds == fold]
        kept = np.setdiff1d(np.flatnonzero(weights > 0), out)
        text, *meaning = (fit_softmax(view[kept], targets[kept], weights[kept]).logits(view[out]) for view in views)
        own = None if rules is None else rules[out]
        logits[folds == fold] = combine(text, own, rule_share, *meaning)
    return logits


def _thresholds(probabilities: Floats, truth: Integers) -> dict[float, float]:
    correct = probabilities.argmax(axis=1) == truth
    return {wanted: threshold_for(probabilities.max(axis=1), correct, wanted) for wanted in WANTED}
