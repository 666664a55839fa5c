"""People whom the helpdesk knows: where a text names them, in full or in part, in any spelling."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cxtext.text.fold import fold
from cxtext.text.recognise import Found

_SHORTEST = 3  # letters of a known name's part
_LETTERS = re.compile(r"[^\W\d_]+")
_LOCAL_PART = re.compile(r"[a-z]{3,}", re.IGNORECASE)
_ROLES = frozenset({
    "info", "service", "support", "kontakt", "contact", "mail", "office", "team", "kunden", "kundenservice", "no", "noreply", "reply",
})  # fmt: skip
_NO_PARTS = frozenset({
    "herr", "frau", "dr", "prof", "mr", "mrs", "ms", "miss", "von", "van", "der", "den", "und", "and", "the", "team", "support", "service",
    "kunde", "customer", "agent", "gmbh", "mba", "bsc", "msc", "ing", "dipl", "mag", "unknown", "unbekannt", "admin", "system", "bot",
})  # fmt: skip
_SPELLINGS = {"ä": "(?:ä|ae)", "ö": "(?:ö|oe)", "ü": "(?:ü|ue)", "ß": "(?:ß|ss)"}


def known_people(text: str, folded: frozenset[str], people: Iterable[str]) -> Iterator[Found]:
    """Yield where a known person is named: in full in any spelling, or by a part of the name that begins with a capital.

    `folded` are the words of the text, folded: a person of whom it holds nothing costs next to nothing.
    """
    for person in people:
        known = _known_person(person)
        if known is None or known.keys.isdisjoint(folded):
            continue
        if known.full is not None:
            yield from (Found("NAME", *found.span()) for found in known.full.finditer(text))
        for found in known.part.finditer(text):
            if found.group()[0].isupper():
                yield Found("NAME", *found.span())


@dataclass(frozen=True, slots=True)
class _KnownPerson:
    keys: frozenset[str]
    part: re.Pattern[str]
    full: re.Pattern[str] | None


@lru_cache(maxsize=20_000)
def _known_person(person: str) -> _KnownPerson | None:
    parts = [part for part in _person_parts(person) if len(part) >= _SHORTEST]
    if not parts:
        return None
    spelt = [_any_spelling(part) for part in parts]
    keys = {key for part in parts for piece in _LETTERS.findall(fold(part)) for key in (piece, f"{piece}s")}
    return _KnownPerson(
        keys=frozenset(keys),
        part=re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})(?!\w)", re.IGNORECASE),
        full=re.compile(rf"(?<!\w){'[ ,.-]{1,2}'.join(spelt)}(?!\w)", re.IGNORECASE) if len(parts) > 1 else None,
    )


def _person_parts(person: str) -> list[str]:
    if "@" in person:
        local = person.partition("@")[0]
        return (
            [part for part in _LOCAL_PART.findall(local) if part.lower() not in _ROLES]
            if re.search(r"[._-]", local)
            else []
        )
    return [part for part in re.split(r"[\s,.()]+", person) if part[:1].isalpha() and fold(part) not in _NO_PARTS]


def _any_spelling(part: str) -> str:
    escaped = "".join(_SPELLINGS.get(letter, re.escape(letter)) for letter in part.lower())
    return re.sub(r"(?<!\()ae(?!\))", "(?:ä|ae)", re.sub(r"(?<![(|])oe(?!\))", "(?:ö|oe)", escaped)) + "(?:s|'s|’s)?"
