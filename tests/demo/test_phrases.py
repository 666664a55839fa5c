from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.demo.phrases import compile_phrase, render, slots_of
from cxtext.errors import ConfigurationError

DRAWS = {"order": lambda random, _: str(int(random.random() * 10**6))}


def wording(source: str, seed: int = 0) -> str:
    return render(compile_phrase(source), Random(seed), {}, DRAWS)


def test_one_of_several_wordings_is_chosen() -> None:
    assert {wording("Ich [warte|frage|schreibe].", seed) for seed in range(60)} == {
        "Ich warte.",
        "Ich frage.",
        "Ich schreibe.",
    }


def test_an_empty_wording_is_possible() -> None:
    assert {wording("sehr[ ungern|]", seed) for seed in range(30)} == {"sehr", "sehr ungern"}


def test_a_slot_keeps_its_value_within_a_ticket() -> None:
    first, second = wording("{order} {order}").split()
    assert first == second


def test_a_slot_may_stand_in_a_wording() -> None:
    assert slots_of(compile_phrase("am [{date}|{weekday}] in {city}")) == {"date", "weekday", "city"}


@pytest.mark.parametrize("source", ["offen [eins|zwei", "offen {slot", "zu viel]", "{kein Name}"])
def test_an_open_bracket_is_an_error_that_names_the_phrase(source: str) -> None:
    with pytest.raises(ConfigurationError, match="bracket"):
        compile_phrase(source)


@given(st.text(st.characters(exclude_characters="[]{}")))
def test_text_without_marks_stays_as_it_is(text: str) -> None:
    assert wording(text) == text
