"""Answers are closed, not overwritten; what is the same stays untouched."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from cxtext.domain import Assignment, Move, Rejected
from cxtext.errors import NotFound
from cxtext.store import Store, cases, read_tickets, read_topics, results, runs, tables
from tests.builders import DAY, MOMENT, case, reading, topic

ZONE = ZoneInfo("Europe/Berlin")
FIGURES = {
    "size": 1, "first_seen": DAY, "last_seen": DAY, "status": "steady", "sentiment": -0.5, "negative_share": 1.0,
    "departments": (("logistics", 1.0),), "causes": (),
}  # fmt: skip


def begin(store: Store, days: int = 0) -> int:
    with store.write() as connection:
        run = runs.begin(
            connection,
            kind="night",
            now=MOMENT,
            as_of=DAY + timedelta(days),
            exactly=True,
            recipe="fast",
            models_hash="m",
        )
        cases.keep(connection, [case(1), case(2, "Die Rechnung ist falsch")], run_id=run.id, zone=ZONE)
    return run.id


def publish(store: Store, run_id: int) -> None:
    with store.write() as connection:
        runs.publish(connection, run_id, now=MOMENT, counts={})


def test_an_equal_answer_is_not_written_again(store: Store) -> None:
    first = begin(store)
    with store.write() as connection:
        assert results.save_readings(connection, {1: reading(), 2: reading()}, first, always=False) == 2
    publish(store, first)
    second = begin(store, 1)
    with store.write() as connection:
        assert results.save_readings(connection, {1: reading(), 2: reading(0.5)}, second, always=False) == 1
        rows = list(read_tickets.tickets(connection, second))
    assert [row["run_id"] for row in rows] == [first, second]
    assert [row["sentiment"] for row in rows] == [-0.6, 0.5]


def test_the_answer_of_an_old_night_stays(store: Store) -> None:
    first = begin(store)
    with store.write() as connection:
        results.save_assignments(connection, [Assignment("file:1", "T-0001", 0.9)], {"file:1": 1}, first, always=set())
    publish(store, first)
    second = begin(store, 1)
    with store.write() as connection:
        results.save_assignments(connection, [Assignment("file:1", None)], {"file:1": 1}, second, always=set())
        assert [row["topic_id"] for row in read_tickets.tickets(connection, first)] == ["T-0001", None]
        assert [row["topic_id"] for row in read_tickets.tickets(connection, second)] == [None, None]


def test_a_merged_topic_leads_to_the_one_it_became_part_of(store: Store) -> None:
    run_id = begin(store)
    topics = [topic(1), topic(2, merged_into="T-0001")]
    with store.write() as connection:
        figures = [FIGURES | {"topic_id": one.id} for one in topics]
        results.save_topics(connection, topics, figures, run_id)
        assert read_topics.topic(connection, run_id, "T-0002")["topic_id"] == "T-0001"
        assert [row["topic_id"] for row in read_topics.topics(connection, run_id)] == ["T-0001"]
        with pytest.raises(NotFound, match="no topic T-0099"):
            read_topics.topic(connection, run_id, "T-0099")


def test_subtopics_belong_to_their_topic(store: Store) -> None:
    run_id = begin(store)
    topics = [topic(1), topic(2, parent_id="T-0001"), topic(3, parent_id="T-0002"), topic(4)]
    with store.write() as connection:
        results.save_topics(connection, topics, [FIGURES | {"topic_id": one.id} for one in topics], run_id)
        assert read_topics.below(connection, run_id, "T-0001") == ["T-0001", "T-0002", "T-0003"]


def test_every_move_is_a_line_of_the_ledger(store: Store) -> None:
    run_id = begin(store)
    with store.write() as connection:
        moves = [Move("file:2", "T-0001", None, "merged", "anna"), Move("file:1", None, "T-0001", "found")]
        results.save_moves(connection, moves, {"file:1": 1, "file:2": 2}, run_id=run_id, now=MOMENT)
        lines = list(read_topics.ledger(connection, run_id))
    assert [(line["ticket_id"], line["from_topic"], line["to_topic"], line["actor"]) for line in lines] == [
        ("1", None, "T-0001", "cxtext"), ("2", "T-0001", None, "anna"),
    ]  # fmt: skip


def test_the_same_bad_row_again_is_no_news(store: Store) -> None:
    run_id = begin(store)
    bad = Rejected(source="file", line=3, reason="no text", raw=";;;")
    with store.write() as connection:
        assert results.save_rejected(connection, [bad, bad], run_id) == 1
        assert results.save_rejected(connection, [bad], run_id) == 0
        assert len(list(read_tickets.quarantined(connection, run_id))) == 1


def test_the_newest_memory_counts_and_old_ones_go(store: Store) -> None:
    for number in range(5):
        run_id = begin(store, number)
        with store.write() as connection:
            results.save_memory(connection, b"night %d" % number, run_id=run_id, keep=2)
            assert results.load_memory(connection, run_id) == b"night %d" % number
            runs.publish(connection, run_id, now=MOMENT, counts={})
    with store.read() as connection:
        assert len(connection.execute(tables.memory.select()).all()) == 2


def test_cells_add_up(store: Store) -> None:
    run_id = begin(store)
    with store.write() as connection:
        results.save_readings(connection, {1: reading(), 2: reading(0.4, None, None)}, run_id, always=True)
        given = [Assignment("file:1", "T-0001", 0.9), Assignment("file:2", None)]
        results.save_assignments(connection, given, {"file:1": 1, "file:2": 2}, run_id, always=set())
        cells = read_topics.cells(connection, run_id)
        totals = read_tickets.totals(connection, run_id)
    assert sum(cell["count"] for cell in cells) == totals["tickets"] == 2
    assert sum(cell["negative"] for cell in cells) == 1
    assert totals["with_topic"] == 1
