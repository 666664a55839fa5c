"""What categories that tickets carry teach, and when they teach nothing."""

import numpy as np
import pytest

from cxtext.topics.categories import FEWEST, learn_categories, with_categories

NAMES = ("billing", "delivery", "login", "defect")


def tickets(count=400, seed=1):
    """Rows whose category shows only weakly, in one of 30 directions."""
    draw = np.random.default_rng(seed)
    of = draw.integers(0, len(NAMES), count)
    rows = draw.standard_normal((count, 30)) + 2.0 * np.eye(30)[of]
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), of


def nearest_is_of_the_same(rows, of):
    alike = rows @ rows.T
    np.fill_diagonal(alike, -1)
    return (of[alike.argmax(axis=1)] == of).mean()


def test_tickets_without_a_category_profit_from_those_that_have_one():
    rows, of = tickets()
    carried = [NAMES[one] if number < 250 else None for number, one in enumerate(of.tolist())]
    weights = learn_categories(rows, carried)
    assert weights is not None
    better = with_categories(rows, weights, 0.5)
    assert np.allclose(np.linalg.norm(better, axis=1), 1)
    assert nearest_is_of_the_same(better[250:], of[250:]) > nearest_is_of_the_same(rows[250:], of[250:]) + 0.1


def test_categories_filled_in_by_chance_teach_nothing():
    rows, _ = tickets()
    by_chance = np.random.default_rng(2).integers(0, len(NAMES), len(rows))
    assert learn_categories(rows, [NAMES[one] for one in by_chance.tolist()]) is None


@pytest.mark.parametrize("carried", [[None] * 400, ["one"] * 400, ["one", "two"] * (FEWEST // 4) + [None] * 300])
def test_few_categories_teach_nothing(carried):
    rows, _ = tickets(len(carried))
    assert learn_categories(rows, carried) is None


def test_a_row_of_zeros_stays_one():
    rows, of = tickets()
    weights = learn_categories(rows, [NAMES[one] for one in of.tolist()])
    rows[3] = 0
    assert weights is not None
    assert not with_categories(rows, weights, 0.5)[3].any()
