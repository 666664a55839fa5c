"""Facts about the tables of trends: customers are counted, only touched days are written, late tickets are remembered."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cxtext.domain import Assignment
from cxtext.store import Store, cases, day_tally, results, runs, signals
from cxtext.store.signal_tables import day_tally as table
from tests.builders import DAY, MOMENT, case, reading

ZONE = ZoneInfo("Europe/Berlin")


def night(store: Store, day: date, *rows: tuple[int, int, str | None, str], topic: str = "T-0001") -> runs.Run:
    """A published night with tickets (number, days after the first Monday, customer, text)."""
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=MOMENT, as_of=day, exactly=True, recipe="fast", models_hash="m")
        fresh = [
            case(number, text, created_at=MOMENT + timedelta(offset), customer_id=who, csat=4.0)
            for number, offset, who, text in rows
        ]
        cases.keep(connection, fresh, run_id=run.id, zone=ZONE)
        numbers = cases.number_of(connection, [one.key for one in fresh])
        results.save_readings(connection, {numbers[one.key]: reading() for one in fresh}, run.id, always=True)
        given = [Assignment(one.key, topic, 0.9) for one in fresh]
        results.save_assignments(connection, given, numbers, run.id, always=set())
        day_tally.update(connection, run.id)
        signals.note_arrivals(connection, run, signals.evenings(connection, run.id))
        runs.publish(connection, run.id, now=MOMENT, counts={})
    return run


def rows(store: Store, dimension: str = "all") -> list[tuple[date, str, int, int, int, int]]:
    """Day, topic, tickets, customers, CSAT in hundredths, run, of what stands now."""
    with store.read() as connection:
        chosen = table.select().where(table.c.to_run.is_(None), table.c.dimension == dimension)
        found = connection.execute(chosen.order_by(table.c.day, table.c.topic_id)).all()
    return [(row.day, row.topic_id, row.tickets, row.customers, row.csat, row.from_run) for row in found]


def test_a_customer_who_writes_often_is_one_and_so_is_a_text_sent_often(store: Store) -> None:
    run = night(store, DAY, (1, 0, "anna", "a"), (2, 0, "anna", "b"), (3, 0, None, "c"), (4, 0, None, "c"))
    assert rows(store) == [(DAY, "", 4, 2, 1600, run.id), (DAY, "T-0001", 4, 2, 1600, run.id)]


def test_days_that_nobody_touched_are_left_alone(store: Store) -> None:
    first = night(store, DAY, (1, 0, "anna", "a"))
    second = night(store, DAY + timedelta(1), (2, 1, "ben", "b"))
    assert [(row[0], row[-1]) for row in rows(store) if row[1] == ""] == [
        (DAY, first.id), (DAY + timedelta(1), second.id)
    ]  # fmt: skip


def test_a_ticket_that_moves_is_counted_where_it_is_now(store: Store) -> None:
    night(store, DAY, (1, 0, "anna", "a"), (2, 0, "ben", "b"))
    with store.write() as connection:
        run = runs.begin(connection, kind="act", now=MOMENT, as_of=DAY, recipe="fast", models_hash="m")
        results.save_assignments(connection, [Assignment("file:2", "T-0002", 0.9)], {"file:2": 2}, run.id, always=set())
        touched = day_tally.update(connection, run.id)
    assert touched == {DAY: {"", "T-0001", "T-0002"}}
    assert [(row[1], row[2]) for row in rows(store)] == [("", 2), ("T-0001", 1), ("T-0002", 1)]


def test_a_run_that_failed_leaves_the_counts_as_they_were(store: Store) -> None:
    night(store, DAY, (1, 0, "anna", "a"))
    before = rows(store)
    with store.write() as connection:
        run = runs.begin(connection, kind="act", now=MOMENT, as_of=DAY, recipe="fast", models_hash="m")
        results.save_assignments(connection, [Assignment("file:1", None)], {"file:1": 1}, run.id, always=set())
        day_tally.update(connection, run.id)
        runs.discard(connection, run.id, now=MOMENT, note="test")
    assert rows(store) == before


def test_versions_are_named_with_their_product(store: Store) -> None:
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=MOMENT, as_of=DAY, recipe="fast", models_hash="m")
        cases.keep(connection, [case(1, product="X1", version="2.0")], run_id=run.id, zone=ZONE)
        results.save_readings(connection, {1: reading()}, run.id, always=True)
        day_tally.update(connection, run.id)
        found = connection.execute(table.select().where(table.c.dimension == "version")).all()
    assert [row.value for row in found] == ["X1 2.0"]


def test_a_source_brings_its_past_along_without_delay_and_late_tickets_are_remembered(store: Store) -> None:
    night(store, DAY + timedelta(9), (1, 0, "a", "a"), (2, 5, "b", "b"))
    night(store, DAY + timedelta(10), (3, 10, "c", "c"))
    run = night(store, DAY + timedelta(12), (4, 10, "d", "d"), (5, 11, "e", "e"), (6, 12, "f", "f"))
    with store.read() as connection:
        counted = signals.lags(connection, run.id, DAY, DAY + timedelta(12))
    # the ticket of day 10 missed its night by two days; the one of day 11 came with the first night after it
    assert counted == [3, 0, 1, *[0] * 11]
