"""How fine the topics should be: candidates from the data, the choice by silhouette."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from cxtext.topics.graph import Index, Matrix

CANDIDATES = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.7, 8.0)
SAMPLE = 4000  # rows whose silhouette is averaged


def centres_of(vectors: Matrix, labels: Index, weights: NDArray[np.float32] | None = None) -> Matrix:
    """The direction of each topic: the (weighted) mean of its rows, length 1; rows labelled -1 do not count."""
    inside = np.flatnonzero(labels >= 0)
    count = int(labels.max(initial=-1)) + 1
    values = np.ones(len(inside), np.float32) if weights is None else weights[inside]
    sums = np.asarray(csr_matrix((values, (labels[inside], inside)), (count, len(labels))) @ vectors, dtype=np.float32)
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def silhouette(vectors: Matrix, labels: Index) -> float:
    """The simplified silhouette (Hruschka, de Castro and Campello 2004) by cosine distance to the topics' centres."""
    centres = centres_of(vectors, labels)
    if len(centres) < 2:
        return -1.0
    step = max(len(vectors) // SAMPLE, 1)
    rows = np.arange(0, len(vectors), step)
    distance = 1 - vectors[rows] @ centres.T
    own = np.take_along_axis(distance, labels[rows, None], axis=1)[:, 0]
    np.put_along_axis(distance, labels[rows, None], np.inf, axis=1)
    other = distance.min(axis=1)
    return float(((other - own) / np.maximum(np.maximum(own, other), 1e-9)).mean())
