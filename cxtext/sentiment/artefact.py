"""Models on disk: numbers in `.npz`, words about them in `.json`; nothing that could run code."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from cxtext.array_file import load_arrays, load_json
from cxtext.errors import ModelError
from cxtext.sentiment.model import Model, fresh_vectorizers, restored

_FORMAT: Final = 2  # 1: other n-grams


def save_model(model: Model, folder: Path) -> None:
    """Write `sentiment_xx.npz` and `sentiment_xx.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        "words": _as_bytes(model.words.get_feature_names_out().tolist()),
        "words_rarity": model.words.idf_,
        "letters": _as_bytes(model.letters.get_feature_names_out().tolist()),
        "letters_rarity": model.letters.idf_,
        "weights": model.weights.astype(np.float32),
    }
    arrays |= {name: getattr(model, name) for name in ("mean", "spread", "intercept", "bias", "offsets")}
    np.savez_compressed(folder / f"sentiment_{model.language}.npz", **arrays)
    about = {"format": _FORMAT, "language": model.language, "labels": model.labels, "temperature": model.temperature}
    (folder / f"sentiment_{model.language}.json").write_text(json.dumps(about, indent=1), encoding="utf-8")


def load_model(folder: Path, language: str) -> Model:
    """Read one language.

    Raises:
        ModelError: a file is missing, damaged or of another version.
    """
    path = folder / f"sentiment_{language}.json"
    try:
        about = load_json(path.read_text(encoding="utf-8"))
        if about.get("format") != _FORMAT:
            raise ModelError(f"{path}: format {about.get('format')}, this version reads {_FORMAT}: train again")
        return _assemble(about, load_arrays(path.with_suffix(".npz")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"sentiment model {path}: {error}: train again with `cxtext train sentiment`") from error


def stored_languages(folder: Path) -> list[str]:
    """The languages that have a model in `folder`.

    Raises:
        ModelError: none has.
    """
    found = sorted(path.stem.removeprefix("sentiment_") for path in folder.glob("sentiment_*.json"))
    if not found:
        raise ModelError(f"no sentiment model in {folder}: `cxtext train sentiment` writes one")
    return found


def _assemble(about: dict[str, Any], arrays: dict[str, Any]) -> Model:
    words, letters = fresh_vectorizers()
    weights = arrays["weights"].astype(np.float64)
    known_words, known_letters = _as_strings(arrays["words"]), _as_strings(arrays["letters"])
    if weights.shape != (len(about["labels"]), len(known_words) + len(known_letters) + len(arrays["mean"])):
        raise ValueError(f"weights of shape {weights.shape} do not fit the features")
    return Model(
        about["language"],
        tuple(about["labels"]),
        restored(words, known_words, arrays["words_rarity"]),
        restored(letters, known_letters, arrays["letters_rarity"]),
        arrays["mean"],
        arrays["spread"],
        weights,
        arrays["intercept"],
        float(about["temperature"]),
        arrays["bias"],
        arrays["offsets"],
    )


def _as_bytes(grams: list[str]) -> Any:
    # JSON keeps the grams apart whatever is in them; a line break is one of the pieces.
    return np.frombuffer(json.dumps(grams).encode(), dtype=np.uint8)


def _as_strings(stored: Any) -> list[str]:
    return [str(gram) for gram in load_json(bytes(stored))]
