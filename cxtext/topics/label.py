"""Names that a manager understands, and keywords, from what sets a topic's texts apart from all others'."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxtext.text.language import UNDETERMINED, known_languages
from cxtext.topics.clauses import LONGEST_NAME, Key, foreign, listed
from cxtext.topics.phrases import Counts, Wording, best_form, conjunction, count_phrases

KEYWORDS = 8
_LENGTH_BONUS = (1.0, 1.6, 1.7, 1.7)  # a phrase says more than a word that occurs as often
_COMPLETE = 1.5  # times more if it says what is wrong
_LINE = 2.0  # a customer's own title says most
_LINED = 0.1  # of all texts that must have a subject line for first lines to be taken for subjects
_FEWEST_LINES = 2  # texts that must share a subject line
_LEAST_LINES = 0.06  # of the texts with a subject line that must share one
_VERBAL = 0.6  # of the score of a single English word in -ed or -ing, which names no thing
_LED_IN = (
    0.4  # of the score of a word that only ever follows a preposition: a circumstance, "im Forum", "per Einschreiben"
)
_FULLER = 0.12  # of a word's texts that must use a longer phrase around it before that becomes the name
_FULLER_COMPLETE = 0.06  # the same for a phrase that says what is wrong
_WHOLE = 0.6  # of a phrase's texts that must use a longer one before it is taken for a part of that
_EXTENDED = 0.2  # the same where only the longer one says what is wrong
_KINDRED = 0.4  # of the words of two subject lines that must be the same for one to speak for the other
_STEM = 5  # letters by which two words are told apart
_JOINED = (
    0.25,
    0.4,
)  # share of a topic's texts that the second of two joined words must name, and of the first's score
_SPECIAL = 0.05  # share of a longer phrase that does so
_TOLD = (0.12, 0.0)  # the same for a second word that tells topics apart or that a first one cannot do without
_BROAD = (0.04, 0.25)  # the same for groups of topics
_NAMED_IN = 0.25  # of the texts that must be in a language for the topic to have a name in it
_FOREIGN = 0.6  # of the texts in languages that nobody configured, from which on no name is tried

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
    is_line: bool = False
    complete: bool = False


def name_topics(
    texts: Mapping[str, Sequence[Text]], taken: Sequence[str] = (), *, broad: bool = False
) -> dict[str, Name]:
    """Name topics by contrast with each other; the most frequent topic chooses first, no two names are equal.

    Phrases are scored by their share among the topic's texts times the logarithm of how much larger that is than
    elsewhere (a pointwise Kullback-Leibler divergence; Tomokiyo and Hurst 2003), subject lines by their share among
    the topic's subject lines. Words are counted by dictionary form and shown in their most frequent form.

    Args:
        texts: per topic id, texts with their languages (redacted).
        taken: names that are in use and may not be given again.
        broad: these are groups of topics: name what they are about, not one complaint of many.
    """
    compose = _compose_broad if broad else _compose
    wording = Wording(text for several in texts.values() for text in several)
    spoken = {topic: _languages(several, 0.1) for topic, several in texts.items()}
    everywhere = _languages([text for several in texts.values() for text in several], 0.0)
    home = next((language for language in everywhere if language in known_languages()), "en")
    scored: dict[tuple[str, str], list[_Scored]] = {}
    for language in sorted({language for languages in spoken.values() for language in languages}):
        for topic, phrases in _score(texts, language, wording).items():
            scored[topic, language] = phrases
    used = {label.casefold() for label in taken}
    names: dict[str, Name] = {}
    for topic in sorted(texts, key=lambda topic: (-len(texts[topic]), topic)):
        named_in = _languages(texts[topic], _NAMED_IN) or spoken[topic][:1]
        labels = {language: compose(scored.get((topic, language), []), language, used) for language in named_in}
        labels = {language: label for language, label in labels.items() if label}
        if _is_foreign(texts[topic]):
            labels = {home: _first_free([f"{foreign(home)}: {', '.join(_foreign(texts[topic])[:4])}"], used)}
        label = next(iter(labels.values()), "") or topic
        used.add(label.casefold())
        keywords = _keywords([one for language in spoken[topic] for one in scored.get((topic, language), [])])
        names[topic] = Name(label, keywords, spoken[topic], labels)
    return names


def _languages(texts: Sequence[Text], least: float) -> tuple[str, ...]:
    """Languages of at least this share of the texts, most common first."""
    count = Counter(language for _, language in texts)
    return tuple(
        language
        for language, number in sorted(count.items(), key=lambda item: (-item[1], item[0]))
        if number >= max(1, len(texts) * least)
    )


def _foreign(texts: Sequence[Text]) -> tuple[str, ...]:
    ours = {*known_languages(), UNDETERMINED}
    return tuple(language for language in _languages(texts, 0.0) if language not in ours)


def _is_foreign(texts: Sequence[Text]) -> bool:
    theirs = frozenset(_foreign(texts))
    return sum(language in theirs for _, language in texts) >= _FOREIGN * max(1, len(texts))


def _score(texts: Mapping[str, Sequence[Text]], language: str, wording: Wording) -> dict[str, list[_Scored]]:
    own = {topic: [text for text in several if text[1] == language] for topic, several in texts.items()}
    counted = {topic: count_phrases(several, wording) for topic, several in own.items() if several}
    emphasis: Counter[Key] = Counter()
    subjects: Counter[Key] = Counter()
    for counts in counted.values():
        emphasis.update(counts.emphasis)
        subjects.update(counts.subjects)
    everyone = sum(counts.size for counts in counted.values())
    lines = sum(counts.lines for counts in counted.values())
    found = {}
    for topic, counts in counted.items():
        scored = _phrases(counts, emphasis, everyone, language)
        if lines >= _LINED * everyone:
            scored += _lines(counts, subjects, lines, scored, language)
        found[topic] = sorted(scored, key=lambda one: (-one.score, -len(one.key), one.key, one.shown))
    return found


def _phrases(counts: Counts, total: Counter[Key], everyone: int, language: str) -> list[_Scored]:
    phrases = []
    rarest = max(min(2, max(counts.texts.values(), default=0)), 0.03 * counts.size)
    for key, number in counts.texts.items():
        if number < rarest:
            continue
        share = counts.emphasis[key] / counts.size
        elsewhere = (total[key] - counts.emphasis[key] + 1) / (everyone - counts.size + 2)
        score = share * math.log(share / elsewhere) * _LENGTH_BONUS[min(len(key), len(_LENGTH_BONUS)) - 1]
        if score <= 0:
            continue
        forms = counts.forms[key]
        if len(key) > 1 and not any(nominative for nominative, _ in forms):
            continue
        shown = best_form(forms, language)
        if key in counts.complete:
            score *= _COMPLETE
        if language == "en" and len(key) == 1 and shown.endswith(("ed", "ing")):
            score *= _VERBAL
        if len(key) == 1:
            score *= _LED_IN + (1 - _LED_IN) * sum(n for (free, _), n in forms.items() if free) / forms.total()
        if _is_headless(key, shown):
            score *= _VERBAL
        phrases.append(_Scored(key, shown, round(score, 9), number / counts.size, complete=key in counts.complete))
    return phrases


def _lines(
    counts: Counts, total: Counter[Key], everyone: int, phrases: Sequence[_Scored], language: str
) -> list[_Scored]:
    """Subject lines that several texts of the topic share; the body that says the same speaks for them."""
    found = []
    told: dict[frozenset[str], float] = {}
    for one in phrases:
        told[frozenset(one.key)] = max(one.score, told.get(frozenset(one.key), 0.0))
    for key, number in counts.subjects.items():
        if number < max(_FEWEST_LINES, _LEAST_LINES * counts.lines):
            continue
        share = _kindred(key, counts.subjects) / counts.lines
        elsewhere = (total[key] - number + 1) / (everyone - counts.lines + 2)
        score = share * math.log(share / elsewhere) * _LINE
        score += told.get(frozenset(key), 0.0)
        if score > 0:
            found.append(_Scored(key, best_form(counts.spelt[key], language), round(score, 9), share, is_line=True))
    return found


def _kindred(key: Key, lines: Counter[Key]) -> float:
    """How many subject lines say this one's words; of those that say it partly, the shared part."""
    ours = set(key)
    overlaps = ((len(ours & set(line)) / len(ours | set(line)), number) for line, number in lines.items())
    return sum(overlap * number for overlap, number in overlaps if overlap >= _KINDRED)


