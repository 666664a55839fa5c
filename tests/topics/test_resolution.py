"""Which fine communities are one issue."""

import numpy as np

from cxtext.topics.resolution import average_linkage, merge_alike, sums_of


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
    groups = merge_alike(rows, split).groups[split]
    assert len({*groups[truth == 0].tolist()}) == 1
    assert len({*groups.tolist()}) == 6
