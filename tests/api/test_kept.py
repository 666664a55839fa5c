"""Sums are added up once for each run: who asks again gets the same bytes, and nobody gets what is meant for another."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api import kept
from api.kept import SUMS, Kept
from cxtext.jobs.acts import act_on_topics
from cxtext.settings import Settings
from cxtext.topics.acts import Mute
from tests.api.conftest import opened
from tests.api.people import People

AT = datetime(2026, 11, 2, tzinfo=UTC)
PATHS = ("/api/v1/causes", "/api/v1/trends/by/topic", "/api/v1/metrics?scope=all", "/api/v1/drivers?outcome=csat")


@pytest.fixture
def client(night_before: Path, tmp_path: Path) -> Iterator[TestClient]:
    for name in ("cxtext.db", "cxtext.db.key"):
        shutil.copy(night_before / name, tmp_path / name)
    with opened(tmp_path / "cxtext.db") as own:
        yield own


def questions(client: TestClient) -> list[str]:
    """Statements that read sums; the door itself only looks up who asks and which run is published."""
    asked: list[str] = []
    sa.event.listen(
        client.app.state.store.engine,  # type: ignore[attr-defined]
        "before_cursor_execute",
        lambda _c, _u, statement, *_: asked.append(statement) if "day_tally" in statement else None,
    )
    return asked


@pytest.mark.parametrize("path", PATHS)
def test_the_second_answer_is_the_first(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path)
    assert first.status_code == again.status_code == 200
    assert (again.content, dict(again.headers)) == (first.content, dict(first.headers))
    assert client.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == 304


def test_sums_are_added_up_once_for_each_run(client: TestClient) -> None:
    asked = questions(client)
    client.get("/api/v1/trends/by/topic")
    before = len(asked)
    client.get("/api/v1/trends/by/topic")
    assert before > 0
    assert len(asked) == before
    store = client.app.state.store  # type: ignore[attr-defined]
    act_on_topics(store, Settings.load(db=store.url), Mute(topic_id="T-0001", by="A", at=AT), now=lambda: AT)
    client.get("/api/v1/trends/by/topic")
    assert len(asked) > before
    assert 'route="(kept)"' in client.get("/metrics").text


def test_nobody_gets_what_was_added_up_for_another(inhabited: tuple[Path, People], tmp_path: Path) -> None:
    database, people = inhabited
    for name in ("cxtext.db", "cxtext.db.key"):
        shutil.copy(database.with_name(name), tmp_path / name)
    with opened(tmp_path / "cxtext.db") as client:
        answers = {}
        for person, key in people.keys.items():
            said = [client.get("/api/v1/trends/by/topic", headers={"X-API-Key": key}).content for _ in range(2)]
            assert said[0] == said[1]
            answers[person] = said[0]
        assert len(set(answers.values())) > 1
        assert client.get("/api/v1/trends/by/topic").status_code == 401


def test_errors_and_lists_of_tickets_are_not_kept(client: TestClient) -> None:
    assert client.get("/api/v1/trends?topic=T-9999").status_code == 404
    assert client.get("/api/v1/trends/by/weather").status_code == 422
    assert not any("/api/v1/tickets".startswith(path) or "/api/v1/search".startswith(path) for path in SUMS)


def test_what_was_asked_for_longest_ago_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.responses import Response

    monkeypatch.setattr(kept, "MOST", 250)
    answers = Kept()
    answers.find(1, "a")
    for name in "abc":
        answers._keep(1, name, Response(b"x" * 100))
    assert [answers.find(1, name) is not None for name in "abc"] == [False, True, True]
    answers._keep(2, "late", Response(b"of another run"))
    assert answers.find(1, "late") is None
    assert answers.find(2, "b") is None
