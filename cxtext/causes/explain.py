"""Which words of a text decided: contributions of its n-grams and rules, summed inside each word."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from cxtext.causes.features import Floats, pieces_of
from cxtext.causes.label_model import LabelModel
from cxtext.causes.matcher import Hit
from cxtext.causes.softmax import probabilities_of
from cxtext.text.fold import fold

EDGES = re.compile(r"^\W+|\W+$")
CANDIDATES = 8  # words worth trying; the rest contribute next to nothing


@dataclass(frozen=True, slots=True)
class Reason:
    """One word of the text as it stands there, and how much it adds to the log odds of the answer."""

    word: str
    contribution: float


class Explainer:
    """Looks up contributions of terms; made once per model, because the tables are large."""

    def __init__(self, model: LabelModel) -> None:
        self.model = model
        features = model.features
        self._column: dict[str, int] = {term: number for number, term in enumerate(features.character_terms)}
        offset = len(features.character_terms)
        self._word_column = {term: offset + number for number, term in enumerate(features.word_terms)}

    def reasons(self, text: str, label: str, hits: Iterable[Hit] = (), row: Any = None) -> list[Reason]:
        """Words that spoke for `label`, weightiest first; each word once, however often it occurs.

        `row` is the text's row of the feature matrix where the caller has it already.
        """
        matrix = self.model.features.matrix([text]) if row is None else row
        values = dict(zip(matrix.indices.tolist(), matrix.data.tolist(), strict=True))
        advantage = self._advantage(matrix, label)
        words = text.split()
        folded = [fold(word) for word in words]
        total: dict[str, float] = defaultdict(float)
        self._add_characters(folded, values, advantage, total)
        self._add_words(folded, values, advantage, total)
        self._add_rules(folded, hits, label, total)
        natural: dict[str, str] = {}
        for word, key in zip(words, folded, strict=True):
            natural.setdefault(key, EDGES.sub("", word))
        merged: dict[str, float] = defaultdict(float)
        for key, value in total.items():
            merged[natural[key]] += value
        reasons = [Reason(word, value) for word, value in merged.items() if value > 0 and word]
        return sorted(reasons, key=lambda reason: (-reason.contribution, reason.word))

    def _advantage(self, matrix: Any, label: str) -> Floats:
        """Per term of the text: its weight for `label` against the other labels, as likely as they are."""
        column = self.model.labels.index(label)
        others = probabilities_of(self.model.softmax.logits(matrix))[0]
        others[column] = 0
        others = others / max(float(others.sum()), 1e-12)
        weights = self.model.softmax.weights[matrix.indices]
        gained: Floats = np.zeros(self.model.features.width)
        gained[matrix.indices] = weights[:, column] - weights @ others
        return gained

    def _add_characters(
        self, folded: Sequence[str], values: Mapping[int, float], advantage: Floats, total: dict[str, float]
    ) -> None:
        counts = Counter(piece for word in folded for piece in pieces_of(word))
        for word in folded:
            for piece in pieces_of(word):
                column = self._column.get(piece)
                if column is not None and column in values:
                    total[word] += values[column] * advantage[column] / counts[piece]

    def _add_words(
        self, folded: Sequence[str], values: Mapping[int, float], advantage: Floats, total: dict[str, float]
    ) -> None:
        places = [(word, part) for word in folded for part in re.findall(r"\w+", word)]
        singles = Counter(part for _, part in places)
        pairs = Counter(f"{left[1]} {right[1]}" for left, right in pairwise(places))
        for number, (word, part) in enumerate(places):
            column = self._word_column.get(part)
            if column is not None and column in values:
                total[word] += values[column] * advantage[column] / singles[part]
            if number + 1 < len(places):
                after, next_part = places[number + 1]
                pair = f"{part} {next_part}"
                column = self._word_column.get(pair)
                if column is not None and column in values:
                    for owner in (word, after):
                        total[owner] += values[column] * advantage[column] / (2 * pairs[pair])

    def _add_rules(self, folded: Sequence[str], hits: Iterable[Hit], label: str, total: dict[str, float]) -> None:
        for hit in hits:
            said = {EDGES.sub("", fold(word)) for word in hit.evidence.split()} - {""}
            odds = -float(np.log(1 - min(hit.rule.weight, 0.99))) * self.model.rule_share
            mine = odds if hit.rule.label == label else -odds / max(len(self.model.labels) - 1, 1)
            owners = [word for word in dict.fromkeys(folded) if EDGES.sub("", word) in said]
            for word in owners:
                total[word] += mine / len(owners)


def without(text: str, words: Iterable[str]) -> str:
    """The text without these words, wherever they stand: what a test of an explanation asks the model about."""
    gone = {fold(word) for word in words}
    return " ".join(word for word in text.split() if EDGES.sub("", fold(word)) not in gone)
