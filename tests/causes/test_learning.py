from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from cxtext.causes.artefact import load_model, save_model
from cxtext.causes.explain import Explainer, without
from cxtext.causes.features import fit_features, pieces_of
from cxtext.causes.learned_tagger import Guesser, LearnedTagger
from cxtext.causes.learning import learn, training_targets
from cxtext.causes.scoring import RuleScorer
from cxtext.causes.softmax import fit_softmax, probabilities_of
from cxtext.causes.taxonomy import Rule
from cxtext.causes.training import Trained, replace_if_better, train_departments
from cxtext.causes.weak_labels import rule_logits
from cxtext.domain import Case, Facts
from cxtext.errors import ModelError

WORDS = {
    "billing": ["Rechnung", "abgebucht", "Betrag", "Gebühr", "Mahnung"],
    "logistics": ["Paket", "Lieferung", "Versand", "Zustellung", "Spedition"],
    "it": ["Passwort", "Login", "Website", "App", "Absturz"],
}
FRAMES = [
    "Guten Tag, {} ist falsch.",
    "Wo ist {} geblieben?",
    "Seit Montag {} kaputt",
    "{} schon wieder, bitte prüfen",
    "Frage zu {} vom Mai",
]


def history(times: int = 3) -> tuple[list[str], list[str]]:
    texts, labels = [], []
    for turn in range(times):
        for label, words in WORDS.items():
            for number, word in enumerate(words):
                frame = FRAMES[(turn + number) % len(FRAMES)]
                texts.append(f"{frame.format(word)} {words[(number + turn) % len(words)]}")
                labels.append(label)
    return texts, labels


TEXTS, LABELS = history()
LANGUAGES = ["de"] * len(TEXTS)
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(len(TEXTS))]
TRAINED = train_departments(TEXTS, LANGUAGES, LABELS, DAYS, seed=1)


def test_features_count_the_characters_of_each_word_as_scikit_learn_does() -> None:
    features = fit_features(["kaputt ab", "kaputt und weg"])
    assert set(features.character_terms) == {
        piece for word in ("kaputt", "ab", "und", "weg") for piece in pieces_of(word)
    }


def test_rows_have_the_same_length_and_umlauts_do_not_matter() -> None:
    features = fit_features(["für Gebühr", "fuer Gebuehr", "Straße"])
    rows = features.matrix(["für Gebühr", "fuer Gebuehr"]).toarray()
    assert np.allclose(rows[0], rows[1])
    assert np.linalg.norm(rows[0]) == pytest.approx(0.7 * np.sqrt(2), abs=0.01)


def test_softmax_follows_soft_targets() -> None:
    from scipy import sparse

    matrix = sparse.csr_matrix(np.eye(2))
    targets = np.array([[0.9, 0.1], [0.2, 0.8]])
    model = fit_softmax(matrix, targets, np.ones(2), strength=1000)
    assert np.allclose(probabilities_of(model.logits(matrix)), targets, atol=0.02)


def test_a_history_is_learned_and_measured() -> None:
    assert set(TRAINED.model.labels) == set(WORDS)
    assert TRAINED.card["split"] == "time"
    assert TRAINED.card["measured"]["accuracy"]["value"] > TRAINED.card["majority"]["accuracy"]["value"]
    best = TRAINED.model.probabilities(["Die Lieferung per Spedition fehlt"]).argmax()
    assert TRAINED.model.labels[best] == "logistics"


def test_training_twice_gives_the_same_model() -> None:
    again = train_departments(TEXTS, LANGUAGES, LABELS, DAYS, seed=1)
    assert np.array_equal(again.model.softmax.weights, TRAINED.model.softmax.weights)
    assert again.card == TRAINED.card


@pytest.mark.parametrize("count", [0, 5])
def test_too_little_history_is_refused(count: int) -> None:
    with pytest.raises(ModelError, match="ingest more history"):
        train_departments(TEXTS[:count], LANGUAGES[:count], LABELS[:count], DAYS[:count])


def test_without_dates_the_split_is_random_and_said_so() -> None:
    assert train_departments(TEXTS, LANGUAGES, LABELS, [None] * len(TEXTS)).card["split"] == "random"


def test_a_model_survives_the_disk(tmp_path: Path) -> None:
    save_model(tmp_path, TRAINED.model, TRAINED.card)
    model, card = load_model(tmp_path)
    assert card["measured"]["n"] == TRAINED.card["measured"]["n"]
    assert np.allclose(model.probabilities(TEXTS), TRAINED.model.probabilities(TEXTS), atol=1e-5)


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cxtext train"):
        load_model(tmp_path)
    save_model(tmp_path, TRAINED.model, TRAINED.card)
    (tmp_path / "model.npz").write_bytes(b"PK broken")
    with pytest.raises(ModelError, match="cxtext train"):
        load_model(tmp_path)


def with_accuracy(value: float, floor: float = 0.3) -> Trained:
    figures = {"value": value, "lower": value - 0.05, "upper": value + 0.05, "n": 100}
    return Trained(TRAINED.model, {"measured": {"accuracy": figures}, "majority": {"accuracy": {"value": floor}}})


def test_a_worse_model_never_replaces_a_better_one(tmp_path: Path) -> None:
    assert "accuracy 0.800" in replace_if_better(tmp_path, with_accuracy(0.8))
    with pytest.raises(ModelError, match="worse than that of the present model"):
        replace_if_better(tmp_path, with_accuracy(0.7))
    assert load_model(tmp_path)[1]["measured"]["accuracy"]["value"] == 0.8
    replace_if_better(tmp_path, with_accuracy(0.78))
    replace_if_better(tmp_path, with_accuracy(0.5), force=True)
    with pytest.raises(ModelError, match="no better than always naming"):
        replace_if_better(tmp_path, with_accuracy(0.3, floor=0.35))


