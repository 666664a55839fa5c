"""From a raw ticket to a case that may be kept: markup, mail thread, language, personal data, fold, in this order."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from cxtext.domain import Case, Facts, Scalar, Ticket
from cxtext.text.clean import Cleaned, clean, printable
from cxtext.text.language import UNDETERMINED, identify
from cxtext.text.redact import Redactor
from cxtext.text.repeats import fingerprint

_AUTO_REPLY_FIELDS = frozenset(
    {"auto_submitted", "auto-submitted", "x-autoreply", "x_autoreply", "x-auto-response-suppress", "auto_reply"}
)
_NO_AUTO_REPLY = frozenset({"", "no", "none", "false", "0", "nein"})
_FACTS = tuple(sorted(entry.name for entry in fields(Facts) if entry.name != "extra"))
_TEXT_FACTS = ("language", "channel", "product", "version", "given_department", "given_category", "priority", "status")
_LONGEST_TEXT = 20_000  # characters kept of one ticket; what comes after is a log file or an attachment
_MIXED_LENGTH = 200  # characters from which paragraphs are looked at one by one


def prepare(
    ticket: Ticket, *, languages: Sequence[str], redactor: Redactor, boilerplate: frozenset[str] = frozenset()
) -> Case:
    """Turn one ticket into a case: nothing that names a person is left in it as far as it can be found."""
    cleaned = clean(ticket.text, boilerplate=boilerplate)
    text = cleaned.text[:_LONGEST_TEXT]
    language = language_of(text, languages, hint=hint_of(ticket.facts.language))
    people = people_of(ticket)
    redacted = redactor.redact(text, language, people).text
    return Case(
        id=printable(ticket.id),
        source=ticket.source,
        text=redacted,
        language=language,
        facts=_safe_facts(ticket.facts, redactor, language, people),
        fold=fingerprint(redacted),
        content_hash=content_hash(ticket),
        auto_reply=cleaned.auto_reply or _says_auto_reply(ticket.facts.extra),
        removed=_safe_removed(cleaned, redactor, language, people),
    )


def prepare_all(
    tickets: Iterable[Ticket],
    *,
    languages: Sequence[str],
    redactor: Redactor,
    boilerplate: frozenset[str] = frozenset(),
) -> Iterator[Case]:
    """Prepare tickets one after the other, as they come."""
    for ticket in tickets:
        yield prepare(ticket, languages=languages, redactor=redactor, boilerplate=boilerplate)


def content_hash(ticket: Ticket) -> str:
    """Return the SHA-256 (hexadecimal) of everything the source said: equal means there is nothing to do."""
    # Only what is known, so that a field added to a later version leaves the hashes of old tickets alone.
    facts = [(name, value) for name in _FACTS if (value := getattr(ticket.facts, name)) not in (None, ())]
    said = (ticket.key, ticket.text, ticket.people, facts, sorted(ticket.facts.extra.items()))
    return hashlib.sha256(repr(said).encode()).hexdigest()


def language_of(text: str, languages: Sequence[str], *, hint: str | None = None) -> str:
    """Return the language of most of `text`, by paragraph where it is long enough to be mixed."""
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    if len(paragraphs) < 2 or len(text) < _MIXED_LENGTH:
        return identify(text, languages, hint=hint)[0]
    shares: dict[str, int] = {}
    for paragraph in paragraphs:
        code, _ = identify(paragraph, languages, hint=hint)
        if code != UNDETERMINED:
            shares[code] = shares.get(code, 0) + len(paragraph)
    if not shares:
        return identify(text, languages, hint=hint)[0]
    return max(sorted(shares), key=lambda code: shares[code])


def hint_of(given: str | None) -> str | None:
    """What a source says about the language, as a code: `de-DE`, `DE` and `de` are one language; names and nonsense are none."""
    code = (given or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if len(code) == 2 and code.isalpha() else None


def people_of(ticket: Ticket) -> tuple[str, ...]:
    """The people that a source names beside the text; they are hidden wherever they occur in it."""
    named = (*ticket.people, ticket.facts.assignee or "")
    return tuple(person for person in named if any(map(str.isalpha, person)))


def _safe_facts(facts: Facts, redactor: Redactor, language: str, people: tuple[str, ...]) -> Facts:
    printed: dict[str, Any] = {
        name: printable(value) for name in _TEXT_FACTS if (value := getattr(facts, name)) and not value.isprintable()
    }
    return replace(
        facts,
        **printed,
        tags=tuple(map(printable, facts.tags)),
        customer_id=redactor.pseudonym("customer", facts.customer_id) if facts.customer_id else None,
        assignee=redactor.pseudonym("agent", facts.assignee) if facts.assignee else None,
        extra=_safe_extra(facts.extra, redactor, language, people),
    )


def _safe_extra(
    extra: Mapping[str, Scalar], redactor: Redactor, language: str, people: tuple[str, ...]
) -> Mapping[str, Scalar]:
    if not extra:
        return extra
    clear = {printable(key): printable(value) if isinstance(value, str) else value for key, value in extra.items()}
    return redactor.redact_values(clear, language, people)


def _safe_removed(cleaned: Cleaned, redactor: Redactor, language: str, people: tuple[str, ...]) -> tuple[str, ...]:
    pieces = [redactor.redact(piece.text[:_LONGEST_TEXT], language, people).text for piece in cleaned.removed]
    more = len(cleaned.text) - _LONGEST_TEXT
    return (*pieces, f"[{more} more characters]") if more > 0 else tuple(pieces)


def _says_auto_reply(extra: Mapping[str, Scalar]) -> bool:
    return any(
        key.lower() in _AUTO_REPLY_FIELDS and str(value).strip().lower() not in _NO_AUTO_REPLY
        for key, value in extra.items()
        if value is not None
    )
