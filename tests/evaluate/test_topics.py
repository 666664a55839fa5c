"""Figures about topics: known answers, strictness, and a whole run in a fresh process."""

from itertools import permutations

import numpy as np
import pytest

from cxtext.errors import ConfigurationError
from cxtext.evaluate.topic_figures import agreement, coherence, diversity, strictly
from cxtext.evaluate.topics import evaluate_topics

GOLD = ["a"] * 4 + ["b"] * 4


def test_a_perfect_answer_is_one_whatever_its_numbers():
    figures = agreement(GOLD, np.array([5, 5, 5, 5, 2, 2, 2, 2]))
    assert figures["ari"] == figures["nmi"] == figures["v"] == figures["accuracy"] == figures["purity"] == 1
    assert figures["topics"] == 2


def test_one_topic_for_all_is_worth_nothing():
    figures = agreement(GOLD, np.zeros(8, np.int64))
    assert figures["ari"] == 0
    assert figures["accuracy"] == figures["purity"] == 0.5


def test_a_text_without_topic_is_a_cluster_of_its_own():
    assert strictly(np.array([-1, 0, -1, 1])).tolist() == [2, 0, 3, 1]
    silent = agreement(GOLD, np.full(8, -1))
    assert silent["without_topic"] == 1
    assert silent["topics"] == 0
    assert silent["accuracy"] == 0.25


def test_splitting_a_category_lowers_accuracy_but_not_purity():
    figures = agreement(GOLD, np.array([0, 0, 1, 1, 2, 2, 2, 2]))
    assert figures["purity"] == 1
    assert figures["accuracy"] == 0.75


def test_diversity_counts_different_words():
    assert diversity([["Rechnung", "falsch"], ["rechnung", "doppelt"]]) == 0.75
    assert diversity([]) == 0


def test_words_that_stand_together_are_coherent_and_strangers_are_not():
    texts = ["Rechnung falsch", "Rechnung falsch", "Paket fehlt", "Paket fehlt"]
    assert coherence([["Rechnung", "falsch"]], texts) == pytest.approx(1)
    assert coherence([["Rechnung", "Paket"]], texts) == -1
    assert coherence([], texts) == 0


def test_an_unknown_contender_is_named_before_anything_runs():
    with pytest.raises(ConfigurationError, match="top2vec"):
        evaluate_topics(["x"], ["de"], ["a"], against=["top2vec"])


def test_columns_of_different_length_are_refused():
    with pytest.raises(ConfigurationError, match="number"):
        evaluate_topics(["x", "y"], ["de"], ["a"])


def test_a_whole_run_says_how_good_and_how_dear():
    things = {
        "printer": ("Drucker", "Toner", "Papier", "druckt", "Patrone"),
        "router": ("Router", "WLAN", "Internet", "Verbindung", "Netz"),
        "invoice": ("Rechnung", "Betrag", "Abbuchung", "Konto", "Mahnung"),
        "parcel": ("Paket", "Lieferung", "Zusteller", "Sendung", "Bote"),
    }
    rows = [(" ".join(words), key) for key, group in things.items() for words in permutations(group, 3)]
    texts, gold = [text for text, _ in rows], [key for _, key in rows]
    figures = evaluate_topics(texts, ["de"] * len(texts), gold)["cxtext"]
    assert figures["purity"] > 0.9
    assert 0 < figures["diversity"] <= 1
    assert figures["cpu_stages"] > 0
    assert figures["cpu_process"] > figures["cpu_stages"]
    assert figures["memory_mb"] > 100