def _compose(phrases: Sequence[_Scored], language: str, used: set[str]) -> str:
    """The best phrase; two words that both name many texts are joined where no phrase names the whole."""
    candidates = []
    for best in phrases[:8]:
        first = best if best.is_line and len(best.key) > 1 else _fuller(best, phrases)
        if len(first.key) == 1 and not first.is_line:
            candidates += _pair(first, phrases, language, *(_TOLD if _is_bare(first, language) else _JOINED))
        candidates.append(first.shown)
        candidates += [one.shown for one in phrases if set(first.key) < set(one.key) and one.share >= _SPECIAL]
        if len(first.key) == 1 and not first.is_line:
            candidates += _pair(first, phrases, language, *_TOLD)
    return _first_free([label for label in candidates if len(label) <= LONGEST_NAME] or candidates, used)


def _compose_broad(phrases: Sequence[_Scored], language: str, used: set[str]) -> str:
    """Two things that many of the texts are about."""
    things = [one for one in phrases if len(one.key) == 1 and not one.is_line and not _is_code(one.shown)]
    candidates = []
    for first in things[:8]:
        candidates += [*_pair(first, things, language, *_BROAD), first.shown]
    return _first_free(candidates, used)


def _first_free(candidates: Sequence[str], used: set[str]) -> str:
    return next((label for label in candidates if label.casefold() not in used), "")


