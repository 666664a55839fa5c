from pathlib import Path

import pytest

from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.errors import SourceError
from cxtext.evaluate.causes import evaluate_causes
from cxtext.evaluate.explanations import deletion_test

ROOT = Path(__file__).parents[2]
TAXONOMY = load_taxonomy()
SHOWN = [example for example in TAXONOMY.examples if example.expected and example.language == "de"]


def test_the_examples_of_the_taxonomy_are_found_by_it() -> None:
    figures = evaluate_causes(
        [example.text for example in SHOWN],
        ["de"] * len(SHOWN),
        [example.label for example in SHOWN],
        TAXONOMY,
        curve=(0, 20),
    )
    assert figures["labels"] == len(TAXONOMY.causes)
    assert figures["rules_only"]["accuracy"]["value"] > 0.8
    assert [step["corrections"] for step in figures["curve"]] == [0, 20]
    assert figures["curve"][0]["accuracy"]["value"] > figures["comparators"]["majority"]["accuracy"]["value"]
    assert figures["explanation"]["loss"] > figures["explanation"]["loss_random"]


def test_equal_texts_are_measured_once_and_unknown_labels_left_out() -> None:
    texts = ["Paket verloren", "Paket verloren", "App stürzt ab", "Mahnung falsch", "Guten Tag"]
    gold = ["late", "late", "it/website-app-failure", "billing/wrong-invoice", "greeting"]
    figures = evaluate_causes(texts, ["de"] * 5, gold, TAXONOMY, names={"late": "logistics/late-delivery"}, curve=(0,))
    assert figures["texts"] == 3


def test_rules_from_names_alone_keep_their_promise_on_real_texts() -> None:
    data = ROOT.parent / "shared/data/konstanz_maengelmelder_2020_2022/konstanz.parquet"
    if not data.is_file():
        pytest.skip("needs ../shared/data, which is not part of the repository")
    import pandas as pd

    frame = pd.read_parquet(data)
    taxonomy = load_taxonomy(ROOT / "tests/benchmarks/taxonomies/konstanz")
    frame = frame[frame.sub_category.isin({cause.titles["de"] for cause in taxonomy.causes})].head(1200)
    figures = evaluate_causes(list(frame.text), ["de"] * len(frame), list(frame.sub_category), taxonomy, curve=(0,))
    assert figures["rules_only"]["coverage"]["value"] >= 0.85
    assert figures["curve"][0]["accuracy"]["value"] >= 0.55


def test_labels_that_no_taxonomy_knows_are_said() -> None:
    with pytest.raises(SourceError, match="by key or title"):
        evaluate_causes(["a", "b", "c"], ["de"] * 3, ["x", "y", "z"], TAXONOMY)


def test_explanations_of_no_text() -> None:
    from cxtext.causes.learned_tagger import Guesser
    from cxtext.causes.learning import learn

    model = learn(["aa bb", "cc dd"] * 3, ["x", "y"] * 3, ["x", "y"])
    assert deletion_test(Guesser(model, 0.85), [], [])["n"] == 0
