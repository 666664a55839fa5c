"""Names of people: from what announces them, from greetings and signatures, from lists, and from what the helpdesk knows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cxtext.text.fold import fold
from cxtext.text.language import load_language
from cxtext.text.recognise import Found

_PART = r"(?:[A-ZÄÖÜÀ-ÖØ-Þ](?:[^\W\d_]|['’](?=[^\W\d_])){1,30}|[A-Z]\.)(?:-[A-ZÄÖÜÀ-ÖØ-Þ](?:[^\W\d_]{1,30}|\.))?"
_FULL_PART = r"[A-ZÄÖÜÀ-ÖØ-Þ](?:[^\W\d_]|['’](?=[^\W\d_])){1,30}(?:-[A-ZÄÖÜÀ-ÖØ-Þ][^\W\d_]{1,30})?"
_TITLE = r"(?:(?:Prof|Dr|Mr|Mrs|Ms|Miss|Herrn?|Frau|Dipl\.-Ing|Ing|Univ|Mag|Dkfm|Med|med)\.? ){0,3}"
_PARTICLE = r"(?:(?:von|van|de|der|den|zu|del|di|la|le|al|el|ter|zur|vom|bin|O') ?){0,2}"
_NAME = rf"{_TITLE}(?P<name>{_PART}(?:[ ]{_PARTICLE}{_PART}){{0,3}})"
_SHORTEST = 3  # letters of a known name's part
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LOCAL_PART = re.compile(r"[a-z]{3,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamePatterns:
    """Compiled once per set of languages."""

    hints: frozenset[str]  # first words of all cues, folded: none of them in a text means no name by cue
    after_title: re.Pattern[str]
    after_cue: re.Pattern[str]
    after_closing: re.Pattern[str]
    after_greeting: re.Pattern[str]
    first_names: frozenset[str]
    no_names: dict[str, frozenset[str]]  # by language: words that end a name


@lru_cache(maxsize=8)
def name_patterns(codes: tuple[str, ...]) -> NamePatterns:
    """Compile what announces a name in several languages."""
    languages = [load_language(code) for code in codes]
    titles = [title for language in languages for title in language.titles]
    cues = [cue for language in languages for cue in language.name_cues]
    closings = [closing for language in languages for closing in language.closings]
    greetings = [greeting for language in languages for greeting in language.greetings]
    greeted = {fold(word) for language in languages for word in language.greeting_words}
    return NamePatterns(
        hints=frozenset(re.split(r"[^\w]+", fold(cue).lstrip())[0] for cue in (*titles, *cues, *closings, *greetings)),
        after_title=re.compile(
            rf"(?<![\w-])(?:{_either({title.capitalize() for title in titles}, folded=False)})\s{_NAME}"
        ),
        after_cue=re.compile(
            rf"(?<![\w-])(?i:{_either(cue for cue in cues if cue[-1] != ':')})[ \t]{{1,3}}{_NAME}|"
            # "name: Tesla T4" in a log is none, so a label stands at the start of a line or a sentence.
            rf"(?:\A|(?<=\n)|(?<=[.,;!] ))(?i:{_either(cue for cue in cues if cue[-1] == ':')})[ \t]{{1,3}}{_NAME.replace('?P<name>', '?P<labelled>')}"
        ),
        after_closing=re.compile(
            rf"(?:\A|(?<=[\n.!?,)] )|(?<=[\n.!?,)])|(?<=\s))(?i:{_either(closings)})(?: aus [A-Z]\w+)?[,.!]?\s{{1,4}}{_NAME}(?=\s*(?:[,.;\n]|\Z))"
        ),
        after_greeting=re.compile(
            rf"(?:\A|(?<=\n)|(?<=[.!?] ))\s{{0,3}}(?i:{_either(greetings)}) {_NAME}(?=\s?[,!.;\n]|\s?\Z)"
        ),
        first_names=frozenset(name for language in languages for name in language.first_names),
        no_names={language.code: frozenset(greeted | set(map(fold, language.stop_words))) for language in languages},
    )


def names(text: str, patterns: NamePatterns, people: Iterable[str] = (), language: str = "de") -> Iterator[Found]:
    """Yield names in `text`; `people` are full names or e-mail addresses that are known to belong to the ticket."""
    yield from known_people(text, people)
    words, no_names = _WORD.findall(text), patterns.no_names.get(language, frozenset())
    if not patterns.hints.isdisjoint(map(fold, words)):
        for pattern in (patterns.after_title, patterns.after_cue, patterns.after_closing, patterns.after_greeting):
            for found in pattern.finditer(text):
                yield from _without_other_words(text, found, no_names)
    if not patterns.first_names.isdisjoint(words):
        yield from _by_first_name(text, patterns.first_names, no_names)


def known_people(text: str, people: Iterable[str]) -> Iterator[Found]:
    """Yield where a known person is named: in full in any spelling, or by a part of the name that begins with a capital."""
    for person in people:
        parts = [part for part in _person_parts(person) if len(part) >= _SHORTEST]
        if not parts:
            continue
        spelt = [_any_spelling(part) for part in parts]
        if len(parts) > 1:
            full = re.compile(rf"(?<!\w){'[ ,.-]{1,2}'.join(spelt)}(?!\w)", re.IGNORECASE)
            yield from (Found("NAME", *found.span()) for found in full.finditer(text))
        part_pattern = re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})(?!\w)", re.IGNORECASE)
        for found in part_pattern.finditer(text):
            if found.group()[0].isupper():
                yield Found("NAME", *found.span())


def _person_parts(person: str) -> list[str]:
    if "@" in person:
        local = person.partition("@")[0]
        return (
            [part for part in _LOCAL_PART.findall(local) if part.lower() not in _ROLES]
            if re.search(r"[._-]", local)
            else []
        )
    return [part for part in re.split(r"[\s,.()]+", person) if part[:1].isalpha() and fold(part) not in _NO_PARTS]


_ROLES = frozenset(
    {
        "info",
        "service",
        "support",
        "kontakt",
        "contact",
        "mail",
        "office",
        "team",
        "kunden",
        "kundenservice",
        "no",
        "noreply",
        "reply",
    }
)
_ROLE_ENDINGS = (
    "service",
    "team",
    "support",
    "bearbeiter",
    "mitarbeiter",
    "verwaltung",
    "redaktion",
    "buerger",
    "abteilung",
    "center",
    "betriebe",
    "werke",
    "experten",
    "developers",
    "gruesse",
    "gruss",
)
_NO_PARTS = frozenset(
    {
        "herr",
        "frau",
        "dr",
        "prof",
        "mr",
        "mrs",
        "ms",
        "miss",
        "von",
        "van",
        "der",
        "den",
        "und",
        "and",
        "the",
        "team",
        "support",
        "service",
    }
    | {
        "kunde",
        "customer",
        "agent",
        "gmbh",
        "mba",
        "bsc",
        "msc",
        "ing",
        "dipl",
        "mag",
        "unknown",
        "unbekannt",
        "admin",
        "system",
        "bot",
    }
)
_SPELLINGS = {"ä": "(?:ä|ae)", "ö": "(?:ö|oe)", "ü": "(?:ü|ue)", "ß": "(?:ß|ss)"}


def _any_spelling(part: str) -> str:
    escaped = "".join(_SPELLINGS.get(letter, re.escape(letter)) for letter in part.lower())
    return re.sub(r"(?<!\()ae(?!\))", "(?:ä|ae)", re.sub(r"(?<![(|])oe(?!\))", "(?:ö|oe)", escaped)) + "(?:s|'s|’s)?"


def _without_other_words(text: str, found: re.Match[str], no_names: frozenset[str]) -> Iterator[Found]:
    """Cut the match where a word follows that is no name: "Frau Meier Bitte …", "Hallo Team"."""
    group = "name" if found.group("name") else "labelled"
    start = end = found.start(group)
    for word in re.finditer(r"\S+", found.group(group)):
        if _ends_name(word.group(), no_names):
            break
        end = start + word.end()
    stretch = text[start:end].rstrip(" .")
    if len(stretch) > 1:
        yield Found("NAME", start, start + len(stretch))


def _ends_name(word: str, no_names: frozenset[str]) -> bool:
    """Whether a word after a cue is no name: "Bitte", "Team", "Kundenservice", "URGENT"; particles are written small."""
    bare = fold(word).strip(".,")
    return not word.islower() and (
        bare in no_names or bare.endswith(_ROLE_ENDINGS) or (len(word) > 2 and word.isupper())
    )


def _by_first_name(text: str, first_names: frozenset[str], no_names: frozenset[str]) -> Iterator[Found]:
    """Yield a listed first name with the surname behind it; alone it is too often a product, a town or a saint."""
    for found in _TWO_CAPITALS.finditer(text):
        first, last = found.group("first"), found.group("rest").split()[-1]
        if first.split("-")[0] in first_names and not _ends_name(last, no_names) and not _IS_PLACE.search(fold(last)):
            yield Found("NAME", *found.span())


_STREET_WORD = r"(?i:str\b|stra(?:ß|ss)e|weg\b|platz|allee|ring\b|gasse|ufer|schule|halle|stadion|haus\b)"
_TWO_CAPITALS = re.compile(
    rf"(?<![\w-])(?P<first>{_FULL_PART}) (?P<rest>(?:[A-Z]\. )?{_PARTICLE}{_FULL_PART})(?![\w-])(?! ?(?:{_FULL_PART}[ -])?{_STREET_WORD})"
)
_IS_PLACE = re.compile(r"\w(?:str|strasse|weg|platz|allee|gasse|ufer|schule|halle|stadion)\.?\Z")


def _either(phrases: Iterable[str], *, folded: bool = True) -> str:
    """An alternation of phrases, longest first, also in their folded spelling; no word is cut at its end."""
    written = {spelling for phrase in phrases for spelling in ({phrase, fold(phrase)} if folded else {phrase})}
    patterns = (
        re.escape(phrase).replace(r"\ ", r"\s") + (r"(?!\w)" if phrase[-1:].isalnum() else "") for phrase in written
    )
    return "|".join(sorted(patterns, key=lambda pattern: (-len(pattern), pattern)))
