"""Which part of a ticket is the bad one."""

from cxtext.aspects import aspects, moods_by_cause
from cxtext.causes.taxonomy_tagger import TaxonomyTagger
from cxtext.domain import Case
from cxtext.sentiment.lexicon import Lexicon

LEXICON, TAGGER = Lexicon(), TaxonomyTagger()
TWO_TOPICS = (
    "Das Paket ist seit drei Wochen nicht angekommen, eine Frechheit! Die Rechnung war dafür super schnell korrigiert."
)


def test_each_sentence_has_its_own_mood_and_cause() -> None:
    first, second = aspects(TWO_TOPICS, "de", LEXICON, TAGGER)
    assert (first.mood.label, first.diagnosis.cause.value) == ("negative", "logistics/late-delivery")
    assert second.mood.label == "positive"
    assert second.diagnosis.cause.value != "logistics/late-delivery"


def test_the_sentences_are_those_of_the_text() -> None:
    assert [aspect.text for aspect in aspects(TWO_TOPICS, "de", LEXICON, TAGGER)] == [
        "Das Paket ist seit drei Wochen nicht angekommen, eine Frechheit!",
        "Die Rechnung war dafür super schnell korrigiert.",
    ]


def test_a_single_sentence_says_what_the_text_says() -> None:
    text = "Meine Zahlung ist dreimal fehlgeschlagen."
    (only,) = aspects(text, "de", LEXICON, TAGGER)
    case = Case(id="1", source="s", text=text, language="de")
    assert only.mood == LEXICON.score([case])[0]
    assert only.diagnosis == TAGGER.tag([case])[0]


def test_a_sentence_without_a_cause_speaks_of_the_one_before() -> None:
    text = "Ich bin wirklich stinksauer! Das Paket ist seit drei Wochen nicht angekommen."
    found = aspects(text, "de", LEXICON, TAGGER)
    assert found[0].diagnosis.cause.value is None
    moods = moods_by_cause(found)
    assert list(moods) == ["logistics/late-delivery"]
    assert moods["logistics/late-delivery"] == min(aspect.mood.score for aspect in found)


def test_a_paragraph_in_another_language_is_read_in_its_own() -> None:
    text = (
        "Leider ist mein Paket seit drei Wochen nicht angekommen.\n\n"
        "I have been charged twice for the same order, and this is really terrible service."
    )
    first, second = aspects(text, "de", LEXICON, TAGGER)
    assert (first.language, second.language) == ("de", "en")
    assert second.mood.label == "negative"
    assert second.diagnosis.cause.value == "billing/wrong-invoice"


def test_nothing_said_nothing_found() -> None:
    assert aspects("", "de", LEXICON, TAGGER) == []
    assert moods_by_cause([]) == {}
