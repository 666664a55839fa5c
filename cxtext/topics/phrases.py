"""Phrases as people write them: noun phrases and states of things, counted by dictionary form, shown as written."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cxtext.text.fold import fold
from cxtext.text.words import lemma
from cxtext.topics.clauses import (
    Key,
    Phrase,
    clauses,
    line_key,
    listed,
    subject_line,
)
from cxtext.topics.english import spaced_phrases
from cxtext.topics.german import german_phrases

# People say what it is about first and tell the circumstances later: what a phrase counts for in the first sentence,
# the second, and so on (position is the oldest known signal of importance; Edmundson 1969).
_EMPHASIS = (1.0, 0.9, 0.6, 0.4)


class Wording:
    """How the writers of a corpus spell: which German words are nouns, which is each word's usual form."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        capital: Counter[str] = Counter()
        small: Counter[str] = Counter()
        for text, language in texts:
            if language != "de" or text.islower():  # who never writes capitals says nothing about nouns
                continue
            for clause, _, starts in clauses(text):
                for word in clause[1 if starts else 0 :]:
                    (capital if word[:1].isupper() else small)[fold(word)] += 1
        self._nouns = frozenset(word for word, count in capital.items() if count > small[word])

    def is_noun(self, word: str) -> bool:
        """Whether this German word is usually written with a capital inside a sentence."""
        return word[:1].isupper() and len(word) > 2 and fold(word) in self._nouns

    def phrases(self, text: str, language: str) -> Iterator[tuple[Phrase, float]]:
        """The phrases of one text that could name an issue, and how much the place where they stand counts."""
        for clause, sentence, _ in clauses(text):
            emphasis = _EMPHASIS[min(sentence, len(_EMPHASIS) - 1)]
            if language == "de" and self._nouns:
                found = german_phrases(self._spelt(clause) if text.islower() else clause, self.is_noun)
            else:
                found = spaced_phrases(clause, language)
            for phrase in found:
                yield phrase, emphasis

    def _spelt(self, clause: Sequence[str]) -> list[str]:
        """A clause in small letters, with the capitals that others give its nouns."""
        return [word.capitalize() if fold(word) in self._nouns else word for word in clause]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in one topic's texts of one language."""

    size: int
    lines: int = 0  # texts with a subject line
    texts: Counter[Key] = field(default_factory=Counter)  # texts that hold a phrase
    emphasis: Counter[Key] = field(default_factory=Counter)  # the same, weighted by where it stands
    subjects: Counter[Key] = field(default_factory=Counter)  # texts with this subject line
    complete: set[Key] = field(default_factory=set)
    forms: dict[Key, Counter[tuple[bool, str]]] = field(default_factory=lambda: defaultdict(Counter))
    spelt: dict[Key, Counter[tuple[bool, str]]] = field(default_factory=lambda: defaultdict(Counter))


def count_phrases(texts: Sequence[tuple[str, str]], wording: Wording) -> Counts:
    """In how many texts each phrase and each subject line occurs, and the forms in which it is written."""
    counts = Counts(len(texts))
    lines = 0
    for text, language in texts:
        best: dict[Key, float] = {}
        for phrase, emphasis in wording.phrases(text, language):
            if emphasis > best.get(phrase.key, 0.0):
                best[phrase.key] = emphasis
            counts.forms[phrase.key][phrase.nominative, phrase.shown] += 1
            if phrase.complete:
                counts.complete.add(phrase.key)
        counts.texts.update(best.keys())
        for key, emphasis in best.items():
            counts.emphasis[key] += emphasis  # type: ignore[assignment]  # a sum of weights
        line = subject_line(text)
        if line and (key := line_key(line, language)):
            lines += 1
            counts.subjects[key] += 1
            counts.spelt[key][not line.islower(), line] += 1
    return Counts(
        counts.size, lines, counts.texts, counts.emphasis, counts.subjects, counts.complete, counts.forms, counts.spelt
    )


def best_form(forms: Counter[tuple[bool, str]], language: str) -> str:
    """The most frequent form of a phrase, one in the nominative if there is any; first letter a capital.

    A German genitive -s is not shown where the word is known without it.
    """
    (_, shown), _ = max(forms.items(), key=lambda item: (item[0][0], item[1], item[0][1]))
    if language == "de" and shown[:1].isupper() and shown.endswith("s") and " " not in shown:
        bare = {form for _, form in forms} | {lemma(shown, language)}
        shown = next((form for form in (shown[:-1], shown[:-2]) if form in bare), shown)
    return shown[:1].upper() + shown[1:]


def conjunction(language: str) -> str:
    """The word that joins two phrases of a name."""
    return next(iter(listed(language, "and")), "&")
