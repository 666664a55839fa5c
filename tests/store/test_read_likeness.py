"""Which topics look like one: what a person is asked to judge."""

from dataclasses import replace

import pytest

from cxtext.store import Store, read_likeness, results, runs
from cxtext.store.tally_tables import topic_place
from tests.builders import DAY, MOMENT, topic

NEAR = {
    "T-0001": [["T-0002", 0.7], ["T-0003", 0.6]],
    "T-0002": [["T-0001", 0.7], ["T-0004", 0.1]],
    "T-0003": [["T-0001", 0.6]],  # whose nearest is another: no pair
    "T-0004": [["T-0005", 0.39]],
    "T-0005": [["T-0004", 0.39]],  # too little alike to be one
    "T-0006": [["T-0007", 0.9]],
    "T-0007": [["T-0006", 0.9]],  # merged
}
SIZES = dict(zip(NEAR, (5, 9, 1, 1, 1, 3, 2), strict=True))


@pytest.fixture
def run_id(store: Store) -> int:
    figures = {
        "first_seen": DAY, "last_seen": DAY, "status": "steady", "sentiment": None, "negative_share": 0.0,
        "departments": (), "causes": (),
    }  # fmt: skip
    known = [topic(number, label=f"name of {one}") for number, one in enumerate(NEAR, 1)]
    known[-1] = replace(known[-1], merged_into="T-0006")
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=MOMENT, as_of=DAY, recipe="fast", models_hash="m")
        rows = [figures | {"topic_id": one, "size": SIZES[one]} for one in NEAR]
        results.save_topics(connection, known, rows, run.id)
        spots = [{"id": one, "x": 0.0, "y": 0.0, "neighbours": near} for one, near in NEAR.items()]
        results.replace_rows(connection, topic_place, "id", spots, run.id, always=set())
        runs.publish(connection, run.id, now=MOMENT, counts={})
    return run.id


def test_each_other_s_nearest_that_are_near_enough_look_like_one_the_larger_first(store: Store, run_id: int) -> None:
    with store.read() as connection:
        (pair,) = read_likeness.twins(connection, run_id)
    assert (pair.topic_id, pair.size, pair.other_id, pair.other_size) == ("T-0002", 9, "T-0001", 5)
    assert (pair.label, pair.other_label, pair.likeness) == ("name of T-0002", "name of T-0001", 0.7)


def test_what_is_like_a_topic_comes_nearest_first_without_merged_ones(store: Store, run_id: int) -> None:
    with store.read() as connection:
        near = read_likeness.alike(connection, run_id, "T-0001")
        none = read_likeness.alike(connection, run_id, "T-0006"), read_likeness.alike(connection, run_id, "T-9999")
    assert [(one.other_id, one.likeness) for one in near] == [("T-0002", 0.7), ("T-0003", 0.6)]
    assert none == ([], [])
