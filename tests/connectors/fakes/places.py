"""Places of tickets that are no web service, filled from an invented desk: a database, a folder, a dlt resource, a mailbox."""

import csv
import io
import sqlite3
import sys
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.connectors.fakes.desk import Desk, Entry
from tests.connectors.servers import dovecot

BERLIN = ZoneInfo("Europe/Berlin")
COLUMNS = ("Ticketnummer", "Betreff", "Beschreibung", "Eingang", "geaendert", "Kunde", "deleted")
QUERY = f"SELECT {', '.join(COLUMNS)} FROM faelle WHERE geaendert >= :since ORDER BY geaendert"
PART = 100  # tickets in one file, one list of the resource


def sql(desk: Desk, folder: Path) -> dict[str, str]:
    """A table with German columns and local times; what is gone has a mark."""
    with sqlite3.connect(folder / "shop.db") as database:
        database.execute("DROP TABLE IF EXISTS faelle")
        database.execute(f"CREATE TABLE faelle ({', '.join(f'{name} text' for name in COLUMNS)})")
        marks = ", ".join("?" * len(COLUMNS))
        rows = [[*_cells(one), "1" if one.deleted else None] for one in desk.mixed(desk.entries)]
        database.executemany(f"INSERT INTO faelle VALUES ({marks})", rows)
    return {
        "database": f"sqlite:///{folder / 'shop.db'}",
        "query": QUERY,
        "cursor": "geaendert",
    }


def files(desk: Desk, folder: Path) -> dict[str, str]:
    """Files as a help desk writes them: semicolons, UTF-16, local times."""
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    for start in range(0, len(desk.entries), PART):
        path = inbox / f"export-{start:04}.csv"
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";")
        writer.writerow(COLUMNS[:-1])
        writer.writerows(map(_cells, desk.mixed(desk.entries[start : start + PART])))
        content = text.getvalue().encode("utf-16")
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
    return {"path": str(inbox), "pattern": "*.csv"}


def resource(desk: Desk, _folder: Path) -> dict[str, str]:
    """A resource of dlt that gives lists of rows, with times as Python knows them."""
    import dlt

    rows = [
        {"id": one.number, "subject": one.subject, "text": one.text, "created_at": one.created, "updated_at": one.updated,
         "requester": {"name": "Erika Beispiel", "email": "erika@example.org"}}
        for one in desk.mixed(desk.entries)
    ]  # fmt: skip

    def faelle():
        for start in range(0, len(rows), PART):
            yield rows[start : start + PART]

    module = type(sys)("desk_resources")
    module.faelle = dlt.resource(faelle, name="faelle")  # type: ignore[attr-defined]
    sys.modules["desk_resources"] = module
    return {"resource": "desk_resources:faelle"}


def mailbox(desk: Desk, port: int, user: str) -> dict[str, str]:
    """A real mailbox: what is missing arrives, what is deleted goes."""
    box = dovecot.mailbox(port, user)
    there = set(box.search(None, "ALL")[1][0].split())
    if not there:
        for one in desk.mixed(desk.entries):
            box.append("INBOX", None, None, _mail(one))  # type: ignore[arg-type]
    for one in desk.entries:
        if one.deleted:
            for number in box.search(None, "HEADER", "Message-ID", f"<{one.number}@example.org>")[1][0].split():
                box.store(number, "+FLAGS", "\\Deleted")
    box.expunge()
    box.logout()
    return {"host": "127.0.0.1", "port": str(port), "tls": "no", "user": user, "password": dovecot.PASSWORD}


def _cells(one: Entry) -> list[object]:
    local = [f"{moment.astimezone(BERLIN):%Y-%m-%d %H:%M:%S}" for moment in (one.created, one.updated)]
    return [one.number, one.subject, one.text, *local, "Erika Beispiel"]


def _mail(one: Entry) -> bytes:
    message = EmailMessage()
    message["From"] = "Erika Beispiel <erika@example.org>"
    message["Subject"] = one.subject
    message["Date"] = one.created.astimezone(BERLIN)
    message["Message-ID"] = f"<{one.number}@example.org>"
    message.set_content(one.text + "\n\nAm Montag schrieb Support:\n> Guten Tag\n")
    return message.as_bytes()
