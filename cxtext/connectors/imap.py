"""A mailbox by IMAP: mails that arrived since the last visit, those removed, whole or not at all.

Sources: RFC 3501 (UID, UIDVALIDITY), RFC 5322. A mail is known by its Message-ID, so a mailbox that was rebuilt, and
numbers its mails anew, brings no ticket twice.
"""

import email
import email.policy
import hashlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from cxtext.connectors.mbox_file import MOST_MAIL, mail_row
from cxtext.connectors.page import Page, Visit
from cxtext.domain import Rejected
from cxtext.errors import ConfigurationError, SourceError

AT_ONCE = 50  # mails fetched in one page
HEADERS = 500  # headers fetched at once, a few MB
TIMEOUT = 60.0
_NUMBERS = re.compile(rb"UID (\d+)(?:.*?RFC822\.SIZE (\d+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Box:
    line: imaplib.IMAP4
    validity: int
    count: int


def check(visit: Visit) -> str:
    """How many mails lie in the folder."""
    with _open(visit) as box:
        return f"{box.count:,} mails in {_folder(visit)}"


def pages(visit: Visit) -> Iterator[Page]:
    """New mails in the order of their arrival; then, where some are gone, all that are left."""
    with _open(visit) as box:
        same = visit.cursor.get("validity") == box.validity
        last = int(visit.cursor.get("uid") or 0) if same else 0
        kept = int(visit.cursor.get("count") or 0)
        uids = [uid for uid in _search(box.line, f"UID {last + 1}:*") if uid > last]
        cursor = {"validity": box.validity, "uid": last, "count": kept}
        for start in range(0, len(uids), AT_ONCE):
            part = uids[start : start + AT_ONCE]
            cursor |= {"uid": part[-1], "count": cursor["count"] + len(part) if same else 0}
            yield Page(rows=tuple(_mails(box.line, part, visit.account.name)), cursor=dict(cursor))
        if cursor["count"] != box.count:
            cursor["count"] = box.count
            yield Page(complete=frozenset(_ids(box.line) if box.count else ()), cursor=dict(cursor))


@contextmanager
def _open(visit: Visit) -> Iterator[_Box]:
    account = visit.account
    host = account.required("host", "the mail server, like imap.example.com")
    user = account.required("user", "the name of the mailbox")
    password = account.secret("password", "its password")
    encrypted = account.flag("tls", default=True)
    port = account.option("port", "993" if encrypted else "143")
    if not port.isdecimal():
        raise ConfigurationError(f"[sources.{account.name}] port = {port!r}: a number, mostly 993")
    try:
        line = (
            imaplib.IMAP4_SSL(host, int(port), ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
            if encrypted
            else imaplib.IMAP4(host, int(port), timeout=TIMEOUT)
        )
    except (OSError, imaplib.IMAP4.error) as error:
        raise SourceError(f"{host}:{port}: no mail server answers ({type(error).__name__})", permanent=False) from error
    try:
        yield _enter(line, host, user, password, _folder(visit))
    except (OSError, imaplib.IMAP4.abort) as error:
        raise SourceError(
            f"{host}: the connection broke off; the next run goes on from there", permanent=False
        ) from error
    finally:
        _leave(line)


def _enter(line: imaplib.IMAP4, host: str, user: str, password: str, folder: str) -> _Box:
    try:
        line.login(user, password)
    except imaplib.IMAP4.error as error:
        raise SourceError(f"{host}: the server does not accept user or password") from error
    status, told = line.select(f'"{folder}"', readonly=True)
    if status != "OK":
        raise SourceError(f"{host}: no folder {folder!r} in this mailbox")
    validity = line.response("UIDVALIDITY")[1]
    return _Box(line, int(validity[0] or 0) if validity else 0, int(told[0] or 0))


def _leave(line: imaplib.IMAP4) -> None:
    try:
        line.logout()
    except (OSError, imaplib.IMAP4.error):
        line.shutdown()


def _folder(visit: Visit) -> str:
    folder = visit.account.option("folder", "INBOX")
    if '"' in folder or "\r" in folder or "\n" in folder:
        raise ConfigurationError(f"[sources.{visit.account.name}] folder: no quotation marks or line breaks")
    return folder


def _search(line: imaplib.IMAP4, asked: str) -> list[int]:
    _, told = line.uid("SEARCH", asked)
    return sorted(int(number) for number in (told[0] or b"").split())


def _mails(line: imaplib.IMAP4, uids: Sequence[int], source: str) -> Iterator[Mapping[str, object] | Rejected]:
    """Sizes first: a mail too large is named, not fetched."""
    wanted = ",".join(map(str, uids))
    _, told = line.uid("FETCH", wanted, "(RFC822.SIZE)")
    sizes = {int(found[1]): int(found[2] or 0) for part in told if (found := _NUMBERS.search(_head(part)))}
    large = [uid for uid in uids if sizes.get(uid, 0) > MOST_MAIL]
    for uid in large:
        yield Rejected(source=source, line=uid, reason=f"a mail of more than {MOST_MAIL >> 20} MB is not read")
    if small := [uid for uid in uids if uid in sizes and uid not in large]:
        _, told = line.uid("FETCH", ",".join(map(str, small)), "(BODY.PEEK[])")
        for part in told:
            if isinstance(part, tuple) and (found := _NUMBERS.search(part[0])):
                row = mail_row(part[1], int(found[1]), source)
                yield row if isinstance(row, Rejected) else {**row, "id": _id(part[1].partition(b"\r\n\r\n")[0])}


def _ids(line: imaplib.IMAP4) -> Iterator[str]:
    uids = _search(line, "ALL")
    for start in range(0, len(uids), HEADERS):
        wanted = ",".join(map(str, uids[start : start + HEADERS]))
        _, told = line.uid("FETCH", wanted, "(BODY.PEEK[HEADER])")
        yield from (_id(part[1]) for part in told if isinstance(part, tuple))


def _id(header: bytes) -> str:
    """The Message-ID; of a mail without one, what its header amounts to, which stays when a mailbox is rebuilt."""
    message = email.message_from_bytes(header, policy=email.policy.default)
    told = str(message.get("Message-ID", "")).strip().strip("<>")
    return told or f"mail-{hashlib.sha256(header.strip()).hexdigest()[:16]}"


def _head(part: object) -> bytes:
    if isinstance(part, tuple):
        return bytes(part[0])
    return part if isinstance(part, bytes) else b""
