"""From the rules found in a text to a score per label: how sure, and because of which words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cxtext.causes.matcher import Hit, Matcher
from cxtext.causes.taxonomy import Rule, Scoping

REPEATED = 0.5  # a second rule for the same words says half as much, a third a quarter
EVIDENCE = 4  # more words explain nothing


@dataclass(frozen=True, slots=True)
class Score:
    """How sure the rules are of one label, in 0…1, and the words that decided, weightiest first."""

    label: str
    confidence: float
    evidence: tuple[str, ...]


def score_hits(hits: Iterable[Hit]) -> list[Score]:
    """One score per label, surest first. Rules add up as independent witnesses (noisy or), each weaker than the last."""
    by_label: dict[str, list[Hit]] = {}
    for hit in hits:
        by_label.setdefault(hit.rule.label, []).append(hit)
    scores = [_score(label, found) for label, found in by_label.items()]
    return sorted(scores, key=lambda score: (-score.confidence, score.label))


def _score(label: str, hits: list[Hit]) -> Score:
    doubt = 1.0
    seen: dict[int, int] = {}
    evidence: list[str] = []
    for hit in sorted(hits, key=lambda hit: (-hit.rule.weight, hit.places)):
        repeats = max(seen.get(place, 0) for place in hit.places)
        doubt *= 1 - hit.rule.weight * REPEATED**repeats
        for place in hit.places:
            seen[place] = seen.get(place, 0) + 1
        if not any(hit.evidence in other or other in hit.evidence for other in evidence):
            evidence.append(hit.evidence)
    return Score(label, 1 - doubt, tuple(evidence[:EVIDENCE]))


class RuleScorer:
    """Rules of several languages as one function from a text to scores."""

    def __init__(self, rules: Sequence[Rule], scoping: Mapping[str, Scoping]) -> None:
        languages = sorted({rule.language for rule in rules})
        self.languages = tuple(languages)
        self._matchers = {
            language: Matcher([rule for rule in rules if rule.language == language], language, scoping)
            for language in languages
        }

    def hits(self, text: str, language: str) -> list[Hit]:
        """Rules found in a text; a language without rules is tried with those of all languages."""
        if language in self._matchers:
            return self._matchers[language].find(text)
        return [hit for matcher in self._matchers.values() for hit in matcher.find(text)]

    def scores(self, text: str, language: str) -> list[Score]:
        """Scores per label, surest first; empty where no rule was found."""
        return score_hits(self.hits(text, language))
