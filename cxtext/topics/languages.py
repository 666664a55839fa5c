"""One issue in two languages: topics of different languages that mean the same come together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxtext.topics.graph import Index, Matrix
from cxtext.topics.resolution import sums_of

FEWEST = 60  # texts of a language; of fewer, what they share is their topic
OWN = 0.8  # share of a topic's texts that are in its language
SAME = 0.4  # cosine of two topics' centres, each without what its language shares, from which on they are one issue


def join_languages(rows: Matrix, labels: Index, spoken: Index) -> Index:
    """Give two topics of different languages one number where they are each other's nearest and near enough.

    Two languages share few spellings, so the neighbours of a text speak its language and communities do too. What a
    topic says beyond the ordinary text of its language is comparable: each centre is taken without the mean of its
    language (as Yang et al. 2021 remove what encodes language from sentence vectors). A topic joins at most one topic
    of each other language.

    Args:
        rows: shape (n, dimensions), of any length.
        labels: topic of each row, -1 for none.
        spoken: number of each row's language, from 0.

    Returns:
        Labels; of two topics that are one, the larger keeps its number and the other's is not used any more.
    """
    if not (labels >= 0).any():
        return labels
    ours, centres, sizes = _centres(rows, labels, spoken)
    found: list[tuple[float, int, int]] = []
    for one in np.unique(ours[ours >= 0]).tolist():
        for other in np.unique(ours[ours > one]).tolist():
            found += _mutual(centres, np.flatnonzero(ours == one), np.flatnonzero(ours == other))
    group = np.arange(len(ours))
    for _, left, right in sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2])):
        first, second = int(group[left]), int(group[right])
        if not set(ours[group == first].tolist()) & set(ours[group == second].tolist()):
            kept, gone = (first, second) if (-sizes[first], first) < (-sizes[second], second) else (second, first)
            group[group == gone] = kept
    return np.where(labels >= 0, group[labels], -1)


def codes(languages: Sequence[str], kind: Index) -> Index:
    """The number of the language of each kind of row; where equal rows are of several, that of the first by name."""
    number = np.unique(np.asarray(languages, dtype=str), return_inverse=True)[1]
    spoken = np.full(int(kind.max(initial=-1)) + 1, len(languages), dtype=np.int64)
    np.minimum.at(spoken, kind, number.ravel())
    return spoken


def _centres(rows: Matrix, labels: Index, spoken: Index) -> tuple[Index, Matrix, NDArray[np.float64]]:
    """Per topic: its language (-1: several, or a rare one), the direction of its centre beyond its language, its size."""
    topics = int(labels.max(initial=-1)) + 1
    languages = int(spoken.max(initial=-1)) + 1
    means, texts = sums_of(rows, spoken)
    means /= np.maximum(texts, 1)[:, None].astype(np.float32)
    # Each topic's sum in each language, without a copy of the rows.
    cells = np.where(labels >= 0, labels * languages + spoken, -1)
    sums = np.zeros((topics * languages, rows.shape[1]), np.float32)
    counts = np.zeros(topics * languages)
    known, sizes = sums_of(rows, cells)
    sums[: len(known)], counts[: len(sizes)] = known, sizes
    table = counts.reshape(topics, languages)
    main = table.argmax(axis=1)
    rich = table.max(axis=1) >= OWN * table.sum(axis=1)
    places = np.arange(topics)
    centres = (
        sums.reshape(topics, languages, -1)[places, main] - table[places, main, None].astype(np.float32) * means[main]
    )
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    ours = np.where(rich & (texts[main] >= FEWEST), main, -1)
    return ours, np.asarray(centres, np.float32), table.sum(axis=1)


def _mutual(centres: Matrix, one: Index, other: Index) -> list[tuple[float, int, int]]:
    """Pairs that are each other's nearest, near enough: cosine, topic, topic."""
    near = np.round(centres[one] @ centres[other].T, 5)
    best, back = near.argmax(axis=1), near.argmax(axis=0)
    return [
        (float(near[row, column]), int(one[row]), int(other[column]))
        for row, column in enumerate(best.tolist())
        if back[column] == row and near[row, column] >= SAME
    ]
