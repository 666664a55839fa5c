"""Sentiment from day one: words, phrases and a few rules, which explain themselves."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cxtext.domain import Case, Mood, SentimentLabel
from cxtext.errors import ConfigurationError
from cxtext.sentiment.rules import Sentence, read, weigh
from cxtext.sentiment.vocabulary import Vocabulary, languages

_NOTHING: Final = Mood(0.0, "neutral", 0.0)
_EVIDENCE: Final = 3  # words shown
_STEEPNESS: Final = 4.0  # of the confidence over the distance to the nearest threshold, from the development parts


class Lexicon:
    """Words, phrases and rules. A language is a TSV file, `models/lexicons/sentiment_xx.tsv`; others feel nothing.

    >>> Lexicon().score_text("Der Service war leider nicht gut.", "de").label
    'negative'

    Args:
        negative: a score at or below it is negative.
        positive: a score at or above it is positive.
        thresholds: other thresholds for single languages, such as ``{"en": [-0.2, 0.4]}``.
    """

    def __init__(
        self,
        *,
        negative: float = -0.2,
        positive: float = 0.2,
        thresholds: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        if not -1 <= negative < positive <= 1:
            raise ConfigurationError(f"sentiment lexicon: negative {negative} must lie below positive {positive}")
        self._vocabularies = {language: Vocabulary(language) for language in sorted(languages())}
        self._thresholds = dict.fromkeys(self._vocabularies, (negative, positive))
        for language, (low, high) in (thresholds or {}).items():
            self._thresholds[language] = (low, high)

    def score(self, cases: Sequence[Case]) -> list[Mood]:
        """One mood per case, in order."""
        return [self.score_text(case.text, case.language) for case in cases]

    def score_text(self, text: str, language: str) -> Mood:
        """How one text feels; neutral with confidence 0 where the language has no lexicon."""
        return self._mood(self.sentences(text, language), language)

    def score_sentences(self, text: str, language: str) -> list[tuple[str, Mood]]:
        """Each sentence with its own mood, so that a topic can be asked for the mood of its sentence."""
        return [(_as_written(one.pieces), self._mood([one], language)) for one in self.sentences(text, language)]

    def sentences(self, text: str, language: str) -> list[Sentence]:
        """What the rules see in a text; the features of the learned part come from it."""
        vocabulary = self._vocabularies.get(language)
        return read(text, vocabulary) if vocabulary else []

    def _mood(self, sentences: Sequence[Sentence], language: str) -> Mood:
        if not sentences:
            return _NOTHING
        score = weigh(sentences)
        label, margin = _judge(score, *self._thresholds[language])
        hits = [(hit.value, sentence, hit) for sentence in sentences for hit in sentence.hits]
        confidence = 1 / (1 + math.exp(-_STEEPNESS * margin))
        return Mood(round(score, 4), label, round(confidence, 4), _evidence(hits, label))


def _judge(score: float, low: float, high: float) -> tuple[SentimentLabel, float]:
    """The label and how far the score is from the next label's ground."""
    if score <= low:
        return "negative", low - score
    if score >= high:
        return "positive", score - high
    return "neutral", min(score - low, high - score)


def _evidence(hits: list[tuple[float, Sentence, Any]], label: SentimentLabel) -> tuple[str, ...]:
    sign = {"negative": -1, "neutral": 0, "positive": 1}[label]
    chosen = sorted((one for one in hits if one[0] * sign >= 0), key=lambda one: -abs(one[0]))
    words = (_as_written(sentence.pieces[hit.start : hit.end]) for _, sentence, hit in chosen)
    return tuple(dict.fromkeys(words))[:_EVIDENCE]


def _as_written(pieces: Sequence[str]) -> str:
    text = " ".join(pieces)
    for mark in (",", ".", "!", "?", ":", ";", ")", "…"):
        text = text.replace(f" {mark}", mark)
    return text.strip()
