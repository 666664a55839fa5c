"""Tickets as columns: hours, days, states and codes come out as they went in."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from cxtext.domain import Assignment, Case, Department, RootCause
from cxtext.store import Store, cases, results, runs
from cxtext.store.columns import changed_since, read_columns
from tests.builders import case, reading

NOW = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
CREATED = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
CAUSE = RootCause(
    key="delivery/late", department="logistics", titles={"de": "Zu spät"}, dimension="responsiveness", touchpoint="x"
)


def kept(store: Store, given: list[Case]) -> int:
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=NOW, as_of=date(2026, 6, 30), recipe="fast", models_hash="m")
        cases.keep(connection, given, run_id=run.id, zone=BERLIN)
        numbers = cases.number_of(connection, [one.key for one in given])
        results.save_readings(connection, {numbers[one.key]: reading() for one in given}, run.id, always=True)
        places = [Assignment(one.key, "T-0001" if int(one.id) % 2 else None, 0.9) for one in given]
        results.save_assignments(connection, places, numbers, run.id, always=set(numbers.values()))
        results.save_taxonomy(connection, [CAUSE], [Department("logistics", {"de": "Logistik"})], run.id)
        runs.publish(connection, run.id, now=NOW, counts={})
    return run.id


def test_what_went_in_comes_out(store: Store) -> None:
    given = [
        case(
            1, "Eins", created_at=CREATED, first_response_at=CREATED + timedelta(hours=2), product="Kiro", version="2.1",
            resolved_at=datetime(2026, 5, 6, 22, 30, tzinfo=UTC), reopened=1, churned=True, csat=2.0, nps=9, ces=3.0,
            cost=7.5, customer_id="c1", channel="chat", status="solved",
        ),
        case(2, "Zwei", created_at=CREATED, customer_id="c1", status="open"),
        case(3, "Drei", created_at=None),
    ]  # fmt: skip
    run_id = kept(store, given)
    with store.read() as connection:
        found = read_columns(connection, run_id, BERLIN)
    assert found.size == 3
    assert found.day.tolist() == [date(2026, 5, 4).toordinal()] * 2 + [0]
    assert found.resolved_day.tolist() == [date(2026, 5, 7).toordinal(), 0, 0]  # half past midnight in Berlin
    assert found.first_response[0] == pytest.approx(2.0)
    assert found.resolution[0] == pytest.approx(62.0)
    assert found.tracked.tolist() == [True, True, False]
    assert found.resolved.tolist() == [True, False, False]
    assert [found.csat[0], found.nps[0], found.ces[0], found.cost[0], found.reopened[0], found.churned[0]] == [
        2,
        9,
        3,
        7.5,
        1,
        1,
    ]
    assert np.isnan([found.csat[1], found.cost[1], found.resolution[1], found.churned[2]]).all()
    assert found.customer[0] == found.customer[1] != found.customer[2]
    assert found.keys["version"] == ("Kiro 2.1",)
    assert found.codes["topic"].tolist() == [0, -1, 0]
    assert found.complaint.tolist() == [4, 4, 4]
    assert found.negative.tolist() == [1, 1, 1]


def test_closed_without_a_date_is_resolved_and_a_solution_before_the_start_has_no_hours(store: Store) -> None:
    given = [
        case(1, "Eins", created_at=CREATED, status="Geschlossen "),
        case(2, "Zwei", created_at=CREATED, resolved_at=CREATED - timedelta(hours=1)),
    ]
    run_id = kept(store, given)
    with store.read() as connection:
        found = read_columns(connection, run_id)
    assert found.resolved.tolist() == [True, True]
    assert np.isnan(found.resolution).all()


def test_the_first_day_that_changed(store: Store) -> None:
    first = kept(
        store, [case(number, f"Text {number}", created_at=CREATED + timedelta(days=number)) for number in (1, 2, 3)]
    )
    last = kept(store, [case(2, "Text 2, neu", created_at=CREATED + timedelta(days=2))])
    with store.read() as connection:
        assert changed_since(connection, first, last) == date(2026, 5, 6)
        assert changed_since(connection, last, last) is None


def test_an_empty_store_has_no_columns(store: Store) -> None:
    with store.read() as connection:
        assert read_columns(connection, 0).size == 0
