"""The phrases of the language files, compiled once: what gives away a line that the customer did not write."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cxtext.errors import ConfigurationError
from cxtext.text.fold import fold
from cxtext.text.language import load_language

_GAPS = (200, 200, 200, 60)  # characters that "…" may stand for in a phrase with none, one, two, three of them
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class MailPhrases:
    """Patterns over folded lines. The mail program of a customer may speak another language than the customer."""

    greeting: re.Pattern[str]
    greeting_words: frozenset[str]
    closing: re.Pattern[str]
    courtesy: re.Pattern[str]
    quote_header: re.Pattern[str]
    reply_mark: re.Pattern[str]
    reply_above: re.Pattern[str]
    header_field: re.Pattern[str]
    notice: re.Pattern[str]
    disclaimer: re.Pattern[str]
    contact: re.Pattern[str]
    company: re.Pattern[str]
    postscript: re.Pattern[str]
    auto_reply: re.Pattern[str]


@lru_cache(maxsize=8)
def mail_phrases(codes: tuple[str, ...]) -> MailPhrases:
    """Compile the phrases of several languages into one set of patterns."""
    languages = [load_language(code) for code in codes]

    def all_of(name: str) -> list[str]:
        return [phrase for language in languages for phrase in getattr(language, name)]

    return MailPhrases(
        greeting=starts_with(all_of("greetings")),
        greeting_words=frozenset(fold(word) for word in all_of("greeting_words")),
        closing=starts_with(all_of("closings")),
        courtesy=starts_with(all_of("courtesy")),
        quote_header=whole(all_of("quote_headers")),
        reply_mark=starts_with(all_of("reply_marks")),
        reply_above=anywhere(all_of("reply_above")),
        header_field=followed_by_colon(all_of("header_fields")),
        notice=starts_with(all_of("notices")),
        disclaimer=starts_with(all_of("disclaimers")),
        contact=anywhere(all_of("signature_cues")),
        company=anywhere(all_of("company_forms")),
        postscript=starts_with(all_of("postscripts")),
        auto_reply=starts_with(all_of("auto_replies")),
    )


def starts_with(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for `match` on folded text: it begins with one of the phrases, and no word is cut."""
    return _compiled(phrases, "(?:{})")


def anywhere(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for `search` on folded text: one of the phrases as whole words."""
    return _compiled(phrases, r"(?<!\w)(?:{})", gaps=1)


def whole(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for `match` on folded text: one of the phrases from end to end."""
    return _compiled(phrases, r"(?:{})\s*\Z")


def followed_by_colon(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for `match` on folded text: a field of a mail's head; group 1 is its name."""
    return _compiled(phrases, r"\*?({})\s?:\*?(?:\s|\Z)")


def _compiled(phrases: Iterable[str], frame: str, *, gaps: int = 3) -> re.Pattern[str]:
    # Longest first, because the first alternative that fits wins.
    written = sorted({_pattern(fold(phrase), gaps) for phrase in phrases}, key=lambda pattern: (-len(pattern), pattern))
    return re.compile(frame.format("|".join(written))) if written else _NEVER


def _pattern(phrase: str, gaps: int) -> str:
    # NFKC turns "…" into three dots. Each gap multiplies the time that a text made for it takes, so they are few.
    parts = phrase.split("...")
    if len(parts) > gaps + 1:
        raise ConfigurationError(
            f"phrase {phrase!r}: “…” may stand there at most {gaps} times; make it several phrases"
        )
    anything = f".{{0,{_GAPS[len(parts) - 1]}}}?"
    pattern = anything.join(re.escape(part).replace(r"\ ", r"\s{1,9}") for part in parts)
    return pattern + r"(?!\w)" if phrase[-1:].isalnum() else pattern
