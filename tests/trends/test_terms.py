"""Facts about the words that tell texts apart."""

from cxtext.trends.terms import telling_terms, terms


def test_words_lose_their_endings_and_their_case() -> None:
    assert terms("Die Pumpen sind defekt.", "de") == {"pumpe", "defekt"}
    assert "sein" not in terms("Die Pumpen sind defekt.", "de")


def test_numbers_and_empty_words_say_nothing() -> None:
    assert terms("und das ist es 4711 ...", "de") == frozenset()


def test_pairs_stand_side_by_side() -> None:
    found = terms("The battery drains. It never drained before the update.", "en")
    assert "battery drain" in found
    assert "drain update" not in found


def test_what_is_said_everywhere_tells_nothing() -> None:
    here = [terms("The pump leaks water on the floor", "en")] * 6
    elsewhere = [terms(f"The pump makes {noise} on the floor", "en") for noise in ("noise", "heat", "smell") * 8]
    found = telling_terms(here, elsewhere)
    assert any("leak" in term or "water" in term for term in found)
    assert not any(term in {"pump", "floor"} for term in found)


def test_one_word_is_told_once() -> None:
    here = [frozenset({"force", "close", "force close"})] * 8
    found = telling_terms(here, [frozenset({"open"})] * 50)
    assert sum("close" in term for term in found) == 1
