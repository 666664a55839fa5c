import pytest

from cxtext.text.words import lemma, stop_words, tokens, words


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Der WLAN-Router streikt.", "de", ["Der", "WLAN", "-", "Router", "streikt", "."]),
        ("Tel.0171 geht", "de", ["Tel.", "0171", "geht"]),
        ("alles defekt.Bitte helfen", "de", ["alles", "defekt", ".", "Bitte", "helfen"]),
        ("I don't know :(", "en", ["I", "do", "n't", "know", ":("]),
        ("kostet 1.234,56 € mehr", "de", ["kostet", "1.234,56", "€", "mehr"]),
        ("rien ne marche", "xx-unknown", ["rien", "ne", "marche"]),
        ("", "de", []),
    ],
)
def test_tokens(text: str, language: str, expected: list[str]) -> None:
    assert tokens(text, language) == expected


def test_words_leave_punctuation_out() -> None:
    assert words("Geht nicht!!! :-(", "de") == ["Geht", "nicht"]


def test_a_caller_cannot_spoil_the_cache() -> None:
    tokens("eins zwei", "de").append("drei")
    assert tokens("eins zwei", "de") == ["eins", "zwei"]


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("gekündigt", "de", "kündigen"),
        ("Rechnungen", "de", "Rechnung"),
        ("went", "en", "go"),
        ("123", "de", "123"),
        ("foo", "xx", "foo"),
    ],
)
def test_lemma(word: str, language: str, expected: str) -> None:
    assert lemma(word, language) == expected


def test_stop_words_are_natural_and_folded() -> None:
    assert {"für", "fuer", "nicht"} <= stop_words("de")
    assert "the" in stop_words("en")
    assert stop_words("xx") == frozenset()


def test_an_emoji_is_one_token_whatever_its_skin() -> None:
    assert tokens("gut👍🏽👍🏽 👩‍💻 ❤️‍🔥 🇩🇪🇦🇹!", "de") == ["gut", "👍🏽", "👍🏽", "👩‍💻", "❤️‍🔥", "🇩🇪", "🇦🇹", "!"]
