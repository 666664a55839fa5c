"""Why customers leave, what they wish for, what they keep asking, as programs get it."""

import pytest
from fastapi.testclient import TestClient

from cxtext.store import read_voices, runs

PATHS = {"churn": "leaving", "wishes": "wish", "knowledge": "question"}


@pytest.mark.parametrize("path", PATHS)
def test_the_lists_of_the_night(demo: TestClient, path: str) -> None:
    answer = demo.get(f"/api/v1/{path}")
    items = answer.json()["items"]
    with demo.app.state.store.read() as connection:  # type: ignore[attr-defined]
        kept = read_voices.listed(connection, runs.current(connection), PATHS[path])  # type: ignore[arg-type]
    assert [(row["key"], row["customers"], row["tickets"]) for row in items] == [
        (one.key, one.customers, one.tickets) for one in kept
    ]
    assert items
    again = demo.get(f"/api/v1/{path}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", PATHS)
def test_lists_of_nothing(empty: TestClient, path: str) -> None:
    assert empty.get(f"/api/v1/{path}").json() == {"items": []}
    assert empty.get(f"/api/v1/{path}?limt=3").status_code == 422
