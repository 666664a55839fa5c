"""Reading again is harmless; a newer version replaces an older one; nothing is lost."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxtext.domain import Case
from cxtext.store import Store, cases, open_store, read_tickets, runs
from cxtext.store.cases import Kept
from tests.builders import DAY, MOMENT, case

ZONE = ZoneInfo("Europe/Berlin")


def begin(store: Store) -> int:
    with store.write() as connection:
        return runs.begin(connection, kind="night", now=MOMENT, as_of=DAY, recipe="fast", models_hash="m").id


def keep(store: Store, run_id: int, *given_cases: Case) -> Kept:
    with store.write() as connection:
        return cases.keep(connection, given_cases, run_id=run_id, zone=ZONE)


def publish(store: Store, run_id: int) -> None:
    with store.write() as connection:
        runs.publish(connection, run_id, now=MOMENT, counts={})


def test_what_goes_in_comes_out(store: Store) -> None:
    full = case(
        1, "Größe Ä", product="Waschmaschine", csat=2.0, nps=3, churned=True, tags=("a", "b"), extra={"Filiale": "Köln"},
        resolved_at=MOMENT + timedelta(hours=3), customer_id="<CUSTOMER_1a>", language="de",
    )  # fmt: skip
    run_id = begin(store)
    keep(store, run_id, full)
    with store.read() as connection:
        assert [loaded for _, loaded in cases.load(connection, [1], run_id)] == [full]


def test_the_same_again_changes_nothing(store: Store) -> None:
    first = begin(store)
    assert keep(store, first, case(1), case(2)) == Kept(new=2)
    publish(store, first)
    second = begin(store)
    assert keep(store, second, case(2), case(1)) == Kept(unchanged=2)
    with store.read() as connection:
        assert cases.written(connection, second) == []


def test_a_changed_ticket_replaces_its_older_version_and_is_read_again(store: Store) -> None:
    first = begin(store)
    keep(store, first, case(1, "alt", updated_at=MOMENT))
    publish(store, first)
    second = begin(store)
    assert keep(store, second, case(1, "neu", updated_at=MOMENT + timedelta(1))) == Kept(changed=1)
    with store.read() as connection:
        assert cases.pending(connection, second) == [1]
        assert [loaded.text for _, loaded in cases.load(connection, [1], second)] == ["neu"]
        assert [loaded.text for _, loaded in cases.load(connection, [1], first)] == ["alt"]


def test_an_older_version_that_comes_late_is_ignored(store: Store) -> None:
    run_id = begin(store)
    keep(store, run_id, case(1, "neu", updated_at=MOMENT + timedelta(1)))
    assert keep(store, run_id, case(1, "alt", updated_at=MOMENT)) == Kept(older=1)


def test_a_file_that_holds_a_ticket_twice_is_read_twice_without_a_trace(store: Store) -> None:
    first = begin(store)
    for text in ("erst", "dann"):
        keep(store, first, case(1, text))
    publish(store, first)
    second = begin(store)
    for text in ("erst", "dann"):
        keep(store, second, case(1, text))
    with store.read() as connection:
        assert cases.written(connection, second) == []
        assert [row["text"] for row in read_tickets.tickets(connection, second)] == ["dann"]


def test_keys_with_colons_and_equal_ids_of_two_sources_are_told_apart(store: Store) -> None:
    run_id = begin(store)
    here, there = case(1, "hier"), Case(id="1", source="mail", text="dort", language="de", content_hash="x")
    odd = Case(id="a:b:c", source="mail", text="seltsam", language="de", content_hash="y")
    keep(store, run_id, here, there, odd)
    with store.read() as connection:
        assert set(cases.number_of(connection, ["file:1", "mail:1", "mail:a:b:c", "mail:nobody"])) == {
            "file:1", "mail:1", "mail:a:b:c",
        }  # fmt: skip


histories = st.lists(st.lists(st.tuples(st.integers(1, 4), st.sampled_from("abc")), max_size=5), max_size=5)


@given(histories)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_of_files_ends_with_the_last_text_of_every_ticket(history: list[list[tuple[int, str]]]) -> None:
    store = open_store("sqlite://")
    expected: dict[int, str] = {}
    for night in history:
        run_id = begin(store)
        for number, text in night:
            keep(store, run_id, case(number, text))
            expected[number] = text
        publish(store, run_id)
    with store.read() as connection:
        rows = list(read_tickets.tickets(connection, runs.current(connection)))
    store.close()
    assert {int(row["id"]): row["text"] for row in rows} == expected
