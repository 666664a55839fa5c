"""Neighbours: exact where few, nearly so where many, and the same in any order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.topics import graph


def directions(rows, dimensions=24, seed=0):
    vectors = np.random.default_rng(seed).standard_normal((rows, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_neighbours_are_those_of_a_plain_comparison():
    vectors = directions(300)
    found, cosines = graph.nearest(vectors, 7)
    cosine = vectors @ vectors.T
    np.fill_diagonal(cosine, -np.inf)
    np.testing.assert_allclose(cosines, -np.sort(-cosine, axis=1)[:, :7], atol=1e-6)
    assert (found != np.arange(300)[:, None]).all()


def test_cells_find_nearly_all_neighbours(monkeypatch):
    centres = directions(40, seed=1)
    vectors = np.repeat(centres, 50, axis=0) + 0.15 * directions(2000, seed=2)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    exact, _ = graph.nearest(vectors, 10)
    monkeypatch.setattr(graph, "LARGEST_EXACT", 100)
    quick, _ = graph.nearest(vectors, 10)
    hits = [len({*one} & {*other}) for one, other in zip(exact.tolist(), quick.tolist(), strict=True)]
    assert np.mean(hits) > 9.3


def test_a_row_has_at_most_all_others_as_neighbours():
    found, _ = graph.nearest(directions(4), 10)
    assert found.shape == (4, 3)


@given(st.permutations(range(12)))
def test_the_canonical_order_depends_on_content_alone(order):
    vectors = directions(12)[[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]]
    first, kind = graph.canonical_order(vectors)
    mixed = vectors[list(order)]
    other, other_kind = graph.canonical_order(mixed)
    assert np.array_equal(vectors[first], mixed[other])
    assert np.array_equal(vectors[first][kind], vectors)
    assert np.array_equal(mixed[other][other_kind], mixed)


def test_the_graph_is_symmetric_and_without_negative_weights():
    weights = graph.affinity(*graph.nearest(directions(60, dimensions=3), 5))
    assert abs(weights - weights.T).max() < 1e-7
    assert weights.data.min() > 0


@pytest.mark.parametrize("dimensions", [5, 24, 100])
def test_reduced_rows_keep_length_one(dimensions):
    rows = graph.reduced(directions(50), dimensions)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows.shape[1] == min(dimensions, 24)
