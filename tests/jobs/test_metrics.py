"""The measuring stage: what changed is measured again, the rest stands, and any old night can be read as it was."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cxtext.domain import Assignment, Case
from cxtext.jobs.metrics import measure_all
from cxtext.settings import Settings
from cxtext.store import Store, cases, open_store, results, runs
from cxtext.store.erase import erase_rows
from cxtext.store.read_metrics import arrows, drivers, metrics, series
from tests.builders import case, reading, topic

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
FIGURES: dict[str, Any] = {
    "size": 1, "first_seen": None, "last_seen": None, "status": "steady", "sentiment": None, "negative_share": None,
    "departments": (), "causes": (),
}  # fmt: skip


def some_cases(first: int, count: int, start: datetime) -> list[Case]:
    random = Random(first)
    found = []
    for number in range(first, first + count):
        created = start + timedelta(hours=7 * (number - first))
        solved = created + timedelta(hours=random.expovariate(1 / 20)) if random.random() < 0.8 else None
        found.append(
            case(
                number, f"Text {number}", created_at=created, channel=random.choice(["email", "chat"]),
                product=random.choice(["Kiro", "Lumo"]), version="1.0", customer_id=f"c{number % 40}",
                resolved_at=solved, reopened=0, csat=float(random.randint(1, 5)), nps=random.randint(0, 10),
                cost=random.uniform(2, 20), churned=random.random() < 0.05,
            )
        )  # fmt: skip
    return found


def night(store: Store, given: Sequence[Case], *, settings: Settings | None = None) -> tuple[int, dict[str, int]]:
    """One night without any text analysis: a ticket's number says its topic, its mood and its cause."""
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=NOW, as_of=date(2026, 6, 30), recipe="fast", models_hash="m")
        cases.keep(connection, given, run_id=run.id, zone=ZONE)
        numbers = cases.number_of(connection, [one.key for one in given])
        told = {
            numbers[one.key]: reading(-0.6 if int(one.id) % 3 else 0.4, "delivery/late" if int(one.id) % 2 else None)
            for one in given
        }
        results.save_readings(connection, told, run.id, always=True)
        places = [Assignment(one.key, f"T-000{int(one.id) % 3 + 1}", 0.9) for one in given]
        results.save_assignments(connection, places, numbers, run.id, always=set(numbers.values()))
        known = [topic(1), topic(2, parent_id="T-0009"), topic(3, parent_id="T-0009"), topic(9)]
        results.save_topics(connection, known, [FIGURES | {"topic_id": one.id} for one in known], run.id)
    counts = measure_all(store, run, settings or Settings(), lambda: NOW)
    with store.write() as connection:
        runs.publish(connection, run.id, now=NOW, counts=counts)
    return run.id, counts


def everything(store: Store, run_id: int) -> list[Any]:
    with store.read() as connection:
        return [
            *metrics(connection, run_id),
            *(one for name in ("csat", "cost") for one in drivers(connection, run_id, name)),
        ]


@pytest.fixture
def second(tmp_path) -> Any:
    opened = open_store(f"sqlite:///{tmp_path / 'second.db'}")
    yield opened
    opened.close()


def test_two_nights_say_the_same_as_one(store: Store, second: Store) -> None:
    old, new = some_cases(1, 300, START), some_cases(301, 30, START + timedelta(days=86))
    night(store, old)
    last, _ = night(store, new)
    at_once, _ = night(second, [*old, *new])
    assert everything(store, last) == everything(second, at_once)


def test_a_late_answer_changes_its_own_week_and_an_old_night_stays_as_it_was(store: Store, second: Store) -> None:
    old = some_cases(1, 200, START)
    first, _ = night(store, old)
    before = everything(store, first)
    changed = case(150, "Text 150, nachgefragt", created_at=old[149].facts.created_at, csat=1.0, customer_id="c1")
    last, _ = night(store, [changed])
    assert everything(store, first) == before
    afresh, _ = night(second, [*old[:149], changed, *old[150:]])
    assert {
        (one.scope, one.key, one.period, one.metric): one for one in everything(store, last) if hasattr(one, "scope")
    } == {
        (one.scope, one.key, one.period, one.metric): one for one in everything(second, afresh) if hasattr(one, "scope")
    }


def test_a_quiet_night_writes_nothing(store: Store) -> None:
    night(store, some_cases(1, 120, START))
    _, counts = night(store, [])
    assert counts == {"metrics": 0, "drivers": 0}


def test_only_touched_periods_are_written(store: Store) -> None:
    night(store, some_cases(1, 300, START))
    last, _ = night(store, some_cases(301, 5, START + timedelta(days=86)))
    from cxtext.store.metric_tables import metric

    with store.read() as connection:
        written = {row.period for row in connection.execute(metric.select().where(metric.c.from_run == last))}
    assert written == {"2026-W22", "2026-05", "28d", "all"}  # the 28 days before are the same


