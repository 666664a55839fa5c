"""Communities: what is near comes together, whatever the order; what is alone stays alone."""

import numpy as np
import pytest

from cxtext.topics.communities import Members, assign_to, find_communities


def bundles(sizes, spread=0.25, dimensions=32, seed=3):
    """Rows of length 1 around one direction per size."""
    random = np.random.default_rng(seed)
    centres = np.linalg.qr(random.standard_normal((dimensions, len(sizes))))[0].T
    truth = np.repeat(np.arange(len(sizes)), sizes)
    rows = centres[truth] + spread * random.standard_normal((len(truth), dimensions)) / np.sqrt(dimensions)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), truth


def same_groups(one, two):
    return len({*zip(one.tolist(), two.tolist(), strict=True)}) == len({*one.tolist()}) == len({*two.tolist()})


def test_clear_bundles_are_found_whatever_their_sizes():
    vectors, truth = bundles([60, 50, 45, 30, 20])
    assert same_groups(find_communities(vectors).labels, truth)


def test_another_order_gives_the_same_topics():
    vectors, _ = bundles([80, 40, 30, 30], spread=0.8)
    order = np.random.default_rng(1).permutation(len(vectors))
    straight, mixed = find_communities(vectors), find_communities(vectors[order])
    assert np.array_equal(mixed.labels, straight.labels[order])
    assert np.array_equal(mixed.confidence, straight.confidence[order])


def test_equal_texts_share_a_topic():
    vectors, _ = bundles([40, 30], spread=1.0)
    doubled = np.vstack([vectors, vectors])
    labels = find_communities(doubled).labels
    assert np.array_equal(labels[: len(vectors)], labels[len(vectors) :])


def test_rows_of_zeros_get_no_topic():
    vectors, _ = bundles([40, 30])
    vectors[5] = 0
    found = find_communities(vectors)
    assert found.labels[5] == -1
    assert found.confidence[5] == 0


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_next_to_nothing_is_no_error(count):
    vectors, _ = bundles([5])
    assert len(find_communities(vectors[:count]).labels) == count


def test_every_topic_has_a_middle_and_a_top_group():
    vectors, _ = bundles([30] * 12)
    found = find_communities(vectors)
    assert found.parents.shape == (found.labels.max() + 1, 2)
    assert (found.parents >= 0).all()


def test_a_new_row_joins_the_topic_of_its_neighbours():
    vectors, truth = bundles([50, 40, 30])
    topics, confidence = assign_to(vectors[::7], Members(vectors, truth))
    assert np.array_equal(topics, truth[::7])
    assert (confidence > 0.5).all()


def test_a_row_unlike_all_gets_no_topic():
    vectors, truth = bundles([50, 40], dimensions=64)
    stranger = np.zeros((1, 64), np.float32)
    basis = np.linalg.svd(vectors - vectors.mean(axis=0))[2][-1]
    stranger[0] = basis
    topics, confidence = assign_to(stranger, Members(vectors, truth))
    assert topics[0] == -1
    assert confidence[0] == 0
