"""A desk of invented tickets behind a real HTTP server on loopback, which can be slow, broken or confused on demand."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
WORDS = ("Lieferung", "Rechnung", "Waschmaschine", "Rückgabe", "Paketbox", "Kündigung", "Straße", "Gerät")


@dataclass(frozen=True)
class Entry:
    """One invented ticket."""

    number: int
    text: str
    created: datetime
    updated: datetime
    deleted: bool = False

    @property
    def subject(self) -> str:
        return f"Fall {self.number}"


@dataclass
class Asked:
    """One request as the fake sees it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Reply:
    """One answer; `raw` instead of `told` where it shall be broken."""

    told: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass
class Desk:
    """The tickets, what was asked, and the faults to come: one entry for each of the next requests."""

    entries: list[Entry]
    base: str = ""
    asked: list[Asked] = field(default_factory=list)
    faults: list[Reply | None] = field(default_factory=list)
    shuffle: bool = False  # rows of a page in the wrong order, the first one twice
    loop: bool = False  # the cursor of the next page is always the same
    password: str = "geheim-4711"

    def alive(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.deleted]

    def since(self, moment: datetime, *, deleted: bool | None = None) -> list[Entry]:
        """Entries changed at a moment or later, the oldest change first."""
        found = [entry for entry in self.entries if entry.updated >= moment]
        if deleted is not None:
            found = [entry for entry in found if entry.deleted is deleted]
        return sorted(found, key=lambda entry: (entry.updated, entry.number))

    def mixed(self, rows: list[Any]) -> list[Any]:
        return [rows[-1], *rows[::-1]] if self.shuffle and rows else rows

    def change(self, number: int, **changes: Any) -> None:
        at = next(place for place, entry in enumerate(self.entries) if entry.number == number)
        self.entries[at] = replace(self.entries[at], **changes)

    @property
    def newest(self) -> datetime:
        return max(entry.updated for entry in self.entries)


def desk_of(count: int) -> Desk:
    """Tickets of some weeks, with umlauts, emojis and lines."""
    entries = []
    for number in range(1, count + 1):
        word = WORDS[number % len(WORDS)]
        text = f"Guten Tag,\nmeine {word} Nummer {number} ist nicht in Ordnung – bitte prüfen Sie das. 😡 Größe: 5 €"
        moment = START + timedelta(minutes=37 * number)
        entries.append(Entry(number, text, moment, moment + timedelta(minutes=5)))
    return Desk(entries)


Fake = Callable[[Desk, Asked], Reply]


@contextmanager
def serving(desk: Desk, fake: Fake) -> Iterator[str]:
    """The address of the fake while it runs."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            body = (
                json.loads(raw)
                if raw and "json" in self.headers.get("Content-Type", "")
                else dict(parse_qsl(raw.decode()))
            )
            parts = urlsplit(self.path)
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), dict(self.headers.items()), body)
            desk.asked.append(asked)
            fault = desk.faults.pop(0) if desk.faults else None
            reply = fault or fake(desk, asked)
            content = reply.raw if reply.raw is not None else json.dumps(reply.told).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        desk.base = f"http://127.0.0.1:{server.server_port}"
        yield desk.base
        server.shutdown()


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text.replace(" ", "T"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def numbered(rows: list[Any], asked: Asked, size: int, *, page: str = "page") -> list[Any]:
    """One page by its number, from 1."""
    number = int(asked.query.get(page, "1"))
    return rows[(number - 1) * size : number * size]
