"""A run is seen whole or not at all."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from cxtext.errors import Locked, NotFound
from cxtext.store import Store, cases, open_store, read_tickets, results, runs
from tests.builders import DAY, MOMENT, case, reading

ZONE = ZoneInfo("Europe/Berlin")


def night(store: Store, *given: object, publish: bool = True, as_of: date = DAY) -> int:
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=MOMENT, as_of=as_of, recipe="fast", models_hash="m")
        cases.keep(connection, given, run_id=run.id, zone=ZONE)  # type: ignore[arg-type]
        numbers = cases.pending(connection, run.id)
        results.save_readings(connection, dict.fromkeys(numbers, reading()), run.id, always=True)
        if publish:
            runs.publish(connection, run.id, now=MOMENT, counts={})
    return run.id


def seen(store: Store, as_of: date | None = None) -> list[str]:
    with store.read() as connection:
        return [row["text"] for row in read_tickets.tickets(connection, runs.at(connection, as_of))]


def test_nothing_of_a_run_is_seen_before_it_is_published(store: Store) -> None:
    night(store, case(1, "alt"))
    night(store, case(1, "neu"), case(2, "zwei"), publish=False)
    assert seen(store) == ["alt"]


def test_a_killed_run_is_taken_up_by_the_next_one(store: Store) -> None:
    killed = night(store, case(1), publish=False)
    with store.write() as connection:
        again = runs.begin(connection, kind="night", now=MOMENT, as_of=DAY, recipe="fast", models_hash="m")
    assert again.resumed
    assert again.id == killed


def test_a_killed_run_goes_on_after_midnight_unless_a_date_was_asked_for(store: Store) -> None:
    killed = night(store, case(1), publish=False)
    tomorrow = DAY + timedelta(1)
    with store.write() as connection:
        same = runs.begin(connection, kind="night", now=MOMENT, as_of=tomorrow, recipe="fast", models_hash="m")
        other = runs.begin(
            connection, kind="night", now=MOMENT, as_of=DAY, exactly=True, recipe="fast", models_hash="m"
        )
    assert same.id == killed
    assert other.id != killed


def test_a_killed_run_with_other_models_is_discarded(store: Store) -> None:
    night(store, case(1, "alt"))
    night(store, case(1, "neu"), case(2, "zwei"), publish=False)
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=MOMENT, as_of=DAY, recipe="fast", models_hash="other")
        assert not run.resumed
        texts = [row["text"] for row in read_tickets.tickets(connection, run.id)]
        assert texts == ["alt"]
        assert cases.everything(connection, run.id) == [1]


def test_discarding_takes_everything_back(store: Store) -> None:
    first = night(store, case(1, "alt"))
    with store.read() as connection:
        before = list(read_tickets.tickets(connection, first))
    second = night(store, case(1, "neu"), case(2, "zwei"), publish=False)
    with store.write() as connection:
        runs.discard(connection, second, now=MOMENT, note="test")
        assert list(read_tickets.tickets(connection, second)) == before
        assert runs.get(connection, second).state == "failed"


def test_an_old_night_is_seen_as_it_was(store: Store) -> None:
    night(store, case(1, "alt"), as_of=DAY)
    night(store, case(1, "neu"), case(2, "zwei"), as_of=DAY + timedelta(3))
    assert seen(store, DAY + timedelta(2)) == ["alt"]
    assert seen(store) == ["neu", "zwei"]
    with pytest.raises(NotFound, match="no run on or before 2026-05-03; the first was on 2026-05-04"):
        seen(store, DAY - timedelta(1))


def test_only_one_may_write_at_a_time(store: Store) -> None:
    other = open_store(store.url)
    with store.lock(), pytest.raises(Locked, match="another run is writing"), other.lock():
        pass
    with other.lock():
        pass
    other.close()
