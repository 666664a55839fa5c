"""Sentence vectors from an ONNX file with its tokenizer, int8 ones too: onnxruntime alone, no torch.

A folder as sentence-transformers and the model hub lay it out: `tokenizer.json`, `onnx/model.onnx` (or another file),
and, where they are there, `1_Pooling/config.json` and `sentence_bert_config.json`.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.errors import ModelError, NotInstalled

LONGEST = 256  # tokens of a text, unless the model says otherwise
PLACES = ("onnx/model.onnx", "model.onnx", "onnx/model_quantized.onnx", "onnx/model_qint8_avx512.onnx")


class OnnxModel:
    """Encodes texts; the same text gives the same vector whatever stands beside it, up to rounding.

    Args:
        folder: of the model.
        file: the ONNX file in it; None takes the usual places.

    Raises:
        NotInstalled: onnxruntime or tokenizers is missing.
        ModelError: the folder lacks a file, or one of them is damaged.
    """

    def __init__(self, folder: Path, file: str | None = None) -> None:
        try:
            import onnxruntime  # noqa: PLC0415 – optional
            import tokenizers  # noqa: PLC0415
        except ImportError as error:
            raise NotInstalled(f"the sentence model {folder} with backend onnx", "quality") from error
        path = _file(folder, file)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # sums in one order
        options.log_severity_level = 3
        try:
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise ModelError(
                f"{path}: no ONNX model with a tokenizer.json beside it ({type(error).__name__})"
            ) from error
        self._inputs = {told.name for told in self._session.get_inputs()}
        self._pooling = _pooling(folder)
        self._tokenizer.enable_truncation(_setting(folder / "sentence_bert_config.json", "max_seq_length", LONGEST))
        self._tokenizer.enable_padding()

    def encode(self, texts: Sequence[str], batch_size: int = 64, **_unused: object) -> NDArray[np.float32]:
        """Rows of the model, (texts, dimensions), in order."""
        rows = [self._batch(texts[at : at + batch_size]) for at in range(0, len(texts), batch_size)]
        return np.vstack(rows).astype(np.float32)

    def get_embedding_dimension(self) -> int:
        """Dimensions of a row."""
        return int(self._batch(["a"]).shape[1])

    def _batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        encoded = self._tokenizer.encode_batch(list(texts))
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        known = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in encoded], dtype=np.int64),
        }
        told = self._session.run(None, {name: known[name] for name in self._inputs if name in known})
        hidden = next((answer for answer in told if answer.ndim == 2), told[0])
        return np.asarray(hidden if hidden.ndim == 2 else _pooled(hidden, mask, self._pooling), dtype=np.float32)


def _pooled(hidden: NDArray[np.float32], mask: NDArray[np.int64], how: str) -> NDArray[np.float32]:
    if how == "cls":
        return hidden[:, 0]
    weights = mask[:, :, None].astype(np.float32)
    if how == "max":
        return np.asarray(np.where(weights > 0, hidden, -np.inf).max(axis=1), dtype=np.float32)
    return np.asarray((hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9), dtype=np.float32)


def _file(folder: Path, file: str | None) -> Path:
    for name in (file,) if file else PLACES:
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    raise ModelError(f"no {file or 'onnx/model.onnx'} in {folder}: name the file with `file` in the recipe")


def _pooling(folder: Path) -> str:
    told = _settings(folder / "1_Pooling/config.json")
    if told.get("pooling_mode_cls_token") or told.get("pooling_mode") == "cls":
        return "cls"
    return "max" if told.get("pooling_mode_max_tokens") or told.get("pooling_mode") == "max" else "mean"


def _setting(path: Path, name: str, default: int) -> int:
    value = _settings(path).get(name)
    return value if isinstance(value, int) and value > 0 else default


def _settings(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: no JSON file") from error
    return told if isinstance(told, dict) else {}
