from pathlib import Path

import spacy

import cxtext.causes.components  # noqa: F401 - registers the factory where the package is not installed anew
from cxtext.domain import Diagnosis


def test_a_blank_pipeline_says_what_caused_a_contact() -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("cxtext_causes")
    doc = nlp("Sie haben den Betrag doppelt abgebucht!")
    diagnosis = doc.user_data["cxtext_causes"]
    assert isinstance(diagnosis, Diagnosis)
    assert diagnosis.cause.value == "billing/wrong-invoice"
    spans = {(span.text, span.label_) for span in doc.spans["cxtext_causes"]}
    assert ("doppelt abgebucht", "billing/wrong-invoice") in spans
    assert all(text in doc.text for text, _ in spans)


def test_a_pipeline_with_it_can_be_saved_and_read(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("cxtext_causes", config={"threshold": 0.9})
    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    assert again("I was charged twice").user_data["cxtext_causes"].tags == ()


def test_a_text_without_causes_has_no_spans() -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("cxtext_causes")
    assert list(nlp("Guten Morgen").spans["cxtext_causes"]) == []
