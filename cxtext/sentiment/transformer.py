"""Sentiment by a transformer from a local folder: nothing is downloaded, nothing in the folder is run as code."""

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from cxtext.domain import Case, Mood, SentimentLabel
from cxtext.errors import ConfigurationError, ModelError, NotInstalled
from cxtext.sentiment.lexicon import Lexicon

_NAMES: Final[dict[str, SentimentLabel]] = {
    "negative": "negative",
    "neg": "negative",
    "neutral": "neutral",
    "neu": "neutral",
    "positive": "positive",
    "pos": "positive",
    "1 star": "negative",
    "2 stars": "negative",
    "3 stars": "neutral",
    "4 stars": "positive",
    "5 stars": "positive",
}
_UNSAFE: Final = ("*.bin", "*.pt", "*.pth", "*.pkl", "*.pickle", "*.h5", "*.msgpack", "*.ckpt")


class Transformer:
    """A sequence classifier in safetensors format, such as one fine-tuned on three sentiments or five stars.

    Args:
        folder: a local copy of the model: `config.json`, `model.safetensors` and the tokenizer.
        labels: the meaning of each output where `config.json` does not say negative, neutral, positive.
        batch: texts at once.
        longest: tokens read of each text.
    """

    def __init__(
        self, *, folder: str | Path, labels: Sequence[SentimentLabel] | None = None, batch: int = 32, longest: int = 256
    ) -> None:
        self._folder = Path(folder)
        _check_files(self._folder)
        self._labels = _check_labels(self._folder, labels)
        for package in ("transformers", "torch"):
            if importlib.util.find_spec(package) is None:
                raise NotInstalled('sentiment "transformer"', "transformers")
        self._model, self._tokenizer = _load(self._folder)
        self._batch, self._longest = batch, longest
        self._lexicon = Lexicon()

    def score(self, cases: Sequence[Case]) -> list[Mood]:
        """One mood per case; score is P(positive) - P(negative), the evidence are the lexicon's words that agree."""
        moods: list[Mood] = []
        for start in range(0, len(cases), self._batch):
            part = cases[start : start + self._batch]
            for case, row in zip(part, self._probabilities([case.text for case in part]), strict=True):
                moods.append(self._mood(case, row))
        return moods

    def _mood(self, case: Case, row: Sequence[float]) -> Mood:
        shares = dict.fromkeys(("negative", "neutral", "positive"), 0.0)
        for label, probability in zip(self._labels, row, strict=True):
            shares[label] += probability
        label = max(self._labels, key=lambda one: shares[one])
        known = self._lexicon.score_text(case.text, case.language)
        evidence = known.evidence if known.label == label else ()
        return Mood(round(shares["positive"] - shares["negative"], 4), label, round(shares[label], 4), evidence)

    def _probabilities(self, texts: list[str]) -> list[list[float]]:
        import torch  # noqa: PLC0415 - optional, and seconds to import

        tokens = self._tokenizer(texts, padding=True, truncation=True, max_length=self._longest, return_tensors="pt")
        with torch.inference_mode():
            rows: list[list[float]] = self._model(**tokens).logits.softmax(dim=-1).tolist()
        return rows


def _check_files(folder: Path) -> None:
    if not (folder / "config.json").is_file():
        raise ModelError(f"no transformer in {folder}: copy a model there (config.json, model.safetensors, tokenizer)")
    if not list(folder.glob("*.safetensors")):
        unsafe = sorted(path.name for pattern in _UNSAFE for path in folder.glob(pattern))
        found = f"only {', '.join(unsafe)}, which can run code when read" if unsafe else "no weights"
        raise ModelError(f"{folder} holds {found}: save the model as model.safetensors (safe_serialization=True)")


def _check_labels(folder: Path, labels: Sequence[SentimentLabel] | None) -> list[SentimentLabel]:
    try:
        names = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("id2label", {})
        ordered = [str(names[key]) for key in sorted(names, key=int)]
    except (ValueError, AttributeError) as error:
        raise ModelError(f"{folder / 'config.json'}: {error}: copy the model again") from error
    if labels is not None:
        if unknown := set(labels) - set(_NAMES.values()):
            raise ConfigurationError(f"sentiment transformer: no label {sorted(unknown)[0]!r}")
        if ordered and len(labels) != len(ordered):
            raise ConfigurationError(f"sentiment transformer: {len(labels)} labels for {len(ordered)} outputs")
        return list(labels)
    meant = [_NAMES.get(name.lower()) for name in ordered]
    if not ordered or None in meant:
        raise ConfigurationError(
            f"{folder}: cannot tell what the outputs {ordered} mean: "
            'set labels = ["negative", "neutral", "positive"] in their order'
        )
    return [label for label in meant if label is not None]


def _load(folder: Path) -> tuple[Any, Any]:
    from safetensors import SafetensorError  # noqa: PLC0415 - optional
    from transformers import (  # noqa: PLC0415 - optional, and seconds to import
        AutoModelForSequenceClassification,
        AutoTokenizer,
    )

    safe = {"local_files_only": True, "trust_remote_code": False}
    try:
        model = AutoModelForSequenceClassification.from_pretrained(str(folder), use_safetensors=True, **safe)
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **safe)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"transformer in {folder} cannot be read: {error}") from error
    model.eval()
    return model, tokenizer
