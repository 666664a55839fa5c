from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.evaluate.words import evaluate_compounds
from cxtext.text.compounds import parts, pieces


def test_goal_figures_on_the_list() -> None:
    figures = evaluate_compounds(Path(__file__).parent / "compounds.tsv")
    assert figures["boundary"] >= 0.90
    assert figures["false_splits"] <= 1


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Liefertermin", ("Liefer", "termin")),
        ("Zahlungsart", ("Zahlung", "art")),
        ("Kundenservice", ("Kunden", "service")),
        ("Rueckerstattung", ("Rueck", "erstattung")),
        ("lieferverzögerung", ("liefer", "verzögerung")),
        ("Gesellschaft", ("Gesellschaft",)),
        ("funktionieren", ("funktionieren",)),
        ("WLAN-Router", ("WLAN-Router",)),
        ("", ("",)),
    ],
)
def test_parts(word: str, expected: tuple[str, ...]) -> None:
    assert parts(word) == expected


@settings(deadline=None)
@given(st.text(alphabet="abdeginrstuäöüßABSẞİ", max_size=80))
def test_pieces_put_together_are_the_word(word: str) -> None:
    assert "".join(pieces(word)) == word
