"""Sentence models: what is missing is said in words; nothing is downloaded, no foreign code is run."""

import importlib.util

import numpy as np
import pytest

from cxtext.embedding.sentence import SentenceModel, model_place
from cxtext.errors import ModelError, NotInstalled


def test_a_folder_is_taken_as_it_is(tmp_path):
    assert model_place(str(tmp_path)) == str(tmp_path)


def test_an_installed_package_stands_for_its_model_folder(tmp_path, monkeypatch):
    (tmp_path / "my_model" / "model").mkdir(parents=True)
    (tmp_path / "my_model" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert model_place("my_model") == str(tmp_path / "my_model" / "model")


def test_a_hub_name_stays_a_name():
    assert model_place("sentence-transformers/all-MiniLM-L6-v2") == "sentence-transformers/all-MiniLM-L6-v2"


def test_a_missing_folder_is_named():
    with pytest.raises(ModelError, match="./nowhere"):
        model_place("./nowhere")


def test_a_missing_package_is_named_with_its_extra(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    embedder = SentenceModel(model="anything/at-all")
    embedder.fit(["Rechnung falsch"], ["de"])
    with pytest.raises(NotInstalled, match="quality"):
        embedder.encode(["Rechnung"], ["de"])


def test_fit_comes_first():
    with pytest.raises(ModelError, match="fit"):
        SentenceModel(model="x").encode(["y"], ["de"])


def test_what_was_learned_survives():
    embedder = SentenceModel(model="x")
    embedder.fit(["Rechnung falsch", "Rechnung doppelt"], ["de", "de"])
    again = SentenceModel.from_state(embedder.state(), model="x")
    assert all(np.array_equal(embedder.state()[name], array) for name, array in again.state().items())
