"""What redaction would hide in a source, counted and shown with samples, before anything is kept."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cxtext.domain import Ticket
from cxtext.text.clean import clean
from cxtext.text.prepare import hint_of, language_of, people_of
from cxtext.text.recognise import Found
from cxtext.text.redact import Redactor

_AROUND = 32  # characters shown before and after what would be hidden


@dataclass(slots=True)
class DryRun:
    """Counts of what would be hidden. `columns` counts further columns that would be kept; samples are masked."""

    texts: int = 0
    texts_with_findings: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    columns: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[str]] = field(default_factory=dict)


def dry_run(tickets: Iterable[Ticket], *, languages: Sequence[str], redactor: Redactor, samples: int = 3) -> DryRun:
    """Look at tickets as `prepare` would and say what it would hide; nothing is stored.

    A sample shows the first letter of each word of the value and dots for the rest, between the words around it, so that
    a person can judge whether it is one. What redaction misses shows up in no sample: read some redacted texts as well.

    Args:
        tickets: as they come from a source.
        languages: as configured.
        redactor: as configured; its key plays no part.
        samples: the most per kind; the first ones that look different.
    """
    result = DryRun()
    for ticket in tickets:
        text = clean(ticket.text).text
        language = language_of(text, languages, hint=hint_of(ticket.facts.language))
        people = people_of(ticket)
        found = redactor.redact(text, language, people).found
        result.texts += 1
        result.texts_with_findings += bool(found)
        result.kinds.update(one.kind for one in found)
        for place, one in enumerate(found):
            _show(result, text, found, place, one.kind, samples)
        for name, value in ticket.facts.extra.items():
            if isinstance(value, str):
                result.columns[name] += len(redactor.redact(value, language, people).found)
    result.columns = +result.columns
    return result


def _show(result: DryRun, text: str, found: Sequence[Found], place: int, kind: str, most: int) -> None:
    shown = result.samples.setdefault(kind, [])
    if len(shown) < most and (sample := _sample(text, found, place)) not in shown:
        shown.append(sample)


def _sample(text: str, found: Sequence[Found], place: int) -> str:
    """The value masked, with the words around it up to the next value."""
    one = found[place]
    first = max(one.start - _AROUND, found[place - 1].end if place else 0)
    last = min(one.end + _AROUND, found[place + 1].start if place + 1 < len(found) else len(text))
    pieces = (text[first : one.start], _masked(text[one.start : one.end]), text[one.end : last])
    return " ".join("".join(pieces).split())


def _masked(value: str) -> str:
    """`Eva Kern` becomes `E•• K•••`; digits are hidden altogether."""
    return re.sub(r"\w+", lambda word: _mask_word(word.group()), value)


def _mask_word(word: str) -> str:
    kept = word[:1] if word[:1].isalpha() else ""
    return kept + "•" * (len(word) - len(kept))
