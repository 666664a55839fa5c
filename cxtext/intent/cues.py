"""Intent and urgency from cue words, which are data: `models/lexicons/intent_xx.toml`."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import re2

from cxtext.domain import Aim, Case, IntentKind, Mood
from cxtext.errors import ConfigurationError
from cxtext.intent.cue_files import Cue, read_cues
from cxtext.text.fold import fold_word

_WORD: Final = re.compile(r"[\w][\w'’&/+-]*|[?!.]+")
_NEGATIONS: Final = frozenset({"nicht", "kein", "keine", "keinen", "nie", "not", "never", "no", "don't", "won't"})
_SHOWN: Final = 3  # cues named as evidence
_SURE: Final = 0.6  # a mood below this confidence changes no intent
_VERY_BAD: Final = -0.5  # a question that sounds like this is a complaint


@dataclass(frozen=True, slots=True)
class Found:
    """A cue and the words of the text in which it was found."""

    cue: Cue
    words: str


@dataclass(frozen=True, slots=True)
class Details:
    """Where it happened and why somebody leaves; None where the text does not say."""

    touchpoint: str | None = None
    cancellation_reason: str | None = None
    evidence: tuple[str, ...] = ()


class Cues:
    """Cue words for intent, urgency, touchpoint and the reason of a cancellation; no cues, no guess.

    >>> Cues().find_aim("Bitte löschen Sie mein Konto.", "de").intent
    'cancellation'
    """

    def __init__(self) -> None:
        self._finders = {language: _Finder(cues) for language, cues in read_cues().items()}

    def read(self, cases: Sequence[Case]) -> list[Aim]:
        """One aim per case, in order."""
        return [self.find_aim(case.text, case.language) for case in cases]

    def find_aim(self, text: str, language: str) -> Aim:
        """The intent with the most weight behind it, and how urgent it is: 1 minus the product of (1 - weight)."""
        found = self.find(text, language)
        weights: dict[str, float] = defaultdict(float)
        for one in found:
            if one.cue.table == "intent":
                weights[one.cue.name] = max(weights[one.cue.name], one.cue.weight)
        intent = cast("IntentKind", max(weights, key=lambda name: (weights[name], name), default="other"))
        urgent = {one.cue.name: one.cue.weight for one in found if one.cue.table == "urgency"}
        calm = 1.0
        for weight in urgent.values():
            calm *= 1 - weight
        told = [one.words for one in found if one.cue.name == intent or one.cue.table == "urgency"]
        return Aim(intent, round(1 - calm, 4), tuple(dict.fromkeys(told))[:_SHOWN])

    def details(self, cases: Sequence[Case]) -> list[Details]:
        """The touchpoint of each case and, for those who leave, the reason they give."""
        return [self.find_details(case.text, case.language) for case in cases]

    def find_details(self, text: str, language: str) -> Details:
        """The touchpoint that is named most often (the first on a tie) and the first reason of a cancellation."""
        found = self.find(text, language)
        leaves = any(one.cue.name == "cancellation" for one in found)
        touchpoint = _most_often([one for one in found if one.cue.table == "touchpoint"])
        reasons = [one for one in found if one.cue.table == "reason"] if leaves else []
        words = [one.words for one in found if one.cue.name == touchpoint] + [one.words for one in reasons[:1]]
        return Details(touchpoint, reasons[0].cue.name if reasons else None, tuple(dict.fromkeys(words))[:_SHOWN])

    def find(self, text: str, language: str) -> list[Found]:
        """All cues found in a text, in the order of the text; none where the language has no cue file."""
        finder = self._finders.get(language)
        return finder.find(text) if finder else []


def settle(aim: Aim, mood: Mood) -> Aim:
    """Let the mood decide where cues alone cannot: a calm sentence that reports trouble is a complaint.

    Without an intent, a sure mood says complaint or praise. Praise that feels bad is irony, hence a complaint. A
    question stays one unless it feels very bad ("Warum kommt hier nie jemand ans Telefon?"). Wishes and cancellations
    stay what they are. The evidence of the mood is added where it decided.
    """
    intent: IntentKind = aim.intent
    bad = mood.label == "negative" and mood.confidence >= _SURE
    if (aim.intent in {"other", "praise"} and bad) or (aim.intent == "question" and bad and mood.score <= _VERY_BAD):
        intent = "complaint"
    elif aim.intent == "other" and mood.label == "positive" and mood.confidence >= _SURE:
        intent = "praise"
    if intent == aim.intent:
        return aim
    return replace(aim, intent=intent, evidence=tuple(dict.fromkeys((*mood.evidence, *aim.evidence)))[:_SHOWN])


class _Finder:
    """All cues of a language in one automaton: a text is read once, whatever the number of cues."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = cues
        self._patterns: list[Any] = []
        self._all = re2.Set.SearchSet()
        for cue in cues:
            try:
                self._patterns.append(re2.compile(cue.pattern))
                self._all.Add(cue.pattern)
            except re2.error as error:
                raise ConfigurationError(f"intent cue {cue.words!r}: {error}") from error
        self._all.Compile()

    def find(self, text: str) -> list[Found]:
        words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
        folded = f" {' '.join(_key(word) for word, _, _ in words)} "
        found = []
        for number in self._all.Match(folded) or ():
            match = self._patterns[number].search(folded)
            if _denied(match.group(), self._cues[number].pattern):
                continue
            first = folded.count(" ", 0, match.start())
            last = first + match.group().count(" ") - 2
            found.append((first, number, text[words[first][1] : words[last][2]]))
        return [Found(self._cues[number], told) for _, number, told in sorted(found)]


def _denied(words: str, pattern: str) -> bool:
    """Whether a negation slipped into the gap of a cue: "ich will nicht kündigen"."""
    return any(word in _NEGATIONS and f" {word}" not in pattern for word in words.split())


def _key(word: str) -> str:
    """One word without blanks, because blanks separate words in what the patterns read (some ligatures fold to two)."""
    if word[0] in "?!.":
        return "?" if "?" in word else word[0]
    return fold_word(word).replace(" ", "") or "_"


def _most_often(found: Sequence[Found]) -> str | None:
    counts: dict[str, int] = defaultdict(int)
    for one in found:
        counts[one.cue.name] += 1
    return max(counts, key=lambda name: counts[name], default=None)
