import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.causes.matcher import Matcher
from cxtext.causes.taxonomy import Rule
from cxtext.causes.taxonomy_file import load_taxonomy

SCOPING = load_taxonomy().scoping


def found(phrase: str, text: str, language: str = "de", **options: object) -> list[str]:
    rule = Rule(label="x", language=language, phrase=phrase, **options)  # type: ignore[arg-type]
    return [hit.evidence for hit in Matcher([rule], language, SCOPING).find(text)]


@pytest.mark.parametrize(
    ("phrase", "text", "evidence"),
    [
        ("Paket", "Meine Pakete sind weg", ["Pakete"]),
        ("Rechnung", "Die Stromrechnung stimmt nicht", ["Stromrechnung"]),
        ("kündigen", "Ich KUENDIGE hiermit", ["KUENDIGE"]),
        ("Straße", "Die Strasse ist kaputt", ["Strasse"]),
        ("E-Mail", "keine email bekommen", ["email"]),
        ("Lieferung", "Meine Liferung fehlt", ["Liferung"]),
        ("falsch*", "Falschlieferung erhalten", ["Falschlieferung"]),
        ("*ausfall", "Stromausfall seit gestern", ["Stromausfall"]),
        ("*wasser*", "Hochwassergefahr", ["Hochwassergefahr"]),
        ("=los", "nichts ist los", ["los"]),
        ("=los", "lose Kabel", []),
        ("warte ... auf ... Paket", "Ich warte seit Wochen auf mein Paket", ["warte … auf … Paket"]),
        ("warte ... Paket", "Ich warte. Das Paket ist da.", []),
        ("Paket + kaputt", "Kaputt war das Paket.", ["Kaputt … Paket"]),
        ("Paket + kaputt", "Das Paket kam. Nichts kaputt.", []),
    ],
)
def test_words_are_found_in_all_their_forms(phrase: str, text: str, evidence: list[str]) -> None:
    assert found(phrase, text, negated="ignore") == evidence


@pytest.mark.parametrize(
    ("negated", "text", "hit"),
    [
        ("cancel", "Das Gerät ist defekt", True),
        ("cancel", "Das Gerät ist nicht defekt", False),
        ("cancel", "Nicht nur defekt, sondern auch teuer", True),
        ("cancel", "Ich war nicht da, aber defekt ist es", True),
        ("require", "Das Gerät ist nicht defekt", True),
        ("require", "Das Gerät ist defekt", False),
        ("ignore", "Das Gerät ist nicht defekt", True),
    ],
)
def test_negation_as_the_rule_declares_it(negated: str, text: str, *, hit: bool) -> None:
    assert bool(found("defekt", text, negated=negated)) == hit


def test_scope_of_a_rule() -> None:
    text = "Die Rechnung kam. Sie ist falsch, aber hoch."
    assert found("Rechnung + falsch", text) == []
    assert found("Rechnung + falsch", text, scope="text") == ["Rechnung … falsch"]
    assert found("falsch + hoch", text) == ["falsch … hoch"]
    assert found("falsch + hoch", text, scope="clause") == []


def test_an_exclude_silences_its_label_in_its_sentence_only() -> None:
    rules = [
        Rule(label="x", language="de", phrase="defekt"),
        Rule(label="x", language="de", phrase="Karton", exclude=True, negated="ignore"),
    ]
    matcher = Matcher(rules, "de", SCOPING)
    assert matcher.find("Der Karton ist defekt.") == []
    assert len(matcher.find("Der Karton kam an. Das Gerät ist defekt.")) == 1


def test_short_forms_do_not_end_a_sentence() -> None:
    assert found("Bestellung + kaputt", "Bestellung Nr. 5 vom 3. Mai kam kaputt an") == ["Bestellung … kaputt"]


def test_a_pattern_runs_on_re2_over_the_text_as_it_is() -> None:
    assert found(r"E-\d{3}", "Fehler e-401 am Display", pattern=True) == ["e-401"]


def test_an_unknown_language_has_no_negations_and_still_matches() -> None:
    assert [
        h.evidence for h in Matcher([Rule(label="x", language="fr", phrase="retard")], "fr", {}).find("un retard")
    ] == ["retard"]


SOME = Matcher([r for r in load_taxonomy().rules if r.language == "de"][:400], "de", SCOPING)


@given(st.text(max_size=300))
def test_any_text_can_be_searched_and_evidence_is_in_it(text: str) -> None:
    for hit in SOME.find(text):
        for piece in hit.evidence.split(" … "):
            assert piece in " ".join(text.split())


def test_order_of_rules_does_not_matter() -> None:
    rules = [r for r in load_taxonomy().rules if r.language == "en"]
    text = "I was charged twice and nobody answers. The parcel is broken, still no refund."
    first = [(h.rule, h.places) for h in Matcher(rules, "en", SCOPING).find(text)]
    second = [(h.rule, h.places) for h in Matcher(rules[::-1], "en", SCOPING).find(text)]
    assert first == second
    assert first
