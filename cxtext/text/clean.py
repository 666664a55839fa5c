"""From raw text to what the customer wrote: markup, mail thread, signature and boilerplate go, and are kept apart."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cxtext.text.fold import fold
from cxtext.text.language import known_languages
from cxtext.text.mail import mail_lines
from cxtext.text.markup import without_markup
from cxtext.text.one_line import split_frame
from cxtext.text.phrases import MailPhrases, mail_phrases

_LITERAL_BREAK = re.compile(r"(?:\\r)?\\n(?:\\t)?")
_SURE_LITERAL_BREAK = re.compile(r"\\n(?:\\r|\\n|[A-ZÄÖÜ<*\-\s\d]|\Z)")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n(?:[^\S\n]*\n)+")
_FEWEST_CHARACTERS = 20  # of a boilerplate line
_AUTO_REPLY_LINES = 6


@dataclass(frozen=True, slots=True)
class Removed:
    """One piece that cleaning took out: quote, header, greeting, closing, signature, courtesy, disclaimer, notice, boilerplate."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What the customer wrote, what was taken out, and whether a machine wrote it."""

    text: str
    removed: tuple[Removed, ...] = ()
    auto_reply: bool = False


def clean(text: str, *, languages: Sequence[str] = (), boilerplate: frozenset[str] = frozenset()) -> Cleaned:
    """Reduce a mail, a form or a chat message to what the customer wrote.

    Never returns less than a word where there was one: then the text stays as it was, only without markup. `languages`
    are the ones whose phrases are looked for (default: all that have a file); `boilerplate` comes from `find_boilerplate`.
    """
    codes = tuple(sorted(languages or known_languages()))
    phrases = mail_phrases(codes)
    visible, quoted = without_markup(printable(text))
    whole = _real_line_breaks(visible).strip()
    removed = [Removed("quote", quoted)] if quoted else []
    if "\n" not in whole:
        greeting, said, closing = split_frame(whole, codes)
        frame = [Removed(kind, text) for kind, text in (("greeting", greeting), ("closing", closing)) if text]
        return Cleaned(said, (*removed, *frame), _is_auto_reply(whole, phrases))
    lines = whole.split("\n")
    kinds = [
        "boilerplate" if kind is None and boilerplate and _line_hash(line) in boilerplate else kind
        for line, kind in zip(lines, mail_lines(lines, phrases), strict=True)
    ]
    kept = _BLANK_LINES.sub(
        "\n\n", "\n".join(line for line, kind in zip(lines, kinds, strict=True) if kind is None)
    ).strip()
    auto_reply = _is_auto_reply(whole, phrases)
    if not any(map(str.isalnum, kept)):
        return Cleaned(whole, tuple(removed), auto_reply)
    return Cleaned(kept, (*removed, *_runs(lines, kinds)), auto_reply)


def printable(text: str) -> str:
    """Take out NUL, other control characters and lone surrogates, which no database and no file accepts."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)


def find_boilerplate(texts: Iterable[str], *, share: float = 0.01, least: int = 20) -> frozenset[str]:
    """Return the hashes of lines that more than `share` of the texts and at least `least` of them contain.

    Texts of a single line take no part: a complaint that many customers send word by word is no boilerplate.
    """
    documents: Counter[str] = Counter()
    total = 0
    for text in texts:
        lines = {line.strip() for line in text.split("\n")} - {""}
        total += 1
        if len(lines) > 1:
            documents.update({_line_hash(line) for line in lines if len(line) >= _FEWEST_CHARACTERS})
    return frozenset(key for key, count in documents.items() if count >= least and count > share * total)


def _line_hash(line: str) -> str:
    return hashlib.blake2b(fold(line.strip()).encode(), digest_size=8).hexdigest()


def _real_line_breaks(text: str) -> str:
    """Exports sometimes spell line breaks as backslash and n; a Windows path does that, too."""
    if "\\n" in text and _SURE_LITERAL_BREAK.search(text):
        return _LITERAL_BREAK.sub("\n", text)
    return text


def _is_auto_reply(text: str, phrases: MailPhrases) -> bool:
    lines = (line for line in fold(text[:1000]).split("\n") if line.strip())
    return any(phrases.auto_reply.match(line.strip()) for _, line in zip(range(_AUTO_REPLY_LINES), lines, strict=False))


def _runs(lines: Sequence[str], kinds: Sequence[str | None]) -> list[Removed]:
    """Neighbouring removed lines of one kind, put together."""
    runs: list[Removed] = []
    current: str | None = None
    collected: list[str] = []
    for line, kind in zip((*lines, ""), (*kinds, None), strict=True):
        if kind != current:
            if current is not None and any(part.strip() for part in collected):
                runs.append(Removed(current, "\n".join(collected).strip()))
            current, collected = kind, []
        collected.append(line)
    return runs
