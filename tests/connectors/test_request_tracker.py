"""A real Request Tracker: everything once, changes and deletions, killed in the middle, few requests when nothing is new."""

import base64
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cxtext.jobs import visits
from cxtext.settings import Settings
from cxtext.store import Store
from tests.connectors.reader import Reader
from tests.connectors.servers import request_tracker

pytestmark = pytest.mark.network
COUNT = int(os.environ.get("CXTEXT_RT_TICKETS", "40"))  # 500 take some minutes
UPDATED, DELETED = max(COUNT // 10, 3), max(COUNT // 100, 2)
GONE = range(20 + UPDATED, 20 + UPDATED + DELETED)  # none of those that are updated
WORDS = ("Lieferung", "Rechnung", "Waschmaschine", "Rückgabe", "Paketbox", "Kündigung", "Straßenlampe", "Gerät")


@dataclass(frozen=True)
class Desk:
    url: str

    def ask(self, method: str, path: str, body: object = None) -> Any:
        return request_tracker.ask(self.url, method, path, body)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    if reason := request_tracker.missing():
        assert "CI" not in os.environ, reason
        pytest.skip(reason)
    import pytest_socket

    pytest_socket.enable_socket()
    with tempfile.TemporaryDirectory() as folder, request_tracker.running(Path(folder)) as url:
        made = Desk(url)
        for start in range(0, COUNT, 50):
            made.ask("POST", "tickets/bulk", [_ticket(number) for number in range(start, min(start + 50, COUNT))])
        picture = {
            "FileName": "foto.png",
            "FileType": "image/png",
            "FileContent": base64.b64encode(b"\x89PNG" * 99).decode(),
        }
        made.ask(
            "POST",
            "ticket/1/correspond",
            {"Content": "Hier ein Foto.", "ContentType": "text/plain", "Attachments": [picture]},
        )
        yield made


def _ticket(number: int) -> dict[str, object]:
    text = f"Guten Tag,\nmeine {WORDS[number % 8]} Nummer {number + 1} ist nicht in Ordnung. Größe falsch, 5 € zu viel – bitte prüfen."
    return {
        "Queue": "General",
        "Subject": f"Störung {number + 1}",
        "Content": text,
        "Requestor": f"kunde{number % 7}@example.org",
    }


def _options(desk: Desk) -> dict[str, str]:
    return {
        "kind": "request_tracker", "url": desk.url, "user": request_tracker.USER, "password": request_tracker.PASSWORD,
        "allow_private": "yes", "timezone": "Europe/Berlin",
    }  # fmt: skip


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every request that really goes out."""
    asked: list[str] = []
    real = visits.client_for

    def counting(account: Any) -> Any:
        client = real(account)
        client.event_hooks["request"].append(lambda request: asked.append(request.url.path))
        return client

    monkeypatch.setattr(visits, "client_for", counting)
    return asked


def test_all_tickets_come_once_and_only_changes_are_asked_for_again(
    desk, store: Store, hands, requests, socket_enabled
):
    reader = Reader(store, hands, Settings(sources={"desk": _options(desk)}), now=datetime.now(UTC))
    reader.read()
    texts = {case.id: case.text for case in reader.kept()}
    assert sorted(texts, key=int) == [str(number + 1) for number in range(COUNT)]
    assert "Größe falsch, 5 € zu viel" in texts["3"]
    assert "kunde2@example.org" not in repr(reader.kept())
    assert "PNG" not in texts["1"]

    time.sleep(6)  # the last seconds are read again, so they must be over
    reader.now = datetime.now(UTC)
    reader.read()
    requests.clear()
    assert reader.read().new == 0
    assert len(requests) <= 2 + COUNT // 100 + 1  # the search and the deletions, no request for a single ticket

    for number in range(10, 10 + UPDATED):
        desk.ask(
            "POST", f"ticket/{number}/correspond", {"Content": "Noch immer ungelöst!", "ContentType": "text/plain"}
        )
    for number in GONE:
        desk.ask("PUT", f"ticket/{number}", {"Status": "deleted"})
    requests.clear()
    reader.now = datetime.now(UTC)
    got = reader.read()
    assert got.removed == DELETED
    assert got.new == 0
    assert {case.id for case in reader.kept()} == set(texts) - {str(number) for number in GONE}
    single = {path for path in requests if "/history" in path}
    assert len(single) == UPDATED


def test_killed_in_the_middle_the_next_run_ends_with_every_ticket_once(desk, tmp_path: Path, socket_enabled):
    program = [sys.executable, "-m", "cxtext"]
    options = [f"--set={key}={value}" for key, value in _options(desk).items() if key not in ("kind", "password")]
    environment = os.environ | {
        "RT_PASSWORD": request_tracker.PASSWORD,
        "CXTEXT_DB": f"sqlite:///{tmp_path / 'cxtext.db'}",
    }
    made = subprocess.run(
        [*program, "init", str(tmp_path), "--source", "request_tracker", "--name", "desk", *options, "--set=password=env:RT_PASSWORD"],
        env=environment, capture_output=True, text=True, check=False, timeout=3600,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "RT 5" in made.stdout
    assert "10,000 tickets take about" in made.stdout
    run = [*program, "ingest", "desk", "--config", str(tmp_path / "cxtext.toml"), "--quiet"]
    killed = subprocess.Popen(run, env=environment)
    _wait_for_tickets(tmp_path / "cxtext.db", killed)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    subprocess.run(
        run, env=environment, check=True, timeout=7200
    )  # 500 tickets on a loaded machine took longer than ten minutes
    with sqlite3.connect(tmp_path / "cxtext.db") as database:
        ids = [row[0] for row in database.execute("select id from ticket join version using (no) where to_run is null")]
    alive = int(desk.ask("GET", "tickets?per_page=1&query=id%20%3E%200")["total"])
    assert len(ids) == len(set(ids)) == alive


def _wait_for_tickets(path: Path, process: "subprocess.Popen[bytes]") -> None:
    """Until it is at work on tickets; a fast machine may have ended by then, which is fine too."""
    for _ in range(600):
        if process.poll() is not None:
            return
        try:
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
                if database.execute("select count(*) from run where state = 'running'").fetchone()[0]:
                    time.sleep(1.5)
                    return
        except sqlite3.OperationalError:
            pass
        time.sleep(0.1)