def test_a_run_that_fails_leaves_the_figures_as_they_were(store: Store) -> None:
    first, _ = night(store, some_cases(1, 100, START))
    before = everything(store, first)
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=NOW, as_of=date(2026, 7, 1), recipe="fast", models_hash="m")
        cases.keep(connection, some_cases(101, 50, START + timedelta(days=30)), run_id=run.id, zone=ZONE)
    measure_all(store, run, Settings(), lambda: NOW)
    with store.write() as connection:
        runs.discard(connection, run.id, now=NOW, note="test")
    assert everything(store, first) == before


def test_a_killed_stage_repeated_writes_the_same(store: Store, second: Store) -> None:
    given = some_cases(1, 150, START)
    last, _ = night(second, given)
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=NOW, as_of=date(2026, 6, 30), recipe="fast", models_hash="m")
        cases.keep(connection, given[:70], run_id=run.id, zone=ZONE)
    measure_all(store, run, Settings(), lambda: NOW)
    again, _ = night(store, given)
    assert again == run.id
    assert everything(store, again) == everything(second, last)


def test_a_series_is_in_the_order_of_time(store: Store) -> None:
    last, _ = night(store, some_cases(1, 300, START))
    with store.read() as connection:
        found = series(connection, last, "csat", scope="topic", key="T-0009", kind="month")
        weeks = series(connection, last, "tickets")
    assert [one.period for one in found] == ["2026-03", "2026-04", "2026-05"]
    assert [one.period for one in weeks] == [f"2026-W{number}" for number in range(10, 23)]
    assert sum(one.n for one in weeks) == 300


def test_an_arrow_is_shown_where_something_changed_and_nowhere_else(store: Store) -> None:
    given = [
        case(
            number, f"Text {number}", created_at=START + timedelta(hours=6 * number), csat=5.0 if number < 112 else 1.0
        )
        for number in range(224)
    ]
    last, _ = night(store, given)
    with store.read() as connection:
        assert arrows(connection, last, "csat")["all"].direction == "down"
        assert arrows(connection, last, "tickets")["all"].direction == "flat"
        assert set(arrows(connection, last, "csat", scope="topic")) == {"T-0001", "T-0002", "T-0003", "T-0009"}


def test_cost_comes_from_the_settings_where_no_ticket_says_it(store: Store) -> None:
    given = [case(number, f"Text {number}", created_at=START + timedelta(hours=number)) for number in range(1, 61)]
    last, _ = night(store, given, settings=Settings(cost_per_ticket=7.0))
    with store.read() as connection:
        found = {one.topic_id: one for one in drivers(connection, last, "cost")}
    assert found["T-0001"].effect == pytest.approx(20 * 7.0 / (3 / 7), rel=0.01)  # three days, as if for a week


def test_an_act_that_moves_no_topic_measures_nothing(store: Store) -> None:
    night(store, some_cases(1, 60, START))
    with store.write() as connection:
        run = runs.begin(connection, kind="act", now=NOW, as_of=date(2026, 6, 30), recipe="fast")
    assert measure_all(store, run, Settings(), lambda: NOW) == {}


def of_cuts(store: Store, run_id: int) -> list[Any]:
    return [one for one in everything(store, run_id) if hasattr(one, "scope")]


def test_weeks_that_have_ended_forget_erased_tickets(store: Store, second: Store) -> None:
    given = some_cases(1, 200, START)
    night(store, given)
    with store.write() as connection:
        gone = sorted(cases.number_of(connection, [one.key for one in given[10:40]]).values())
        erase_rows(connection, gone)
    with store.write() as connection:
        run = runs.begin(connection, kind="act", now=NOW, as_of=date(2026, 6, 30), recipe="fast")
    counts = measure_all(store, run, Settings(), lambda: NOW)
    with store.write() as connection:
        runs.publish(connection, run.id, now=NOW, counts=counts)
    without, _ = night(second, [*given[:10], *given[40:]])
    assert of_cuts(store, run.id) == of_cuts(second, without)
    with store.write() as connection:
        later = runs.begin(connection, kind="act", now=NOW, as_of=date(2026, 6, 30), recipe="fast")
    assert measure_all(store, later, Settings(), lambda: NOW) == {}  # that is done


def test_the_night_after_an_erasure_that_died_makes_up_for_it(store: Store, second: Store) -> None:
    given = some_cases(1, 120, START)
    night(store, given)
    with store.write() as connection:
        erase_rows(connection, sorted(cases.number_of(connection, [one.key for one in given[:7]]).values()))
    last, _ = night(store, [])
    without, _ = night(second, given[7:])
    assert of_cuts(store, last) == of_cuts(second, without)
