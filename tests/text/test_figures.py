"""The goal figures on the development data, on samples small enough for every run."""

from pathlib import Path

import pytest

from cxtext.evaluate.cleaning import evaluate_untouched
from cxtext.evaluate.language import evaluate_language
from cxtext.evaluate.pii import evaluate_pii
from cxtext.evaluate.words import evaluate_compounds, evaluate_lemmas

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the development data (../shared/data) is not here")


def sample(path: str, count: int) -> list[str]:
    pandas = pytest.importorskip("pandas")
    return [str(text) for text in pandas.read_parquet(DATA / path)["text"].tolist()[:count]]


def test_compounds_of_a_list_the_rules_were_not_made_for() -> None:
    figures = evaluate_compounds(Path(__file__).parent / "compounds_blind.tsv")
    assert figures["boundary"] >= 0.90
    assert figures["false_splits"] <= 1


@needs_data
@pytest.mark.parametrize(("file", "language", "goal"), [("de_gsd", "de", 0.966), ("en_ewt", "en", 0.94)])
def test_lemmas(file: str, language: str, goal: float) -> None:
    figures = evaluate_lemmas(DATA / "universal_dependencies" / f"{file}_test.conllu.gz", language)
    assert figures["accuracy"] >= goal


@needs_data
def test_languages() -> None:
    german = sample("amazon_de_products/amazon_de.parquet", 500)
    english = sample("clinc150/clinc150.parquet", 500)
    figures = evaluate_language(german + english, ["de"] * 500 + ["en"] * 500)
    assert figures["accuracy"] >= 0.98
    assert figures["accuracy"] > figures["stop_word_vote"] - 0.01


@needs_data
def test_texts_that_are_no_mails_are_left_alone() -> None:
    texts = sample("konstanz_maengelmelder_2020_2022/konstanz.parquet", 1500) + sample("idea_viber/viber.parquet", 1500)
    assert evaluate_untouched(texts)["changed_over_20_percent"] <= 0.003


def test_personal_data() -> None:
    pytest.importorskip("faker")
    figures = evaluate_pii(600, 4711)
    assert figures["structured"] >= 0.995
    assert figures["address"] >= 0.96
    assert figures["all_names"] >= 0.92
    assert figures["kept"] == 1
    assert evaluate_pii(600, 4711, with_people=False)["all_names"] >= 0.97
    assert evaluate_pii(600, 4711, with_people=False, texts="sentences")["all_names"] >= 0.82
