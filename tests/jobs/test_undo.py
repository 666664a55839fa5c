"""An act taken back leaves everything as it was; the sums of the screens follow every act."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from cxtext.errors import ConfigurationError
from cxtext.jobs.acts import act_on_topics
from cxtext.jobs.corrections import correct
from cxtext.jobs.map import spread, turned_to
from cxtext.jobs.undo import undo
from cxtext.settings import Settings
from cxtext.store import Store, read_tally, read_tickets, read_topics, runs, tables
from cxtext.store.tally import FACETS
from cxtext.topics.acts import Merge, Rename, Split

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
ACTS: dict[str, Callable[[Store, Settings], int]] = {
    "rename": lambda store, settings: act_on_topics(
        store, settings, Rename(topic_id="T-0003", label="Neuer Name", by="anna", at=NOW), now=lambda: NOW
    ),
    "merge": lambda store, settings: act_on_topics(
        store, settings, Merge(from_ids=("T-0009",), into_id="T-0001", by="anna", at=NOW), now=lambda: NOW
    ),
    "split": lambda store, settings: act_on_topics(
        store, settings, Split(topic_id="T-0001", by="anna", at=NOW), now=lambda: NOW
    ),
    "correct": lambda store, settings: correct(
        store, settings, "demo:D-00005", {"topic": "T-0002", "sentiment": "positive", "cause": "none"}, by="anna", now=lambda: NOW
    ),
}  # fmt: skip


def shown(store: Store) -> dict[str, Any]:
    """All that screens show: tickets, topics, sums."""
    with store.read() as connection:
        run_id = runs.current(connection)
        return {
            "tickets": [
                {name: value for name, value in row.items() if name != "run_id"}
                for row in read_tickets.tickets(connection, run_id)
            ],
            "topics": {row["topic_id"]: row for row in read_topics.topics(connection, run_id)},
            "sums": {facet: read_tally.crossed(connection, run_id, facet) for facet in FACETS},
        }


def counted(store: Store) -> dict[tuple[str, str], int]:
    """Tickets per topic and department, counted anew."""
    with store.read() as connection:
        found: dict[tuple[str, str], int] = {}
        for row in read_tickets.tickets(connection, runs.current(connection)):
            key = (row["topic_id"] or "", row["department"] or "")
            found[key] = found.get(key, 0) + 1
        return found


def added_up(store: Store) -> dict[tuple[str, str], int]:
    with store.read() as connection:
        crossed = read_tally.crossed(connection, runs.current(connection), "department")
    return {(topic, value): count for topic, row in crossed.items() for value, (count, _) in row.items()}


@pytest.mark.parametrize("name", ACTS)
def test_what_is_taken_back_never_was_but_stays_in_the_history(demo_store: Store, name: str) -> None:
    settings = Settings.load(db=demo_store.url)
    before = shown(demo_store)
    run_id = ACTS[name](demo_store, settings)
    after = shown(demo_store)
    assert after != before
    assert added_up(demo_store) == counted(demo_store)
    undone = undo(demo_store, settings, run_id, by="anna", now=lambda: NOW)
    again = shown(demo_store)
    assert again["tickets"] == before["tickets"]
    assert again["sums"] == before["sums"]
    assert {key: again["topics"][key] for key in before["topics"]} == before["topics"]
    with demo_store.read() as connection:
        assert [act["kind"] for act in read_topics.acts(connection, undone)][-1] == "undo"
        for topic_id in after["topics"]:  # also those that a split had opened
            assert read_topics.topic(connection, undone, topic_id)
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.correction)) == 0
    with pytest.raises(ConfigurationError, match="cannot be taken back"):
        undo(demo_store, settings, run_id, by="anna", now=lambda: NOW)


def test_an_old_night_keeps_its_sums(demo_store: Store) -> None:
    settings = Settings.load(db=demo_store.url)
    with demo_store.read() as connection:
        old = runs.current(connection)
        before = read_tally.crossed(connection, old, "day")
    ACTS["merge"](demo_store, settings)
    with demo_store.read() as connection:
        assert read_tally.crossed(connection, old, "day") == before
        assert "T-0009" not in read_tally.crossed(connection, runs.current(connection), "day")


def test_sums_and_places_of_a_night_hold_every_ticket_and_topic(demo_store: Store) -> None:
    with demo_store.read() as connection:
        run_id = runs.current(connection)
        totals = read_tickets.totals(connection, run_id)
        for facet in FACETS:
            assert sum(one.count for one in read_tally.by_value(connection, run_id, facet)) == totals["tickets"]
        assert read_tally.span(connection, run_id) == (totals["first_day"], totals["last_day"])
        spots = read_tally.places(connection, run_id)
        with_tickets = {topic for topic in read_tally.by_topic(connection, run_id) if topic}
    assert {spot.topic_id for spot in spots} == with_tickets
    assert all(abs(spot.x) <= 1 and abs(spot.y) <= 1 for spot in spots)
    assert all(spot.topic_id not in dict(spot.neighbours) for spot in spots)


def test_places_follow_unlikeness_and_stay_from_night_to_night() -> None:
    directions = np.array([[1.0, 0, 0], [0.98, 0.199, 0], [0, 1, 0], [0, 0, 1]])
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    places = spread(directions @ directions.T)
    near, far = np.linalg.norm(places[0] - places[1]), np.linalg.norm(places[0] - places[3])
    assert near < 0.3 * far
    ids = ["a", "b", "c", "d"]
    turned = {name: (-float(y), float(x)) for name, (x, y) in zip(ids, places, strict=True)}
    assert np.allclose(turned_to(turned, ids, places), [turned[name] for name in ids], atol=0.05)
