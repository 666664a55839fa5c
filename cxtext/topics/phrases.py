"""Phrases as people write them: noun phrases and states of things, counted by dictionary form, shown as written."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cxtext.resources import model_file
from cxtext.text.fold import fold
from cxtext.text.words import lemma, stop_words

Key = tuple[str, ...]  # folded dictionary forms, in order of the showing

# What no name may hold: masks of redacted data, addresses, words that were cut off.
_MASK = re.compile(r"<[^<>\s][^<>]{0,40}>|\[[^\[\]]{1,40}\]|\{[^{}]{1,40}\}|⟨[^⟩]{1,40}⟩|\S*(?:@|://|www\.)\S*")
_CUT = re.compile(r"[^\W\d_]+(?:…|\.{3,})|[^\W\d_]+[-–](?![^\W\d_])|(?<![^\W\d_])[-–][^\W\d_]+")
_CLAUSE = re.compile(r"[^\w\s'’&+-]+|\s[-–]\s|\n|_+")
_SENTENCE_END = re.compile(r"[.!?:\n]")
_WORD = re.compile(r"[^\W_]+(?:[-'’&+][^\W_]+)*")

_PARTICIPLE = re.compile(
    r"^(?:[a-zäöüß]+)?ge[a-zäöüß]{2,}(?:t|en)$|^(?:be|ver|zer|ent|er|miss|über|unter)[a-zäöüß]{3,}t$"
)
_FAR = 8  # words between a noun and its state
_ADJECTIVE_ENDING = re.compile(r"(?:e|er|es|en|em)$")


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, dict[str, frozenset[str]]]:
    """`models/lexicons/names.toml`: per language, the words that decide how topics are named."""
    content = tomllib.loads(model_file("lexicons/names.toml").read_text(encoding="utf-8"))
    return {
        language: {name: frozenset(words.split()) for name, words in lists.items()}
        for language, lists in content.items()
    }


def _listed(language: str, name: str) -> frozenset[str]:
    return _word_lists().get(language, {}).get(name, frozenset())


def conjunction(language: str) -> str:
    """The word that joins two phrases of a name."""
    return next(iter(_listed(language, "and")), "&")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase in one text: what it is counted under, how it is shown, whether it stands in the nominative."""

    key: Key
    shown: str
    nominative: bool = True


