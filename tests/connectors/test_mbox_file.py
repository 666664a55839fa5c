from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.connectors import open_source
from cxtext.connectors.mbox_file import html_text
from cxtext.domain import Rejected, Ticket


def read(folder: Path, *mails: bytes) -> list[Ticket | Rejected]:
    file = folder / "t.mbox"
    file.write_bytes(
        b"".join(b"From x@example.org Sun May  3 14:22:00 2026\n" + mail.rstrip(b"\n") + b"\n\n" for mail in mails)
    )
    return list(open_source(str(file), mapping={}, timezone="Europe/Berlin").rows())


def mail(body: str = "Mein Router geht nicht.\n", **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {
        "From": "Erika Muster <Erika@Example.org>",
        "Subject": "Störung",
        "Date": "Sun, 03 May 2026 14:22:00 +0200",
        "Message-ID": "<1@example.org>",
    }.items():
        message[name] = value
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def ticket(folder: Path, raw: bytes) -> Ticket:
    [row] = read(folder, raw)
    assert isinstance(row, Ticket), row
    return row


def test_a_mail_becomes_a_ticket(tmp_path: Path) -> None:
    found = ticket(tmp_path, mail().as_bytes())
    assert (found.id, found.text) == ("1@example.org", "Störung\n\nMein Router geht nicht.")
    assert found.facts.created_at == datetime(2026, 5, 3, 12, 22, tzinfo=UTC)
    assert (found.facts.customer_id, found.facts.channel) == ("erika@example.org", "email")
    assert found.people == ("Erika Muster", "erika@example.org")
    assert dict(found.facts.extra) == {}


def test_each_name_is_a_person_of_its_own(tmp_path: Path) -> None:
    assert ticket(tmp_path, mail(Reply_To="Max Beispiel <max@example.org>").as_bytes()).people[:2] == (
        "Max Beispiel",
        "Erika Muster",
    )


def test_line_numbers_are_those_of_the_from_lines(tmp_path: Path) -> None:
    body = "eins\n\n>From hier an\n\nFromm\n"
    first, second = read(tmp_path, mail(body).as_bytes(), mail().as_bytes())
    assert isinstance(first, Ticket)
    assert first.text.endswith("eins\n\nFrom hier an\n\nFromm")
    assert first.line == 1
    assert second.line is not None
    assert second.line > 10


@pytest.mark.parametrize(
    ("name", "value"), [("Auto-Submitted", "auto-replied"), ("X-Autoreply", "yes"), ("Precedence", "auto_reply")]
)
def test_automatic_replies_are_marked(tmp_path: Path, name: str, value: str) -> None:
    assert dict(ticket(tmp_path, mail(**{name: value}).as_bytes()).facts.extra) == {"auto_reply": True}


def test_auto_submitted_no_is_a_person(tmp_path: Path) -> None:
    assert "auto_reply" not in ticket(tmp_path, mail(Auto_Submitted="no").as_bytes()).facts.extra


@pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii", "x-unknown", "utf-8"])
@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
def test_a_charset_that_is_a_lie_does_not_hurt_the_umlauts(tmp_path: Path, charset: str, codec: str) -> None:
    head = f"From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert ticket(tmp_path, head.encode() + "Schöne Grüße".encode(codec)).text == "x\n\nSchöne Grüße"


def test_html_alone_becomes_text_and_plain_text_comes_first(tmp_path: Path) -> None:
    message = mail()
    message.add_alternative("<p>Anders</p>", subtype="html")
    assert "Anders" not in ticket(tmp_path, message.as_bytes()).text
    only = EmailMessage()
    only["Subject"] = "x"
    only.set_content("<style>p{}</style><p>Eins &amp; zwei<br>drei</p><script>x()</script>", subtype="html")
    assert ticket(tmp_path, only.as_bytes()).text == "x\n\nEins & zwei\ndrei"


def test_an_attachment_is_not_the_text(tmp_path: Path) -> None:
    message = mail()
    message.add_attachment(bytes(100_000), maintype="application", subtype="pdf", filename="x.pdf")
    assert ticket(tmp_path, message.as_bytes()).text == "Störung\n\nMein Router geht nicht."


def test_a_broken_date_falls_back_to_the_server_s(tmp_path: Path) -> None:
    raw = b"Subject: x\nDate: gestern\nReceived: from a by b; Sun, 3 May 2026 14:22:00 +0200\n\nText\n"
    assert ticket(tmp_path, raw).facts.created_at == datetime(2026, 5, 3, 12, 22, tzinfo=UTC)


def test_text_that_has_grown_into_the_header_of_an_attachment_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.mbox"
    part = "--x\nContent-Type: {}\nContent-Disposition: attachment\n\niVBORw==\n"
    head = "From a\nSubject: S\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
    text = "--x\nContent-Type: text/plain charset=utf-8\n\nText\n"
    path.write_text(head + text + part.format("image/png das Paket ist weg; name=a.png") + "--x--\n")
    ticket, rest = open_source(str(path), mapping={}, timezone="Europe/Berlin").rows()
    assert isinstance(ticket, Ticket)
    assert isinstance(rest, Rejected)
    assert "das Paket ist weg" in rest.raw
    path.write_text(head + text + part.format("image/png (a picture); name=my picture.png") + "--x--\n")
    assert len(list(open_source(str(path), mapping={}, timezone="Europe/Berlin").rows())) == 1


def test_html_text_keeps_blocks_apart() -> None:
    assert html_text("<ul><li>a</li><li>b</li></ul>c") == "a\n\nb\n\nc"


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_below_a_from_line_are_a_ticket_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    rows = read(tmp_path_factory.getbasetemp(), data)
    assert rows
    assert all(isinstance(row, Ticket | Rejected) for row in rows)
