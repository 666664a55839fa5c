"""A real Request Tracker: everything once, changes and deletions, killed in the middle, few requests when nothing is new."""

import base64
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cxtext.connectors.shapes import FEW
from tests.connectors.at_the_shell import Operator
from tests.connectors.servers import request_tracker
from tests.connectors.servers.relay import Relay, relaying

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


@pytest.fixture
def operator(desk: Desk, tmp_path: Path) -> Iterator[Operator]:
    with relaying(int(desk.url.rsplit(":", 1)[1])) as relay:
        yield Operator(tmp_path, relay, {"RT_PASSWORD": request_tracker.PASSWORD})


def _histories(lines: list[str]) -> list[str]:
    """Each ticket that was asked for by itself; the search and the acts of deleting are not among them."""
    return [found[1] for line in lines if (found := re.match(r"GET \S*/ticket/(\d+)/history", line))]


def _requests(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("GET ")]


def test_init_a_run_that_is_killed_and_runs_that_go_on(desk, operator, socket_enabled):
    """As a user does it: every ticket once, deleted ones gone, and a run asks for what changed and nothing else."""
    said = operator.init("request_tracker", _options(operator.relay))
    assert "RT 5" in said
    assert "10,000 tickets take about" in said
    shown = len(operator.relay.lines)

    operator.run_killed_at(r"GET \S*/history", COUNT // 2 + 5)
    kept = operator.unfinished()
    assert 0 < kept < COUNT
    counts, _ = operator.run()
    assert (counts["resumed"], counts["new"], counts["removed"]) == (True, COUNT - kept, 0)
    asked = _histories(operator.relay.lines[shown:])
    assert set(asked) == {str(number + 1) for number in range(COUNT)}
    assert len(asked) <= COUNT + FEW  # what the kill cost
    _is_whole(operator.published())

    _change(desk)
    time.sleep(6)  # the last seconds are read again, so they must be over
    counts, lines = operator.run()
    assert (counts["new"], counts["removed"]) == (0, DELETED)
    assert sorted(_histories(lines), key=int) == [str(number) for number in range(10, 10 + UPDATED)]
    alive = sorted(str(number + 1) for number in range(COUNT) if number + 1 not in GONE)
    assert sorted(case.id for case in operator.published()) == alive

    counts, lines = operator.run()
    assert (counts["new"], counts["changed"], counts["removed"]) == (0, 0, 0)
    assert not _histories(lines)
    assert len(_requests(lines)) <= 3 + COUNT // 100  # the acts of deleting, and the search by pages of a hundred
    assert sorted(case.id for case in operator.published()) == alive


def _options(relay: Relay) -> dict[str, str]:
    return {
        "url": f"http://127.0.0.1:{relay.port}", "user": request_tracker.USER, "password": "env:RT_PASSWORD",
        "allow_private": "yes", "timezone": "Europe/Berlin",
    }  # fmt: skip


def _is_whole(kept: list[Any]) -> None:
    texts = {case.id: case.text for case in kept}
    assert sorted(case.id for case in kept) == sorted(str(number + 1) for number in range(COUNT))
    assert "Größe falsch, 5 € zu viel" in texts["3"]
    assert "kunde2@example.org" not in repr(kept)
    assert "PNG" not in texts["1"]


def _change(desk: Desk) -> None:
    for number in range(10, 10 + UPDATED):
        told = {"Content": "Noch immer ungelöst!", "ContentType": "text/plain"}
        desk.ask("POST", f"ticket/{number}/correspond", told)
    for number in GONE:
        desk.ask("PUT", f"ticket/{number}", {"Status": "deleted"})
