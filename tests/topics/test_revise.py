"""New topics inside old ones: who moves, who speaks for another topic, and who must not be touched."""

from dataclasses import replace

import numpy as np
import pytest

from cxtext.domain import Case, Topic
from cxtext.topics import standing
from cxtext.topics.assign import Floats
from cxtext.topics.memory import Known, Member, Memory, with_members
from cxtext.topics.places import Place, Places
from cxtext.topics.revise import revise
from cxtext.topics.standing import Text


def rows_of(*sizes: int) -> Floats:
    draw = np.random.default_rng(5)
    centres = np.linalg.qr(draw.standard_normal((24, len(sizes))))[0].T
    rows = np.vstack([centres[one] + 0.02 * draw.standard_normal((size, 24)) for one, size in enumerate(sizes)])
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def memory_of(rows: Floats, topics: list[str]) -> Memory:
    members = [Member(f"x:{n:03d}", f"mark{n:03d}", f"Text {n}", "de", topic, 0.9) for n, topic in enumerate(topics)]
    known = tuple(Known(Topic(id=topic, label=topic, keywords=())) for topic in sorted(set(topics)))
    places = {one.key: Place(one.topic_id, 0.9, one.mark) for one in members}
    return with_members(Memory(recipe="r", known=known, places=Places.of(places), next_number=10), members, rows)


def test_a_topic_that_holds_two_issues_gets_a_second_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "FOUNDING", 0.05)
    rows = rows_of(60, 50, 30)
    memory = memory_of(rows, ["T-0001"] * 60 + ["T-0002"] * 80)
    later, opened, moves = revise(memory, (), np.zeros((0, 24), np.float32), seed=0, review=True)
    assert opened == {}
    assert len(moves) == 7  # a twentieth of 140
    assert {(move.from_topic, move.to_topic) for move in moves} == {("T-0002", "T-0010")}
    assert later.moved == 7
    voices = [one.voice for one in later.members]
    assert voices == ["T-0001"] * 60 + ["T-0002"] * 50 + ["T-0010"] * 30
    assert sum(one.topic_id == "T-0010" for one in later.members) == 7


def test_where_nobody_may_move_the_next_ticket_opens_the_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "FOUNDING", 0.0)
    rows = rows_of(60, 50, 31)
    memory = memory_of(rows[:140], ["T-0001"] * 60 + ["T-0002"] * 80)
    same, opened, moves = revise(memory, (), rows[:0], seed=0, review=True)
    assert (same, opened, moves) == (memory, {}, ())
    text = Text("new", (Case(id="new", source="x", text="new", language="de"),))
    later, opened, moves = revise(memory, (text,), rows[140:], seed=0, review=True)
    assert (opened, moves) == ({0: "T-0010"}, ())
    assert sum(one.voice == "T-0010" for one in later.members) == 30


def test_pinned_topics_and_people_s_tickets_stay() -> None:
    rows = rows_of(60, 50, 30)
    memory = memory_of(rows, ["T-0001"] * 60 + ["T-0002"] * 80)
    pinned = memory.with_topic("T-0002", pinned=True)
    assert revise(pinned, (), rows[:0], seed=0, review=True) == (pinned, {}, ())
    by_person = {key: replace(place, by_person=True) for key, place in memory.places.items()}
    fixed = replace(memory, places=Places.of(by_person))
    assert revise(fixed, (), rows[:0], seed=0, review=True) == (fixed, {}, ())


def two_languages(large: int) -> tuple[Memory, Floats]:
    """Three issues in two languages each; the English half of the first has `large` texts."""
    draw = np.random.default_rng(5)
    axes = np.linalg.qr(draw.standard_normal((24, 5)))[0].T
    sizes = [(0, "de", 80), (1, "de", 80), (2, "de", 80), (0, "en", large), (1, "en", 60), (2, "en", 60)]
    rows, topics, languages = [], [], []
    for place, (issue, language, size) in enumerate(sizes):
        rows.append(axes[issue] + 1.5 * axes[3 if language == "de" else 4] + 0.03 * draw.standard_normal((size, 24)))
        topics += [f"T-000{place + 1 if issue == 0 else issue + 1}"] * size  # the other two are bilingual already
        languages += [language] * size
    vectors = np.vstack(rows)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    memory = memory_of(vectors, topics)
    members = [replace(one, language=languages[int(one.key[2:])]) for one in memory.members]
    return with_members(memory, members, vectors), vectors


def test_one_issue_in_two_languages_becomes_one_topic_however_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MOVES_PER_TICKET", 0.2)
    memory, vectors = two_languages(40)
    later, _, moves = revise(memory, (), vectors[:0], seed=0, review=True)
    assert later.resolve("T-0004") == "T-0001"
    assert [move.reason for move in moves] == ["T-0004 is the same issue as T-0001"] * 40
    assert later.moved == 40


@pytest.mark.parametrize("divided", ["T-0001", "T-0004"])
def test_what_a_person_took_apart_no_night_puts_together(divided: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MOVES_PER_TICKET", 0.2)
    memory, vectors = two_languages(40)
    memory = replace(memory, acts=({"act": "split", "topic_id": divided},))
    later, _, moves = revise(memory, (), vectors[:0], seed=0, review=True)
    assert (later.resolve("T-0004"), moves) == ("T-0004", ())


def test_a_topic_that_is_larger_than_what_may_move_is_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MOVES_PER_TICKET", 0.05)
    memory, vectors = two_languages(40)
    later, _, moves = revise(memory, (), vectors[:0], seed=0, review=True)
    assert (later.resolve("T-0004"), moves) == ("T-0004", ())
