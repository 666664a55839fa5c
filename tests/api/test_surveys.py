"""What customers answered to a survey stands beside their ticket, in the interface and on its page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cxtext.jobs.nightly import Order, run_night
from cxtext.settings import Settings
from cxtext.store import open_store
from tests.api.conftest import opened

ANSWERS = """Ticketnummer;Zufriedenheit;NPS;Kommentar;Datum;Kundenname
1;2;0;Frau Erika Beispiel war unfreundlich <b>max@example.org</b>;04.05.2026;Erika Beispiel
1;4;;Doch noch gelöst;09.05.2026;
;1;;Ihre Hotline ist nie erreichbar, ich warte ewig;06.05.2026;
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("surveys")
    (folder / "tickets.csv").write_text(
        "id;text;created_at\n1;Das Paket fehlt noch immer;2026-05-01\n2;Rechnung falsch;2026-05-02\n", encoding="utf-8"
    )
    (folder / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    store = open_store(f"sqlite:///{folder / 'cxtext.db'}")
    order = Order(sources=[str(folder / "tickets.csv")], surveys=[str(folder / "answers.csv")])
    run_night(store, Settings.load(db=store.url), order, now=lambda: datetime(2026, 6, 1, 2, tzinfo=UTC))
    store.close()
    with opened(folder / "cxtext.db") as client:
        yield client


def test_the_interface_tells_the_answers_of_a_ticket_the_newest_first(asked: TestClient) -> None:
    told = asked.get("/api/v1/tickets/file/1").json()
    assert told["csat"] == 4.0
    newest, older = told["answers"]
    assert (newest["csat"], newest["nps"], newest["comment"]) == (4.0, None, "Doch noch gelöst")
    assert (older["csat"], older["nps"], older["at"][:10]) == (2.0, 0, "2026-05-03")  # midnight in Berlin
    assert "unfreundlich" in older["comment"]
    assert "Erika" not in older["comment"]
    assert "example.org" not in older["comment"]
    assert asked.get("/api/v1/tickets/file/2").json()["answers"] == []


def test_the_page_of_a_ticket_shows_them_in_both_languages(asked: TestClient) -> None:
    page = asked.get("/tickets/file/1", headers={"Accept-Language": "de"}).text
    assert "Antworten auf Umfragen" in page
    assert "<q>Doch noch gelöst</q>" in page
    assert "unfreundlich" in page
    assert "Erika" not in page
    assert "<b>max" not in page
    assert "Answers to surveys" in asked.get("/tickets/file/1", headers={"Accept-Language": "en"}).text
    assert "Antworten auf Umfragen" not in asked.get("/tickets/file/2", headers={"Accept-Language": "de"}).text


def test_a_comment_without_a_ticket_is_a_ticket_of_its_own(asked: TestClient) -> None:
    items = asked.get("/api/v1/tickets", params={"channel": "form"}).json()["items"]
    [alone] = items
    assert "Hotline ist nie erreichbar" in alone["text"]
    assert alone["csat"] == 1.0
    assert alone["sentiment_label"] == "negative"
    page = asked.get(f"/tickets/{alone['source']}/{alone['id']}", headers={"Accept-Language": "de"}).text
    assert "Hotline" in page
