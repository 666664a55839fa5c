"""How much alike the topics are in what they are about, whatever language their tickets are written in."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxtext.topics.languages import FEWEST
from cxtext.topics.memory import Memory

Floats = NDArray[np.float64]
AT_ONCE = 64  # of some 600 dimensions: 40,000 texts take 40 MB instead of 400


def likeness(memory: Memory, ids: Sequence[str]) -> Floats:
    """Cosines (n, n) of the topics' centres, each text taken without what the texts of its language share.

    Two topics about nothing in common have about 0, two that say the same some 0.4 or more. A language of fewer than
    `FEWEST` texts is taken without what all texts share.
    """
    if not ids or not len(memory.vectors):
        return np.zeros((len(ids), len(ids)))
    spoken = np.array([member.language for member in memory.members])
    number = {topic_id: place for place, topic_id in enumerate(ids)}
    of = np.array([number.get(member.topic_id, -1) for member in memory.members])
    groups = [mine for language in np.unique(spoken).tolist() if (mine := spoken == language).sum() >= FEWEST]
    centres = np.zeros((len(ids), memory.vectors.shape[1]))
    for first in range(0, centres.shape[1], AT_ONCE):
        rows = memory.vectors[:, first : first + AT_ONCE].astype(np.float64)
        beyond = rows - rows.mean(axis=0)
        for mine in groups:
            beyond[mine] = rows[mine] - rows[mine].mean(axis=0)
        np.add.at(centres[:, first : first + AT_ONCE], of[of >= 0], beyond[of >= 0])
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    return centres @ centres.T
