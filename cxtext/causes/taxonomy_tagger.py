"""The tagger of day one: the rules of the taxonomy, nothing learned, every answer with the words that gave it away."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cxtext.causes.scoring import RuleScorer, Score
from cxtext.causes.taxonomy import Taxonomy
from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.domain import Case, Diagnosis, Guess, Tag

THRESHOLD = 0.5  # below it nobody is told a cause, only offered three
OWN_SHARE, OTHER_SHARE, CUE_SHARE = 1.0, 0.35, 0.5  # how much a cause speaks for its owner, for others, cue words alone
SUGGESTIONS = 3


class TaxonomyTagger:
    """Finds root causes and departments by the rules of a taxonomy folder.

    >>> from cxtext.domain import Case
    >>> case = Case(id="1", source="demo", text="Meine Zahlung ist dreimal fehlgeschlagen.", language="de")
    >>> TaxonomyTagger().tag([case])[0].cause.value
    'billing/payment-failed'
    """

    def __init__(
        self, taxonomy: Taxonomy | None = None, *, threshold: float = THRESHOLD, folder: str | None = None
    ) -> None:
        self.taxonomy = taxonomy or load_taxonomy(Path(folder) if folder else None)
        self.threshold = threshold
        self._causes = RuleScorer(self.taxonomy.rules, self.taxonomy.scoping)
        self._cues = RuleScorer(self.taxonomy.cues, self.taxonomy.scoping)
        self._owners = {cause.key: cause.department for cause in self.taxonomy.causes}

    def tag(self, cases: Sequence[Case]) -> list[Diagnosis]:
        """One diagnosis per case, in order."""
        return [self.diagnose(case.text, case.language) for case in cases]

    def diagnose(self, text: str, language: str) -> Diagnosis:
        """The diagnosis of one text."""
        scores = self._causes.scores(text, language)
        tags = tuple(
            Tag(score.label, self._owners[score.label], round(score.confidence, 3), score.evidence)
            for score in scores
            if score.confidence >= self.threshold
        )
        departments = self._departments(scores, self._cues.scores(text, language))
        return Diagnosis(tags, self._guess(scores), self._guess(departments))

    def _departments(self, causes: Sequence[Score], cues: Sequence[Score]) -> list[Score]:
        doubt: dict[str, float] = {}
        evidence: dict[str, list[str]] = {}
        for score in causes:
            self._add(self._owners[score.label], OWN_SHARE, score, doubt, evidence)
            for other in self.taxonomy.also.get(score.label, ()):
                self._add(other, OTHER_SHARE, score, doubt, evidence)
        for score in cues:
            self._add(score.label, CUE_SHARE, score, doubt, evidence)
        scores = [Score(key, 1 - doubt[key], tuple(dict.fromkeys(evidence[key]))[:4]) for key in doubt]
        return sorted(scores, key=lambda score: (-score.confidence, score.label))

    @staticmethod
    def _add(key: str, share: float, score: Score, doubt: dict[str, float], evidence: dict[str, list[str]]) -> None:
        doubt[key] = doubt.get(key, 1.0) * (1 - share * score.confidence)
        evidence.setdefault(key, []).extend(score.evidence)

    def _guess(self, scores: Sequence[Score]) -> Guess:
        if not scores:
            return Guess()
        suggestions = tuple((score.label, round(_against(score, scores), 3)) for score in scores[:SUGGESTIONS])
        best, confidence = scores[0], suggestions[0][1]
        if best.confidence < self.threshold:
            return Guess(None, confidence, (), suggestions)
        return Guess(best.label, confidence, best.evidence, suggestions)


def _against(score: Score, scores: Sequence[Score]) -> float:
    """A label's confidence in view of its strongest rival: two that are equally sure cannot both lead."""
    rival = max((other.confidence for other in scores if other is not score), default=0.0)
    return score.confidence * score.confidence / (score.confidence + rival * rival)


def titles(taxonomy: Taxonomy, language: str) -> Mapping[str, str]:
    """What people read for each cause and department, in a language or else in any."""
    named = {cause.key: cause.titles for cause in taxonomy.causes}
    named |= {department.key: department.titles for department in taxonomy.departments}
    return {key: words.get(language) or next(iter(words.values()), key) for key, words in named.items()}
