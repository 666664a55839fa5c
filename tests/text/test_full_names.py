"""First name and surname are found by where they stand, also where no list knows them."""

import pytest

from cxtext.text.redact import Redactor

HIDING = Redactor(addresses="full")
OPEN = Redactor(addresses="off")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "de",
            "Bitte an Quirlinde Zapfhuber, Herzogstraße 5, 70173 Stuttgart",
            "Bitte an <NAME>, <ADDRESS>, <ADDRESS>",
        ),
        ("de", "Xolani Brembach\nBachweg 5\n8000 Zürich\n\nKündigung", "<NAME>\n<ADDRESS>\n<ADDRESS>\n\nKündigung"),
        ("en", "Please deliver to Xolani Brembach, 12 Mill Lane", "Please deliver to <NAME>, <ADDRESS>"),
        ("de", "Ich bin neu hier und heiße Quirlinde Zapfhuber.", "Ich bin neu hier und heiße <NAME>."),
        ("de", "angeblich unterschrieben von Xolani Brembach heute", "angeblich unterschrieben von <NAME> heute"),
        ("en", "It was signed for by Xolani Brembach at noon", "It was signed for by <NAME> at noon"),
        ("de", "Gestern kam Łukasz Brembach vorbei", "Gestern kam <NAME> vorbei"),
        ("de", "Danke an Hans Peter Brembach von gestern", "Danke an <NAME> von gestern"),
        ("de", "Danke an Klaus-D. Brembach von gestern", "Danke an <NAME> von gestern"),
        ("de", "Wir sprachen Xolani Hunziker darauf an", "Wir sprachen <NAME> darauf an"),
        ("de", "Laut Bajram Brembach kommt nichts", "Laut <NAME> kommt nichts"),
    ],
)
def test_a_name_is_told_by_its_place(language: str, text: str, expected: str) -> None:
    assert HIDING.redact(text, language).text == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Rathaus Mitte\nHauptstraße 1"),
        ("de", "Bitte an Sparkasse Bodensee, Marktstraße 4"),
        ("de", "Sie verkaufen heiße Suppe Montag und Dienstag"),
        ("de", "Es liegt bei der Filiale Innenstadt, Hauptstraße 5"),
        ("de", "Das Calvin Klein Parfum riecht nach nichts"),
        ("en", "Will it be delivered to Danbury CT tonight?"),
        ("de", "Der Contigo West Becher ist undicht, Technik Fischer kam nie"),
        ("en", "a game called Dark Souls"),
        ("en", "My friend Yesterday said so"),
    ],
)
def test_a_place_a_firm_and_a_thing_are_no_person(language: str, text: str) -> None:
    assert OPEN.redact(text, language).text == text


def test_the_addressee_is_hidden_where_addresses_stay() -> None:
    assert OPEN.redact("Bitte an Xolani Brembach, Bachweg 5", "de").text == "Bitte an <NAME>, Bachweg 5"
