"""Cursors, tickets that are gone at their source, and answers that find their tickets."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cxtext.domain import Case, Facts
from cxtext.store import Store, cases, runs, sources
from cxtext.store.sources import SurveyAnswer

NOW = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


def _case(number: int, text: str = "Die Tür klemmt.", **facts) -> Case:
    return Case(id=str(number), source="desk", text=f"{text} {number}", language="de", content_hash=f"{text}{number}", fold=f"f{number}",
                facts=Facts(created_at=NOW, **facts))  # fmt: skip


class Night:
    """One run after another on the same store."""

    def __init__(self, store: Store) -> None:
        self.store, self.run_id = store, 0

    def __call__(self, work, *, fail: bool = False):
        with self.store.write() as connection:
            self.run_id = runs.begin(connection, kind="ingest", now=NOW, as_of=None).id
            result = work(connection, self.run_id)
        with self.store.write() as connection:
            if fail:
                runs.discard(connection, self.run_id, now=NOW, note="test")
            else:
                runs.publish(connection, self.run_id, now=NOW, counts={})
        return result

    def kept(self, run_id: int | None = None) -> dict[str, Case]:
        with self.store.read() as connection:
            at = run_id or runs.current(connection)
            return {case.id: case for _, case in cases.load(connection, cases.everything(connection, at), at)}


@pytest.fixture
def night(store: Store) -> Night:
    return Night(store)


def _keep(*some: Case):
    return lambda connection, run_id: cases.keep(connection, some, run_id=run_id, zone=ZONE)


def _remove(*ids: str):
    return lambda connection, run_id: sources.remove(connection, "desk", ids, run_id=run_id, now=NOW)


def test_a_cursor_is_what_was_noted_last_and_goes_with_a_run_that_failed(night):
    night(lambda connection, run_id: sources.read_until(connection, "desk", {"after": "a"}, run_id=run_id, now=NOW))
    night(
        lambda connection, run_id: sources.read_until(connection, "desk", {"after": "b"}, run_id=run_id, now=NOW),
        fail=True,
    )
    assert night(lambda connection, run_id: sources.cursor_of(connection, "desk", run_id)) == {"after": "a"}
    night(lambda connection, run_id: sources.read_until(connection, "desk", {"after": "c"}, run_id=run_id, now=NOW))
    assert night(lambda connection, run_id: sources.cursor_of(connection, "desk", run_id)) == {"after": "c"}
    assert night(lambda connection, run_id: sources.cursor_of(connection, "other", run_id)) == {}


def test_a_ticket_that_is_gone_is_seen_in_older_nights_alone(night):
    night(_keep(_case(1), _case(2)))
    first = night.run_id
    assert night(_remove("2", "99")) == 1
    assert set(night.kept()) == {"1"}
    assert set(night.kept(first)) == {"1", "2"}
    assert night(_remove("2")) == 0


def test_a_removal_is_taken_back_with_its_run(night):
    night(_keep(_case(1)))
    night(_remove("1"), fail=True)
    assert set(night.kept()) == {"1"}


def test_a_ticket_that_comes_back_is_the_same_ticket(night):
    night(_keep(_case(1)))
    night(_remove("1"))
    kept = night(_keep(_case(1, "Wieder da.")))
    assert kept.new == 1
    assert night.kept()["1"].text == "Wieder da. 1"

    def gone_and_back(connection, run_id):
        sources.remove(connection, "desk", ["1"], run_id=run_id, now=NOW)
        return cases.keep(connection, [_case(1, "Nochmals.")], run_id=run_id, zone=ZONE)

    night(gone_and_back)
    assert night.kept()["1"].text == "Nochmals. 1"


def _answer(**changes) -> SurveyAnswer:
    return replace(SurveyAnswer(source="desk", id="a1", ticket_id="1", at=NOW, csat=2.0), **changes)


def _join(*answers: SurveyAnswer):
    def work(connection, run_id):
        kept = sources.keep_answers(connection, answers, run_id)
        return kept, sources.join_answers(connection, run_id)

    return work


def test_an_answer_finds_its_ticket_whichever_comes_first(night):
    night(_keep(_case(1), _case(2, csat=5.0)))
    first = night.run_id
    assert night(
        _join(_answer(), _answer(id="a2", ticket_id="2", csat=1.0), _answer(id="a3", ticket_id="3", nps=9))
    ) == (3, 1)
    assert night.kept()["1"].facts.csat == 2.0
    assert night.kept()["2"].facts.csat == 5.0  # what the ticket says itself counts more
    assert night.kept(first)["1"].facts.csat is None

    def late(connection, run_id):
        cases.keep(connection, [_case(3)], run_id=run_id, zone=ZONE)
        return sources.join_answers(connection, run_id)

    assert night(late) == 1
    assert night.kept()["3"].facts.nps == 9


def test_the_same_answers_again_change_nothing(night):
    night(_keep(_case(1)))
    night(_join(_answer()))
    assert night(_join(_answer())) == (0, 0)


def test_of_two_answers_the_newer_counts(night):
    night(_keep(_case(1)))
    older = _answer(id="a0", csat=5.0, at=NOW.replace(day=1, month=3))
    night(_join(older, _answer()))
    assert night.kept()["1"].facts.csat == 2.0
