from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.domain import Topic
from cxtext.errors import ConfigurationError, NotFound
from cxtext.topics.acts import Act, Assign, Merge, Mute, Pin, Rename, Split, act_from, apply, describe, split
from cxtext.topics.memory import Known, Member, Memory, with_members
from cxtext.topics.places import Place, Places

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOPICS = ("T-0001", "T-0002", "T-0003")


def memory() -> Memory:
    """Three topics of four tickets each, every topic in a direction of its own."""
    members, rows, places = [], [], {}
    for number in range(12):
        topic_id = TOPICS[number // 4]
        key = f"x:{number:02d}"
        members.append(Member(key, f"{number:04d}", f"Text {number}", "de", topic_id, 0.9))
        places[key] = Place(topic_id, 0.9, f"{number:04d}")
        row = np.zeros(6, dtype=np.float32)
        row[number // 2] = 1.0
        rows.append(row)
    known = tuple(Known(Topic(id=one, label=one, keywords=()), size=4) for one in TOPICS)
    return with_members(
        Memory(recipe="r", known=known, places=Places.of(places), next_number=4), members, np.stack(rows)
    )


def test_a_merge_moves_every_ticket_and_its_id_leads_on() -> None:
    act = Merge(from_ids=("T-0002", "T-0003"), into_id="T-0001", by="Ada", at=NOON, why="same issue")
    after, moves = apply(act, memory())
    assert len(moves) == 8
    assert {(move.to_topic, move.actor, move.reason) for move in moves} == {("T-0001", "Ada", "merged: same issue")}
    assert {place.topic_id for _, place in after.places.items()} == {"T-0001"}
    assert [after.resolve(one) for one in TOPICS] == ["T-0001"] * 3
    assert [known.topic.id for known in after.leaves()] == ["T-0001"]


def test_merging_twice_over_a_merged_id_still_resolves() -> None:
    one, _ = apply(Merge(from_ids=("T-0002",), into_id="T-0001", by="Ada", at=NOON), memory())
    two, moves = apply(Merge(from_ids=("T-0002",), into_id="T-0003", by="Ada", at=NOON), one)
    assert len(moves) == 8
    assert two.resolve("T-0002") == "T-0003"


@pytest.mark.parametrize(
    "act",
    [
        Rename(topic_id="T-0002", label="Dunkle Wege", by="Ada", at=NOON),
        Merge(from_ids=("T-0002",), into_id="T-0001", by="Ada", at=NOON),
        Pin(topic_id="T-0002", by="Ada", at=NOON),
        Mute(topic_id="T-0002", by="Ada", at=NOON),
        Assign(key="x:00", topic_id=None, by="Ada", at=NOON),
    ],
)
def test_an_act_done_twice_changes_nothing_the_second_time_and_is_logged_once(act: Act) -> None:
    once, _ = apply(act, memory())
    twice, moves = apply(act, once)
    assert moves == ()
    assert twice.to_bytes() == once.to_bytes()
    assert once.acts == (describe(act),)


def test_names_pins_and_mutes_are_kept_with_who_did_it() -> None:
    state = memory()
    for act in (
        Rename(topic_id="T-0002", label="  Dunkle Wege ", by="Ada", at=NOON),
        Pin(topic_id="T-0002", by="Ada", at=NOON),
        Mute(topic_id="T-0002", by="Ada", at=NOON),
    ):
        state, _ = apply(act, state)
    topic = state.find("T-0002").topic
    assert (topic.label, topic.named_by, topic.pinned, topic.muted) == ("Dunkle Wege", "Ada", True, True)
    state, _ = apply(Mute(topic_id="T-0002", on=False, by="Ada", at=NOON), state)
    assert not state.find("T-0002").topic.muted


def test_a_person_puts_a_ticket_elsewhere_for_good() -> None:
    after, (move,) = apply(Assign(key="x:00", topic_id="T-0003", by="Ada", at=NOON, why="not a lamp"), memory())
    assert (move.from_topic, move.to_topic, move.actor, move.reason) == (
        "T-0001",
        "T-0003",
        "Ada",
        "corrected: not a lamp",
    )
    assert after.places["x:00"] == Place("T-0003", 1.0, "0000", by_person=True)


def test_a_split_gives_the_smaller_part_a_new_id_and_leaves_the_larger_where_it_was() -> None:
    state = memory()
    fifth = np.zeros(6, dtype=np.float32)
    fifth[0] = 1.0
    state = replace(state, places=state.places.changed({"x:99": Place("T-0001", 0.9, "9999")}))
    act = Split(topic_id="T-0001", by="Ada", at=NOON)
    after, moves = split(act, state, {"x:99": fifth}, seed=0)
    assert {move.key for move in moves} == {"x:02", "x:03"}
    assert {move.to_topic for move in moves} == {"T-0004"}
    assert after.places["x:99"].topic_id == "T-0001"
    assert split(act, after, {}, seed=0) == (after, ())


def test_what_cannot_be_done_is_refused_in_words() -> None:
    with pytest.raises(NotFound, match="T-0099"):
        apply(Rename(topic_id="T-0099", label="x", by="Ada", at=NOON), memory())
    with pytest.raises(ConfigurationError, match="itself"):
        apply(Merge(from_ids=("T-0001",), into_id="T-0001", by="Ada", at=NOON), memory())
    with pytest.raises(ConfigurationError, match="empty name"):
        apply(Rename(topic_id="T-0001", label=" ", by="Ada", at=NOON), memory())
    with pytest.raises(ConfigurationError, match="9 parts"):
        split(Split(topic_id="T-0001", parts=9, by="Ada", at=NOON), memory(), {}, seed=0)


@given(
    st.one_of(
        st.builds(Rename, topic_id=st.text(), label=st.text(), by=st.text(), at=st.datetimes(), why=st.text()),
        st.builds(
            Merge,
            from_ids=st.lists(st.text()).map(tuple),
            into_id=st.text(),
            by=st.text(),
            at=st.datetimes(),
            why=st.text(),
        ),
        st.builds(Split, topic_id=st.text(), parts=st.integers(2, 9), by=st.text(), at=st.datetimes()),
        st.builds(Assign, key=st.text(), topic_id=st.none() | st.text(), by=st.text(), at=st.datetimes()),
    )
)
def test_an_act_survives_being_told(act: Act) -> None:
    assert act_from(describe(act)) == act


def test_an_unknown_act_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="explode"):
        act_from({"act": "explode"})
    with pytest.raises(ConfigurationError, match="colour"):
        act_from({"act": "pin", "colour": "red"})
    with pytest.raises(ConfigurationError):
        act_from({"act": "pin", "topic_id": "T-0001"})
