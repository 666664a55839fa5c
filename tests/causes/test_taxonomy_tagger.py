from cxtext.causes import TAGGERS
from cxtext.causes.taxonomy_tagger import TaxonomyTagger, titles
from cxtext.domain import Case

TAGGER = TaxonomyTagger()


def case(text: str, language: str = "de") -> Case:
    return Case(id="1", source="t", text=text, language=language)


def test_the_registry_knows_it() -> None:
    assert TAGGERS.load("taxonomy") is TaxonomyTagger


def test_cause_department_and_evidence() -> None:
    [diagnosis] = TAGGER.tag([case("Sie haben den Betrag doppelt abgebucht!")])
    assert diagnosis.cause.value == "billing/wrong-invoice"
    assert diagnosis.department.value == "billing"
    assert diagnosis.cause.evidence[0] == "doppelt abgebucht"
    assert diagnosis.cause.origin == "rule"


def test_one_text_may_have_two_causes() -> None:
    [diagnosis] = TAGGER.tag([case("Das Paket kam nie an. Die Hotline ist nicht erreichbar.")])
    assert {"logistics/late-delivery", "customer-service/long-wait"} <= {tag.cause for tag in diagnosis.tags}
    assert all(tag.evidence for tag in diagnosis.tags)


def test_nothing_found_is_an_honest_nothing() -> None:
    [diagnosis] = TAGGER.tag([case("Guten Morgen zusammen")])
    assert diagnosis.cause.value is None
    assert diagnosis.tags == ()


def test_below_the_threshold_it_offers_suggestions_only() -> None:
    careful = TaxonomyTagger(TAGGER.taxonomy, threshold=0.999)
    [diagnosis] = careful.tag([case("Die Rechnung ist zu hoch und das Paket kam verspätet.")])
    assert diagnosis.cause.value is None
    assert diagnosis.tags == ()
    assert 2 <= len(diagnosis.cause.suggestions) <= 3
    assert diagnosis.cause.suggestions[0][1] >= diagnosis.cause.suggestions[1][1]


def test_an_undetermined_language_is_tried_in_all() -> None:
    [diagnosis] = TAGGER.tag([case("charged twice", "und")])
    assert diagnosis.cause.value == "billing/wrong-invoice"


def test_the_same_text_always_gives_the_same_answer() -> None:
    cases = [case("Paket beschädigt, Rechnung falsch"), case("App stürzt ab")]
    assert TAGGER.tag(cases) == TAGGER.tag(cases[::-1])[::-1]


def test_titles_in_the_language_of_the_reader() -> None:
    assert titles(TAGGER.taxonomy, "en")["billing"] == "Finance / billing"
    assert titles(TAGGER.taxonomy, "de")["billing/payment-failed"] == "Zahlung fehlgeschlagen"
    assert titles(TAGGER.taxonomy, "fr")["billing"]
