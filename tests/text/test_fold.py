import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.text.fold import fold


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Größe", "groesse"),
        ("GROẞ", "gross"),
        ("Gro\u00dfe Grüße", "grosse gruesse"),
        ("u\u0308ber", "ueber"),
        ("Liefer\u00adtermin", "liefertermin"),
        ("\u200bCafé", "cafe"),
        ("ﬁn", "fin"),
        ("neue Steuer", "neue steuer"),
    ],
)
def test_one_key_for_every_spelling(text: str, key: str) -> None:
    assert fold(text) == key


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
