"""Recent tickets whose neighbours are recent too."""

import numpy as np

from cxtext.topics.assign import Floats
from cxtext.topics.novelty import find_novel


def around(directions: list[int], spread: float = 0.5, dimensions: int = 24) -> Floats:
    """One row of length 1 around each of these directions."""
    draw = np.random.default_rng(7)
    rows = np.eye(dimensions)[directions] + spread * draw.standard_normal((len(directions), dimensions)) / 5
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def test_a_new_issue_inside_a_known_topic_is_found() -> None:
    rows = around([0] * 60 + [1] * 60 + [2] * 12)
    topics = np.array([0] * 60 + [1] * 60 + [0] * 12)
    since = np.array([0] * 50 + [3] * 10 + [0] * 55 + [3] * 5 + [3] * 12)
    (group,) = find_novel(rows, topics, since, 0.4)
    assert sorted(group.tolist()) == list(range(120, 132))


def test_more_of_what_is_known_is_nothing_new() -> None:
    rows = around([0] * 60 + [1] * 60)
    since = np.array([0] * 50 + [3] * 10 + [0] * 50 + [3] * 10)
    assert find_novel(rows, np.repeat([0, 1], 60), since, 0.4) == ()


def test_a_topic_that_is_new_itself_tells_of_no_other() -> None:
    rows = around([0] * 60 + [1] * 60 + [2] * 12)
    topics = np.array([0] * 60 + [1] * 60 + [2] * 12)
    since = np.array([0] * 120 + [3] * 12)
    assert find_novel(rows, topics, since, 0.4) == ()


def test_in_a_young_store_nothing_is_old() -> None:
    rows = around([0] * 20 + [1] * 20)
    assert find_novel(rows, np.full(40, -1), np.full(40, 1), 0.2) == ()
