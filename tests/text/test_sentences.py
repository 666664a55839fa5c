"""Sentences keep every word of the text as it was written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.text.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das Paket fehlt. Die App ist toll!", ["Das Paket fehlt.", "Die App ist toll!"]),
        ("Lampe Nr. 5 ist aus, z. B. abends.", ["Lampe Nr. 5 ist aus, z. B. abends."]),
        ("Am 3. Mai kam nichts. Warum?", ["Am 3. Mai kam nichts.", "Warum?"]),
        ("Er sagte: „Nein!“ Dann legte er auf.", ["Er sagte: „Nein!“", "Dann legte er auf."]),
        ("Version 2.4.1 stürzt ab", ["Version 2.4.1 stürzt ab"]),
        ("Zeile eins\nZeile zwei", ["Zeile eins", "Zeile zwei"]),
        ("Hm... na gut", ["Hm...", "na gut"]),
        ("!!! ...", []),
        ("", []),
    ],
)
def test_sentences_end_where_people_end_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="aB1 .!?\n„“z"))
def test_no_word_is_lost(text: str) -> None:
    assert re.findall(r"\w+", " ".join(sentences(text))) == re.findall(r"\w+", text)
