"""Names of callers, as a note or a transcript of a call gives them: "Braun am Apparat.", "Smith speaking, …", "Müller hier, ich …"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cxtext.text.fold import fold
from cxtext.text.recognise import Found

_PART = r"[A-ZÄÖÜÀ-ÖØ-Þ](?:[^\W\d_]|['’](?=[^\W\d_])){1,30}(?:-[A-ZÄÖÜÀ-ÖØ-Þ][^\W\d_]{1,30})?"
_PARTICLES = "(?:(?:von|van|de|der|den|zu|al|el) ){0,2}"
_NAME = rf"(?P<name>{_PARTICLES}{_PART}(?: {_PARTICLES}{_PART}){{0,3}})"
_PAUSE = r"\s?(?:[,.;:!?–-]\s{0,3}|\n|[\"“”«»])"
_CLAUSE = r"(?:\A|(?<=\n)|(?<=[.!?,;:–-] )|(?<=[\"„“»«>]))"
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class CallerPatterns:
    """One pattern per frame beside a word that it cannot do without, folded."""

    frames: tuple[tuple[str, re.Pattern[str]], ...]
    no_callers: frozenset[str]


def caller_patterns(frames: Sequence[str], no_callers: Sequence[str]) -> CallerPatterns:
    """Compile frames: `…` is the name, `,` and `.` are any pause; a frame starts a clause unless a word stands first."""
    return CallerPatterns(
        tuple((_rarest(frame), _compiled(frame)) for frame in frames), frozenset(fold(word) for word in no_callers)
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
                own = [_is_name(word.group(), patterns.no_callers, no_names) for word in words]
                if own[-1]:
                    first = len(own) - own[::-1].index(False) if False in own else 0
                    yield Found("NAME", found.start("name") + words[first].start(), found.end("name"))


def _is_name(word: str, no_callers: frozenset[str], no_names: frozenset[str]) -> bool:
    bare = fold(word)
    return word.islower() or not (bare in no_names or bare in no_callers or (len(word) > 2 and word.isupper()))


def _rarest(frame: str) -> str:
    words: list[str] = _WORD.findall(fold(frame))
    return max(words, key=len)


def _compiled(frame: str) -> re.Pattern[str]:
    before, _, behind = frame.partition("…")
    start = _CLAUSE if not before.strip() else r"(?<![\w-])"
    return re.compile(f"{start}{_spoken(before)}{_NAME}{_spoken(behind)}")


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