def _pair(first: _Scored, phrases: Sequence[_Scored], language: str, least: float, worth: float) -> list[str]:
    """The first phrase joined with the best that says something else, if any is frequent enough."""
    for one in phrases:
        if one.share < least or one.score < worth * first.score or one.is_line or len(one.key) > 1:
            continue
        if _unlike(one.key, first.key) and first.shown.lower() in listed(language, "states"):
            return [f"{one.shown} {first.shown.lower()}"]
        if _unlike(one.key, first.key) and one.shown.lower() not in listed(language, "states"):
            if _is_code(one.shown) or _is_code(first.shown):
                thing, code = sorted((first.shown, one.shown), key=_is_code)
                return [f"{thing}: {code}"]
            return [f"{first.shown} {conjunction(language)} {_inside(one.shown, language)}"]
    return []


def _is_bare(one: _Scored, language: str) -> bool:
    """Whether this word says nothing without the thing it is said of: an error code, "damaged"."""
    return _is_code(one.shown) or one.shown.lower() in listed(language, "states")


def _is_code(shown: str) -> bool:
    """Whether this is an error code or a model, which explains what stands before it."""
    return any(map(str.isdigit, shown)) and " " not in shown


def _fuller(one: _Scored, phrases: Sequence[_Scored]) -> _Scored:
    """A longer phrase around it that many of its texts use: "Ampel ausgefallen" says more than "Ampel".

    For a phrase of several words only one that nearly always stands around it: "no cancel button" for "no cancel".
    """
    around = [other for other in phrases if set(one.key) < set(other.key)]
    if _says(one) > 1:
        ends = [other for other in around if other.shown.startswith(f"{one.shown} ") and not other.is_line]
        if sum(other.share for other in ends) >= _WHOLE * one.share:
            return ends[0]
    for other in around:
        if _says(one) > 1:
            least = _EXTENDED if other.complete and not one.complete else _WHOLE
        elif other.is_line:
            least = 0.0
        else:
            least = _FULLER_COMPLETE if other.complete else _FULLER
        if other.share >= least * one.share:
            return other
    return one


def _says(one: _Scored) -> int:
    """Words without the negation of a mere verb: "not working" does not say what."""
    return len(one.key) - _is_headless(one.key, one.shown)


def _is_headless(key: Key, shown: str) -> bool:
    """Whether a thing is missing from the phrase: "not working", "ohne Funktion"."""
    return shown.casefold().startswith("ohne ") or (key[0] == "not" and not shown.casefold().startswith("no "))


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
        if not one.is_line and not any(
            set(one.key) <= set(other.key) or set(other.key) <= set(one.key) for other in chosen
        ):
            chosen.append(one)
    return tuple(one.shown for one in chosen)
