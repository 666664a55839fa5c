"""Sentiment learnt on site; languages without a model fall back to the lexicon."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

import numpy as np

from cxtext.domain import Case, Mood, SentimentLabel
from cxtext.errors import ConfigurationError
from cxtext.sentiment.artefact import load_model, save_model, stored_languages
from cxtext.sentiment.lexicon import Lexicon
from cxtext.sentiment.model import Model
from cxtext.sentiment.training import train_model

_EVIDENCE: Final = 3
_BATCH: Final = 2_000  # texts at once: bounds the memory of the n-gram matrices


class Learned:
    """Models by language, trained by `train` and read from `folder`.

    >>> learned = train(["super"] * 9 + ["mies"] * 9, ["de"] * 18, ["positive"] * 9 + ["negative"] * 9, seed=0)
    >>> [mood.label for mood in learned.score([Case(id="1", source="s", text="mies", language="de")])]
    ['negative']
    """

    def __init__(self, *, folder: str | Path | None = None, models: Mapping[str, Model] | None = None) -> None:
        if models is None and folder is None:
            raise ConfigurationError('sentiment "learned" needs folder = "…": `cxtext train sentiment` writes one')
        self.models = dict(models or {})
        if folder is not None:
            self.models |= {language: load_model(Path(folder), language) for language in stored_languages(Path(folder))}
        self._lexicon = Lexicon()

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read what `save` wrote.

        Raises:
            ModelError: the folder holds no model, or one that is damaged or of another version.
        """
        return cls(folder=folder)

    def save(self, folder: str | Path) -> None:
        """Write one `.npz` and one `.json` per language."""
        for model in self.models.values():
            save_model(model, Path(folder))

    def score(self, cases: Sequence[Case]) -> list[Mood]:
        """One mood per case, in order; score is P(positive) - P(negative)."""
        moods: list[Mood | None] = [None] * len(cases)
        places: dict[str, list[int]] = defaultdict(list)
        for at, case in enumerate(cases):
            places[case.language].append(at)
        for language, ats in places.items():
            for start in range(0, len(ats), _BATCH):
                part = ats[start : start + _BATCH]
                for at, mood in zip(part, self._score_one_language([cases[i] for i in part], language), strict=True):
                    moods[at] = mood
        return [mood for mood in moods if mood is not None]

    def score_sentences(self, text: str, language: str) -> list[tuple[str, Mood]]:
        """Each sentence with its own mood."""
        sentences = [sentence for sentence, _ in self._lexicon.score_sentences(text, language)]
        cases = [Case(id=str(number), source="", text=one, language=language) for number, one in enumerate(sentences)]
        return list(zip(sentences, self.score(cases), strict=True))

    def _score_one_language(self, cases: Sequence[Case], language: str) -> list[Mood]:
        model = self.models.get(language)
        if model is None:
            return self._lexicon.score(cases)
        texts = [case.text for case in cases]
        probabilities = model.probabilities(texts, self._lexicon)
        chosen = model.choose(probabilities)
        good, bad = (_column(probabilities, model, label) for label in ("positive", "negative"))
        return [
            Mood(
                round(float(good[at] - bad[at]), 4),
                model.labels[label],
                round(float(probabilities[at, label]), 4),
                model.telling_words(texts[at], label, _EVIDENCE),
            )
            for at, label in enumerate(chosen)
        ]


def train(
    texts: Sequence[str],
    languages: Sequence[str],
    labels: Sequence[SentimentLabel],
    *,
    seed: int,
    weights: Sequence[float] | None = None,
) -> Learned:
    """Learn one model per language.

    Raises:
        ModelError: a language has fewer than eight texts for two of the labels.
    """
    models = {}
    for language in sorted(set(languages)):
        at = [index for index, one in enumerate(languages) if one == language]
        models[language] = train_model(
            [texts[index] for index in at],
            [labels[index] for index in at],
            language,
            seed=seed,
            weights=None if weights is None else np.array([weights[index] for index in at], dtype=np.float64),
        )
    return Learned(models=models)


def _column(probabilities: np.ndarray, model: Model, label: SentimentLabel) -> np.ndarray:
    return probabilities[:, model.labels.index(label)] if label in model.labels else np.zeros(len(probabilities))
