"""A transformer of random weights, made here: it must load, answer in range, and refuse what is unsafe."""

import json
from pathlib import Path

import pytest

from cxtext.domain import Case
from cxtext.errors import ConfigurationError, ModelError
from cxtext.sentiment import SENTIMENT
from cxtext.sentiment.transformer import Transformer

NAMES = {"0": "negative", "1": "neutral", "2": "positive"}


def write_config(folder: Path, names: dict[str, str]) -> None:
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "id2label": names}))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch = pytest.importorskip("torch", reason="the transformer part is optional")
    transformers = pytest.importorskip("transformers", reason="the transformer part is optional")
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "gut", "schlecht"]))
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=7, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, num_labels=3
    )
    config.id2label = {int(number): name for number, name in NAMES.items()}
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    transformers.BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_a_local_model_answers_in_order_and_in_range(tiny: Path) -> None:
    part = SENTIMENT.load("transformer")(folder=str(tiny), batch=2)
    cases = [Case(id=str(number), source="t", text=text, language="de") for number, text in enumerate(["gut", "", "x"])]
    moods = part.score(cases)
    assert len(moods) == 3
    assert all(-1 <= mood.score <= 1 and 0 < mood.confidence <= 1 for mood in moods)
    assert part.score(cases) == moods


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    write_config(tmp_path, NAMES)
    (tmp_path / "pytorch_model.bin").write_bytes(b"anything")
    with pytest.raises(ModelError, match=r"pytorch_model\.bin.*safetensors"):
        Transformer(folder=tmp_path)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="copy a model there"):
        Transformer(folder=tmp_path)


def test_outputs_nobody_can_name_are_refused(tmp_path: Path) -> None:
    write_config(tmp_path, {"0": "LABEL_0", "1": "LABEL_1"})
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="labels ="):
        Transformer(folder=tmp_path)


def test_a_wrong_number_of_labels_is_refused(tmp_path: Path) -> None:
    write_config(tmp_path, NAMES)
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="2 labels for 3 outputs"):
        Transformer(folder=tmp_path, labels=["negative", "positive"])


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="the transformer part is optional")
    write_config(tmp_path, NAMES)
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="cannot be read"):
        Transformer(folder=tmp_path)
