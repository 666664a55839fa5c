"""Learn on site: from labelled history in a file, or from ratings and corrections in the store. Never a step back."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from cxtext.assemble import artefact_folder, meanings
from cxtext.causes.features import Facts
from cxtext.causes.scoring import RuleScorer
from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.causes.training import replace_if_better, train_departments
from cxtext.domain import Case, SentimentLabel
from cxtext.errors import ConfigurationError, ModelError
from cxtext.ports import Sentiment
from cxtext.sentiment.labels import label_of, named
from cxtext.sentiment.learned import Learned
from cxtext.sentiment.learned import train as train_sentiment
from cxtext.sentiment.lexicon import Lexicon
from cxtext.settings import Settings
from cxtext.store import Store, cases, corrections, runs

What = Literal["sentiment", "causes", "departments"]
HELD_OUT = 0.2  # the latest fifth
FEWEST_PER_LABEL = 12  # of two labels at least, per language, before the latest fifth is held out
FEWEST = 60  # labelled texts to learn sentiment from; fewer cannot be measured
SAYS_PERSON, SAYS_RATING = 1.0, 0.3  # a rating judges the case, a person the words


@dataclass(frozen=True, slots=True)
class History:
    """Labelled texts, oldest first. All of equal length; a label of None is a text that nobody has labelled."""

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    labels: tuple[str | None, ...]
    dates: tuple[datetime | None, ...]
    weights: tuple[float, ...]
    facts: tuple[Facts, ...] = ()  # what columns say that are known when a ticket arrives; empty: texts alone


def train(
    store: Store,
    settings: Settings,
    what: What,
    *,
    history: History | None = None,
    force: bool = False,
    tell: Callable[[str], None] = lambda _line: None,
) -> dict[str, Any]:
    """Learn, measure on the latest fifth, and replace the present model only by one that is not worse.

    Args:
        store: where ratings and corrections are, if `history` is None; the model is kept beside it.
        settings: of this company.
        what: what to learn.
        history: labelled texts from elsewhere.
        force: replace a better model too.
        tell: told what was done, in words.

    Raises:
        ModelError: too little to learn from, or the new model is worse; nothing was replaced.
    """
    folder = artefact_folder(store.file) / what
    given = history or history_of(store, what)
    if what == "sentiment":
        return _train_sentiment(given, folder, seed=settings.seed, force=force, tell=tell)
    scorer, meant = None, None
    if what == "causes":
        taxonomy = load_taxonomy()
        scorer, meant = RuleScorer(taxonomy.rules, taxonomy.scoping), meanings()
    trained = train_departments(
        given.texts, given.languages, given.labels, given.dates, seed=settings.seed, scorer=scorer,
        facts=given.facts or None, meanings=meant,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    tell(replace_if_better(folder, trained, force=force))
    return dict(trained.card)


def history_of(store: Store, what: What) -> History:
    """What people said in the store: corrections, and for sentiment ratings, for departments those that came with tickets."""
    with store.read() as connection:
        run_id = runs.current(connection)
        said = corrections.newest(connection, run_id)
        field = {"causes": "cause", "departments": "department", "sentiment": "sentiment"}[what]
        rows = []
        for no, case in cases.load(connection, cases.everything(connection, run_id), run_id):
            label, weight = said.get(no, {}).get(field), SAYS_PERSON
            if label is None and field not in said.get(no, {}):
                label, weight = _history_label(case, what), SAYS_RATING if what == "sentiment" else SAYS_PERSON
            if label is not None or what == "causes":
                rows.append((case.text, case.language, label, case.facts.created_at, weight))
    if not any(row[2] for row in rows):
        raise ModelError(
            f"train {what}: nobody has labelled a ticket yet. `cxtext correct` does, or name a file with --from"
        )
    rows.sort(key=lambda row: (row[3] is not None, row[3] and row[3].isoformat(), row[0]))
    texts, languages, labels, dates, weights = zip(*rows, strict=True)
    return History(texts, languages, labels, dates, weights)


def _history_label(case: Case, what: What) -> str | None:
    if what == "sentiment":
        return label_of(case.facts)
    return case.facts.given_department if what == "departments" else None


def _train_sentiment(
    given: History, folder: Path, *, seed: int, force: bool, tell: Callable[[str], None]
) -> dict[str, Any]:
    meant = [named(label or "") for label in given.labels]
    unknown = {label for label, mood in zip(given.labels, meant, strict=True) if mood is None}
    if unknown:
        raise ConfigurationError(
            f"train sentiment: {sorted(map(str, unknown))[0]!r} is not negative, neutral or positive"
        )
    if len(given.texts) < FEWEST:
        raise ModelError(f"train sentiment: {len(given.texts)} labelled texts; {FEWEST} are the least")
    given = _in_known_languages(replace(given, labels=tuple(meant)))
    labels: tuple[SentimentLabel, ...] = given.labels  # type: ignore[assignment]  # checked above
    cut = int(len(labels) * (1 - HELD_OUT))
    twin = train_sentiment(
        given.texts[:cut], given.languages[:cut], labels[:cut], seed=seed, weights=given.weights[:cut]
    )
    present: Sentiment = Learned(folder=folder) if folder.is_dir() else Lexicon()
    figures = {name: _macro_f1(part, given, cut) for name, part in (("new", twin), ("present", present))}
    card = {
        "what": "sentiment", "trained_on": len(labels), "measured_on": len(labels) - cut, "macro_f1": figures,
        "split": "time", "seed": seed,
    }  # fmt: skip
    if figures["new"] < figures["present"] and not force:
        raise ModelError(
            f"train sentiment: macro F1 {figures['new']:.3f} on the latest {len(labels) - cut} texts, the present one "
            f"reaches {figures['present']:.3f}; nothing was replaced. Use --force to replace it"
        )
    folder.mkdir(parents=True, exist_ok=True)
    train_sentiment(given.texts, given.languages, labels, seed=seed, weights=given.weights).save(folder)
    (folder / "card.json").write_text(json.dumps(card, indent=1), encoding="utf-8")
    tell(
        f"saved in {folder}: macro F1 {figures['new']:.3f} on {len(labels) - cut} texts (before {figures['present']:.3f})"
    )
    return card


def _in_known_languages(given: History) -> History:
    """Only languages of which there is enough to learn from; the others keep the lexicon."""
    cut = int(len(given.texts) * (1 - HELD_OUT))
    counts = Counter(zip(given.languages[:cut], given.labels[:cut], strict=True))
    enough = {
        language
        for language in set(given.languages)
        if sum(counts[language, label] >= FEWEST_PER_LABEL for label in get_args(SentimentLabel)) >= 2
    }
    rows = zip(given.texts, given.languages, given.labels, given.dates, given.weights, strict=True)
    kept = [row for row in rows if row[1] in enough]
    if len(kept) < FEWEST:
        raise ModelError(
            f"train sentiment: {len(kept)} labelled texts in languages with enough of them; {FEWEST} are the least"
        )
    return History(*zip(*kept, strict=True))  # sentiment is learned from texts alone


def _macro_f1(part: Sentiment, given: History, cut: int) -> float:
    from sklearn.metrics import f1_score  # noqa: PLC0415 – a second that only measuring needs

    held_out: Sequence[Case] = [
        Case(id=str(number), source="train", text=text, language=language)
        for number, (text, language) in enumerate(zip(given.texts[cut:], given.languages[cut:], strict=True))
    ]
    guesses = [mood.label for mood in part.score(held_out)]
    return float(f1_score(list(given.labels[cut:]), guesses, average="macro", zero_division=0))


def history_from(labelled: Mapping[str, Sequence[Any]]) -> History:
    """Labelled texts of a file, oldest first."""
    known = labelled.get("facts") or ()
    facts: Sequence[Facts] = known or ({},) * len(labelled["texts"])
    columns = (labelled["texts"], labelled["languages"], labelled["gold"], labelled["dates"], facts)
    rows = sorted(
        zip(*columns, strict=True), key=lambda row: (row[3] is not None, row[3] and row[3].isoformat(), row[0])
    )
    texts, languages, labels, dates, facts = zip(*rows, strict=True)
    return History(texts, languages, labels, dates, (SAYS_PERSON,) * len(texts), tuple(facts) if known else ())
