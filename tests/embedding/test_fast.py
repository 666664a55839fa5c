"""The default embedder: what its vectors promise."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.embedding import EMBEDDERS
from cxtext.embedding.fast import Fast, mixture
from cxtext.errors import ModelError

TEXTS = [
    f"{subject} {fault}, {wish}"
    for subject in ("Der Drucker", "Die Heizung", "Mein Router", "Die Rechnung", "Das Paket", "The invoice")
    for fault in ("ist kaputt", "fehlt noch immer", "war doppelt da", "macht Geräusche", "never arrived")
    for wish in ("bitte um Hilfe", "ich möchte eine Erstattung", "wann kommt jemand?")
]
LANGUAGES = ["de"] * len(TEXTS)


@pytest.fixture(scope="module")
def fitted() -> Fast:
    embedder = Fast()
    embedder.fit(TEXTS, LANGUAGES)
    return embedder


def test_rows_have_length_one(fitted):
    vectors = fitted.encode(TEXTS, LANGUAGES)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_empty_and_unknown_texts_are_rows_of_zeros(fitted):
    assert not fitted.encode(["", "   ", "☃☃☃☃☃☃"], ["de"] * 3).any()


def test_the_same_subject_is_nearer_than_the_same_wish(fitted):
    printer, also_printer, invoice = fitted.encode(
        ["Drucker macht Geräusche", "Der Drucker ist kaputt", "Die Rechnung war doppelt da"], ["de"] * 3
    )
    assert printer @ also_printer > printer @ invoice


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(TEXTS), st.text(max_size=40)), min_size=1, max_size=12))
def test_a_vector_does_not_depend_on_the_texts_beside_it(fitted, texts):
    together = fitted.encode(texts, ["de"] * len(texts))
    alone = np.vstack([fitted.encode([text], ["de"]) for text in texts])
    assert np.array_equal(together, alone)


def test_what_is_learned_does_not_depend_on_the_order_of_the_texts(fitted):
    other = Fast()
    other.fit(TEXTS[::-1], LANGUAGES)
    assert np.array_equal(other.encode(TEXTS, LANGUAGES), fitted.encode(TEXTS, LANGUAGES))


def test_state_survives_a_file_without_pickle(fitted):
    file = io.BytesIO()
    np.savez(file, **fitted.state())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        again = Fast.from_state({name: arrays[name] for name in arrays.files})
    assert np.array_equal(again.encode(TEXTS, LANGUAGES), fitted.encode(TEXTS, LANGUAGES))


def test_the_first_text_of_all_is_enough_to_fit():
    embedder = Fast()
    embedder.fit(["Rechnung falsch"], ["de"])
    assert len(embedder.encode(["Rechnung falsch", "anderes"], ["de", "de"])) == 2


def test_an_embedder_that_learned_nothing_says_so():
    with pytest.raises(ModelError, match="fit"):
        Fast().encode(["x"], ["de"])


def test_a_damaged_state_is_named():
    with pytest.raises(ModelError, match="spelling"):
        Fast.from_state({})


def test_the_registry_knows_all_embedders():
    assert EMBEDDERS.names() == ["fast", "sentence", "static"]
    assert EMBEDDERS.load("fast") is Fast


def test_languages_are_mixed_by_their_shares():
    assert mixture(["de"] * 9) == mixture([]) == 0
    assert mixture(["de", "en"] * 5) == 1
    assert 0.3 < mixture(["de"] * 9 + ["en"]) < 0.4


def test_one_issue_in_two_languages_is_nearer_than_two_issues_in_one():
    german = ["Die Rechnung ist falsch", "Das Paket ist nicht angekommen", "Der Drucker ist kaputt"]
    english = ["The invoice is wrong", "The parcel has not arrived", "The printer is broken"]
    embedder = Fast()
    embedder.fit([*german, *english], ["de"] * 3 + ["en"] * 3)
    near = embedder.encode(german, ["de"] * 3) @ embedder.encode(english, ["en"] * 3).T
    assert near.argmax(axis=1).tolist() == near.argmax(axis=0).tolist() == [0, 1, 2]
