"""Train a model from a company's own history, measure it on the latest part, and never put a worse one in its place."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from cxtext.causes.artefact import load_model, save_model
from cxtext.causes.features import Facts, Floats, Meanings, embedded
from cxtext.causes.label_model import LabelModel
from cxtext.causes.learning import learn
from cxtext.causes.measures import majority, measure
from cxtext.causes.scoring import RuleScorer
from cxtext.causes.weak_labels import rule_logits
from cxtext.errors import ModelError

HELD_OUT = 0.2  # the latest fifth: a model must do well on what comes after what it learned from
FEWEST = 30  # labelled texts; fewer cannot be measured
FEWEST_PER_LABEL = 3
WANTED = 0.85

Day = date | datetime | None


@dataclass(frozen=True, slots=True)
class Trained:
    """A model fitted to all labelled texts, and the card of what its twin reached on the held-out part."""

    model: LabelModel
    card: Mapping[str, Any]


def train_departments(
    texts: Sequence[str],
    languages: Sequence[str],
    labels: Sequence[str | None],
    dates: Sequence[Day],
    *,
    seed: int = 0,
    scorer: RuleScorer | None = None,
    facts: Sequence[Facts] | None = None,
    meanings: Meanings | None = None,
) -> Trained:
    """Learn whatever labels a history holds: departments, categories, causes.

    Texts without a label take part too where `scorer` has rules for the labels. The figures come from a time split
    (random where dates are missing); the model returned has then seen everything.

    `facts` are columns that are known when a ticket arrives (channel, product, a category the customer chose); without
    them the model learns from texts alone. `meanings` embeds texts; the model then has to be given them too.

    Raises:
        ModelError: too few labelled texts, or fewer than two labels with three texts each.
    """
    counts = Counter(label for label in labels if label)
    known = sorted(label for label, count in counts.items() if count >= FEWEST_PER_LABEL)
    truth = [label if label in known else None for label in labels]
    labelled = [place for place, label in enumerate(truth) if label]
    if len(labelled) < FEWEST or len(known) < 2:
        raise ModelError(
            f"training: {len(labelled)} texts with {len(known)} labels of {FEWEST_PER_LABEL} texts or more; "
            f"{FEWEST} texts and 2 labels are the least: ingest more history or name another label column"
        )
    rules = rule_logits(scorer, texts, languages, known) if scorer is not None else None
    if rules is not None and not rules.any():
        rules = None
    held_out = _latest(labelled, dates, seed)
    meant = embedded(meanings, texts, languages)
    card = _measure(texts, truth, known, rules, facts, meant, held_out, seed)
    card |= {
        "split": "time" if _dated(labelled, dates) else "random",
        "dropped_labels": sorted(set(counts) - set(known)),
    }
    return Trained(learn(texts, truth, known, rules=rules, facts=facts, meanings=meant, seed=seed), card)


def replace_if_better(folder: Path, trained: Trained, *, force: bool = False) -> str:
    """Save the model unless the one in `folder` is measurably better; returns what was done, in words.

    Raises:
        ModelError: the new model is worse than the present one or than always naming the largest label.
    """
    new = trained.card["measured"]["accuracy"]
    if not force:
        floor = trained.card["majority"]["accuracy"]["value"]
        if new["value"] <= floor:
            raise ModelError(
                f"training: accuracy {new['value']:.3f} is no better than always naming the largest label ({floor:.3f}); "
                "nothing was replaced. Check the label column, or ingest more history"
            )
        if (folder / "model.json").is_file():
            old = load_model(folder)[1]["measured"]["accuracy"]
            if new["value"] < old["lower"]:
                raise ModelError(
                    f"training: accuracy {new['value']:.3f} is worse than that of the present model "
                    f"({old['value']:.3f}, at least {old['lower']:.3f}); nothing was replaced. Use --force to replace it"
                )
    save_model(folder, trained.model, trained.card)
    return f"saved in {folder}: accuracy {new['value']:.3f} ({new['lower']:.3f}-{new['upper']:.3f}) on {new['n']} texts"


def _measure(
    texts: Sequence[str],
    truth: Sequence[str | None],
    known: Sequence[str],
    rules: Floats | None,
    facts: Sequence[Facts] | None,
    meanings: Floats | None,
    held_out: Sequence[int],
    seed: int,
) -> dict[str, Any]:
    kept = sorted(set(range(len(texts))) - set(held_out))
    model = learn(
        [texts[place] for place in kept],
        [truth[place] for place in kept],
        known,
        rules=None if rules is None else rules[kept],
        facts=None if facts is None else [facts[place] for place in kept],
        meanings=None if meanings is None else meanings[kept],
        seed=seed,
    )
    column = {label: number for number, label in enumerate(known)}
    wanted = [truth[place] for place in held_out]
    gold = np.array([column[label] for label in wanted if label is not None])
    probabilities = model.probabilities(
        [texts[place] for place in held_out],
        None if rules is None else rules[list(held_out)],
        None if facts is None else [facts[place] for place in held_out],
        None if meanings is None else meanings[list(held_out)],
    )
    trained_on = [label for place in kept if (label := truth[place]) is not None]
    return {
        "labels": list(known),
        "trained_on": len(trained_on),
        "wanted_precision": WANTED,
        "measured": measure(gold, probabilities, model.threshold(WANTED)),
        "majority": majority(trained_on, [label for label in wanted if label is not None]),
    }


def _dated(labelled: Sequence[int], dates: Sequence[Day]) -> bool:
    return all(dates[place] is not None for place in labelled)


def _latest(labelled: Sequence[int], dates: Sequence[Day], seed: int) -> list[int]:
    size = max(1, round(len(labelled) * HELD_OUT))
    if _dated(labelled, dates):
        return sorted(sorted(labelled, key=lambda place: (str(dates[place]), place))[-size:])
    shuffled = np.random.default_rng(seed).permutation(len(labelled))
    return sorted(labelled[number] for number in shuffled[:size])
