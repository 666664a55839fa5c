"""Multinomial logistic regression that learns from probabilities: weak labels of rules are doubts, not facts."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cxtext.causes.features import Floats

STRENGTH = 10.0  # weight of the data against the ridge penalty; see models/cards/causes.md for what was compared
ITERATIONS = 60


@dataclass(frozen=True, slots=True)
class Softmax:
    """Weights of shape (features, labels) and a bias per label."""

    weights: Floats
    bias: Floats

    def logits(self, matrix: Any) -> Floats:
        """Unnormalised log probabilities, shape (texts, labels)."""
        found: Floats = np.asarray(matrix @ self.weights) + self.bias
        return found


def probabilities_of(logits: Floats) -> Floats:
    """Rows that sum to 1."""
    powers: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = powers / powers.sum(axis=1, keepdims=True)
    return found


def fit_softmax(matrix: Any, targets: Floats, weights: Floats, *, strength: float = STRENGTH) -> Softmax:
    """Fit `matrix` (texts, features), sparse or dense, by L-BFGS to soft `targets` (texts, labels) with one weight per text; no randomness is involved."""
    from scipy.optimize import minimize  # noqa: PLC0415 - a third of a second that `cxtext --help` must not pay

    features, labels = matrix.shape[1], targets.shape[1]
    transposed = matrix.T.tocsr() if hasattr(matrix, "tocsr") else matrix.T
    weighted = targets * weights[:, None]
    mass = weighted.sum(axis=1, keepdims=True)

    def loss(flat: Floats) -> tuple[float, Floats]:
        coefficients, bias = flat[:-labels].reshape(features, labels), flat[-labels:]
        logits = np.asarray(matrix @ coefficients) + bias
        logits -= logits.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(logits).sum(axis=1, keepdims=True))
        difference = mass * np.exp(logits - log_sum) - weighted
        value = -strength * float((weighted * (logits - log_sum)).sum()) + 0.5 * float((coefficients**2).sum())
        slope = strength * np.asarray(transposed @ difference) + coefficients
        return value, np.concatenate([slope.ravel(), strength * difference.sum(axis=0)])

    options = {"maxiter": ITERATIONS, "maxcor": 5}
    found = minimize(loss, np.zeros((features + 1) * labels), jac=True, method="L-BFGS-B", options=options).x
    return Softmax(found[:-labels].reshape(features, labels), found[-labels:])
