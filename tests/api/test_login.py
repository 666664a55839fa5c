"""Logging in as people do it, and everything that must not let anybody in."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.accounts.login import inside
from cxtext.store.account_tables import audit
from tests.api.people import PASSWORD, People, client_of, let_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def house(inhabited: tuple[Path, People], tmp_path: Path) -> tuple[Path, People]:
    for name in ("cxtext.db", "cxtext.db.key"):
        shutil.copy(inhabited[0].parent / name, tmp_path / name)
    return tmp_path / "cxtext.db", inhabited[1]


@pytest.fixture
def browser(house: tuple[Path, People]) -> Iterator[TestClient]:
    with client_of(house[0]) as client:
        yield client


def token(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found, page[:500]
    return found[1]


def log_in(client: TestClient, name: str, password: str = PASSWORD, following: str = "/"):
    form = client.get("/login").text
    data = {"csrf": token(form), "name": name, "password": password, "next": following}
    return client.post("/login", data=data, follow_redirects=False)


def test_a_stranger_is_asked_to_log_in(browser: TestClient) -> None:
    page = browser.get("/issues/T-0001?lang=de", headers=HTML, follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=%2Fissues%2FT-0001%3Flang%3Dde")
    for path in ("/api/v1/topics", "/openapi.json", "/docs", "/api/v1/exports/tickets.csv", "/nothing"):
        answer = browser.get(path)
        assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized"), path
        assert answer.headers["www-authenticate"].startswith("Bearer")
    for path in ("/healthz", "/readyz", "/static/style.css"):
        assert browser.get(path).status_code == 200


def test_logged_in_until_logged_out(browser: TestClient) -> None:
    entered = log_in(browser, "editor", following="/issues/T-0001")
    assert (entered.status_code, entered.headers["location"]) == (303, "/issues/T-0001")
    cookie = entered.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Secure", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert browser.get("/", headers=HTML).status_code == 200
    assert browser.get("/api/v1/topics").json()["items"]
    kept = browser.cookies["cxtext_session"]
    refused = browser.post("/logout", follow_redirects=False)
    assert refused.status_code == 403
    value = browser.post("/logout", headers={"X-CSRF-Token": "0" * 64}, follow_redirects=False)
    assert value.status_code == 403
    form = browser.get("/login").text
    assert browser.post("/logout", data={"csrf": token(form)}, follow_redirects=False).status_code == 303
    browser.cookies.set("cxtext_session", kept)
    assert browser.get("/api/v1/topics").status_code == 401


def test_wrong_passwords_and_unknown_names_look_alike_and_are_slowed(browser: TestClient) -> None:
    first, second = log_in(browser, "editor", "wrong wrong wrong"), log_in(browser, "nobody", "wrong wrong wrong")
    assert (first.status_code, second.status_code) == (401, 401)
    assert re.sub(token(first.text), "", first.text) == re.sub(token(second.text), "", second.text)
    for _ in range(4):
        assert log_in(browser, "editor", "wrong wrong wrong").status_code == 401
    slowed = log_in(browser, "editor")
    assert slowed.status_code == 429
    assert 0 < int(slowed.headers["retry-after"]) <= 901
    assert log_in(browser, "viewer").status_code == 303


def test_a_form_of_another_page_is_refused(browser: TestClient) -> None:
    own = token(browser.get("/login").text)
    form = {"csrf": own, "name": "editor", "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert browser.post("/login", data=form, headers=headers).status_code == 403, headers
    assert browser.post("/login", data=form | {"csrf": ""}).status_code == 403
    assert log_in(browser, "editor").status_code == 303
    assert browser.post("/logout", data={"csrf": own}).status_code == 403  # that of the stranger before


def test_a_browser_that_is_logged_in_shows_its_token_to_the_api_too(browser: TestClient) -> None:
    log_in(browser, "admin")
    body = {"tickets": [{"id": "1", "text": "Hallo"}]}
    assert browser.post("/api/v1/tickets", json=body).status_code == 403


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        ("/issues/T-0001?a=b", "/issues/T-0001?a=b"), ("https://evil.example/", "/"), ("//evil.example", "/"),
        ("/\\evil.example", "/"), ("javascript:alert(1)", "/"), ("", "/"), ("/a\r\nSet-Cookie: x=y", "/"), ("/\t/evil", "/"),
    ],
)  # fmt: skip
def test_logging_in_leads_to_pages_of_ours_only(given: str, leads_to: str) -> None:
    assert inside(given) == leads_to


def test_keys_open_until_they_are_revoked(house: tuple[Path, People]) -> None:
    database, people = house
    with client_of(database) as client:
        for headers in (
            {"Authorization": f"Bearer {people.keys['viewer', '']}"},
            {"X-API-Key": people.keys["viewer", ""]},
            {"Authorization": f"bearer {people.keys['viewer', '']}"},
        ):
            assert client.get("/api/v1/topics", headers=headers).status_code == 200
        for wrong in (people.revoked, people.keys["viewer", ""] + "x", "", "cxt_"):
            answer = client.get("/api/v1/topics", headers={"X-API-Key": wrong})
            assert answer.status_code == 401, wrong


def test_every_act_is_written_down_without_what_was_typed(house: tuple[Path, People]) -> None:
    database, people = house
    with client_of(database) as client:
        body = {"tickets": [{"id": "1", "text": "Erna Quast"}]}
        key = {"Authorization": f"Bearer {people.keys['viewer', '']}"}
        assert client.post("/api/v1/tickets", json=body, headers=key).status_code == 403
        log_in(client, "analyst")
        store = client.app.state.store  # type: ignore[attr-defined]
        with store.read() as connection:
            rows = [dict(row) for row in connection.execute(sa.select(audit).order_by(audit.c.id)).mappings()]
    assert [(row["via"], row["what"], row["status"]) for row in rows] == [
        ("key", "POST /api/v1/tickets", 403),
        ("session", "POST /login", 303),
    ]
    assert rows[0]["who"].startswith("viewer")
    assert "Quast" not in str(rows)
    assert PASSWORD not in str(rows)


def test_without_users_only_this_machine_is_let_in(night_before: Path, tmp_path: Path) -> None:
    shutil.copy(night_before / "cxtext.db", tmp_path / "cxtext.db")
    with client_of(tmp_path / "cxtext.db") as client:
        assert client.get("/api/v1/topics").status_code == 401
        inner = TestClient(client.app, base_url="http://localhost:8000", client=("127.0.0.1", 1))
        assert inner.get("/api/v1/topics").status_code == 200
        assert inner.get("/api/v1/topics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 401
        assert inner.get("/api/v1/topics", headers={"Host": "tickets.example"}).status_code == 401
        assert inner.get("/api/v1/topics", headers={"X-API-Key": "cxt_wrong"}).status_code == 401
        six = TestClient(client.app, base_url="http://[::1]:8000", client=("::1", 1))
        assert six.get("/api/v1/topics").status_code == 200
        let_in(tmp_path / "cxtext.db")
        assert inner.get("/api/v1/topics").status_code == 401
