"""What rules alone believe, as numbers that a model can learn from before anybody has corrected anything."""

from collections.abc import Sequence

import numpy as np

from cxtext.causes.features import Floats
from cxtext.causes.scoring import RuleScorer
from cxtext.causes.softmax import probabilities_of

SHARPEN = 2.0  # rules are surer than they dare to say where several agree


def rule_logits(scorer: RuleScorer, texts: Sequence[str], languages: Sequence[str], labels: Sequence[str]) -> Floats:
    """Sum of the log odds of the rules found, shape (texts, labels); 0 where no rule speaks for a label."""
    column = {label: number for number, label in enumerate(labels)}
    logits = np.zeros((len(texts), len(labels)))
    for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
        counted: set[tuple[str, str]] = set()
        for hit in scorer.hits(text, language):
            rule = (hit.rule.label, hit.rule.phrase)
            if hit.rule.label in column and rule not in counted:
                counted.add(rule)
                logits[row, column[hit.rule.label]] -= np.log(1 - min(hit.rule.weight, 0.99))
    return logits


def weak_targets(logits: Floats) -> tuple[Floats, Floats]:
    """Soft labels (texts, labels) and how far each text may be trusted, in 0…1; silent texts teach nothing."""
    targets = probabilities_of(SHARPEN * logits)
    trust: Floats = np.where(logits.max(axis=1, initial=0.0) > 0, targets.max(axis=1, initial=0.0), 0.0)
    return targets, trust