class Wording:
    """How the writers of a corpus spell: which German words are nouns, which is each word's usual form."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        capital: Counter[str] = Counter()
        small: Counter[str] = Counter()
        for text, language in texts:
            if language != "de" or text.islower():  # who never writes capitals says nothing about nouns
                continue
            for clause, starts in _clauses(text):
                for word in clause[1 if starts else 0 :]:
                    (capital if word[:1].isupper() else small)[fold(word)] += 1
        self._nouns = frozenset(word for word, count in capital.items() if count > small[word])

    def is_noun(self, word: str) -> bool:
        """Whether this German word is usually written with a capital inside a sentence."""
        return word[:1].isupper() and len(word) > 2 and fold(word) in self._nouns

    def phrases(self, text: str, language: str) -> Iterator[Phrase]:
        """The phrases of one text that could name an issue."""
        for clause, _ in _clauses(text):
            if language == "de" and self._nouns:
                yield from self._german(self._spelt(clause) if text.islower() else clause)
            else:
                yield from _other(clause, language)

    def _spelt(self, clause: Sequence[str]) -> list[str]:
        """A clause in small letters, with the capitals that others give its nouns."""
        return [word.capitalize() if fold(word) in self._nouns else word for word in clause]

    def _german(self, clause: Sequence[str]) -> Iterator[Phrase]:
        kept = [(place, word) for place, word in enumerate(clause) if _speaks(word, "de")]
        for _, word in kept:
            if self.is_noun(word):
                yield Phrase((_lemma(word, "de"),), word)
        for (at, left), (then, right) in pairwise(kept):
            if then == at + 1 and self.is_noun(right) and _is_attribute(left):
                nominative, plain = left.endswith(("e", "er", "es")), lemma(left, "de")
                if nominative or plain != left:  # an unknown word in another case would be shown as it is
                    shown = f"{left} {right}" if nominative else f"{right} {plain}"
                    yield Phrase((_lemma(right, "de"), _lemma(left, "de")), shown, nominative)
        for place, word in kept:
            if _is_state(word) and (noun := self._subject(clause, place)):
                yield Phrase((_lemma(noun, "de"), _lemma(word, "de")), f"{noun} {word}")
        yield from self._broken(clause)

    def _subject(self, clause: Sequence[str], place: int) -> str | None:
        """The nearest noun before a state that no preposition leads in: "Lampe" of "die Lampe am Weg ist defekt"."""
        for at in range(place - 1, max(-1, place - _FAR), -1):
            if self.is_noun(clause[at]) and not any(
                word.lower() in _listed("de", "prepositions") for word in clause[max(0, at - 3) : at]
            ):
                return clause[at]
        return None

    def _broken(self, clause: Sequence[str]) -> Iterator[Phrase]:
        """The noun before a verb and its negation, as in "Heizung funktioniert nicht"."""
        for place in range(1, len(clause) - 1):
            verb = clause[place]
            if verb not in _listed("de", "verbs") or "nicht" not in clause[place + 1 : place + 4]:
                continue
            if noun := self._subject(clause, place):
                yield Phrase((_lemma(noun, "de"), _lemma(verb, "de"), "nicht"), f"{noun} {verb} nicht")


def best_form(forms: Counter[tuple[bool, str]]) -> str:
    """The most frequent form of a phrase, one in the nominative if there is any; first letter a capital."""
    (_, shown), _ = max(forms.items(), key=lambda item: (item[0][0], item[1], item[0][1]))
    return shown[:1].upper() + shown[1:]


def _other(clause: Sequence[str], language: str) -> Iterator[Phrase]:
    """One to three words that say something, with small words such as "of" between them."""
    units = list(_units(clause, language))
    for start in range(len(units)):
        key: list[str] = []
        shown: list[str] = []
        for word, form in units[start : start + 6]:
            if form is not None:
                key.append(form)
                shown.append(_natural(word))
                if len(set(key)) == len(key):
                    yield Phrase(tuple(key), " ".join(shown))
                if len(key) == 3:
                    break
            elif key and word in _listed("en", "joints"):
                shown.append(word)
            elif not key or word not in _listed("en", "articles"):
                break


def _units(clause: Sequence[str], language: str) -> Iterator[tuple[str, str | None]]:
    """Words with what they are counted under (None: says nothing); "top up", "top-up" and "topup" are one word."""
    place = 0
    while place < len(clause):
        word = clause[place]
        following = clause[place + 1].lower() if place + 1 < len(clause) else ""
        speaks = _speaks(word, language)
        if speaks and following in _listed("en", "particles"):
            yield f"{word} {following}", _lemma(word, language) + following
            place += 2
        else:
            yield (word, _lemma(word, language).replace("-", "")) if speaks else (word.lower(), None)
            place += 1


def _clauses(text: str) -> Iterator[tuple[list[str], bool]]:
    """The words of each clause, and whether it begins a sentence (where a capital says nothing)."""
    text = _CUT.sub(" | ", _MASK.sub(" | ", text))
    starts = True
    last = 0
    for mark in _CLAUSE.finditer(text):
        words = _WORD.findall(text[last : mark.start()])
        if words:
            yield words, starts
            starts = False
        starts = starts or _SENTENCE_END.search(mark.group()) is not None
        last = mark.end()
    if words := _WORD.findall(text[last:]):
        yield words, starts


def _speaks(word: str, language: str) -> bool:
    """Whether a word says something by itself: no stop word, no filler, no number, no single letter."""
    key = fold(word)
    if len(key) < 2 or any(map(str.isdigit, key)):
        return False
    return (
        key.replace("'", "") not in _listed(language, "fillers")
        and key not in stop_words(language)
        and key not in _listed(language, "negations")
    )


def _is_attribute(word: str) -> bool:
    return word.islower() and len(word) > 3 and _ADJECTIVE_ENDING.search(word) is not None


def _is_state(word: str) -> bool:
    return word.islower() and (word in _listed("de", "states") or _PARTICIPLE.match(word) is not None)


def _natural(word: str) -> str:
    """Acronyms stay, shouting does not."""
    return word if word.isupper() and len(word) <= 4 else word.lower() if word.isupper() or word.istitle() else word


def _lemma(word: str, language: str) -> str:
    return fold(lemma(word, language))


def count_phrases(
    texts: Sequence[tuple[str, str]], wording: Wording
) -> tuple[Counter[Key], dict[Key, Counter[tuple[bool, str]]]]:
    """In how many texts each phrase occurs, and the forms in which it is written."""
    count: Counter[Key] = Counter()
    forms: dict[Key, Counter[tuple[bool, str]]] = defaultdict(Counter)
    for text, language in texts:
        found = list(wording.phrases(text, language))
        count.update({phrase.key for phrase in found})
        for phrase in found:
            forms[phrase.key][phrase.nominative, phrase.shown] += 1
    return count, forms
