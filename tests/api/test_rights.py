"""Route by role by department: what everybody may ask, so that a new route without an entry fails here."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.accounts.csrf import checked
from api.routes import ROUTERS
from cxtext.store import read_tickets, runs
from cxtext.store.accounts import ROLES
from tests.api.people import DEPARTMENTS, People, client_of

# Role that a route needs, and whether for all departments. Routes that are open need nobody.
OPEN = {"GET /healthz", "GET /readyz", "GET /login", "POST /login", "POST /logout"}
NEEDS: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(
        (
            "GET /api/v1/tickets", "GET /api/v1/tickets/{source}/{ticket_id:path}", "GET /api/v1/topics",
            "GET /api/v1/topics/{topic_id}", "GET /api/v1/topics/{topic_id}/history", "GET /api/v1/trends",
            "GET /api/v1/trends/by/{dimension}", "GET /api/v1/signals", "GET /api/v1/metrics", "GET /api/v1/drivers",
            "GET /api/v1/churn", "GET /api/v1/wishes", "GET /api/v1/knowledge",
            "GET /api/v1/search", "GET /api/v1/corrections", "GET /api/v1/fixes", "GET /api/v1/defects",
            "GET /api/v1/causes", "GET /api/v1/departments", "GET /api/v1/runs", "GET /api/v1/runs/{run_id}",
            "POST /api/v1/analyze", "GET /api/v1/exports/{what}.{form}", "GET /docs", "GET /metrics", "GET /api/v1/reports", "GET /api/v1/reports/weekly.{form}",
            "GET /api/v1/reports/department.{form}", "GET /api/v1/reports/defect.{form}",
        ),
        ("viewer", False),
    ),
    "POST /api/v1/corrections": ("analyst", False),
    "POST /api/v1/fixes": ("analyst", False),
    "DELETE /api/v1/fixes/{fix_id}": ("analyst", False),
    "POST /api/v1/tickets": ("analyst", True),
    "GET /api/v1/quarantine": ("analyst", True),
    "PATCH /api/v1/topics/{topic_id}": ("editor", False),
    "POST /api/v1/topics/{topic_id}/merge": ("editor", False),
    "POST /api/v1/topics/{topic_id}/split": ("editor", False),
    "POST /api/v1/runs/{run_id}/undo": ("editor", True),
    "GET /api/v1/audit": ("admin", True),
}  # fmt: skip
FILLED = {
    "{source}": "file",
    "{ticket_id:path}": "nobody",
    "{topic_id}": "T-9999",
    "{run_id}": "9999",
    "{fix_id}": "F-9999",
}
FILLED |= {
    "{what}.{form}": "topics.csv",
    "weekly.{form}": "weekly.md",
    "defect.{form}": "defect.md",
    "department.{form}": "department.md?department=billing",
    "{dimension}": "department",
}
BODIES: dict[str, Any] = {
    "POST /api/v1/corrections": {"source": "file", "id": "nobody", "cause": None},
    "POST /api/v1/fixes": {"topic_id": "T-9999", "day": "2026-10-01"},
    "POST /api/v1/tickets": {"tickets": [{"id": "1", "text": "Hallo"}]},
    "PATCH /api/v1/topics/{topic_id}": {"label": "x"},
    "POST /api/v1/topics/{topic_id}/merge": {"from_ids": ["T-9998"]},
    "POST /api/v1/topics/{topic_id}/split": {"parts": 2},
    "POST /api/v1/analyze": {"text": "Hallo"},
}


@pytest.fixture(scope="module")
def house(
    inhabited: tuple[Path, People], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, People]]:
    folder = tmp_path_factory.mktemp("rights")
    for name in ("cxtext.db", "cxtext.db.key"):
        shutil.copy(inhabited[0].parent / name, folder / name)
    with client_of(folder / "cxtext.db") as client:
        yield client, inhabited[1]


def routes() -> dict[str, APIRoute]:
    found: dict[str, APIRoute] = {}
    waiting: list[Any] = list(ROUTERS)
    while waiting:
        for route in waiting.pop().routes:
            if isinstance(route, APIRoute):
                found |= {f"{verb} {route.path}": route for verb in route.methods or ()}
            elif hasattr(route, "original_router"):
                waiting.append(route.original_router)
    return found


def api_routes() -> list[str]:
    return [name for name in routes() if "/api/v1/" in name]


def ask(client: TestClient, name: str, secret: str | None) -> int:
    verb, path = name.split()
    for part, value in FILLED.items():
        path = path.replace(part, value)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return client.request(verb, path, headers=headers, json=BODIES.get(name)).status_code


def test_every_route_of_the_api_has_an_entry() -> None:
    assert set(api_routes()) == {name for name in NEEDS if "/api/v1/" in name}


def test_every_route_but_the_open_ones_asks_who_it_is(house: tuple[TestClient, People]) -> None:
    client, people = house
    for name in routes():
        if name not in OPEN and not name.startswith("POST /logout"):
            assert ask(client, name, None) == 401, name
            assert ask(client, name, people.revoked) == 401, name


def test_roles_and_departments_open_what_they_should_and_nothing_else(house: tuple[TestClient, People]) -> None:
    client, people = house
    asked = 0
    for name in api_routes():
        role, whole = NEEDS[name]
        for (who, department), secret in people.keys.items():
            may = ROLES.index(who) >= ROLES.index(role) and not (whole and department)  # type: ignore[arg-type]
            if may and name in ("POST /api/v1/tickets", "POST /api/v1/analyze") and (who, department) != ("admin", ""):
                continue  # the same code answers; loading models once is enough
            status = ask(client, name, secret)
            assert (status != 403) is may, (name, who, department, status)
            assert status < 500, (name, who, department)
            asked += 1
    assert asked > 300


def test_pages_let_only_analysts_and_editors_change_something(house: tuple[TestClient, People]) -> None:
    """A key needs no value of ours, so that what refuses it is the role."""
    client, people = house
    asked = 0
    for name in routes():
        if name.split()[0] != "GET" and "/api/" not in name and name not in OPEN:
            assert ask(client, name, people.keys["viewer", ""]) == 403, name
            assert ask(client, name, people.keys["admin", "billing"]) == 403, name
            asked += 1
    assert asked


def test_forms_of_pages_carry_a_value_of_ours() -> None:
    for name, route in routes().items():
        if name.split()[0] in ("POST", "PUT", "PATCH", "DELETE") and "/api/" not in name:
            calls = {dependency.call for dependency in route.dependant.dependencies}
            assert checked in calls, name


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_nothing_of_other_departments_is_told_anywhere(house: tuple[TestClient, People], department: str) -> None:
    """Every reading route and every export, searched for texts and keys of tickets of other departments."""
    client, people = house
    store = client.app.state.store  # type: ignore[attr-defined]
    with store.read() as connection:
        rows = list(read_tickets.tickets(connection, runs.current(connection)))
    mine = {row["text"] for row in rows if row["department"] == department}
    foreign = [
        row for row in rows if row["department"] != department and row["text"] not in mine and len(row["text"]) > 30
    ]
    headers = {"Authorization": f"Bearer {people.keys['admin', department]}"}
    told = ""
    for kind in ("tickets", "topics", "assignments", "causes", "departments", "ledger", "metrics", "signals", "trends"):
        told += client.get(f"/api/v1/exports/{kind}.jsonl", headers=headers).text
    for path in ("topics", "signals", "metrics?limit=200", "corrections", "search?q=Paket&limit=200", "trends", "runs"):
        told += client.get(f"/api/v1/{path}", headers=headers).text
    for topic in client.get("/api/v1/topics", headers=headers).json()["items"]:
        told += client.get(f"/api/v1/topics/{topic['topic_id']}", headers=headers).text
        told += client.get(f"/api/v1/topics/{topic['topic_id']}/history", headers=headers).text
    assert any(json.dumps(text, ensure_ascii=False)[1:-1] in told for text in list(mine)[:50])
    for row in foreign:
        assert json.dumps(row["text"], ensure_ascii=False) not in told, row["id"]
        assert f'"{row["id"]}"' not in told, row["id"]
    one = foreign[0]
    assert client.get(f"/api/v1/tickets/{one['source']}/{one['id']}", headers=headers).status_code == 404
    body = {"source": one["source"], "id": one["id"], "cause": None}
    assert client.post("/api/v1/corrections", json=body, headers=headers).status_code == 404


def test_pages_of_tickets_are_full_until_the_last(house: tuple[TestClient, People]) -> None:
    client, people = house
    headers = {"Authorization": f"Bearer {people.keys['viewer', 'billing']}"}
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 25} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/tickets", params=query, headers=headers).json()
        seen += [row["id"] for row in page["items"]]
        assert {row["department"] for row in page["items"]} == {"billing"}
        if (cursor := page["next_cursor"]) is None:
            break
        assert len(page["items"]) == 25
    assert len(seen) == len(set(seen)) > 100


def test_tags_differ_by_rights(house: tuple[TestClient, People]) -> None:
    client, people = house
    tags = {
        client.get("/api/v1/topics", headers={"X-API-Key": secret}).headers["etag"] for secret in people.keys.values()
    }
    assert len(tags) == len(people.keys)
    tag = client.get("/api/v1/topics", headers={"X-API-Key": people.keys["admin", ""]}).headers["etag"]
    other = {"X-API-Key": people.keys["viewer", "billing"], "If-None-Match": tag}
    assert client.get("/api/v1/topics", headers=other).status_code == 200
    assert client.get("/api/v1/topics", headers={"If-None-Match": tag}).status_code == 401
