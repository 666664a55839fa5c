"""Learning from a handful of own sentences: enough to see that it learns, remembers and refuses."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from cxtext.domain import Case, Facts, SentimentLabel
from cxtext.errors import ConfigurationError, ModelError
from cxtext.sentiment import SENTIMENT
from cxtext.sentiment.features import marked, plain
from cxtext.sentiment.labels import label_of
from cxtext.sentiment.learned import Learned, train

THINGS = ["Der Toaster", "Die Lampe", "Das Regal", "Der Stuhl", "Die Jacke", "Das Kissen"]
SAID: dict[SentimentLabel, list[str]] = {
    "negative": ["wackelt wie ein Lämmerschwanz", "ist nicht zu gebrauchen", "kam zerdellt bei mir an"],
    "neutral": ["steht im Flur", "hat die Nummer sieben", "ist blau"],
    "positive": ["macht mir jeden Tag Laune", "ist jeden Groschen wert", "würde ich wieder nehmen"],
}


def sentences() -> tuple[list[str], list[SentimentLabel]]:
    texts: list[str] = []
    labels: list[SentimentLabel] = []
    for label, sayings in SAID.items():
        for thing, said in itertools.product(THINGS, sayings):
            texts.append(f"{thing} {said}.")
            labels.append(label)
    return texts, labels


def many(label: SentimentLabel, count: int) -> list[SentimentLabel]:
    return [label] * count


@pytest.fixture(scope="module")
def learned() -> Learned:
    texts, labels = sentences()
    return train(texts, ["de"] * len(texts), labels, seed=0)


def case(text: str, language: str = "de") -> Case:
    return Case(id="1", source="test", text=text, language=language)


def test_it_learns_words_no_lexicon_knows(learned: Learned) -> None:
    moods = learned.score([case("Der Schrank wackelt wie ein Lämmerschwanz"), case("Die Uhr macht mir Laune")])
    assert [mood.label for mood in moods] == ["negative", "positive"]


def test_evidence_names_words_of_the_text(learned: Learned) -> None:
    (mood,) = learned.score([case("Der Schrank kam zerdellt bei mir an")])
    assert "zerdellt" in mood.evidence


def test_score_and_confidence_stay_in_range(learned: Learned) -> None:
    moods = learned.score([case(text) for text in ("", "?", "Das Regal ist blau.", "x" * 500)])
    assert all(-1 <= mood.score <= 1 and 0 <= mood.confidence <= 1 for mood in moods)


def test_a_language_without_a_model_is_read_by_the_lexicon(learned: Learned) -> None:
    moods = learned.score([case("terrible", "en"), case("wackelt wie ein Lämmerschwanz"), case("rien", "fr")])
    assert [mood.label for mood in moods] == ["negative", "negative", "neutral"]
    assert moods[2].confidence == 0


def test_saved_and_read_again_it_answers_the_same(learned: Learned, tmp_path: Path) -> None:
    learned.save(tmp_path)
    cases = [case(text) for text in sentences()[0]]
    for one, other in zip(learned.score(cases), Learned.load(tmp_path).score(cases), strict=True):
        assert one.label == other.label
        assert one.score == pytest.approx(other.score, abs=1e-3)


def test_the_registry_builds_it_from_a_folder(learned: Learned, tmp_path: Path) -> None:
    learned.save(tmp_path)
    assert set(SENTIMENT.load("learned")(folder=str(tmp_path)).models) == {"de"}


def test_the_same_seed_gives_the_same_model(learned: Learned) -> None:
    texts, labels = sentences()
    again = train(texts, ["de"] * len(texts), labels, seed=0)
    assert np.array_equal(learned.models["de"].weights, again.models["de"].weights)


def test_corrections_outweigh_ratings() -> None:
    texts, labels = sentences()
    odd = [*many("positive", 10), *many("negative", 10)]
    weights = [1.0] * len(texts) + [0.1] * 10 + [10.0] * 10
    everything = train(
        texts + ["Der Ofen brummt."] * 20, ["de"] * (len(texts) + 20), labels + odd, seed=0, weights=weights
    )
    assert everything.score([case("Der Ofen brummt.")])[0].label == "negative"


def test_two_labels_are_enough() -> None:
    texts, labels = sentences()
    kept = [(text, label) for text, label in zip(texts, labels, strict=True) if label != "neutral"]
    learned = train([text for text, _ in kept], ["de"] * len(kept), [label for _, label in kept], seed=0)
    assert learned.score([case("kam zerdellt an")])[0].label == "negative"


def test_too_few_texts_are_refused_with_what_to_do() -> None:
    labels = [*many("positive", 20), *many("negative", 1)]
    with pytest.raises(ModelError, match="collect more"):
        train(["gut"] * 20 + ["schlecht"], ["de"] * 21, labels, seed=0)


def test_without_a_folder_it_says_what_is_missing() -> None:
    with pytest.raises(ConfigurationError, match="folder"):
        Learned()


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cxtext train sentiment"):
        Learned(folder=tmp_path)


def test_a_damaged_model_is_refused(learned: Learned, tmp_path: Path) -> None:
    learned.save(tmp_path)
    stored = tmp_path / "sentiment_de.npz"
    stored.write_bytes(stored.read_bytes()[:200])
    with pytest.raises(ModelError, match="train again"):
        Learned(folder=tmp_path)


def test_a_model_of_another_version_is_refused(learned: Learned, tmp_path: Path) -> None:
    learned.save(tmp_path)
    path = tmp_path / "sentiment_de.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(ModelError, match="format 99"):
        Learned(folder=tmp_path)


def test_a_model_with_pickled_arrays_is_refused(learned: Learned, tmp_path: Path) -> None:
    learned.save(tmp_path)
    np.savez(tmp_path / "sentiment_de.npz", weights=np.array([{"evil": 1}], dtype=object))
    with pytest.raises(ModelError, match="train again"):
        Learned(folder=tmp_path)


def test_words_after_a_negation_are_marked_until_the_clause_ends() -> None:
    assert marked("nicht gut, schade") == ["nicht", "¬gut", ",", "schade"]


@pytest.mark.parametrize(
    ("facts", "label"),
    [
        (Facts(stars=1), "negative"),
        (Facts(stars=3), "neutral"),
        (Facts(csat=5), "positive"),
        (Facts(nps=6), "negative"),
        (Facts(nps=8), "neutral"),
        (Facts(nps=10), "positive"),
        (Facts(), None),
    ],
)
def test_ratings_become_labels(facts: Facts, label: str | None) -> None:
    assert label_of(facts) == label


def test_links_and_handles_have_one_name_and_drawn_out_letters_are_two() -> None:
    assert plain("@united SUUUUPER https://t.co/a1 und www.x.de") == "xperson suuper xlink und xlink"
    assert marked("@united suuuuper") == ["xperson", "suuper"]


def test_evidence_is_written_as_in_the_text_even_where_it_is_read_otherwise() -> None:
    texts = ["das ist suuuuper @shop"] * 9 + ["das ist mies @shop"] * 9
    good: list[SentimentLabel] = ["positive"] * 9
    bad: list[SentimentLabel] = ["negative"] * 9
    learned = train(texts, ["de"] * 18, good + bad, seed=0)
    mood = learned.score([Case(id="1", source="s", text="wie suuuuuuper @anders", language="de")])[0]
    assert mood.label == "positive"
    assert "suuuuuuper" in mood.evidence
