"""Which fine communities are one issue."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from cxtext.topics.resolution import agreed, average_linkage, merge_alike, sums_of


def test_sums_leave_out_rows_without_topic():
    rows = np.eye(3, dtype=np.float32)
    sums, sizes = sums_of(rows, np.array([0, -1, 0]))
    assert sums.tolist() == [[1, 0, 1]]
    assert sizes.tolist() == [2]


def test_weighted_rows_count_as_often_as_they_stand_for():
    sums, sizes = sums_of(np.eye(2, dtype=np.float32), np.array([0, 1]), np.array([3, 1], dtype=np.float32))
    assert sums.tolist() == [[3, 0], [0, 1]]
    assert sizes.tolist() == [3, 1]


def test_the_most_alike_join_first_and_strangers_never():
    alike = np.array([[1.0, 0.8, 0.1], [0.8, 1.0, 0.1], [0.1, 0.1, 1.0]])
    ones = np.ones(3)
    assert average_linkage(alike, ones, 0.5).tolist() == [0, 0, 1]
    assert average_linkage(alike, ones, 0.05).tolist() == [0, 0, 0]
    assert average_linkage(alike, ones, 0.9).tolist() == [0, 1, 2]


def test_a_split_issue_becomes_one_again_and_others_stay_apart():
    random = np.random.default_rng(2)
    centres = np.linalg.qr(random.standard_normal((60, 6)))[0].T
    truth = np.repeat(np.arange(6), 40)
    rows = centres[truth] * 0.6 + random.standard_normal((240, 60)) / np.sqrt(60)
    rows -= rows.mean(axis=0)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    split = np.where((truth == 0) & (np.arange(240) % 2 == 0), 6, truth)
    for merged in merge_alike(rows, split):
        groups = merged.groups[split]
        assert len({*groups[truth == 0].tolist()}) == 1
        assert len({*groups.tolist()}) == 6


def test_the_majority_of_partitions_decides():
    one, other, third = np.array([0, 0, 1, 1]), np.array([5, 5, 5, 2]), np.array([1, 1, 0, 0])
    assert agreed([one, other, third]).tolist() == [0, 0, 1, 1]


def test_what_was_known_has_a_say_but_does_not_decide_alone():
    split, whole, known = np.array([0, 0, 1, 1]), np.zeros(4, np.int64), np.full(4, 7)
    assert agreed([split, split, whole]).tolist() == split.tolist()
    assert agreed([split, split, whole], known).tolist() == whole.tolist()
    assert agreed([split] * 9, known).tolist() == split.tolist()


@given(st.integers(2, 12), st.integers(0, 2**32 - 1), st.floats(0.05, 0.95))
def test_linkage_joins_as_the_textbook_does(count, seed, threshold):
    """scipy's average linkage, cut at the same height, on random similarities."""
    rows = np.random.default_rng(seed).random((count, 4))
    alike = np.exp(-((rows[:, None] - rows[None]) ** 2).sum(axis=2))
    ours = average_linkage(alike, np.ones(count), threshold)
    tree = linkage(squareform(1 - alike, checks=False), method="average")
    theirs = fcluster(tree, 1 - threshold, "distance")
    assert len({*zip(ours.tolist(), theirs.tolist(), strict=True)}) == len({*ours.tolist()}) == len({*theirs.tolist()})
