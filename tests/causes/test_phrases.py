import pytest

from cxtext.causes.phrases import GAP, Step, parse_phrase
from cxtext.errors import ConfigurationError


def test_words_in_order_with_alternatives_and_gap() -> None:
    assert parse_phrase("Paket/Ware ... nicht da") == ((Step(("Paket", "Ware")), Step(("nicht",), GAP), Step(("da",))),)


def test_plus_separates_runs_in_any_order() -> None:
    assert parse_phrase("Rechnung + falsch*") == ((Step(("Rechnung",)),), (Step(("falsch*",)),))


@pytest.mark.parametrize("phrase", ["", "   ", "... da", "da ...", "a + ", "a//b", "*"])
def test_a_phrase_that_says_nothing_is_refused(phrase: str) -> None:
    with pytest.raises(ConfigurationError, match="phrase"):
        parse_phrase(phrase)
