"""Names that a manager understands, and keywords, from what sets a topic's texts apart from all others'."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxtext.topics.phrases import Key, Wording, best_form, conjunction, count_phrases

KEYWORDS = 8
_LENGTH_BONUS = (1.0, 1.6, 1.7)  # a phrase says more than a word that occurs as often
_VERBAL = 0.6  # of the score of a single English word in -ed or -ing, which names no thing
_FULLER = 0.2  # of a word's texts that must use a longer phrase around it before that becomes the name
_STEM = 6  # letters by which two words are told apart
_COVERED = 0.55  # share of a topic's texts that one phrase must name to stand alone
_SECOND, _EQUAL = (
    0.5,
    0.8,
)  # of the first phrase's score that a second one needs to join it; if the first could stand alone

Text = tuple[str, str]  # the text and its language


@dataclass(frozen=True, slots=True)
class Name:
    """What a topic is called, in its most common language and in each other, and its keywords."""

    label: str
    keywords: tuple[str, ...]
    languages: tuple[str, ...]  # most common first
    labels: Mapping[str, str]  # per language


@dataclass(frozen=True, slots=True)
class _Scored:
    key: Key
    shown: str
    score: float
    share: float


def name_topics(texts: Mapping[str, Sequence[Text]], taken: Sequence[str] = ()) -> dict[str, Name]:
    """Name topics by contrast with each other; the most frequent topic chooses first, no two names are equal.

    Phrases are scored by their share among the topic's texts times the logarithm of how much larger that is than
    elsewhere (a pointwise Kullback-Leibler divergence; Tomokiyo and Hurst 2003). Words are counted by dictionary form
    and shown in their most frequent form.

    Args:
        texts: per topic id, texts with their languages (redacted).
        taken: names that are in use and may not be given again.
    """
    wording = Wording(text for several in texts.values() for text in several)
    spoken = {topic: _languages(several) for topic, several in texts.items()}
    scored: dict[tuple[str, str], list[_Scored]] = {}
    for language in sorted({language for languages in spoken.values() for language in languages}):
        for topic, phrases in _score(texts, language, wording).items():
            scored[topic, language] = phrases
    used = {label.casefold() for label in taken}
    names: dict[str, Name] = {}
    for topic in sorted(texts, key=lambda topic: (-len(texts[topic]), topic)):
        labels = {language: _compose(scored.get((topic, language), []), language, used) for language in spoken[topic]}
        labels = {language: label for language, label in labels.items() if label}
        label = next(iter(labels.values()), topic)
        used.add(label.casefold())
        keywords = _keywords([one for language in spoken[topic] for one in scored.get((topic, language), [])])
        names[topic] = Name(label, keywords, spoken[topic], labels)
    return names


def _languages(texts: Sequence[Text]) -> tuple[str, ...]:
    """Languages of at least a tenth of the texts, most common first."""
    count = Counter(language for _, language in texts)
    return tuple(
        language
        for language, number in sorted(count.items(), key=lambda item: (-item[1], item[0]))
        if number >= max(1, len(texts) / 10)
    )


def _score(texts: Mapping[str, Sequence[Text]], language: str, wording: Wording) -> dict[str, list[_Scored]]:
    own = {topic: [text for text in several if text[1] == language] for topic, several in texts.items()}
    counted = {topic: count_phrases(several, wording) for topic, several in own.items() if several}
    total: Counter[Key] = Counter()
    for count, _ in counted.values():
        total.update(count)
    everyone = sum(len(several) for several in own.values())
    found: dict[str, list[_Scored]] = {}
    for topic, (count, forms) in counted.items():
        size = len(own[topic])
        phrases = []
        rarest = max(min(2, max(count.values(), default=0)), 0.03 * size)
        for key, number in count.items():
            if number < rarest:
                continue
            share = number / size
            elsewhere = (total[key] - number + 1) / (everyone - size + 2)
            score = share * math.log(share / elsewhere) * _LENGTH_BONUS[len(key) - 1]
            if language == "en" and len(key) == 1 and best_form(forms[key]).endswith(("ed", "ing")):
                score *= _VERBAL
            if score > 0:
                phrases.append(_Scored(key, best_form(forms[key]), round(score, 9), share))
        found[topic] = sorted(phrases, key=lambda one: (-one.score, -len(one.key), one.key))
    return found


def _compose(phrases: Sequence[_Scored], language: str, used: set[str]) -> str:
    """The best phrase, joined with a second one where it names too few texts; the first free combination wins."""
    for best in phrases[:6]:
        first = _fuller(best, phrases)
        second = next((one for one in phrases if _unlike(one.key, first.key)), None)
        candidates = [first.shown]
        if second is not None:
            pair = f"{first.shown} {conjunction(language)} {_inside(second.shown, language)}"
            apart = second.score >= (_SECOND if first.share < _COVERED else _EQUAL) * first.score
            candidates = [pair, first.shown] if apart else [first.shown, pair]
        for label in candidates:
            if label.casefold() not in used:
                return label
    return ""


def _fuller(one: _Scored, phrases: Sequence[_Scored]) -> _Scored:
    """A longer phrase around a single word that many of its texts use: "Ampel ausgefallen" says more than "Ampel"."""
    longer = (other for other in phrases if len(one.key) == 1 and set(one.key) < set(other.key))
    return next((other for other in longer if other.share >= _FULLER * one.share), one)


def _unlike(one: Key, other: Key) -> bool:
    """Whether two phrases share no word, nor a part of one: "Laterne" adds nothing to "Straßenlaterne"."""
    return not any(a[:_STEM] in b or b[:_STEM] in a for a in one for b in other)


def _inside(shown: str, language: str) -> str:
    """A phrase as it is written after "and": English begins small unless it is an acronym."""
    word = shown.split(" ", 1)[0]
    return shown if language == "de" or word.isupper() else shown[:1].lower() + shown[1:]


def _keywords(phrases: Sequence[_Scored]) -> tuple[str, ...]:
    """The best words and phrases that do not repeat one another."""
    chosen: list[_Scored] = []
    for one in sorted(phrases, key=lambda one: (-one.score, one.key)):
        if len(chosen) == KEYWORDS:
            break
        if not any(set(one.key) <= set(other.key) or set(other.key) <= set(one.key) for other in chosen):
            chosen.append(one)
    return tuple(one.shown for one in chosen)
