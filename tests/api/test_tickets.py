from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.paging import from_cursor, to_cursor
from cxtext.store import open_store, tables


def pages(client: TestClient, **filters: Any) -> list[dict[str, Any]]:
    found, cursor = [], None
    while True:
        asked = filters | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/tickets", params=asked)
        assert page.status_code == 200, page.text
        found += page.json()["items"]
        if (cursor := page.json()["next_cursor"]) is None:
            return found


def test_pages_have_no_gap_and_no_double(demo: TestClient) -> None:
    whole = [(row["source"], row["id"]) for row in pages(demo, limit=200)]
    assert len(whole) == len(set(whole)) == 2000
    assert whole == sorted(whole)
    some = [(row["source"], row["id"]) for row in pages(demo, limit=7, department="logistics")]
    assert some == [(row["source"], row["id"]) for row in pages(demo, limit=200, department="logistics")]


@pytest.mark.parametrize("field", ["language", "product", "department", "channel", "cause"])
def test_a_filter_lets_through_what_has_that_value(demo: TestClient, field: str) -> None:
    everything = pages(demo, limit=200)
    value = next(row[field] for row in everything if row[field])
    expected = [row["id"] for row in everything if row[field] == value]
    assert [row["id"] for row in pages(demo, limit=200, **{field: value})] == expected
    assert 0 < len(expected) < len(everything)


def test_days_are_included_at_both_ends(demo: TestClient) -> None:
    days = {row["created_at"][:10] for row in pages(demo, limit=200, since="2026-09-10", until="2026-09-11")}
    assert (
        {"2026-09-10", "2026-09-11"} <= days <= {"2026-09-09", "2026-09-10", "2026-09-11"}
    )  # days are local, times UTC
    assert pages(demo, since="2026-09-11", until="2026-09-10") == []


def test_a_topic_includes_its_subtopics(demo: TestClient) -> None:
    topics = demo.get("/api/v1/topics").json()["items"]
    child = next(topic for topic in topics if topic["parent_id"] and topic["size"])
    above = next(topic for topic in topics if topic["topic_id"] == child["parent_id"])
    ids = {row["id"] for row in pages(demo, limit=200, topic=above["topic_id"])}
    assert len(ids) == above["size"]
    assert {row["id"] for row in pages(demo, limit=200, topic=child["topic_id"])} < ids or child["size"] == above[
        "size"
    ]


def test_words_are_found_literally(demo: TestClient) -> None:
    found = pages(demo, limit=200, q="paket")
    assert found
    assert all("paket" in row["text"].casefold() for row in found)
    assert pages(demo, q="%") == [row for row in pages(demo, limit=200) if "%" in row["text"]]


def test_an_unknown_topic_or_cursor_is_not_found(demo: TestClient) -> None:
    for query in ("topic=T-9999", "cursor=abc", "cursor=%C3%A4", "cursor=a"):
        answer = demo.get(f"/api/v1/tickets?{query}")
        assert (answer.status_code, answer.json()["title"]) == (404, "NotFound"), query


@pytest.mark.parametrize("place", [("file", "a/b:c"), ("a", ""), ("ä", "\U0001f4e6"), ("x", "?#%")])
def test_cursors_hold_any_id(place: tuple[str, str]) -> None:
    assert from_cursor(to_cursor(*place)) == place


def test_ids_may_hold_slashes_and_colons(desk: TestClient) -> None:
    ids = ["2026/05/03:7", "a?b#c", "ein Fall", "..", "a//b"]
    sent = {"tickets": [{"id": one, "text": f"Das Paket {number} fehlt"} for number, one in enumerate(ids)]}
    assert desk.post("/api/v1/tickets", json=sent).json()["new"] == len(ids)
    from urllib.parse import quote

    for one in ids:
        if one == "..":
            continue  # clients resolve it before they ask
        assert desk.get(f"/api/v1/tickets/api/{quote(one)}").json()["id"] == one


def test_tickets_are_redacted_before_they_are_stored(desk: TestClient) -> None:
    secret = {
        "text": "Rufen Sie mich an: 0171 2345678 oder max.mustermann@example.org",
        "id": "p1",
        "kunde": "Erna Quast",
    }
    bad = {"text": "Meine IBAN DE89 3704 0044 0532 0130 00", "created_at": "gestern"}
    answer = desk.post("/api/v1/tickets", json={"tickets": [secret, bad]})
    assert answer.status_code == 202
    assert {name: answer.json()[name] for name in ("read", "new", "quarantined")} == {
        "read": 2,
        "new": 1,
        "quarantined": 1,
    }
    folder = Path(str(desk.app.state.store.file)).parent  # type: ignore[attr-defined]
    stored = b"".join(path.read_bytes() for path in folder.iterdir())
    for words in (b"2345678", b"mustermann@", b"0532 0130", b"Erna Quast"):
        assert words not in stored
    assert "EMAIL" in desk.get("/api/v1/tickets/api/p1").json()["text"]


