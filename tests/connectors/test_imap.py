"""A real mailbox: quoted replies, signatures, HTML, wrong charsets; new mails once, removed ones gone."""

import os
import re
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from math import ceil
from pathlib import Path

import pytest

from cxtext.connectors import imap
from cxtext.errors import SourceError
from cxtext.settings import Settings
from cxtext.store import Store
from tests.connectors.at_the_shell import Operator
from tests.connectors.reader import Reader
from tests.connectors.servers import dovecot
from tests.connectors.servers.relay import relaying

pytestmark = pytest.mark.network
COUNT = int(os.environ.get("CXTEXT_MAILS", "60"))
NUMBERS = range(1000, 1000 + COUNT)
BODIES = r"UID FETCH \S+ \(BODY\.PEEK\[\]\)"

REPLY = """Guten Tag,

die Waschmaschine verliert seit gestern Wasser. Bitte schicken Sie jemanden.

Mit freundlichen Grüßen
Erika Beispiel
--
Beispiel GmbH, Musterweg 5

Am 02.03.2026 um 10:11 schrieb Support <support@example.com>:
> Guten Tag Frau Beispiel,
> wie können wir helfen?
"""


def _mail(number: int, text: str, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Erika Beispiel <erika@example.org>"
    message["To"] = "hilfe@example.com"
    message["Subject"] = headers.get("subject", f"Störung Nummer {number}")
    message["Date"] = f"Mon, 02 Mar 2026 10:{number % 60:02d}:00 +0100"
    message["Message-ID"] = f"<{number}@example.org>"
    message.set_content(text, charset=headers.get("charset", "utf-8"))
    if "html" in headers:
        message.add_alternative(headers["html"], subtype="html")
        message.get_payload()[0].set_content("")  # type: ignore[index, union-attr]
    return message.as_bytes()


def _mails() -> list[bytes]:
    lying = _mail(2, "Die Lieferung fehlt. Größe falsch.").replace(b'charset="utf-8"', b'charset="us-ascii"')
    page = "<html><body><p>Die Rechnung ist <b>doppelt</b>.</p><style>p {color: red}</style></body></html>"
    return [
        _mail(1, REPLY),
        lying,
        _mail(3, "x", html=page, subject="Rechnung Nummer 3"),
        _mail(4, "Mein Gerät heißt Überflieger.", charset="iso-8859-1"),
        b"From: nobody\r\nSubject: kaputt\r\nContent-Type: multipart/mixed; boundary=\r\n\r\nNur ein Rest Nummer 5",
    ]


@pytest.fixture(scope="module")
def imap_port() -> Iterator[int]:
    if reason := dovecot.missing():
        assert "CI" not in os.environ, reason
        pytest.skip(reason)
    with tempfile.TemporaryDirectory() as folder, dovecot.running(Path(folder)) as port:  # its users must get there
        yield port


@pytest.fixture
def reader(imap_port: int, store: Store, hands, socket_enabled) -> Reader:
    options = {
        "kind": "imap",
        "host": "127.0.0.1",
        "port": str(imap_port),
        "tls": "no",
        "user": dovecot.USER,
        "password": dovecot.PASSWORD,
    }
    _fill(imap_port, _mails())
    return Reader(store, hands, Settings(sources={"desk": options}))


def _by_id(reader: Reader) -> dict[str, str]:
    return {case.id: case.text for case in reader.kept()}


def test_mails_become_tickets_without_quotes_signatures_and_names(reader):
    got = reader.read()
    texts = _by_id(reader)
    assert got.new + got.quarantined == 5
    assert "verliert seit gestern Wasser" in texts["1@example.org"]
    assert "wie können wir helfen" not in texts["1@example.org"]
    assert "Musterweg" not in texts["1@example.org"]
    assert "Erika" not in repr(reader.kept())
    assert "Größe falsch" in texts["2@example.org"]
    assert "doppelt" in texts["3@example.org"]
    assert "color" not in texts["3@example.org"]
    assert "Überflieger" in texts["4@example.org"]
    assert any("Nummer 5" in text for text in texts.values())


def test_only_new_mails_are_fetched_and_removed_ones_go(reader, imap_port):
    reader.read()
    assert reader.read().read == 0
    box = dovecot.mailbox(imap_port)
    box.append("INBOX", None, None, _mail(6, "Noch etwas."))  # type: ignore[arg-type]
    box.store("2", "+FLAGS", "\\Deleted")
    box.expunge()
    box.logout()
    got = reader.read()
    assert (got.read, got.new, got.removed) == (1, 1, 1)
    assert "2@example.org" not in _by_id(reader)
    assert reader.read().read == 0


def test_a_broken_visit_goes_on_behind_the_last_page(reader, imap_port):
    box = dovecot.mailbox(imap_port)
    for number in range(10, 120):
        box.append("INBOX", None, None, _mail(number, f"Meldung Nummer {number}."))  # type: ignore[arg-type]
    box.logout()
    with pytest.raises(KeyboardInterrupt):
        reader.read(fail_after=1)
    reader.read()
    assert len(_by_id(reader)) == 115


def test_a_mailbox_that_was_rebuilt_brings_no_ticket_twice(reader, imap_port):
    reader.read()
    with reader.store.write() as connection:
        from cxtext.store import sources

        cursor = sources.cursor_of(connection, "desk", reader.run_id)
        assert cursor["uid"] >= 5
    with reader.night() as stay, stay.store.write() as connection:
        sources.read_until(connection, "desk", cursor | {"validity": 1}, run_id=stay.run_id, now=reader.now)
    got = reader.read()
    assert got.new == 0
    assert len(_by_id(reader)) == 5


def test_a_wrong_password_is_said_plainly(reader):
    reader.settings.sources["desk"]["password"] = "falsch"
    with pytest.raises(SourceError, match="does not accept user or password"):
        reader.read()


def test_a_server_that_is_not_there_is_left_for_the_next_night(reader):
    reader.settings.sources["desk"]["port"] = "1"
    with pytest.raises(SourceError, match="no mail server answers") as told:
        reader.read()
    assert not told.value.permanent


def test_init_a_run_that_is_killed_and_runs_that_go_on(imap_port, tmp_path: Path, socket_enabled):
    """As a user does it: every mail once, removed ones gone, and a run fetches what is new and nothing else."""
    _fill(imap_port, [_mail(number, f"Die Lieferung {number} fehlt, Größe falsch.\n\n> alt") for number in NUMBERS])
    with relaying(imap_port) as relay:
        operator = Operator(tmp_path, relay, {"MAIL_PASSWORD": dovecot.PASSWORD})
        said = operator.init("imap", {
            "host": "127.0.0.1", "port": str(relay.port), "tls": "no", "user": dovecot.USER, "password": "env:MAIL_PASSWORD",
        })  # fmt: skip
        assert f"{COUNT} mails in INBOX" in said

        operator.run_killed_at(BODIES, ceil(COUNT / imap.AT_ONCE) // 2 + 1)
        kept = operator.unfinished()
        assert 0 < kept < COUNT
        counts, lines = operator.run()
        assert (counts["resumed"], counts["new"]) == (True, COUNT - kept)
        assert sum(map(_fetched, lines)) == COUNT - kept  # none that was kept already
        assert sorted(case.id for case in operator.published()) == [f"{number}@example.org" for number in NUMBERS]

        _change(imap_port)
        counts, lines = operator.run()
        assert (counts["read"], counts["new"], counts["removed"]) == (1, 1, 3)
        assert sum(map(_fetched, lines)) == 1
        counts, lines = operator.run()
        assert (counts["read"], counts["removed"]) == (0, 0)
        assert sum(map(_fetched, lines)) == 0
        assert len(lines) <= 6  # hello, login, folder, search, goodbye
        alive = [f"{number}@example.org" for number in (*NUMBERS[3:], 5000)]
        assert sorted(case.id for case in operator.published()) == alive


def _fill(port: int, mails: list[bytes]) -> None:
    box = dovecot.mailbox(port)
    for uid in box.search(None, "ALL")[1][0].split():
        box.store(uid, "+FLAGS", "\\Deleted")
    box.expunge()
    for mail in mails:
        box.append("INBOX", None, None, mail)  # type: ignore[arg-type]
    box.logout()


def _change(port: int) -> None:
    box = dovecot.mailbox(port)
    for uid in box.search(None, "ALL")[1][0].split()[:3]:
        box.store(uid, "+FLAGS", "\\Deleted")
    box.expunge()
    box.append("INBOX", None, None, _mail(5000, "Ganz neu."))  # type: ignore[arg-type]
    box.logout()


def _fetched(line: str) -> int:
    """How many mails a command asks for, whole; headers are not meant."""
    asked = re.search(r"UID FETCH (\S+) \(BODY\.PEEK\[\]\)", line)
    return len(asked[1].split(",")) if asked else 0
