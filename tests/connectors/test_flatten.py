import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.connectors.flatten import flatten

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=20,
)


def test_objects_become_names_with_dots_and_lists_stay() -> None:
    assert flatten({"a": {"b": 1}, "tags": ["x"], "c": None}) == {"a.b": 1, "tags": ["x"], "c": None}


def test_a_list_of_named_things_becomes_their_names() -> None:
    assert flatten({"components": [{"name": "App", "id": 1}, {"name": "Web", "id": 2}]}) == {
        "components": ["App", "Web"]
    }


def test_other_lists_of_objects_are_kept_as_json() -> None:
    assert flatten({"custom_fields": [{"id": 1, "value": "ü"}]}) == {"custom_fields": '[{"id": 1, "value": "ü"}]'}


def test_more_cells_than_any_export_has_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 1,000 cells"):
        flatten({str(number): number for number in range(1_001)})


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4))
def test_any_object_flattens_or_says_why(record: dict[str, object]) -> None:
    try:
        cells = flatten(record)
    except ValueError:
        return
    assert not any(isinstance(cell, dict) for cell in cells.values())