def test_a_request_sent_twice_is_carried_out_once(desk: TestClient) -> None:
    body = {"tickets": [{"id": "once", "text": "Bitte nur einmal."}]}
    key = {"Idempotency-Key": "k-1"}
    first, again = (desk.post("/api/v1/tickets", json=body, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert first.json()["new"] == 1
    other = desk.post("/api/v1/tickets", json={"tickets": [{"text": "anders"}]}, headers=key)
    assert (other.status_code, other.json()["title"]) == (409, "Conflict")
    without = desk.post("/api/v1/tickets", json=body).json()
    assert (without["new"], without["unchanged"]) == (0, 1)


def test_while_another_run_writes_the_answer_is_later(desk: TestClient) -> None:
    with desk.app.state.store.lock():  # type: ignore[attr-defined]
        answer = desk.post("/api/v1/tickets", json={"tickets": [{"text": "später"}]})
    assert (answer.status_code, answer.json()["title"], answer.headers["retry-after"]) == (503, "Locked", "30")


def test_bad_tickets_are_counted_and_the_others_kept(desk: TestClient) -> None:
    odd: list[dict[str, Any]] = [
        {},
        {"text": ""},
        {"text": {"a": 1}},
        {"text": "x", "nps": 11},
        {"text": "y" * 200_001},
        {"text": "\x00"},
    ]
    answer = desk.post(
        "/api/v1/tickets", json={"tickets": [*odd, {"text": "gut", "unbekannt": {"tief": [1, {"x": 2}]}}]}
    )
    assert answer.status_code == 202
    assert (answer.json()["quarantined"], answer.json()["new"]) == (len(odd), 1)


def test_ten_thousand_are_taken_one_more_is_refused(empty: TestClient) -> None:
    tickets = [{"id": str(number), "text": "kurz"} for number in range(10_001)]
    refused = empty.post("/api/v1/tickets", json={"tickets": tickets})
    assert refused.status_code == 422
    assert "10000" in refused.json()["errors"][0]["what"]


def test_an_analysis_stores_nothing(desk: TestClient) -> None:
    store = desk.app.state.store  # type: ignore[attr-defined]

    def rows() -> dict[str, int]:
        with store.read() as connection:
            return {
                table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
                for table in tables.metadata.sorted_tables
            }

    desk.post("/api/v1/analyze", json={"text": "aufwärmen"})
    before, content = rows(), [Path(f"{store.file}{end}").read_bytes() for end in ("", "-wal")]
    answer = desk.post(
        "/api/v1/analyze", json={"text": "Das Paket ist seit 3 Wochen nicht angekommen, unverschämt! 0171 2345678"}
    )
    assert answer.status_code == 200
    found = answer.json()
    assert found["sentiment_label"] == "negative"
    assert found["cause"] == "logistics/late-delivery"
    assert found["department"] == "logistics"
    assert found["topic_id"]
    assert found["evidence"]
    assert "2345678" not in found["text"]
    assert rows() == before
    assert [Path(f"{store.file}{end}").read_bytes() for end in ("", "-wal")] == content


def test_what_can_be_read_of_one_text_is_what_a_night_reads(desk: TestClient) -> None:
    row = pages(desk, limit=1, department="billing", q="abgebucht")[0]
    found = desk.post("/api/v1/analyze", json={"text": row["text"]}).json()
    assert (found["topic_id"], found["sentiment_label"], found["cause"]) == (
        row["topic_id"],
        row["sentiment_label"],
        row["cause"],
    )


def test_an_empty_database_has_empty_lists(empty: TestClient) -> None:
    assert empty.get("/api/v1/tickets").json() == {"items": [], "next_cursor": None}
    assert empty.get("/api/v1/tickets/file/1").status_code == 404


def test_tickets_wait_for_their_first_run(tmp_path: Path) -> None:
    """Taken in before any night: they are listed, and what is not known is null."""
    from tests.api.conftest import opened

    with opened(tmp_path / "cxtext.db") as client:
        assert client.post("/api/v1/tickets", json={"tickets": [{"id": "1", "text": "Hallo Welt"}]}).json()["new"] == 1
        row = client.get("/api/v1/tickets/api/1").json()
        assert (row["topic_id"], row["sentiment"], row["cause"]) == (None, None, None)
        assert "noch nicht ausgewertet" in client.get("/", headers={"Accept-Language": "de"}).text
        assert client.post("/api/v1/analyze", json={"text": "Hallo"}).json()["topic_id"] is None
    open_store(f"sqlite:///{tmp_path / 'cxtext.db'}").close()
