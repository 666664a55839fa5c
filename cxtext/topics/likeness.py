"""How much alike the topics are in what they are about, whatever language their tickets are written in."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxtext.topics.languages import FEWEST
from cxtext.topics.memory import Memory

Floats = NDArray[np.float64]


def likeness(memory: Memory, ids: Sequence[str]) -> Floats:
    """Cosines (n, n) of the topics' centres, each text taken without what the texts of its language share.

    Two topics about nothing in common have about 0, two that say the same some 0.4 or more. A language of fewer than
    `FEWEST` texts is taken without what all texts share.
    """
    rows = memory.vectors.astype(np.float64)
    if not ids or not len(rows):
        return np.zeros((len(ids), len(ids)))
    spoken = np.array([member.language for member in memory.members])
    beyond = rows - rows.mean(axis=0)
    for language in np.unique(spoken).tolist():
        mine = spoken == language
        if mine.sum() >= FEWEST:
            beyond[mine] = rows[mine] - rows[mine].mean(axis=0)
    number = {topic_id: place for place, topic_id in enumerate(ids)}
    centres = np.zeros((len(ids), rows.shape[1]))
    for row, member in enumerate(memory.members):
        if member.topic_id in number:
            centres[number[member.topic_id]] += beyond[row]
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    return centres @ centres.T
