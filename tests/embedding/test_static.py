"""The static embedder: meanings of words, weights of a corpus, German and English in one space."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.embedding.static import Static
from cxtext.errors import ModelError

ENGLISH = [
    "My parcel has not arrived yet",
    "The delivery of my package is late",
    "I cannot log in to my account",
    "The password reset does not work",
    "The invoice shows the wrong amount",
    "I was billed twice for one order",
]


@pytest.fixture(scope="module")
def english() -> Static:
    static = Static()
    static.fit(ENGLISH, ["en"] * len(ENGLISH))
    return static


def test_rows_have_length_one_and_single_precision(english: Static) -> None:
    rows = english.encode(ENGLISH, ["en"] * len(ENGLISH))
    assert rows.shape == (len(ENGLISH), english.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_a_text_without_a_known_word_is_zero(english: Static) -> None:
    assert not english.encode(["", "12345 !!", "qqxzvj"], ["en"] * 3).any()


def test_no_texts_give_no_rows(english: Static) -> None:
    assert english.encode([], []).shape == (0, english.dimensions)


def test_texts_that_mean_the_same_are_nearest_without_a_common_word(english: Static) -> None:
    parcel, log_in, bill = english.encode(
        ["shipment delayed", "forgotten credentials", "overcharged twice"], ["en"] * 3
    )
    rows = english.encode(ENGLISH, ["en"] * len(ENGLISH))
    assert int((rows @ parcel).argmax()) in {0, 1}
    assert int((rows @ log_in).argmax()) in {2, 3}
    assert int((rows @ bill).argmax()) in {4, 5}


def test_stored_state_gives_the_same_rows(english: Static) -> None:
    again = Static.from_state(english.state())
    assert np.array_equal(again.encode(ENGLISH, ["en"] * 6), english.encode(ENGLISH, ["en"] * 6))
    assert all(array.dtype != object for array in english.state().values())


def test_state_of_other_vectors_is_refused(english: Static) -> None:
    state = english.state() | {"shared": np.zeros((1, 3), dtype=np.float32)}
    with pytest.raises(ModelError, match="fit it again"):
        Static.from_state(state)
    del state["means"]
    with pytest.raises(ModelError, match="fit it again"):
        Static.from_state(state)


def test_rows_do_not_depend_on_the_order_or_company_of_the_texts(english: Static) -> None:
    forward = english.encode(ENGLISH, ["en"] * 6)
    backward = english.encode(ENGLISH[::-1], ["en"] * 6)[::-1]
    alone = np.concatenate([english.encode([text], ["en"]) for text in ENGLISH])
    assert np.allclose(forward, backward, atol=1e-6)
    assert np.allclose(forward, alone, atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_gives_a_finite_row_of_length_one_or_zero(english: Static, texts: list[str]) -> None:
    lengths = np.linalg.norm(english.encode(texts, ["en"] * len(texts)), axis=1)
    assert np.all(np.isfinite(lengths))
    assert np.all((np.abs(lengths - 1) < 1e-4) | (lengths == 0))


PAIRS = [
    ("Das Paket ist beschädigt angekommen", "The parcel arrived damaged"),
    ("Ich kann mich nicht anmelden, das Passwort wird abgelehnt", "I cannot log in, my password is rejected"),
    ("Die Straßenlaterne vor dem Haus ist ausgefallen", "The street lamp outside the house has gone out"),
    ("Die Rechnung enthält einen falschen Betrag", "The invoice shows a wrong amount"),
    ("Der Zug hatte zwei Stunden Verspätung", "The train was two hours late"),
    ("Ich möchte meinen Vertrag kündigen", "I want to cancel my contract"),
    ("Der Mitarbeiter an der Hotline war unfreundlich", "The agent on the hotline was rude"),
    ("Ich bekomme beim Arzt keinen Termin", "I cannot get an appointment with the doctor"),
]


def test_german_and_english_of_the_same_complaint_are_nearest(english: Static) -> None:
    german = english.encode([pair[0] for pair in PAIRS], ["de"] * len(PAIRS))
    other = english.encode([pair[1] for pair in PAIRS], ["en"] * len(PAIRS))
    likeness = german @ other.T
    assert likeness.argmax(axis=1).tolist() == list(range(len(PAIRS)))
    assert likeness.argmax(axis=0).tolist() == list(range(len(PAIRS)))


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Rechnungen", "invoice"),  # through its lemma
        ("RECHNUNG", "invoice"),
        ("Strasse", "street"),  # through the folded word
        ("Winterreifenlieferung", "delivery"),  # through the tail of a compound
        ("WLAN-Steckdose", "socket"),
        ("Bluetooth", "bluetooth"),  # a name that English shares
    ],
)
def test_a_german_word_is_near_its_english_meaning(english: Static, word: str, meaning: str) -> None:
    distractors = ["invoice", "street", "delivery", "socket", "bluetooth", "doctor", "tree", "angry"]
    rows = english.encode(distractors, ["en"] * len(distractors))
    assert distractors[int((rows @ english.encode([word], ["de"])[0]).argmax())] == meaning


def test_coverage_counts_running_words_that_have_a_meaning(english: Static) -> None:
    assert english.coverage(["Paket qqxzvj"], ["de"]) == 0.5
    assert english.coverage([], []) == 0.0


def test_a_word_of_every_text_of_a_corpus_says_nothing() -> None:
    texts = [f"support {word}" for word in ("parcel", "invoice", "password", "tree") * 30]
    static = Static(removed=0)
    static.fit(texts, ["en"] * len(texts))
    with_word, without = static.encode(["support parcel", "parcel"], ["en"] * 2)
    alone = Static(removed=0)
    assert float(with_word @ without) > float(np.dot(*alone.encode(["support parcel", "parcel"], ["en"] * 2)))
    again = Static.from_state(static.state(), removed=0)
    assert np.array_equal(again.encode(texts, ["en"] * len(texts)), static.encode(texts, ["en"] * len(texts)))
