"""A real, tiny ONNX model: what comes out is the mean of its word rows, whoever stands beside."""

import json
from pathlib import Path

import numpy as np
import pytest

from cxtext.embedding.onnx_model import OnnxModel
from cxtext.embedding.sentence import SentenceModel
from cxtext.errors import ModelError

onnx = pytest.importorskip("onnx", reason="pip install onnx onnxruntime")
pytest.importorskip("onnxruntime", reason="pip install onnxruntime")
tokenizers = pytest.importorskip("tokenizers")
WORDS = ("[PAD]", "[UNK]", "paket", "fehlt", "rechnung", "doppelt")
TABLE = np.random.default_rng(0).normal(size=(len(WORDS), 8)).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("model")
    (place / "onnx").mkdir()
    helper = onnx.helper
    shape = ["texts", "words"]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["hidden"])],
        "tiny",
        [
            helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, shape),
            helper.make_tensor_value_info("attention_mask", onnx.TensorProto.INT64, shape),
        ],
        [helper.make_tensor_value_info("hidden", onnx.TensorProto.FLOAT, [*shape, 8])],
        [onnx.numpy_helper.from_array(TABLE, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(place / "onnx/model.onnx"))
    tokenizer = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(place / "tokenizer.json"))
    return place


def test_a_text_is_the_mean_of_its_words_whatever_stands_beside_it(folder):
    model = OnnxModel(folder)
    alone, together = model.encode(["Paket fehlt"]), model.encode(["Paket fehlt", "Rechnung doppelt Rechnung doppelt"])
    np.testing.assert_allclose(alone[0], TABLE[[2, 3]].mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(together[0], alone[0], atol=1e-6)
    assert model.get_embedding_dimension() == 8


def test_the_folder_says_how_words_are_pooled(folder, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "1_Pooling").mkdir()
    (copy / "1_Pooling/config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    np.testing.assert_allclose(OnnxModel(copy).encode(["Paket fehlt"])[0], TABLE[2], atol=1e-6)
    (copy / "1_Pooling/config.json").write_text(json.dumps({"pooling_mode_max_tokens": True}))
    np.testing.assert_allclose(OnnxModel(copy).encode(["Paket fehlt"])[0], TABLE[[2, 3]].max(axis=0), atol=1e-6)
    (copy / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 1}))
    (copy / "1_Pooling/config.json").write_text("{}")
    np.testing.assert_allclose(OnnxModel(copy).encode(["Paket fehlt"])[0], TABLE[2], atol=1e-6)


def test_the_recipe_reaches_it(folder):
    model = SentenceModel(model=str(folder), backend="onnx")
    texts = ["Paket fehlt", "Rechnung doppelt", "", "Paket doppelt"]
    model.fit(texts, ["de"] * 4)
    rows = model.encode(texts, ["de"] * 4)
    assert rows.shape[0] == 4
    assert rows[0] @ rows[3] > rows[0] @ rows[1]
    assert not rows[2].any()


@pytest.mark.parametrize("damage", ["no model", "no tokenizer", "garbage", "outside"])
def test_what_is_no_model_is_refused(folder, tmp_path, damage):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    if damage == "no model":
        (copy / "onnx/model.onnx").unlink()
    if damage == "no tokenizer":
        (copy / "tokenizer.json").unlink()
    if damage == "garbage":
        (copy / "onnx/model.onnx").write_bytes(b"\x80\x04cos\nsystem\n")
    with pytest.raises(ModelError):
        OnnxModel(copy, "../model.onnx" if damage == "outside" else None)