RULES = RuleScorer(
    [Rule(label=label, language="de", phrase=word) for label, words in WORDS.items() for word in words[:2]], {}
)


def test_rules_alone_teach_a_model_words_that_no_rule_names() -> None:
    labels = sorted(WORDS)
    texts = [f"{words[0]} {words[2]}" for words in WORDS.values() for _ in range(6)] + ["Betrag", "Versand"]
    rules = rule_logits(RULES, texts, ["de"] * len(texts), labels)
    model = learn(texts, [None] * len(texts), labels, rules=rules)
    unseen = ["Der Betrag stimmt"]
    assert rule_logits(RULES, unseen, ["de"], labels).max() == 0
    assert labels[int(model.probabilities(unseen, np.zeros((1, 3))).argmax())] == "billing"


def test_corrections_weigh_more_and_rules_fade() -> None:
    rules = np.array([[2.0, 0.0], [2.0, 0.0], [0.0, 0.0]])
    targets, weights = training_targets(np.array([1, -1, -1]), 2, rules)
    assert targets[0].tolist() == [0, 1]
    assert weights[0] == 1
    assert 0 < weights[1] < 0.3
    assert weights[2] == 0


def test_the_words_named_are_the_ones_that_decide() -> None:
    explainer = Explainer(TRAINED.model)
    text = "Guten Tag, die Mahnung vom Mai und die Gebühr bitte prüfen"
    named = [reason.word for reason in explainer.reasons(text, "billing")[:2]]
    assert set(named) == {"Mahnung", "Gebühr"}
    column = TRAINED.model.labels.index("billing")
    before, after = TRAINED.model.probabilities([text, without(text, named)])[:, column]
    assert before - after > 0.2


def test_words_removed_wherever_they_stand() -> None:
    assert without("Gebühr? Die GEBUEHR, immer!", ["Gebühr"]) == "Die immer!"


def test_contributions_of_characters_add_up_to_the_logit_difference() -> None:
    text = "Mahnung Gebühr"
    reasons = Explainer(TRAINED.model).reasons(text, "billing")
    logits = TRAINED.model.softmax.logits(TRAINED.model.features.matrix([text]))[0] - TRAINED.model.softmax.bias
    column = TRAINED.model.labels.index("billing")
    others = probabilities_of(TRAINED.model.softmax.logits(TRAINED.model.features.matrix([text])))[0]
    others[column] = 0
    expected = logits[column] - float(logits @ (others / others.sum()))
    assert sum(reason.contribution for reason in reasons) == pytest.approx(expected, rel=0.05)


def test_a_guess_below_the_threshold_is_none_with_three_suggestions() -> None:
    strict = Guesser(TRAINED.model, 0.99)
    [guess] = strict.guess(["Paket"], ["de"])
    assert guess.value is None
    assert len(guess.suggestions) == 3
    assert guess.origin == "model"


def test_the_learned_tagger_answers_with_the_users_own_departments(tmp_path: Path) -> None:
    save_model(tmp_path, learn(TEXTS * 2, LABELS * 2, sorted(WORDS)), {})
    tagger = LearnedTagger(departments=str(tmp_path), precision=0.8)
    cases = [Case(id=str(n), source="t", text=text, language="de") for n, text in enumerate(TEXTS)]
    found = [diagnosis.department for diagnosis in tagger.tag(cases)]
    answered = [(guess, label) for guess, label in zip(found, LABELS, strict=True) if guess.value]
    assert len(answered) > len(cases) / 2
    assert sum(guess.value == label for guess, label in answered) / len(answered) >= 0.9
    assert all(
        guess.evidence and guess.evidence[0] in text for guess, text in zip(found, TEXTS, strict=True) if guess.value
    )


def test_a_learned_tagger_without_a_model_is_refused() -> None:
    with pytest.raises(ModelError, match="name a folder"):
        LearnedTagger()


def test_columns_help_where_the_text_says_nothing(tmp_path: Path) -> None:
    texts = ["bitte prüfen", "wie besprochen", "siehe oben", "danke"] * 15
    districts = ["north", "south"] * 30
    labels = ["team " + district for district in districts]
    facts = [{"district": district} for district in districts]
    model = learn(texts, labels, sorted(set(labels)), facts=facts)
    assert model.features.fact_fields == ("district",)
    save_model(tmp_path, model, {})
    tagger = LearnedTagger(departments=str(tmp_path))
    cases = [
        Case(id=place, source="t", text="danke", language="de", facts=Facts(extra={"district": place}))
        for place in ("north", "south")
    ]
    best = [diagnosis.department.suggestions[0][0] for diagnosis in tagger.tag(cases)]
    assert best == ["team north", "team south"]


def test_a_thorough_explanation_names_words_that_matter_at_least_as_much() -> None:
    guesser = Guesser(TRAINED.model, 0.8)
    text = "Guten Tag, die Mahnung vom Mai und die Gebühr bitte prüfen, Frage zu Betrag"
    column = TRAINED.model.labels.index("billing")
    quick, tried = (guesser.reasons(text, "de", "billing", thorough=thorough) for thorough in (False, True))
    left = guesser.probabilities([without(text, quick), without(text, tried)], ["de", "de"])[:, column]
    assert len(tried) == 2
    assert left[1] <= left[0] + 1e-9
