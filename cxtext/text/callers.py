"""Names of callers, as a note or a transcript of a call gives them: "Braun am Apparat.", "Smith speaking, …", "Müller hier, ich …"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cxtext.text.fold import CAPITAL, fold
from cxtext.text.recognise import Found

PART = rf"[{CAPITAL}](?:[^\W\d_]|['’](?=[^\W\d_])){{1,30}}(?:-[{CAPITAL}][^\W\d_]{{1,30}})?"  # of a name
_LISTED = rf"(?P<name>(?:{PART} )?{PART})"  # no particles: "der Koch am Telefon" is a cook
_PARTICLES = "(?:(?:von|van|de|der|den|zu|al|el) ){0,2}"
_NAME = rf"(?P<name>{_PARTICLES}{PART}(?: {_PARTICLES}{PART}){{0,3}})"
_SMALL = r"[a-zß-öø-ÿ][^\W\d_A-ZÄÖÜ]{1,30}(?:-[^\W\d_]{2,30})?"
_PAUSE = r"\s?(?:[,.;:!?–-]\s{0,3}|\n|[\"“”«»])"
_CLAUSE = r"(?:\A|(?<=\n)|(?<=[.!?,;:–-] )|(?<=[\"„“»«>]))"
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class CallerPatterns:
    """One pattern per frame beside a word that it cannot do without, folded."""

    frames: tuple[tuple[str, re.Pattern[str]], ...]
    no_callers: frozenset[str]
    surname_frames: tuple[tuple[str, re.Pattern[str]], ...] = ()
    first_names: frozenset[str] = frozenset()  # folded, as the surnames
    surnames: frozenset[str] = frozenset()
    own_cues: tuple[tuple[str, re.Pattern[str]], ...] = ()  # "mein name ist", after which few write capitals


def caller_patterns(
    frames: Sequence[str],
    no_callers: Sequence[str],
    surname_frames: Sequence[str] = (),
    first_names: Iterable[str] = (),
    surnames: Iterable[str] = (),
    own_cues: Sequence[str] = (),
) -> CallerPatterns:
    """Compile frames: `…` is the name, `,` and `.` are any pause; a frame starts a clause unless a word stands first.

    In a surname frame only a listed surname counts, because any other word may stand there too ("Ruhe am Telefon.").
    """
    return CallerPatterns(
        tuple((_rarest(frame), _compiled(frame, _NAME)) for frame in frames),
        frozenset(fold(word) for word in no_callers),
        tuple((_rarest(frame), _compiled(frame, _LISTED)) for frame in surname_frames),
        frozenset(map(fold, first_names)),
        frozenset(map(fold, surnames)),
        tuple((_rarest(cue), _compiled_cue(cue)) for cue in own_cues),
    )


def callers(text: str, folded: frozenset[str], patterns: CallerPatterns, no_names: frozenset[str]) -> Iterator[Found]:
    """Yield the names in frames; `folded` are the words of the text, `no_names` words that no name holds.

    Words before the name that are none are left out ("Guten Tag Müller hier, ich …"); where the word in the frame is
    a role and no name ("Kunde am Apparat.") nothing is yielded.
    """
    for hint, pattern in patterns.frames:
        if hint in folded:
            for found in pattern.finditer(text):
                words = list(re.finditer(r"\S+", found.group("name")))
                own = [_is_name(word.group(), patterns, no_names) for word in words]
                if own[-1]:
                    first = len(own) - own[::-1].index(False) if False in own else 0
                    yield Found("NAME", found.start("name") + words[first].start(), found.end("name"))
    for hint, pattern in patterns.surname_frames:
        if hint in folded:
            yield from (Found("NAME", *span) for found in pattern.finditer(text) if (span := _listed(found, patterns)))
    for hint, pattern in patterns.own_cues:
        if hint in folded:
            yield from (
                Found("NAME", *span) for found in pattern.finditer(text) if (span := _small(found, patterns, no_names))
            )


def _is_name(word: str, patterns: CallerPatterns, no_names: frozenset[str]) -> bool:
    bare = fold(word)
    if len(word) > 2 and word.isupper():
        return bare in patterns.surnames or bare in patterns.first_names  # "BRAUN AM APPARAT", but "URGENT HERE, I …"
    return word.islower() or not (bare in no_names or bare in patterns.no_callers)


def _listed(found: re.Match[str], patterns: CallerPatterns) -> tuple[int, int] | None:
    *first, last = fold(found.group("name")).split()
    if last not in patterns.surnames or not patterns.first_names.issuperset(first):
        return None
    return found.span("name")


def _small(found: re.Match[str], patterns: CallerPatterns, no_names: frozenset[str]) -> tuple[int, int] | None:
    """A name in small letters that begins with a listed one, up to the first word that is none."""
    listed = patterns.first_names | patterns.surnames
    words = list(re.finditer(r"\S+", found.group("name")))
    keys = [fold(word.group()) for word in words]
    if keys[0] not in listed:
        return None
    ended = not found.string[found.end() :].lstrip(" ")[:1].isalnum()
    end = words[0].end()
    for place, (word, key) in enumerate(zip(words[1:], keys[1:], strict=True), start=1):
        behind = ended if word is words[-1] else keys[place + 1] in no_names
        if key in no_names or not (key in listed or behind):
            break
        end = word.end()
    return found.start("name"), found.start("name") + end


def _compiled_cue(cue: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){_spoken(cue)}\s?:?[ \t]{{1,3}}(?P<name>{_SMALL}(?: {_SMALL}){{0,2}})(?![\w-])")


def _rarest(frame: str) -> str:
    words: list[str] = _WORD.findall(fold(frame))
    return max(words, key=len)


def _compiled(frame: str, name: str) -> re.Pattern[str]:
    before, _, behind = frame.partition("…")
    start = _CLAUSE if not before.strip() else r"(?<![\w-])"
    return re.compile(rf"{start}{_spoken(before)}{name}(?![\w-]){_spoken(behind)}")


def _spoken(part: str) -> str:
    """Words in any case and spelling with blanks between them, pauses as any punctuation; a pause at the end may be the end."""
    tokens = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[,.]|\s+", part)
    pieces = []
    for number, unit in enumerate(tokens):
        if unit in ",.":
            last = number == len(tokens) - 1
            pieces.append(rf"(?:{_PAUSE}|\s?\Z)" if last else _PAUSE)
        elif unit.isspace():
            if not (number and tokens[number - 1] in ",."):
                pieces.append(r"[ \t]{1,3}")
        else:
            spellings = "|".join(sorted({re.escape(unit), re.escape(fold(unit))}))
            pieces.append(rf"(?i:{spellings})(?!\w)")
    return "".join(pieces)
