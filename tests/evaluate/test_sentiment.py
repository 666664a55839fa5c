"""Measuring sentiment: on invented texts the figures can be counted by hand."""

from pathlib import Path
from typing import cast

import pytest

from cxtext.domain import SentimentLabel
from cxtext.errors import ConfigurationError
from cxtext.evaluate.labelled import Labelled
from cxtext.evaluate.sentiment import evaluate_sentiment

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"

TEXTS = ["Das ist super!", "Das ist schlecht!", "Das ist ein Tisch.", "Alles kaputt und schlecht."]
GOLD = ["positive", "negative", "neutral", "neutral"]


def test_figures_are_what_counting_gives() -> None:
    measured = evaluate_sentiment(TEXTS, ["de"] * 4, GOLD)
    assert measured["accuracy"]["value"] == 0.75
    assert measured["macro_f1"]["value"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3, abs=1e-4)
    assert measured["f1_negative"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert measured["auc"] == 1.0
    assert measured["texts"] == 4


def test_intervals_hold_the_value() -> None:
    measured = evaluate_sentiment(TEXTS * 10, ["de"] * 40, GOLD * 10)
    for figure in ("macro_f1", "accuracy", "f1_negative"):
        assert measured[figure]["lower"] <= measured[figure]["value"] <= measured[figure]["upper"]


def test_competitors_run_on_the_same_texts_or_say_why_not() -> None:
    measured = evaluate_sentiment(TEXTS, ["de"] * 4, GOLD)
    assert measured["against"]["majority"]["accuracy"]["value"] == 0.5
    assert "vader" in measured["against"]
    assert measured["not_run"]["tfidf-svm"] == "needs texts to learn from"
    for name in ("textblob-de", "minilm-lr"):
        assert (name in measured["against"]) != (name in measured["not_run"])
        assert measured["not_run"].get(name, "not installed").startswith(("not installed", "needs texts"))


def test_training_texts_serve_all_who_can_learn() -> None:
    labels = cast("list[SentimentLabel]", ["positive", "negative", "neutral"] * 10)
    train = Labelled([f"{text} {number}" for number in range(10) for text in TEXTS[:3]], ["de"] * 30, labels)
    measured = evaluate_sentiment(TEXTS, ["de"] * 4, GOLD, part="learned", train=train)
    assert measured["accuracy"]["value"] >= 0.75
    assert "tfidf-svm" in measured["against"]


def test_the_same_seed_measures_the_same() -> None:
    one, other = (evaluate_sentiment(TEXTS, ["de"] * 4, GOLD, seed=3) for _ in range(2))
    for timed in ("cpu_seconds", "texts_per_cpu_second", "against"):
        one.pop(timed), other.pop(timed)
    assert one == other


def test_a_recipe_names_the_part() -> None:
    assert evaluate_sentiment(TEXTS, ["de"] * 4, GOLD, recipe="fast", against=())["part"] == "lexicon"


@pytest.mark.parametrize(
    ("gold", "against", "complaint"),
    [
        (["fine"] * 4, (), "no label 'fine'"),
        (GOLD[:3], (), "3 labels"),
        (GOLD, ("magic",), "no comparator 'magic'"),
    ],
)
def test_what_cannot_be_measured_is_refused(gold: list[str], against: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        evaluate_sentiment(TEXTS, ["de"] * 4, gold, against=against)


@pytest.mark.skipif(not (DATA / "umsab").is_dir(), reason="the labelled data of ../shared/data is not here")
def test_german_tweets_are_read_better_than_the_best_known_tool_does() -> None:
    import pandas as pd

    frame = pd.read_parquet(DATA / "umsab" / "umsab.parquet")
    frame = frame[(frame.language == "de") & (frame.split == "train")]
    measured = evaluate_sentiment(
        frame.text.tolist(), ["de"] * len(frame), frame.label.tolist(), against=["majority", "vader"]
    )
    assert measured["macro_f1"]["value"] > 0.6 > measured["against"]["vader"]["macro_f1"]["value"]
