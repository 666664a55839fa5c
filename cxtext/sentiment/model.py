"""A trained model of one language: n-grams and lexicon features, weights, calibration."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from cxtext.domain import SentimentLabel
from cxtext.sentiment.features import (
    Floats,
    letter_grams,
    lexicon_features,
    marked,
    scaled,
    word_grams,
)
from cxtext.sentiment.lexicon import Lexicon
from cxtext.sentiment.scan import pieces

LABELS: Final[tuple[SentimentLabel, ...]] = ("negative", "neutral", "positive")
_REMEMBERED: Final = 50_000


@dataclass(frozen=True)
class Model:
    """Weights of shape (labels, features); `temperature` and `bias` calibrate, `offsets` choose the label.

    Probabilities are softmax(logits / temperature + bias) (vector scaling, Guo et al. 2017). The label is the largest
    log-probability plus offset, because the best label for rare classes is not the most probable one.
    """

    language: str
    labels: tuple[SentimentLabel, ...]
    words: TfidfVectorizer
    letters: TfidfVectorizer
    mean: Floats
    spread: Floats
    weights: Floats
    intercept: Floats
    temperature: float
    bias: Floats
    offsets: Floats
    _memo: dict[str, Floats] = field(default_factory=dict, repr=False)

    def probabilities(self, texts: list[str], lexicon: Lexicon) -> Floats:
        """Shape (texts, labels), rows sum to one."""
        rows = lexicon_features(texts, self.language, lexicon)
        features = hstack(
            [self.words.transform(texts), self.letters.transform(texts), scaled(rows, self.mean, self.spread)], "csr"
        )
        return calibrated(features @ self.weights.T + self.intercept, self.temperature, self.bias)

    def choose(self, probabilities: Floats) -> list[int]:
        """The index of the label for each row."""
        return [int(row) for row in (np.log(probabilities + 1e-12) + self.offsets).argmax(axis=1)]

    def telling_words(self, text: str, label: int, count: int) -> tuple[str, ...]:
        """The words that speak most for a label, as written; the length of the text does not change their order."""
        others = [index for index in range(len(self.labels)) if index != label]
        spoken: dict[str, float] = {}
        for piece, word in zip(pieces(text), marked(text), strict=True):
            if piece[0].isalpha() or len(piece) > 1:
                given = self._given_by(word)
                spoken[piece] = max(spoken.get(piece, 0.0), float(given[label] - given[others].mean()))
        best = sorted((-value, word) for word, value in spoken.items() if value > 0)
        return tuple(word for _, word in best[:count])

    def _given_by(self, word: str) -> Floats:
        """What one word adds to each label before normalisation; remembered, because words come again."""
        known = self._memo.get(word)
        if known is None:
            if len(self._memo) >= _REMEMBERED:
                self._memo.clear()
            known = self._add_up(word)
            self._memo[word] = known
        return known

    def _add_up(self, word: str) -> Floats:
        total = np.zeros(len(self.labels))
        for vectorizer, grams, start in (
            (self.words, [word], 0),
            (self.letters, _letter_grams_of(word.lstrip("¬")), len(self.words.vocabulary_)),
        ):
            known = vectorizer.vocabulary_
            at = np.array([known[gram] for gram in grams if gram in known], dtype=np.intp)
            if len(at):
                total += self.weights[:, start + at] @ vectorizer.idf_[at]
        return total


def calibrated(logits: Floats, temperature: float, bias: Floats) -> Floats:
    """Softmax of scaled and shifted logits."""
    shifted = logits / temperature + bias
    shifted = np.exp(shifted - shifted.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def restored(vectorizer: TfidfVectorizer, grams: list[str], rarity: Floats) -> TfidfVectorizer:
    """A vectorizer that knows its n-grams and their idf, without fitting and without pickle."""
    vectorizer.set_params(vocabulary={gram: index for index, gram in enumerate(grams)})
    vectorizer.idf_ = rarity
    return vectorizer


def fresh_vectorizers() -> tuple[TfidfVectorizer, TfidfVectorizer]:
    """Words and letters, not yet fitted."""
    return word_grams(), letter_grams()


def _letter_grams_of(word: str) -> list[str]:
    padded: Any = f" {word} "
    return [padded[start : start + size] for size in range(2, 6) for start in range(len(padded) - size + 1)]
