"""First name and surname together, told by where they stand: before an address, or behind "unterschrieben von"."""

import re
from collections.abc import Iterable, Iterator

from cxtext.text.callers import PART
from cxtext.text.fold import fold
from cxtext.text.names import PARTICLE, NamePatterns, ends_name, is_place
from cxtext.text.recognise import Found
from cxtext.text.words import is_word

_NAME = rf"(?P<name>{PART}(?: (?:[A-Z]\. )?{PARTICLE}{PART}){{1,3}})"
# A line of its own, or behind a word after which an addressee is named, or behind a colon.
_ABOVE = re.compile(
    rf"(?:\A|(?<=\n)|(?<=[:;] )|(?<![\w-])(?i:an|für|bei|von|to|for|at|from) ){_NAME}[ ]?(?:,[ \n]{{0,2}}|\r?\n)\Z"
)
_FARTHEST = 140  # characters before the street in which a name may begin
_PAIR = re.compile(rf"(?<![\w-])(?P<name>{PART} {PARTICLE}{PART})(?![\w-])")
_BESIDE = re.compile(rf"(?<![\w-])(?=(?P<name>{PART} (?P<last>{PART}))(?![\w-]))")  # pairs that overlap, too


def addressees(text: str, addresses: Iterable[Found], patterns: NamePatterns, language: str) -> Iterator[Found]:
    """Yield the name right before each address: "Bitte an Iryna Schenk, Herzogstraße 5", or a line above the street."""
    for address in addresses:
        begin = max(0, address.start - _FARTHEST)
        found = _ABOVE.search(text, begin, address.start)
        if found and (begin == 0 or found.start() > begin):
            yield from _person(found, patterns, language)


def full_names(text: str, folded: frozenset[str], patterns: NamePatterns, language: str) -> Iterator[Found]:
    """Yield names behind words that other things may stand behind, too ("heiße", "signed by"), and beside surnames.

    Beside a listed surname a word that is in no dictionary is a first name, if the surname is in none either: "Karlie Kloss",
    but neither "Technik Fischer" nor "Contigo West". `folded` are the words of the text, folded.
    """
    for hint, cue in patterns.full_name_cues:
        if hint in folded:
            for said in cue.finditer(text):
                if found := _PAIR.match(text, said.end()):
                    yield from _person(found, patterns, language)
    if not patterns.folded_surnames.isdisjoint(folded):
        for found in _BESIDE.finditer(text):
            if found.group("last") in patterns.surnames and not _is_word(found.group("last"), language):
                yield from _person(found, patterns, language)


def _person(found: re.Match[str], patterns: NamePatterns, language: str) -> Iterator[Found]:
    """The name, if no word of it is one of a company or a place, and the first is a listed first name or no word at all.

    So "Rathaus Mitte, Hauptstraße 1" and "heiße Suppe Montag" stay. Where the first is not listed, the last must be no word either,
    or a listed surname.
    """
    no_names = patterns.no_names.get(language, frozenset())
    words = [word for word in found.group("name").split() if word[0].isupper() and word[-1] != "."]
    if any(ends_name(word, no_names) or is_place(word) for word in words) or fold(" ".join(words)) in patterns.brands:
        return
    first, last = words[0].split("-")[0], words[-1]
    if last.isupper():  # "delivered to Danbury CT"
        return
    if first not in patterns.first_names:
        if _is_word(words[0], language) or fold(first) in patterns.folded_surnames:
            return
        if last not in patterns.surnames and _is_word(last, language):
            return
    yield Found("NAME", *found.span("name"))


def _is_word(word: str, language: str) -> bool:
    """In the language of the text, or in one of those whose words turn up everywhere."""
    return any(is_word(word, code) for code in dict.fromkeys((language, "de", "en")))
