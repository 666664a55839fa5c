"""Discovery: topics that BERTopic describes, with words as people write them."""

from itertools import permutations

import numpy as np
import pytest

from cxtext.embedding.fast import Fast
from cxtext.topics.engine import Analyzer, CommunityStep, discover, natural_forms

THINGS = (
    ("Drucker", "Toner", "Papier", "druckt", "Patrone"),
    ("Geräte", "Straße", "Größe", "Füße", "Tür"),
    ("Rechnung", "Betrag", "Abbuchung", "Konto", "Mahnung"),
    ("parcel", "delivery", "courier", "shipment", "driver"),
)
TEXTS = [" ".join(words) for group in THINGS for words in permutations(group, 3)]
LANGUAGES = ["de"] * 180 + ["en"] * 60


@pytest.fixture(scope="module")
def vectors():
    embedder = Fast()
    embedder.fit(TEXTS, LANGUAGES)
    return embedder.encode(TEXTS, LANGUAGES)


@pytest.fixture(scope="module")
def discovery(vectors):
    return discover(TEXTS, LANGUAGES, vectors)


def test_keywords_are_words_of_the_topic_as_people_write_them(discovery):
    spelled = {word for words in discovery.keywords for word in words}
    assert {"Straße", "Größe", "Rechnung", "parcel"} <= spelled
    assert len(discovery.keywords) == discovery.labels.max() + 1 == len(discovery.parents)


def test_keywords_belong_to_the_texts_of_their_topic(discovery):
    for topic, words in enumerate(discovery.keywords):
        own = " ".join(text for text, label in zip(TEXTS, discovery.labels, strict=True) if label == topic)
        assert words[0] in own


def test_bertopic_stays_usable(discovery):
    info = discovery.model.get_topic_info()
    assert info.Count.sum() == len(TEXTS)
    assert discovery.model.get_topic(0)


def test_another_order_gives_the_same_topics(vectors, discovery):
    order = np.random.default_rng(4).permutation(len(TEXTS))
    mixed = discover([TEXTS[row] for row in order], [LANGUAGES[row] for row in order], vectors[order])
    assert np.array_equal(mixed.labels, discovery.labels[order])
    assert mixed.keywords == discovery.keywords


def test_texts_without_any_known_word_give_no_topic():
    found = discover(["", " "], ["de", "de"], np.zeros((2, 8), np.float32))
    assert found.labels.tolist() == [-1, -1]
    assert found.model is None
    assert found.keywords == []


def test_forms_are_the_most_frequent_spelling_of_a_lemma_and_no_stop_words():
    texts = ["Die Rechnungen sind falsch", "Rechnungen und Rechnung", "Rechnungen", "Rechnung"]
    forms = natural_forms(texts, ["de"] * 4)
    assert forms["rechnung"] == forms["rechnungen"] == "Rechnungen"
    assert "und" not in forms
    assert Analyzer(forms)("RECHNUNG und noch etwas") == ["Rechnungen"]


def test_the_cluster_step_works_in_any_bertopic(vectors):
    step = CommunityStep().fit(vectors)
    assert len(step.labels_) == len(step.probabilities_) == len(TEXTS)
