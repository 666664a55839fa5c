"""The search by words finds the same on every database, at every night, for everybody who may see it."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cxtext.jobs.search_index import index_words_of_new
from cxtext.settings import Settings
from cxtext.store import Store, cases, results, runs, search
from cxtext.store.read_tickets import Filter
from tests.builders import DAY, MOMENT, case, reading

ZONE = ZoneInfo("Europe/Berlin")
TEXTS = (
    "Die Straße vor dem Haus ist gesperrt, das Paket kam nie an.",
    "Der Druckerpatronenwechsel ist GRÖSSTENTEILS unmöglich.",
    "Meine Überweisungen sind nicht angekommen, zwei Verträge fehlen auch.",
    "Ihr Vertrag taugt nichts. Die Lieferzeit!",
    "The parcel's refunds were never paid to my account.",
    "Ich finde die Liefer-Zeit zu lang; Größe 42 war bestellt.",
)
QUESTIONS: tuple[tuple[str, list[str]], ...] = (
    ("strasse", ["1"]), ("STRASSE", ["1"]), ("Straße", ["1"]), ("Straßen", ["1"]),
    ("ueberweisung", ["3"]), ("Überweisung", ["3"]), ("Uberweisung", []),
    ("vertrag", ["3", "4"]), ("Verträge", ["3", "4"]), ("vertraege", ["3", "4"]),
    ("patrone", ["2"]), ("Drucker", ["2"]), ("Wechsel", ["2"]), ("grösstenteils", ["2"]), ("groesse", ["6"]),
    ("lieferzeit", ["4", "6"]), ("Liefer*", ["4", "6"]), ("lief*", ["4", "6"]),
    ("refund", ["5"]), ("refund account", ["5"]), ("refund vertrag", []), ("parcel", ["5"]),
    ("die Straße der", ["1"]), ("42", ["6"]), ("", []), ("!?", []), ("' OR 1=1 --", []), ('"paket" AND (', ["1"]),
)  # fmt: skip


def night(store: Store, *given: object, publish: bool = True, as_of: date = DAY) -> int:
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=MOMENT, as_of=as_of, recipe="fast", models_hash="m")
        cases.keep(connection, given, run_id=run.id, zone=ZONE)  # type: ignore[arg-type]
        numbers = cases.pending(connection, run.id)
        said = {no: reading(department="billing" if no % 2 else "logistics") for no in numbers}
        results.save_readings(connection, said, run.id, always=True)
    index_words_of_new(store, run, Settings.model_construct(), lambda: MOMENT)
    if publish:
        with store.write() as connection:
            runs.publish(connection, run.id, now=MOMENT, counts={})
    return run.id


def found(store: Store, question: str, run_id: int | None = None, **how: Any) -> list[str]:
    with store.read() as connection:
        shown = runs.current(connection) if run_id is None else run_id
        hits = search.search_tickets(connection, shown, question, **how)
        how.pop("limit", None)
        assert search.count_hits(connection, shown, question, **how) >= len(hits)
    return sorted(hit.ticket["id"] for hit in hits)


@pytest.fixture
def filled(store: Store) -> Store:
    night(store, *(case(n, text, "en" if "refund" in text else "de") for n, text in enumerate(TEXTS, start=1)))
    return store


def test_words_are_found_in_any_spelling(filled: Store) -> None:
    assert {question: found(filled, question) for question, _ in QUESTIONS} == dict(QUESTIONS)


def test_what_was_found_is_marked(filled: Store) -> None:
    with filled.read() as connection:
        hit = search.search_tickets(connection, 1, "patronen unmöglich")[0]
    assert [hit.ticket["text"][start:end] for start, end in hit.marks] == ["Druckerpatronenwechsel", "unmöglich"]


def test_filters_and_permission_are_part_of_the_question(store: Store) -> None:
    night(store, *(case(n, "Paket fehlt", channel="mail" if n > 16 else "chat") for n in range(11, 21)))
    assert found(store, "paket", departments=["billing"], limit=5) == ["11", "13", "15", "17", "19"]
    assert found(store, "paket", departments=[]) == []
    assert found(store, "paket", departments=["billing"], chosen=Filter(channel="mail")) == ["17", "19"]
    assert found(store, "paket", departments=["billing"], chosen=Filter(department="logistics")) == []
    assert found(store, "paket", chosen=Filter(since=DAY + timedelta(1))) == []


def test_pages_follow_each_other_newest_first_and_undated_last(store: Store) -> None:
    dated = [case(n, "Paket fehlt", created_at=MOMENT - timedelta(days=n // 3)) for n in range(1, 10)]
    night(store, *dated, case(20, "Paket", created_at=None), case(21, "Paket", created_at=None))
    with store.read() as connection:
        whole = search.search_tickets(connection, 1, "paket")
        paged: list[search.Hit] = []
        after = None
        while page := search.search_tickets(connection, 1, "paket", after=after, limit=4):
            paged, after = [*paged, *page], page[-1].place
    assert [hit.ticket["id"] for hit in paged] == [hit.ticket["id"] for hit in whole]
    assert [hit.ticket["id"] for hit in whole] == ["2", "1", "5", "4", "3", "8", "7", "6", "9", "21", "20"]


def test_an_old_night_is_searched_as_it_was(store: Store) -> None:
    first = night(store, case(1, "Das Paket fehlt"))
    second = night(store, case(1, "Die Rechnung fehlt"), as_of=DAY + timedelta(1))
    assert (found(store, "paket", first), found(store, "rechnung", first)) == (["1"], [])
    assert (found(store, "paket", second), found(store, "rechnung", second)) == ([], ["1"])


def test_a_killed_and_a_discarded_run_leave_no_words(store: Store) -> None:
    first = night(store, case(1, "Das Paket fehlt"))
    night(store, case(2, "Das Paket ist kaputt"), publish=False)
    assert found(store, "paket", first) == ["1"]
    again = night(store, case(2, "Das Radio ist kaputt"), publish=False)
    assert (found(store, "paket", again), found(store, "radio", again)) == (["1"], ["2"])
    with store.write() as connection:
        runs.discard(connection, again, now=MOMENT, note="test")
    assert (found(store, "radio", again), found(store, "paket", again)) == ([], ["1"])
