"""The tagger that has learned on site: models for causes and departments where there are any, rules for the rest."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from cxtext.causes.artefact import load_model
from cxtext.causes.calibration import NEVER
from cxtext.causes.explain import CANDIDATES, Explainer, without
from cxtext.causes.features import Facts, Floats, Meanings, embedded
from cxtext.causes.label_model import LabelModel
from cxtext.causes.scoring import RuleScorer
from cxtext.causes.taxonomy import Taxonomy
from cxtext.causes.taxonomy_tagger import SUGGESTIONS, TaxonomyTagger
from cxtext.causes.weak_labels import rule_logits
from cxtext.domain import Case, Diagnosis, Guess, Tag
from cxtext.errors import ModelError

WORDS_NAMED = 2
CHUNK = 2_000  # texts whose features are in memory at once


class LearnedTagger:
    """Answers of learned models above the confidence that keeps the wanted precision, three suggestions below it."""

    def __init__(
        self,
        *,
        departments: str | None = None,
        causes: str | None = None,
        precision: float = 0.85,
        taxonomy: Taxonomy | None = None,
        meanings: Meanings | None = None,
    ) -> None:
        """`departments` and `causes` are folders written by training; one of them may be missing.

        `meanings` embeds texts for models that were taught what words mean.
        """
        if departments is None and causes is None:
            raise ModelError("learned tagger: name a folder for departments or causes; `cxtext train` writes one")
        self.rules = TaxonomyTagger(taxonomy)
        self.precision = precision
        self._owners = {cause.key: cause.department for cause in self.rules.taxonomy.causes}
        scorer = RuleScorer(self.rules.taxonomy.rules, self.rules.taxonomy.scoping)
        self._departments = None if departments is None else Guesser(load_model(Path(departments))[0], precision)
        self._causes = None if causes is None else Guesser(load_model(Path(causes))[0], precision, scorer, meanings)

    def tag(self, cases: Sequence[Case]) -> list[Diagnosis]:
        """One diagnosis per case, in order."""
        found = self.rules.tag(cases)
        texts, languages = [case.text for case in cases], [case.language for case in cases]
        if self._departments:
            guesses = self._departments.guess(texts, languages, self._departments.facts_of(cases))
            found = [replace(diagnosis, department=guess) for diagnosis, guess in zip(found, guesses, strict=True)]
        if self._causes:
            guesses = self._causes.guess(texts, languages, self._causes.facts_of(cases))
            found = [self._with_cause(diagnosis, guess) for diagnosis, guess in zip(found, guesses, strict=True)]
        return found

    def _with_cause(self, diagnosis: Diagnosis, guess: Guess) -> Diagnosis:
        """What the model is sure of leads the causes that rules found; its owner answers where no department is known.

        A model that was taught too little to keep any promise suggests, and the rules go on answering.
        """
        if self._causes is not None and self._causes.threshold >= NEVER:
            return replace(diagnosis, cause=replace(diagnosis.cause, suggestions=guess.suggestions))
        owner = self._owners.get(guess.value or "", diagnosis.department.value)
        if guess.value is None or owner is None or not guess.evidence:
            return replace(diagnosis, cause=guess)
        leading = Tag(guess.value, owner, guess.confidence, guess.evidence)
        others = tuple(tag for tag in diagnosis.tags if tag.cause != guess.value)
        department = diagnosis.department
        if department.value is None and self._departments is None:
            rest = tuple(one for one in department.suggestions if one[0] != owner)
            suggestions = ((owner, guess.confidence), *rest)[:SUGGESTIONS]
            department = Guess(owner, guess.confidence, guess.evidence, suggestions, guess.origin)
        return Diagnosis((leading, *others), guess, department)


class Guesser:
    """One learned model as a function from texts to guesses with the words that decided."""

    def __init__(
        self,
        model: LabelModel,
        precision: float,
        scorer: RuleScorer | None = None,
        meanings: Meanings | None = None,
    ) -> None:
        if model.meaning is not None and meanings is None:
            raise ModelError("learned model: it was taught what words mean and needs the embedder; train it again")
        self.model = model
        self._meanings = meanings if model.meaning is not None else None
        self.threshold = model.threshold(precision)
        self.scorer = scorer if model.rule_share else None
        self._explainer = Explainer(model)

    def facts_of(self, cases: Sequence[Case]) -> list[Facts]:
        """The columns that the model was trained with, as these cases have them."""
        fields = self.model.features.fact_fields
        return [{field: _value(case, field) for field in fields} for case in cases]

    def guess(
        self, texts: Sequence[str], languages: Sequence[str], facts: Sequence[Facts] | None = None
    ) -> list[Guess]:
        """One guess per text, in order."""
        guesses: list[Guess] = []
        for start in range(0, len(texts), CHUNK):
            part = slice(start, start + CHUNK)
            guesses += self._guess(texts[part], languages[part], None if facts is None else facts[part])
        return guesses

    def probabilities(
        self, texts: Sequence[str], languages: Sequence[str], facts: Sequence[Facts] | None = None
    ) -> Floats:
        """Calibrated probabilities, shape (texts, labels)."""
        rules = rule_logits(self.scorer, texts, languages, self.model.labels) if self.scorer else None
        meant = embedded(self._meanings, texts, languages)
        return self.model.probabilities(texts, rules, facts, meant)

    def reasons(self, text: str, language: str, label: str, *, thorough: bool = False) -> tuple[str, ...]:
        """The words that decided for a label, weightiest first.

        `thorough` tries the likeliest words by taking them out and asking again: a dozen answers for one, for a screen
        that shows one ticket, not for a night of a hundred thousand.
        """
        hits = self.scorer.hits(text, language) if self.scorer else ()
        words = [reason.word for reason in self._explainer.reasons(text, label, hits)]
        if not thorough or len(words) <= WORDS_NAMED:
            return tuple(words[:WORDS_NAMED])
        column = self.model.labels.index(label)
        named: tuple[str, ...] = ()
        for _ in range(WORDS_NAMED):
            trials = [(*named, word) for word in words[:CANDIDATES] if word not in named]
            left = self.probabilities([without(text, trial) for trial in trials], [language] * len(trials))[:, column]
            named = trials[int(left.argmin())]
        return named

    def _guess(self, texts: Sequence[str], languages: Sequence[str], facts: Sequence[Facts] | None) -> list[Guess]:
        probabilities = self.probabilities(texts, languages, facts)
        best = np.argsort(-probabilities, axis=1, kind="stable")[:, :SUGGESTIONS]
        guesses = []
        for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
            suggestions = tuple(
                (self.model.labels[column], round(float(probabilities[row, column]), 3)) for column in best[row]
            )
            label, confidence = suggestions[0]
            if not text.strip() or probabilities[row, best[row, 0]] < self.threshold:
                guesses.append(Guess(None, confidence, (), suggestions, "model"))
            else:
                guesses.append(Guess(label, confidence, self.reasons(text, language, label), suggestions, "model"))
        return guesses


def _value(case: Case, field: str) -> str | None:
    value = getattr(case.facts, field, None) or case.facts.extra.get(field)
    return None if value is None else str(value)
