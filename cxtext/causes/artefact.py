"""Learned models on disk: numbers as npz, everything else as JSON, nothing that could run code when it is read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cxtext.array_file import load_arrays, load_json
from cxtext.causes.features import TextFeatures
from cxtext.causes.label_model import LabelModel
from cxtext.causes.softmax import Softmax
from cxtext.errors import ModelError

FORMAT, READABLE = 2, (1, 2)  # 1: without what words mean
NUMBERS, WORDS = "model.npz", "model.json"

Card = Mapping[str, Any]


def save_model(folder: Path, model: LabelModel, card: Card) -> None:
    """Write `model.npz` and `model.json` (with the card of measured figures) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "format": FORMAT,
        "labels": model.labels,
        "rule_share": model.rule_share,
        "temperature": model.temperature,
        "curve": model.curve,
        "thresholds": {str(wanted): least for wanted, least in (model.thresholds or {}).items()},
        "character_terms": model.features.character_terms,
        "word_terms": model.features.word_terms,
        "fact_terms": model.features.fact_terms,
        "card": dict(card),
    }
    np.savez_compressed(
        folder / NUMBERS,
        weights=model.softmax.weights.astype(np.float32),
        bias=model.softmax.bias.astype(np.float32),
        character_idf=model.features.character_idf.astype(np.float32),
        word_idf=model.features.word_idf.astype(np.float32),
        **_meaning_arrays(model),
    )
    (folder / WORDS).write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def load_model(folder: Path) -> tuple[LabelModel, Card]:
    """Read what `save_model` wrote.

    Raises:
        ModelError: the files are missing, damaged or of another version.
    """
    content = _words(folder)
    try:
        arrays = {name: numbers.astype(np.float64) for name, numbers in load_arrays(folder / NUMBERS).items()}
        features = TextFeatures(
            tuple(content["character_terms"]),
            arrays["character_idf"],
            tuple(content["word_terms"]),
            arrays["word_idf"],
            tuple(content["fact_terms"]),
        )
        model = LabelModel(
            labels=tuple(content["labels"]),
            features=features,
            softmax=Softmax(arrays["weights"], arrays["bias"]),
            rule_share=float(content["rule_share"]),
            temperature=float(content["temperature"]),
            curve=tuple((float(said), float(true)) for said, true in content["curve"]),
            thresholds={float(wanted): float(least) for wanted, least in content["thresholds"].items()} or None,
            meaning=Softmax(arrays["meaning"], arrays["meaning_bias"]) if "meaning" in arrays else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"model in {folder}: {error}; run `cxtext train` again") from error
    if model.softmax.weights.shape != (features.width, len(model.labels)):
        raise ModelError(f"model in {folder}: its two files do not belong together; run `cxtext train` again")
    return model, content["card"]


def _meaning_arrays(model: LabelModel) -> dict[str, Any]:
    if model.meaning is None:
        return {}
    return {
        "meaning": model.meaning.weights.astype(np.float32),
        "meaning_bias": model.meaning.bias.astype(np.float32),
    }


def _words(folder: Path) -> dict[str, Any]:
    try:
        content = load_json((folder / WORDS).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"model in {folder}: {error}; run `cxtext train` or name another folder") from error
    if not isinstance(content, dict) or content.get("format") not in READABLE:
        raise ModelError(f"model in {folder}: not of format {FORMAT}; run `cxtext train` again")
    return content
