"""What is new inside topics that seem known: recent tickets whose neighbours are recent too."""

import numpy as np
from numpy.typing import NDArray

from cxtext.topics.assign import Floats, Ints
from cxtext.topics.graph import BLOCK, largest
from cxtext.topics.residue import find_new

RECENT = 0.2  # share of all tickets, the last that came, that is called recent
NEAREST = 10  # neighbours that are asked…
TELLING = 6  # …of whom so many must be recent: by chance that happens to six tickets in a thousand
CELLS = 25_000_000  # similarities at once: 400 MB with what ranking them takes
NEW_ITSELF = 0.5  # share of recent tickets from which on a topic is new, and nothing in it tells of another


def find_novel(rows: Floats, topics: Ints, since: Ints, alike: float) -> tuple[Ints, ...]:
    """Groups of recent rows among whose nearest neighbours the recent ones are far more than their share.

    A new issue that differs by a nuance from a known one is claimed by it, ticket after ticket. But who belongs to an
    old issue has old neighbours, and who belongs to a new one has none.

    Args:
        rows: shape (n, dimensions), length 1.
        topics: of each row, -1 for none.
        since: the night in which each came.
        alike: mean cosine that a group must have.
    """
    recent = _recent(since)
    if recent.mean() > 2 * RECENT:  # too young a store: nothing is old
        return ()
    known = topics >= 0
    share = np.bincount(topics[known], recent[known]) / np.maximum(np.bincount(topics[known]), 1)
    recent &= ~(known & (share[topics] > NEW_ITSELF))
    asking = np.flatnonzero(recent & rows.any(axis=1))
    novel: list[int] = []
    step = min(BLOCK, max(CELLS // len(rows), 1))
    for start in range(0, len(asking), step):
        block = asking[start : start + step]
        near = np.round(rows[block] @ rows.T, 5)
        near[np.arange(len(block)), block] = -1
        chosen = largest(near, min(NEAREST, len(rows) - 1))[0]
        novel += block[recent[chosen].sum(axis=1) >= TELLING].tolist()
    pool = np.array(novel, dtype=np.int64)
    return tuple(pool[find.rows] for find in find_new(rows[pool], alike)) if len(pool) else ()


def _recent(since: Ints) -> NDArray[np.bool_]:
    edge = int(np.quantile(since, 1 - RECENT, method="higher"))
    return since > edge if bool((since > edge).any()) else since >= max(edge, 1)
