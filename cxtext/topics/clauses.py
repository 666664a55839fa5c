"""Clauses of a text, its subject line, and the word lists that decide which words may stand in a name."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cxtext.resources import model_file
from cxtext.text.fold import fold
from cxtext.text.language import known_languages
from cxtext.text.words import lemma, stop_words

Key = tuple[str, ...]  # folded dictionary forms, in order of the showing

LONGEST_NAME = 45  # characters
_SHORTEST_FOREIGN = 4  # letters of a word in a language without stop words
_MOST_WORDS = 6  # of a subject line
# What no name may hold: masks of redacted data, addresses, words that were cut off.
_MASK = re.compile(r"<[^<>\s][^<>]{0,40}>|\[[^\[\]]{1,40}\]|\{[^{}]{1,40}\}|⟨[^⟩]{1,40}⟩|\S*(?:@|://|www\.)\S*")
_CUT = re.compile(r"[^\W\d_]+(?:…|\.{3,})|[^\W\d_]+[-–](?![^\W\d_])|(?<![^\W\d_])[-–][^\W\d_]+")
_CLAUSE = re.compile(r"[^\w\s'’&+-]+|\s[-–]\s|\n|_+")
_SENTENCE_END = re.compile(r"[.!?:\n]")
_WORD = re.compile(r"[^\W_]+(?:[-'’&+][^\W_]+)*")
_CODE = re.compile(r"^[A-Za-z]{1,2}\d{1,3}$")  # "E14" on a display, "X2" in a product's name
_MARKED = re.compile(r"[<>\[\]{}⟨⟩@]|://")
# What a subject line says about one ticket only: "AW:", an order number, a sum.
_REPLY = re.compile(
    r"^(?:(?:re|aw|wg|fwd?|antw|betreff|betr|subject|anfrage|frage|problem|hilfe|dringend|urgent|issue|question)\s*:\s*|bump\W+|push\W+)+",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\s*(?:\b(?:of|über|von|in höhe von)\s+)?(?:[€$£]\s?\d[\d.,]*|\b\d[\d.,]*\s?(?:€|euros?\b|eur\b|\$|usd\b))"
    r"|\s*#?\b(?:[A-Za-z]{1,3}-?)?\d{5,}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase in one text: what it is counted under, how it is shown, whether it stands in the nominative.

    `complete`: it says what is wrong or wanted ("Ampel ausgefallen"), not only what it is about ("rote Ampel").
    """

    key: Key
    shown: str
    nominative: bool = True
    complete: bool = False


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, dict[str, frozenset[str]]]:
    """`models/lexicons/names.toml`: per language, the words that decide how topics are named."""
    content = tomllib.loads(model_file("lexicons/names.toml").read_text(encoding="utf-8"))
    return {
        language: {name: frozenset(words.split()) for name, words in lists.items() if name not in _PHRASES}
        for language, lists in content.items()
    }


_PHRASES = frozenset({"foreign"})


def listed(language: str, name: str) -> frozenset[str]:
    """A word list of `models/lexicons/names.toml`; empty for a language that has none."""
    return _word_lists().get(language, {}).get(name, frozenset())


@lru_cache(maxsize=8)
def foreign(language: str) -> str:
    """How "other languages" is said in this language."""
    content = tomllib.loads(model_file("lexicons/names.toml").read_text(encoding="utf-8"))
    return str(content.get(language, content["en"])["foreign"])


def clauses(text: str) -> Iterator[tuple[list[str], int, bool]]:
    """The words of each clause, the number of its sentence, and whether it begins that (where a capital says nothing)."""
    text = _CUT.sub(" | ", _MASK.sub(" | ", text))
    starts = True
    sentence = -1
    last = 0
    for mark in _CLAUSE.finditer(text):
        words = _WORD.findall(text[last : mark.start()])
        if words:
            sentence += starts
            yield words, sentence, starts
            starts = False
        starts = starts or _SENTENCE_END.search(mark.group()) is not None
        last = mark.end()
    if words := _WORD.findall(text[last:]):
        yield words, sentence + starts, starts


def subject_line(text: str) -> str:
    """The subject above a ticket's text, without numbers that only this ticket has; "" where there is none.

    Connectors write the subject on a line of its own. A first line of at most six words that does not end like a
    sentence is taken for one; a greeting ends in a comma.
    """
    line, found, _ = text.partition("\n")
    line = line.strip()
    if not found or not line or len(line) > 2 * LONGEST_NAME or line[-1] in ".!,;:":
        return ""
    line = _NUMBER.sub("", _REPLY.sub("", line)).strip(" ?-–:,")
    words = _WORD.findall(line)
    if not 1 <= len(words) <= _MOST_WORDS or len(line) > LONGEST_NAME or _MARKED.search(line) or _CUT.search(line):
        return ""
    return line[:1].upper() + line[1:]


def speaks(word: str, language: str) -> bool:
    """Whether a word says something by itself: no stop word, no filler, no number, no single letter."""
    key = fold(word)
    if len(key) < (2 if language in known_languages() else _SHORTEST_FOREIGN):
        return False
    if any(map(str.isdigit, key)):
        return _CODE.match(word) is not None
    return (
        key.replace("'", "") not in listed(language, "fillers")
        and key not in stop_words(language)
        and key not in listed(language, "negations")
    )


def dictionary_form(word: str, language: str) -> str:
    """What a word is counted under: as it is in languages that nobody configured, whose word lists cost seconds to load."""
    return fold(lemma(word, language) if language in known_languages() else word)


def line_key(line: str, language: str) -> Key:
    """What a subject line is counted under: the words in it that say something, and its negation."""
    words = []
    for word in _WORD.findall(line):
        if speaks(word, language) or any(map(str.isdigit, word)):
            words.append(dictionary_form(word, language))
        elif fold(word) in listed(language, "negations"):
            words.append("not")
    return tuple(sorted(set(words)))
