"""How well departments are learned from a company's own history: earlier tickets to learn from, later ones to measure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from cxtext.causes.features import Facts
from cxtext.causes.learned_tagger import Guesser
from cxtext.causes.learning import learn
from cxtext.causes.measures import majority, measure
from cxtext.errors import SourceError
from cxtext.evaluate.comparators import linear_svm, names_only
from cxtext.evaluate.explanations import deletion_test

WANTED = 0.85
LATER = 0.2


def evaluate_departments(
    texts: Sequence[str],
    languages: Sequence[str],
    gold: Sequence[str | None],
    dates: Sequence[date | datetime],
    *,
    since: date | None = None,
    facts: Sequence[Facts] | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Train on tickets before `since` (default: before the latest fifth), measure on the others, beside comparators.

    With `facts` (columns known when a ticket arrives) a second model is measured that sees them too.

    Raises:
        SourceError: no labelled ticket on one of the two sides.
    """
    rows = [row for row, label in enumerate(gold) if label]
    limit = since or _latest_fifth([dates[row] for row in rows])
    early = [row for row in rows if _day(dates[row]) < limit]
    late = [row for row in rows if _day(dates[row]) >= limit]
    if not early or not late:
        raise SourceError(f"departments: no labelled ticket before or none since {limit}; choose another date")
    train, test = [texts[row] for row in early], [texts[row] for row in late]
    learned_from = [str(gold[row]) for row in early]
    labels = sorted({str(gold[row]) for row in rows})
    column = {label: number for number, label in enumerate(labels)}
    truth = np.array([column[str(gold[row])] for row in late])
    model = learn(train, learned_from, labels, seed=seed)
    known = np.array([column[label] for label in learned_from])
    with_facts = None
    if facts is not None:
        informed = learn(train, learned_from, labels, facts=[facts[row] for row in early], seed=seed)
        found = informed.probabilities(test, facts=[facts[row] for row in late])
        with_facts = measure(truth, found, informed.threshold(WANTED))
    spoken = [languages[row] for row in late]
    return {
        "since": limit.isoformat(),
        "trained_on": len(train),
        "labels": len(labels),
        "measured": measure(truth, model.probabilities(test), model.threshold(WANTED)),
        "measured_with_facts": with_facts,
        "explanation": deletion_test(Guesser(model, WANTED), test, spoken, seed=seed),
        "comparators": {
            "majority": majority(learned_from, [str(gold[row]) for row in late]),
            "names_only": names_only(train, test, truth, labels),
            "svm": linear_svm(train, known, test, truth),
        },
    }


def _day(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when


def _latest_fifth(dates: Sequence[date | datetime]) -> date:
    if not dates:
        raise SourceError("departments: no labelled ticket; name the column that holds the departments")
    days = sorted(_day(when) for when in dates)
    return days[int(len(days) * (1 - LATER))]
