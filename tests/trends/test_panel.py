"""Facts about the table of a night: every node of the tree, groups added up, days without data left out."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cxtext.trends.panel import EVERYTHING, Node, build_panel, missing_days, per_thousand

DAY = date(2026, 1, 5)  # a Monday
TOPICS = {"T-1": "G-1", "T-2": "G-1", "T-3": None, "G-1": None}
HOTLINE = Node("T-1", "channel", "phone")


def test_groups_are_the_sums_of_their_topics() -> None:
    rows = [(Node(EVERYTHING), DAY, 6), (Node("T-1"), DAY, 1), (Node("T-2"), DAY, 2), (Node("T-3"), DAY, 3)]
    panel = build_panel(rows, TOPICS, DAY, DAY)
    assert dict(zip(panel.nodes, panel.counts[0].tolist(), strict=True)) == {
        Node(EVERYTHING): 6, Node("G-1"): 3, Node("T-1"): 1, Node("T-2"): 2, Node("T-3"): 3,
    }  # fmt: skip


def test_slices_hang_below_their_topic_and_topics_below_their_group() -> None:
    rows = [(Node(EVERYTHING), DAY, 1), (Node("T-1"), DAY, 1), (HOTLINE, DAY, 1)]
    parents = build_panel(rows, TOPICS, DAY, DAY).parents
    assert parents[HOTLINE.name] == Node("T-1").name
    assert parents[Node("T-1").name] == Node("G-1").name
    assert parents[Node("G-1").name] == Node(EVERYTHING).name
    assert Node(EVERYTHING).name not in parents


def test_a_part_of_the_panel_keeps_what_stands_above() -> None:
    rows = [(Node(EVERYTHING), DAY, 4), (Node("T-1"), DAY, 1), (HOTLINE, DAY, 1), (Node("T-3"), DAY, 3)]
    part = build_panel(rows, TOPICS, DAY, DAY).only([HOTLINE])
    assert part.nodes == [Node(EVERYTHING), Node("G-1"), Node("T-1"), HOTLINE]
    assert set(part.parents) == {Node("G-1").name, Node("T-1").name, HOTLINE.name}


def test_a_circle_in_the_tree_ends() -> None:
    rows = [(Node(EVERYTHING), DAY, 2), (Node("A"), DAY, 1)]
    panel = build_panel(rows, {"A": "B", "B": "A"}, DAY, DAY)
    assert Node("B") in panel.nodes


@given(st.lists(st.tuples(st.sampled_from(["T-1", "T-2", "T-3"]), st.integers(0, 4), st.integers(0, 9)), max_size=30))
def test_no_part_exceeds_its_whole_in_any_order(cells: list[tuple[str, int, int]]) -> None:
    rows = [(Node(topic), DAY + timedelta(day), count) for topic, day, count in cells]
    rows += [(Node(EVERYTHING), day, count) for _, day, count in rows]
    there = build_panel(rows, TOPICS, DAY, DAY + timedelta(4))
    back = build_panel(rows[::-1], TOPICS, DAY, DAY + timedelta(4))
    assert there.nodes == back.nodes
    np.testing.assert_array_equal(there.counts, back.counts)
    for child, parent in there.parents.items():
        column = {node.name: place for place, node in enumerate(there.nodes)}
        assert (there.counts[:, column[child]] <= there.counts[:, column[parent]]).all()


def test_a_silent_day_of_a_busy_company_has_no_data() -> None:
    days = [DAY + timedelta(offset) for offset in range(70)]
    total = np.array([0.0 if day.weekday() >= 5 else 20.0 for day in days])
    total[60] = 0.0
    assert np.flatnonzero(missing_days(total, days)).tolist() == [60]
    assert not missing_days(total, days, closed=[days[60]]).any()
    assert not missing_days(np.minimum(total, 3.0), days).any()


def test_days_without_data_are_no_zeros() -> None:
    rows = [(Node(EVERYTHING), DAY + timedelta(offset), 9) for offset in range(40) if offset != 35]
    rows += [(Node("T-3"), DAY + timedelta(offset), 9) for offset in range(40) if offset != 35]
    panel = build_panel(rows, TOPICS, DAY, DAY + timedelta(39))
    assert np.isnan(panel.counts[35]).all()
    assert not np.isnan(panel.counts[36]).any()


def test_volumes_beside_counts() -> None:
    np.testing.assert_array_equal(per_thousand(np.array([[2.0], [1.0]]), np.array([100.0, 0.0])), [[20.0], [np.nan]])
