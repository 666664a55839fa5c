"""What the words just before a number say it is: "Rechnung 4711…" is kept, "Tel. 4711…" is not."""

import re
from dataclasses import dataclass
from functools import lru_cache

from cxtext.text.fold import fold
from cxtext.text.language import Language, load_language

_WINDOW = 48  # characters before a number in which its cue is looked for
_KINDS = ("keep", "phone", "card", "tax", "plate", "birth", "address")


@dataclass(frozen=True, slots=True)
class Cues:
    """One pattern over folded text with a group per kind of cue."""

    pattern: re.Pattern[str]

    def before(self, text: str, start: int) -> str:
        """The kind of the last cue before `start` (keep, phone, card, tax, plate, birth, address), or ""."""
        last = ""
        for found in self.pattern.finditer(fold(text[max(0, start - _WINDOW) : start])):
            last = found.lastgroup or ""
        return last

    def any_before(self, text: str, start: int, kind: str) -> bool:
        """Whether a cue of this kind is among those before `start`."""
        window = fold(text[max(0, start - _WINDOW) : start])
        return any(found.lastgroup == kind for found in self.pattern.finditer(window))


@lru_cache(maxsize=8)
def cues(codes: tuple[str, ...]) -> Cues:
    """Compile the cues of several languages."""
    languages = [load_language(code) for code in codes]
    groups = (f"(?P<{kind}>{_alternatives(languages, kind)})" for kind in _KINDS)
    # A compound counts by its tail ("Prepaidkarte") or its head ("Rechnungsnr"), so only one side must be a word's edge.
    return Cues(re.compile("|".join(groups)))


def _alternatives(languages: list[Language], kind: str) -> str:
    phrases = {fold(phrase) for language in languages for phrase in getattr(language, f"{kind}_cues")}
    short = sorted(
        (re.escape(phrase) for phrase in phrases if len(phrase) <= 4), key=lambda phrase: (-len(phrase), phrase)
    )
    long = sorted(
        (re.escape(phrase) for phrase in phrases if len(phrase) > 4), key=lambda phrase: (-len(phrase), phrase)
    )
    parts = [rf"\b(?:{'|'.join(short)})\b"] if short else []
    return "|".join([*parts, *([rf"(?:{'|'.join(long)})"] if long else [])]) or "(?!)"
