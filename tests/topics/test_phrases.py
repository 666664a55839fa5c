from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.topics.clauses import LONGEST_NAME, subject_line
from cxtext.topics.phrases import Wording, best_form, count_phrases

NOUNS = """Die Heizung, das Gerät, der Techniker, die Antwort, das Wasser, die Maschine, der Gutschein, das Paket, die Lampe,
die Scherben, der Radweg, die App, das Konto, der Vertrag."""


def shown(sentence: str, language: str = "de") -> set[str]:
    wording = Wording([(f"alle kennen {NOUNS}", "de")])
    return {phrase.shown for phrase, _ in wording.phrases(sentence, language)}


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("Seit gestern funktioniert die Heizung gar nicht, die Heizung heizt nicht", "Heizung heizt nicht"),
        ("Der Techniker ist am Montag nicht erschienen", "Techniker nicht erschienen"),
        ("Leider habe ich keine Antwort erhalten", "keine Antwort erhalten"),
        ("Ich habe keinen Vertrag", "kein Vertrag"),
        ("Ein Gerät ohne gültigen Vertrag", "ohne gültigen Vertrag"),
        ("Der Gutschein lässt sich nicht einlösen", "Gutschein lässt sich nicht einlösen"),
        ("Die Maschine verliert Wasser", "Maschine verliert Wasser"),
        ("Die App stürzt beim Start ab", "App stürzt ab"),
        ("Hier liegen Scherben auf dem Radweg", "Scherben auf dem Radweg"),
        ("Nun steht das schwere Gerät im Flur", "schweres Gerät"),
        ("Die Lampe am Radweg ist ausgefallen", "Lampe ausgefallen"),
    ],
)
def test_german_says_what_is_wrong_in_a_headline(sentence: str, phrase: str) -> None:
    assert phrase in shown(sentence)


def test_german_does_not_make_the_object_a_subject_nor_an_attribute_a_state() -> None:
    assert not {phrase for phrase in shown("Den Techniker erreicht man nicht") if phrase.startswith("Techniker ")}
    assert "Radweg ausgeschilderten" not in shown("Der Radweg mit dem ausgeschilderten Konto")


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("The app does not connect", "app not connect"),
        ("Why isn't my virtual card working?", "virtual card isn't working"),
        ("My parcel never arrived", "parcel never arrived"),
        ("There is no phone number on the page", "no phone number on page"),
        ("The transfer to my friend is still pending", "transfer pending"),
        ("My transfer still hasn't arrived", "transfer hasn't arrived"),
        ("I want to reset my password", "reset password"),
    ],
)
def test_english_says_what_is_wrong_in_a_headline(sentence: str, phrase: str) -> None:
    assert phrase in shown(sentence, "en")


def test_a_question_does_not_negate_its_subject() -> None:
    assert "isn't refund" not in shown("Why isn't my refund on the statement", "en")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Techniker nicht erschienen\n\nSeit Tagen warte ich.", "Techniker nicht erschienen"),
        ("AW: Wo bleibt mein Paket?\nIch warte.", "Wo bleibt mein Paket"),
        ("Doppelte Abbuchung 34,90 €\n\nBitte prüfen.", "Doppelte Abbuchung"),
        ("where is order 404111222?\nHello", "Where is order"),
        ("Guten Tag,\n\nich warte.", ""),
        ("Ich warte.\nSeit Tagen.", ""),
        ("Beschwerde über <NAME_1a2b3c>\n\nSehr unhöflich.", ""),
        ("Ich warte nun schon seit vielen Wochen auf eine Antwort\nvon Ihnen", ""),
        ("Techniker nicht erschienen", ""),
    ],
)
def test_the_first_line_is_a_subject_only_where_it_looks_like_one(text: str, line: str) -> None:
    assert subject_line(text) == line


@given(st.text(alphabet="aäB1 <>_@.,\n€:?", max_size=80))
def test_a_subject_line_is_short_and_part_of_the_first_line(text: str) -> None:
    line = subject_line(text)
    assert len(line) <= LONGEST_NAME
    assert "\n" not in line
    assert "<" not in line or ">" not in line


def test_what_stands_first_counts_more_than_what_stands_last() -> None:
    texts = [(f"Die Lampe flackert. Ich warte. Ich rief an. Das Konto ist alt. Fall {n}.", "de") for n in "abc"]
    counts = count_phrases(texts, Wording([*texts, (f"alle kennen {NOUNS}", "de")]))
    assert counts.texts["lampe",] == counts.texts["konto",] == 3
    assert counts.emphasis["lampe",] > counts.emphasis["konto",]


def test_the_genitive_is_not_shown_where_the_word_is_known_without_it() -> None:
    assert best_form(Counter({(True, "Einschreibens"): 5, (True, "Einschreiben"): 2}), "de") == "Einschreiben"
    assert best_form(Counter({(True, "Accounts"): 5, (True, "Account"): 2}), "en") == "Accounts"
    assert best_form(Counter({(True, "Chaos"): 5}), "de") == "Chaos"
