"""The same tickets, the same nights, another database: every export is the same, and so is every answer of the API."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from cxtext.demo.generate import generate
from cxtext.demo.sample_file import write_jsonl
from cxtext.export import KINDS
from cxtext.jobs.corrections import correct
from cxtext.jobs.nightly import Order, run_night
from cxtext.settings import Settings
from cxtext.store import Store, open_store, runs
from cxtext.store.check import check_store
from tests import postgresql

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
NIGHTS = (date(2026, 10, 30), date(2026, 10, 31))


def lived(url: str, source: Path) -> Store:
    """Two nights and a correction."""
    store, settings = open_store(url), Settings.load(db=url)
    for night in NIGHTS:
        run_night(store, settings, Order(sources=[str(source)], as_of=night), now=lambda: NOW)
    with store.read() as connection:
        first, *_ = KINDS["tickets"].rows(
            connection, runs.current(connection)
        )  # to the end: a cursor is open till then
    correct(store, settings, f"{first['source']}:{first['id']}", {"sentiment": "neutral"}, by="a", now=lambda: NOW)
    return store


def test_a_night_on_a_server_is_the_night_on_a_file(
    tmp_path: Path, server: postgresql.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXTEXT_SECRET", "the same for both")
    monkeypatch.chdir(tmp_path)
    write_jsonl(tmp_path / "given.jsonl", generate(160, 40, seed=3, until=NIGHTS[-1]))
    postgresql.create_database(server, "nights", "empty")
    file = lived(f"sqlite:///{tmp_path / 'cxtext.db'}", tmp_path / "given.jsonl")
    remote = lived(server.url("nights"), tmp_path / "given.jsonl")
    with file.read() as left, remote.read() as right:
        assert runs.current(left) == runs.current(right) == 3
        for run_id in (1, 2, 3):
            for name, kind in KINDS.items():
                assert list(kind.rows(left, run_id)) == list(kind.rows(right, run_id)), (name, run_id)
    assert check_store(file) == check_store(remote) == []
    file.close()
    remote.close()
    postgresql.drop_database(server, "nights")


def test_every_list_of_the_api_is_the_same_on_both(
    night_before: Path, demo_template: str, server: postgresql.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = (night_before / "cxtext.db.key").read_text()
    monkeypatch.setenv("CXTEXT_SECRET", f"key:{key}")
    postgresql.create_database(server, "answers", demo_template)
    urls = (f"sqlite:///{night_before / 'cxtext.db'}", server.url("answers"))
    clients = [
        TestClient(create_app(Settings.load(db=url)), base_url="http://localhost", client=("127.0.0.1", 50000))
        for url in urls
    ]
    with clients[0] as file, clients[1] as remote:
        paths = [path for path, item in file.get("/openapi.json").json()["paths"].items() if "get" in item]
        asked = [path for path in paths if path.startswith("/api/v1/") and "{" not in path]
        assert len(asked) > 5
        for path in (*asked, "/api/v1/search?q=rechnung", "/api/v1/tickets?q=Rechnung&limit=20", "/", "/departments"):
            left, right = file.get(path), remote.get(path)
            assert (left.status_code, left.text) == (right.status_code, right.text), path
    postgresql.drop_database(server, "answers")
