"""How well rules, and models that start from rules, find given labels: on day one and after corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.causes.calibration import Integers, share
from cxtext.causes.features import Floats
from cxtext.causes.label_model import LabelModel
from cxtext.causes.learned_tagger import Guesser
from cxtext.causes.learning import learn
from cxtext.causes.measures import macro_f1, majority, measure
from cxtext.causes.reviews import next_reviews
from cxtext.causes.scoring import RuleScorer
from cxtext.causes.taxonomy import Taxonomy
from cxtext.causes.weak_labels import rule_logits
from cxtext.embedding.static import Static
from cxtext.errors import SourceError
from cxtext.evaluate.comparators import linear_svm, names_only
from cxtext.evaluate.explanations import deletion_test

TEST_SHARE = 0.3
CURVE = (0, 100, 400, 800)
BATCH = 100  # corrections between two trainings
WANTED = 0.85
FEWEST = 3  # texts; fewer cannot be split

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Task:
    texts: Sequence[str]
    languages: Sequence[str]
    labels: tuple[str, ...]
    gold: Integers
    rules: Floats
    meanings: Floats
    train: Integers
    test: Integers
    seed: int

    def of(self, rows: Integers) -> tuple[list[str], list[str]]:
        return [self.texts[row] for row in rows], [self.languages[row] for row in rows]


def evaluate_causes(
    texts: Sequence[str],
    languages: Sequence[str],
    gold: Sequence[str],
    taxonomy: Taxonomy,
    *,
    names: Mapping[str, str] | None = None,
    curve: Sequence[int] = CURVE,
    seed: int = 0,
) -> dict[str, Any]:
    """Measure a taxonomy on labelled texts: 70 % to learn from (labels only where "corrected"), 30 % to measure.

    Args:
        texts: one per case.
        languages: of the texts, ISO 639-1.
        gold: key or title of the right cause of each text, or what `names` maps to it; others are left out.
        taxonomy: rules and causes.
        names: label as written in the data -> key of a cause.
        curve: numbers of corrections at which to measure; the product chooses which texts are corrected. A number
            beyond all texts means full supervision.
        seed: decides the split and the random quarter of the reviews.
    """
    scorer = RuleScorer(taxonomy.rules, taxonomy.scoping)
    keys = {title: cause.key for cause in taxonomy.causes for title in cause.titles.values()} | dict(names or {})
    static = Static()
    task = _prepare(texts, languages, [keys.get(label, label) for label in gold], taxonomy, scorer, static, seed)
    if len(task.texts) < FEWEST:
        raise SourceError(
            f"causes: {len(task.texts)} texts have a label that this taxonomy knows by key or title; {FEWEST} are the "
            "least. Name the folder with --taxonomy, or the column with --gold"
        )
    steps, model = _learning_curve(task, curve)
    test_texts, test_languages = task.of(task.test)
    train_texts, _ = task.of(task.train)
    titles = [" ".join(taxonomy.cause(label).titles.values()) for label in task.labels]
    trained_on = [task.labels[number] for number in task.gold[task.train]]
    return {
        "texts": len(task.texts),
        "labels": len(task.labels),
        "rules_only": _rules_only(task),
        "curve": steps,
        "explanation": deletion_test(
            Guesser(model, WANTED, scorer, static.encode), test_texts, test_languages, seed=seed
        ),
        "comparators": {
            "majority": majority(trained_on, [task.labels[number] for number in task.gold[task.test]]),
            "names_only": names_only(train_texts, test_texts, task.gold[task.test], titles),
            "svm_all_labels": linear_svm(train_texts, task.gold[task.train], test_texts, task.gold[task.test]),
        },
    }


def _prepare(
    texts: Sequence[str],
    languages: Sequence[str],
    gold: Sequence[str],
    taxonomy: Taxonomy,
    scorer: RuleScorer,
    static: Static,
    seed: int,
) -> _Task:
    labels = tuple(cause.key for cause in taxonomy.causes)
    column = {label: number for number, label in enumerate(labels)}
    first: dict[str, int] = {}
    for row, (text, label) in enumerate(zip(texts, gold, strict=True)):
        if label in column:
            first.setdefault(text, row)  # equal texts on both sides of the split would be measured by heart
    rows = sorted(first.values())
    kept, spoken = [texts[row] for row in rows], [languages[row] for row in rows]
    shuffled = np.random.default_rng(seed).permutation(len(rows))
    size = int(len(rows) * TEST_SHARE)
    return _Task(
        texts=kept,
        languages=spoken,
        labels=labels,
        gold=np.array([column[gold[row]] for row in rows], dtype=int),
        rules=rule_logits(scorer, kept, spoken, labels),
        meanings=np.asarray(static.encode(kept, spoken), dtype=np.float64),
        train=np.sort(shuffled[size:]),
        test=np.sort(shuffled[:size]),
        seed=seed,
    )


def _rules_only(task: _Task) -> dict[str, Any]:
    rules, truth = task.rules[task.test], task.gold[task.test]
    found = rules.max(axis=1) > 0
    answers = np.where(found, rules.argmax(axis=1), -1)
    return {
        "coverage": asdict(share(int(found.sum()), len(truth))),
        "accuracy": asdict(share(int((answers == truth).sum()), len(truth))),
        "accuracy_where_found": asdict(share(int((answers == truth)[found].sum()), int(found.sum()))),
        "macro_f1": macro_f1(truth, answers),
    }


def _learning_curve(task: _Task, curve: Sequence[int]) -> tuple[list[dict[str, Any]], LabelModel]:
    reviewed = np.zeros(len(task.train), dtype=bool)
    drawn = np.zeros(len(task.train), dtype=bool)
    test_texts, _ = task.of(task.test)
    steps: list[dict[str, Any]] = []
    for wanted in sorted(curve):
        if wanted >= len(reviewed):
            reviewed[:] = drawn[:] = True
        while reviewed.sum() < wanted and not reviewed.all():
            _review(task, reviewed, drawn, min(BATCH, wanted - int(reviewed.sum())))
        model = _learn(task, reviewed, drawn)
        probabilities = model.probabilities(test_texts, task.rules[task.test], meanings=task.meanings[task.test])
        figures = measure(task.gold[task.test], probabilities, model.threshold(WANTED))
        steps.append({"corrections": int(reviewed.sum()), **figures})
    return steps, model


def _review(task: _Task, reviewed: Marks, drawn: Marks, count: int) -> None:
    texts, _ = task.of(task.train)
    model = _learn(task, reviewed, None)
    probabilities = model.probabilities(texts, task.rules[task.train], meanings=task.meanings[task.train])
    seed = task.seed + int(reviewed.sum())
    for review in next_reviews(probabilities, texts, reviewed.tolist(), count=count, seed=seed):
        reviewed[review.place] = True
        drawn[review.place] = review.why == "random"


def _learn(task: _Task, reviewed: Marks, drawn: Marks | None) -> LabelModel:
    texts, _ = task.of(task.train)
    truth = [task.labels[task.gold[row]] if seen else None for row, seen in zip(task.train, reviewed, strict=True)]
    return learn(
        texts,
        truth,
        task.labels,
        rules=task.rules[task.train],
        meanings=task.meanings[task.train],
        unbiased=None if drawn is None else drawn.tolist(),
        seed=task.seed,
        calibrate=drawn is not None,
    )
