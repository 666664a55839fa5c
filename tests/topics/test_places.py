import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.topics.places import STEP, Place, Places

KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
PLACES = st.builds(
    Place,
    st.sampled_from([None, "T-0001", "T-0002", "T-0003"]),
    st.floats(0, 1),
    st.sampled_from(["", "0001", "0123456789abcdef", "0123456789abcdee"]),
    st.booleans(),
)
SOME = st.dictionaries(KEYS, PLACES, max_size=3 * STEP)


@settings(max_examples=60, deadline=None)
@given(SOME, SOME, st.sets(KEYS, max_size=9))
def test_places_are_what_a_dictionary_would_be(first: dict[str, Place], more: dict[str, Place], gone: set[str]) -> None:
    known = first | more
    gone |= set(list(known)[::3])
    places = Places.of(first).changed(more)
    assert list(places.items()) == sorted(known.items(), key=lambda item: item[0])
    assert len(places) == len(known)
    assert all(places[key] == place and key in places for key, place in known.items())
    left = places.without(gone)
    assert dict(left) == {key: place for key, place in known.items() if key not in gone}
    assert all(left.get(key) is None and key not in left for key in gone)
    assert places.union(gone) == len(known.keys() | gone)


@settings(max_examples=60, deadline=None)
@given(SOME)
def test_questions_are_answered_as_by_looking_at_all(known: dict[str, Place]) -> None:
    places = Places.of(known)
    in_order = sorted(known)
    assert places.in_topics({"T-0002", "T-0003"}) == [
        key for key in in_order if known[key].topic_id in ("T-0002", "T-0003")
    ]
    asked = {"0001", "0123456789abcdef", "unknown"}
    assert dict(places.sharing(asked)) == {key: place for key, place in known.items() if place.mark in asked}
    topics = [place.topic_id for place in known.values() if place.topic_id is not None]
    assert places.sizes() == {topic: topics.count(topic) for topic in topics}


@settings(max_examples=60, deadline=None)
@given(SOME)
def test_columns_come_back_and_are_the_same_however_they_came_about(known: dict[str, Place]) -> None:
    places = Places.of(known)
    columns, names = places.to_arrays()
    again = Places.from_arrays(columns, names)
    assert dict(again) == known
    half = dict(list(known.items())[::2])
    other, names_of_other = Places.of(dict(reversed(known.items()))).changed(half).to_arrays()
    assert names_of_other == names
    assert all(np.array_equal(other[name], columns[name]) for name in columns)


def test_columns_that_do_not_fit_are_refused() -> None:
    columns, names = Places.of({"a": Place("T-0001", 0.5, "0001"), "b": Place(None, 0.0, "")}).to_arrays()
    with pytest.raises(ValueError, match="not named"):
        Places.from_arrays(columns, [])
    with pytest.raises(ValueError, match="different length"):
        Places.from_arrays(columns | {"sure": columns["marks"]}, names)


def test_a_mark_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="17 letters"):
        Places.of({"a": Place(None, 0.0, "0" * 17)})
