"""Names of people: from what announces them, from greetings and signatures, from lists, and from what the helpdesk knows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cxtext.text.callers import PART, CallerPatterns, caller_patterns, callers
from cxtext.text.fold import CAPITAL, fold
from cxtext.text.known_people import known_people
from cxtext.text.language import Language, load_language
from cxtext.text.recognise import Found

_PART = rf"(?:[{CAPITAL}](?:[^\W\d_]|['’](?=[^\W\d_])){{1,30}}|[A-Z]\.)(?:-[{CAPITAL}](?:[^\W\d_]{{1,30}}|\.))?"
_TITLE = r"(?:(?:Prof|Dr|Mr|Mrs|Ms|Miss|Herrn?|Frau|Dipl\.-Ing|Ing|Univ|Mag|Dkfm|Med|med)\.? ){0,3}"
PARTICLE = r"(?:(?:von|van|de|der|den|zu|del|di|la|le|al|el|ter|zur|vom|bin|O') ?){0,2}"
_NAME = rf"{_TITLE}(?P<name>{_PART}(?:[ ]{PARTICLE}{_PART}){{0,3}})"
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class NamePatterns:
    """Compiled once per set of languages."""

    # Each with the longest words of its cues, folded: a text without any of them need not be searched.
    announced: tuple[tuple[frozenset[str], re.Pattern[str]], ...]
    first_names: frozenset[str]
    folded_first_names: frozenset[str]
    surnames: frozenset[str]
    brands: frozenset[str]  # folded
    folded_surnames: frozenset[str]
    full_name_cues: tuple[tuple[str, re.Pattern[str]], ...]  # each with its longest word, folded
    no_names: dict[str, frozenset[str]]  # by language: words that end a name
    callers: CallerPatterns


@lru_cache(maxsize=8)
def name_patterns(codes: tuple[str, ...]) -> NamePatterns:
    """Compile what announces a name in several languages."""
    languages = [load_language(code) for code in codes]
    closings = [closing for language in languages for closing in language.closings]
    greetings = [greeting for language in languages for greeting in language.greetings]
    first_names = {name for language in languages for name in language.first_names}
    surnames = {name for language in languages for name in language.surnames}
    greeted = {fold(word) for language in languages for word in language.greeting_words}
    greeted |= {word for phrase in (*closings, *greetings) for word in _LETTERS.findall(fold(phrase))}
    return NamePatterns(
        announced=_announced(languages, closings, greetings),
        first_names=frozenset(first_names),
        folded_first_names=frozenset(map(fold, first_names)),
        surnames=frozenset(surnames),
        folded_surnames=frozenset(map(fold, surnames)),
        brands=frozenset(fold(brand) for language in languages for brand in language.brands),
        full_name_cues=tuple(
            (min(_longest_words([cue])), re.compile(rf"(?<![\w-])(?i:{_either([cue])})[ \t]{{1,3}}"))
            for language in languages
            for cue in language.full_name_cues
        ),
        no_names={language.code: frozenset(greeted | set(map(fold, language.stop_words))) for language in languages},
        callers=caller_patterns(
            [frame for language in languages for frame in language.caller_frames],
            [word for language in languages for word in language.no_callers],
            [frame for language in languages for frame in language.surname_frames],
            first_names,
            surnames,
            [cue for language in languages for cue in language.own_name_cues],
        ),
    )


def _announced(
    languages: Sequence[Language], closings: Sequence[str], greetings: Sequence[str]
) -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    titles = [title for language in languages for title in language.titles]
    cues = [cue for language in languages for cue in language.name_cues if cue[-1] != ":"]
    labels = [cue for language in languages for cue in language.name_cues if cue[-1] == ":"]
    after_title = rf"(?<![\w-])(?:{_either({title.capitalize() for title in titles}, folded=False)})\s{_NAME}"
    after_cue = rf"(?<![\w-])(?i:{_either(cues)})[ \t]{{1,3}}{_NAME}"
    # "name: Tesla T4" in a log is none, so a label stands at the start of a line or a sentence.
    after_label = rf"(?:\A|(?<=\n)|(?<=[.,;!] ))(?i:{_either(labels)})[ \t]{{1,3}}{_NAME}"
    after_closing = (
        rf"(?:\A|(?<=[\s.!?,)]))(?i:{_either(closings)})(?: aus [A-Z]\w+)?[,.!]?\s{{1,4}}{_NAME}(?=\s*(?:[,.;\n]|\Z))"
    )
    after_greeting = (
        rf"(?:\A|(?<=\n)|(?<=[.!?] ))\s{{0,3}}(?P<greeting>(?i:{_either(greetings)})) {_NAME}(?=\s?[,!.;\n]|\s?\Z)"
    )
    patterns = (
        (titles, after_title), (cues, after_cue), (labels, after_label), (closings, after_closing), (greetings, after_greeting)
    )  # fmt: skip
    return tuple((_longest_words(words), re.compile(pattern)) for words, pattern in patterns)


def folded_words(text: str) -> frozenset[str]:
    """The words of a text in one spelling: what is looked up first, because most texts hold no name."""
    return frozenset(_LETTERS.findall(fold(text)))


def names(
    text: str, folded: frozenset[str], patterns: NamePatterns, people: Iterable[str] = (), language: str = "de"
) -> Iterator[Found]:
    """Yield names in `text`; `people` are full names or e-mail addresses that are known to belong to the ticket.

    `folded` are its `folded_words`.
    """
    yield from known_people(text, folded, people)
    no_names = patterns.no_names.get(language, frozenset())
    for hints, pattern in patterns.announced:
        if not hints.isdisjoint(folded):
            for found in pattern.finditer(text):
                yield from _without_other_words(text, found, no_names)
    yield from callers(text, folded, patterns.callers, no_names)
    if not patterns.folded_first_names.isdisjoint(folded):
        yield from _by_first_name(text, patterns, no_names)


_ROLE_ENDINGS = (
    "service", "team", "support", "bearbeiter", "mitarbeiter", "verwaltung", "redaktion", "buerger", "abteilung", "center", "betriebe",
    "werke", "experten", "developers", "gruesse", "gruss", "betreuung", "medien", "kinder", "kollegen", "eltern", "desk",
)  # fmt: skip


def _without_other_words(text: str, found: re.Match[str], no_names: frozenset[str]) -> Iterator[Found]:
    """Cut the match where a word follows that is no name: "Frau Meier Bitte …", "Hallo Team"."""
    start = end = found.start("name")
    for word in re.finditer(r"\S+", found.group("name")):
        if ends_name(word.group(), no_names):
            if "greeting" in found.re.groupindex:
                return  # "Hello Acme Store Support" greets a company
            break
        end = start + word.end()
    stretch = text[start:end].rstrip(" .")
    if len(stretch) > 1:
        yield Found("NAME", start, start + len(stretch))


def ends_name(word: str, no_names: frozenset[str]) -> bool:
    """Whether a word after a cue is no name: "Bitte", "Team", "Kundenservice", "URGENT"; particles are written small."""
    bare = fold(word).strip(".,")
    return not word.islower() and (
        bare in no_names or bare.endswith(_ROLE_ENDINGS) or (len(word) > 2 and word.isupper())
    )


def _by_first_name(text: str, patterns: NamePatterns, no_names: frozenset[str]) -> Iterator[Found]:
    """Yield a listed first name with the surname behind it; alone it is too often a product, a town or a saint."""
    found = _TWO_CAPITALS.search(text)
    while found:
        first, last = found.group("first"), found.group("rest").split()[-1]
        end = found.end()
        listed = first.split("-")[0] in patterns.first_names
        if (
            listed
            and fold(found.group()) not in patterns.brands
            and not ends_name(last, no_names)
            and not is_place(last)
        ):
            end = _with_more_names(text, found.end(), last, patterns, no_names)
            yield Found("NAME", found.start(), end)
        # "Laut Bajram Gashi": the second word of a pair that is none may begin the next one.
        found = _TWO_CAPITALS.search(text, end if listed else found.start("rest"))


def _with_more_names(text: str, end: int, last: str, patterns: NamePatterns, no_names: frozenset[str]) -> int:
    """Where a name ends: "Hans Peter Kraus" goes on behind a second first name, "Eva Jacobi Huber" with a second surname."""
    while found := _NEXT_CAPITAL.match(text, end):
        following = found.group("part")
        if last not in patterns.first_names and following not in patterns.surnames:
            break
        if ends_name(following, no_names) or is_place(following):
            break
        end, last = found.end(), following
    return end


_STREET_WORD = r"(?i:str\b|stra(?:ß|ss)e|weg\b|platz|allee|ring\b|gasse|ufer|schule|halle|stadion|haus\b)"
_TWO_CAPITALS = re.compile(
    rf"(?<![\w-])(?P<first>{PART}|{PART}-[A-Z]\.) (?P<rest>(?:[A-Z]\. )?{PARTICLE}{PART})(?![\w-])(?! ?(?:{PART}[ -])?{_STREET_WORD})"
)
_NEXT_CAPITAL = re.compile(rf" {PARTICLE}(?P<part>{PART})(?![\w-])(?! ?{_STREET_WORD})")
_IS_PLACE = re.compile(
    r"(?:\bstr|\wstr|strasse|\bweg|\wweg|platz|allee|gasse|ufer|schule|halle|stadion|\bhaus|theat(?:er|re)|museum|stiftung|foundation)\.?\Z"
)


def is_place(word: str) -> bool:
    """Whether a word ends like a street or a building."""
    return bool(_IS_PLACE.search(fold(word)))


def _longest_words(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(max(_LETTERS.findall(fold(phrase)), key=len) for phrase in phrases)


def _either(phrases: Iterable[str], *, folded: bool = True) -> str:
    """An alternation of phrases, longest first, also in their folded spelling; no word is cut at its end."""
    written = {spelling for phrase in phrases for spelling in ({phrase, fold(phrase)} if folded else {phrase})}
    patterns = (
        re.escape(phrase).replace(r"\ ", r"\s") + (r"(?!\w)" if phrase[-1:].isalnum() else "") for phrase in written
    )
    return "|".join(sorted(patterns, key=lambda pattern: (-len(pattern), pattern)))
