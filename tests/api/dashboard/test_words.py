"""The words of the pages: both languages know the same, and numbers are written as people write them."""

import re
from datetime import UTC, date, datetime

import pytest

from api.dashboard.sentences import volume_of
from api.dashboard.words import Speech, words
from tests.builders import a_signal


def gaps(text: object) -> set[str]:
    forms = [text] if isinstance(text, str) else list(text.values())  # type: ignore[attr-defined]
    return {gap for form in forms for gap in re.findall(r"{\w+}", form)}


def test_both_languages_know_the_same_words_with_the_same_gaps() -> None:
    german, english = words("de"), words("en")
    assert set(german) == set(english)
    for key, text in german.items():
        assert gaps(text) == gaps(english[key]), key
        assert isinstance(text, str) == isinstance(english[key], str), key


def test_what_counts_has_a_form_for_one() -> None:
    for language in ("de", "en"):
        for key, text in words(language).items():
            assert isinstance(text, str) or set(text) == {"one", "other"}, key


def test_numbers_and_days_are_written_as_people_write_them() -> None:
    german, english = Speech("de"), Speech("en")
    assert (german.write(4870), english.write(4870)) == ("4.870", "4,870")
    assert (german.write(date(2026, 5, 3)), english.write(date(2026, 5, 3))) == ("3. Mai 2026", "3 May 2026")
    assert (german.percent(0.914), english.percent(0.914)) == ("91 %", "91%")
    assert (german.signed(-0.5), english.signed(0.5), english.signed(None)) == ("−0,50", "+0.50", "–")
    assert (german.round(-0.04, 1), german.round(1234.56, 1)) == ("0", "1.234,6")
    assert german.moment(datetime(2026, 5, 3, 9, 5, tzinfo=UTC)) == "3. Mai 2026, 09:05"
    assert german.say("cases", n=1) == "1 Fall"
    assert german.say("cases", n=2000) == "2.000 Fälle"


def test_intervals_stay_readable_where_they_are_negative() -> None:
    speech = Speech("en")
    assert speech.between((0.831, 0.92)) == "[83–92]"
    assert speech.between((-0.6, -0.2), scale=1, digits=1) == "[−0.6 … −0.2]"
    assert speech.between((None, 1.0)) == speech.between(None) == ""


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.05, "about 1 in 20"), (0.0051, "about 1 in 200"), (0.6, "quite possible"), (0.0001, "less than 1 in 1,000")],
)
def test_probabilities_are_frequencies(share: float, told: str) -> None:
    assert Speech("en").one_in(share) == told


@pytest.mark.parametrize(
    ("language", "rates", "wanted"),
    [
        ("de", (17.25, None), "17,2 je 1.000 Fälle"),
        ("en", (17.25, 0.5), "17.2 per 1,000 tickets, 0.5 per 1,000 shipped"),
        ("de", (None, None), ""),
    ],
)
def test_a_volume_is_told_where_it_is_known(
    language: str, rates: tuple[float | None, float | None], wanted: str
) -> None:
    told = a_signal(per_thousand=rates[0], per_thousand_units=rates[1])
    assert volume_of(Speech(language), told) == wanted
    assert volume_of(Speech(language), a_signal(kind="resolved", per_thousand=3.0)) == ""
