import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cxtext.assemble import meanings
from cxtext.causes.artefact import load_model, save_model
from cxtext.causes.features import embedded
from cxtext.causes.learned_tagger import Guesser, LearnedTagger
from cxtext.causes.learning import learn
from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.causes.training import train_departments
from cxtext.domain import Case
from cxtext.errors import ModelError

ABOUT = {"Rechnung": 0, "Xoxo": 0, "Betrag": 0, "Paket": 1, "Kvjp": 1, "Zustellung": 1}
TEXTS = ["Rechnung falsch", "Betrag falsch", "Paket weg", "Zustellung weg"] * 12
LABELS = ["billing", "billing", "logistics", "logistics"] * 12


def two_subjects(texts: Sequence[str], _languages: Sequence[str]) -> NDArray[np.float32]:
    rows = np.zeros((len(texts), 2), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in text.split():
            if word in ABOUT:
                row[ABOUT[word]] = 1
    return rows


MODEL = learn(TEXTS, LABELS, ["billing", "logistics"], meanings=embedded(two_subjects, TEXTS, ["de"] * len(TEXTS)))
UNSEEN = ["Xoxo", "Kvjp"]  # no training text holds a part of them


def test_a_word_that_nobody_labelled_is_understood_by_what_it_means() -> None:
    guesser = Guesser(MODEL, 0.8, meanings=two_subjects)
    assert guesser.probabilities(UNSEEN, ["de", "de"]).argmax(axis=1).tolist() == [0, 1]
    text_alone = MODEL.probabilities(UNSEEN)
    assert np.allclose(text_alone[0], text_alone[1])


def test_what_words_mean_survives_the_disk(tmp_path: Path) -> None:
    save_model(tmp_path, MODEL, {})
    rows = embedded(two_subjects, UNSEEN, ["de", "de"])
    assert np.allclose(
        load_model(tmp_path)[0].probabilities(UNSEEN, meanings=rows),
        MODEL.probabilities(UNSEEN, meanings=rows),
        atol=1e-5,
    )


def test_a_model_that_was_saved_before_meanings_still_answers(tmp_path: Path) -> None:
    plain = learn(TEXTS, LABELS, ["billing", "logistics"])
    save_model(tmp_path, plain, {})
    words = tmp_path / "model.json"
    words.write_text(json.dumps(json.loads(words.read_text("utf-8")) | {"format": 1}), "utf-8")
    assert np.allclose(load_model(tmp_path)[0].probabilities(TEXTS), plain.probabilities(TEXTS), atol=1e-5)


def test_a_model_with_meanings_is_not_asked_without_them(tmp_path: Path) -> None:
    save_model(tmp_path, MODEL, {})
    with pytest.raises(ModelError, match="embedder"):
        LearnedTagger(causes=str(tmp_path))


def test_training_measures_and_keeps_what_words_mean() -> None:
    trained = train_departments(TEXTS, ["de"] * len(TEXTS), LABELS, [None] * len(TEXTS), meanings=two_subjects)
    assert trained.model.meaning is not None
    assert trained.card["measured"]["accuracy"]["value"] == 1.0


def test_the_shipped_word_vectors_serve_the_tagger(tmp_path: Path) -> None:
    rows = meanings()
    model = learn(TEXTS, LABELS, ["billing", "logistics"], meanings=embedded(rows, TEXTS, ["de"] * len(TEXTS)))
    save_model(tmp_path, model, {})
    tagger = LearnedTagger(causes=str(tmp_path), precision=0.8, meanings=rows)
    case = Case(id="1", source="t", text="Die Lieferung fehlt", language="de")
    assert tagger.tag([case])[0].cause.suggestions[0][0] == "logistics"


def test_a_learned_cause_leads_the_tags_and_names_its_owner(tmp_path: Path) -> None:
    taxonomy = load_taxonomy()
    label = "logistics/late-delivery"
    words = ["Zeppelin verspätet", "Kaktus verwelkt"] * 24
    save_model(tmp_path, learn(words, [label, "it/slow-system"] * 24, [label, "it/slow-system"]), {})
    tagger = LearnedTagger(causes=str(tmp_path), precision=0.8, taxonomy=taxonomy)
    (diagnosis,) = tagger.tag([Case(id="1", source="t", text="Zeppelin verspätet", language="de")])
    assert diagnosis.cause.value == label
    assert (diagnosis.tags[0].cause, diagnosis.tags[0].department) == (label, "logistics")
    assert set(diagnosis.tags[0].evidence) <= {"Zeppelin", "verspätet"}
    assert diagnosis.department.value == "logistics"
    assert diagnosis.department.suggestions[0][0] == "logistics"


def test_a_model_that_can_promise_nothing_suggests_and_the_rules_answer(tmp_path: Path) -> None:
    label, other = "logistics/late-delivery", "it/slow-system"
    save_model(tmp_path, learn(["Zeppelin", "Kaktus"] * 4, [label, other] * 4, [label, other]), {})
    tagger = LearnedTagger(causes=str(tmp_path))
    (diagnosis,) = tagger.tag([Case(id="1", source="t", text="Meine Zahlung ist fehlgeschlagen.", language="de")])
    assert diagnosis.cause.value == "billing/payment-failed"
    assert {name for name, _ in diagnosis.cause.suggestions} == {label, other}
