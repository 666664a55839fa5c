"""Reads `.mbox`: one ticket a mail, from its subject and its plain or HTML part."""

import email
import email.errors
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser
from typing import IO

from cxtext.connectors.open_bytes import Content
from cxtext.connectors.table import Broken, Line, Table
from cxtext.domain import Rejected
from cxtext.errors import SourceError

COLUMNS = ("id", "subject", "body", "created_at", "customer_id", "people", "channel", "auto_reply")
MOST_MAIL = 64_000_000  # bytes with attachments; only the text is kept
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "pre", "hr"}
)
_WESTERN = frozenset({"us-ascii", "ascii", "iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"})
_BROKEN_MAIL = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    email.errors.MessageError,
)
_NO_TEXT = frozenset({"application", "audio", "font", "image", "message", "model", "multipart", "video"})
_PART = re.compile(r"^content-", re.IGNORECASE | re.MULTILINE)
_GROWN = re.compile(r"\s*[^;\s]+\s+[^;=(\s][^;=(]*(?:;|$)")  # a type of content with more words behind it
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/=\s]")
_HIDDEN = frozenset({"script", "style", "head", "title"})


def open_table(content: Content) -> Table:
    """A mailbox as a table; the number of a line is that of the mail's "From " line.

    Raises:
        SourceError: the file does not begin as a mailbox does.
    """
    with content.open() as stream:
        head = stream.read(1 << 16).lstrip(b"\xef\xbb\xbf\r\n")
    if not head.startswith(b"From "):
        raise SourceError(f'{content.name} is no mbox file: its first line does not start with "From "')

    def lines() -> Iterator[Line | Broken]:
        with content.open() as stream:
            for number, mail, complete in _mails(stream):
                if complete:
                    yield from _rows(number, mail)
                else:
                    yield Broken(
                        number, f"a mail of more than {MOST_MAIL:,} bytes", mail[:4_000].decode("utf-8", "replace")
                    )

    return Table("mailbox", COLUMNS, lines)


def mail_row(mail: bytes, number: int, source: str) -> dict[str, object] | Rejected:
    """One mail as a row with the names of ticket fields, or why it cannot be read."""
    line = _rows(number, mail)[0]
    if isinstance(line, Broken):
        return Rejected(source=source, line=number, reason=line.reason, raw=line.raw[:2_000])
    return dict(zip(COLUMNS, line.cells, strict=True))


def html_text(markup: str) -> str:
    """The words of an HTML part, a line for each block."""
    reader = _Words()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser calls it
        self._hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\n", " "))


def _mails(stream: IO[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Line number, bytes and completeness of each mail; a new one starts at "From " below an empty line."""
    start, size, blank, number = 0, 0, True, 0
    lines: list[bytes] = []
    whole = True
    while line := stream.readline(1 << 20):
        number += whole
        if whole and blank and line.startswith(b"From "):
            if start:
                yield start, b"".join(lines), size <= MOST_MAIL
            start, size, lines = number, 0, []
        elif start:
            size += len(line)
            if size <= MOST_MAIL:
                lines.append(re.sub(rb"^>(>*From )", rb"\1", line) if whole else line)
        whole = line.endswith(b"\n")
        blank = whole and line in {b"\n", b"\r\n"}
    if start:
        yield start, b"".join(lines), size <= MOST_MAIL


def _rows(number: int, mail: bytes) -> list[Line | Broken]:
    """The mail, and what stands behind its end or inside an attachment that is none: perhaps the next mail."""
    # The parser of the standard library raises many kinds of errors on broken headers, and a mail must not stop a job.
    try:
        message = email.message_from_bytes(mail, policy=email.policy.default)
        line, rest = Line(number, _cells(message)), _rest(message)
    except _BROKEN_MAIL as error:
        raw = mail[:4_000].decode("utf-8", "replace")
        return [Broken(number, f"this mail cannot be read: {type(error).__name__} {error}"[:300], raw)]
    return (
        [line, Broken(number, "this mail is damaged: this text belongs to none of its parts", rest)] if rest else [line]
    )


def _rest(message: EmailMessage) -> str:
    """Text around the parts, text in a part that says it is Base64, and text that has grown into headers."""
    found = [f"{name}: {value}" for name, value in message.raw_items() if "\0" in str(value)]
    for part in message.walk():
        found += [
            str(value)
            for name, value in part.raw_items()
            if name.casefold() == "content-type" and _GROWN.match(str(value))
        ]
        if part.is_multipart():
            before = part.preamble or ""
            found += [part.epilogue or "", before if _PART.search(before) else ""]
        elif str(part.get("Content-Transfer-Encoding", "")).strip().casefold() == "base64":
            body = part.get_payload()
            found += [body] if isinstance(body, str) and _NO_BASE64.search(body) else []
    found = [text.strip() for text in found if text]
    return "\n".join(text for text in found if text)[:4_000]


def _cells(message: EmailMessage) -> tuple[object, ...]:
    senders = getaddresses([str(message.get("Reply-To", "")), str(message.get("From", ""))])
    addresses = [address.casefold() for _, address in senders if "@" in address]
    names = tuple(name for name, _ in senders if name)
    return (
        str(message.get("Message-ID", "")).strip().strip("<>"),
        str(message.get("Subject", "")),
        _text(message),
        _date(message),
        addresses[-1] if addresses else None,
        [*names, *addresses],
        "email",
        True if _automatic(message) else None,
    )


def _text(message: EmailMessage) -> str:
    for kind in ("plain", "html"):  # some senders leave the plain part empty
        part = message.get_body(preferencelist=(kind,))
        text = _decoded(part) if part is not None else ""
        words = html_text(text) if kind == "html" else text.replace("\r\n", "\n").strip()
        if words:
            return words
    for part in message.walk():  # a type that nobody knows, as where a letter of it was lost
        known = part.is_multipart() or part.get_content_maintype() in _NO_TEXT or part.is_attachment()
        if not known and (words := _decoded(part).replace("\r\n", "\n").strip()):
            return html_text(words) if "<" in words and "</" in words else words
    broken = message.get_payload() if message.get_content_maintype() == "multipart" else ""
    return broken.strip() if isinstance(broken, str) else ""  # parts that nobody can tell apart are one text


def _decoded(part: MIMEPart) -> str:
    """The text of a part. Western charsets are often stated wrongly, and valid UTF-8 never comes about by chance."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    stated = (part.get_content_charset() or "utf-8").strip("'\"")
    for charset in ("utf-8", "cp1252") if stated in _WESTERN else (stated, "utf-8"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")


def _date(message: EmailMessage) -> object:
    given = str(message.get("Date", ""))
    received = str(message.get("Received", "")).rpartition(";")[2]
    for text in (given, received):
        try:
            return parsedate_to_datetime(text.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return given


def _automatic(message: EmailMessage) -> bool:
    submitted = str(message.get("Auto-Submitted", "no")).strip().casefold()
    precedence = str(message.get("Precedence", "")).strip().casefold()
    return (
        not submitted.startswith("no")
        or "X-Autoreply" in message
        or "X-Autorespond" in message
        or precedence in {"auto_reply", "bulk", "junk", "list"}
    )
