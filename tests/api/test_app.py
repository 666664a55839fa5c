import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.guard import HEADERS, MOST_BYTES
from cxtext.export import KINDS as ALL

LISTS = ["/api/v1/tickets", "/api/v1/topics", "/api/v1/causes", "/api/v1/departments", "/api/v1/runs"]
KINDS = list(ALL)


def is_problem(answer: Any, status: int, title: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == title
    assert answer.json()["status"] == status
    assert answer.json()["type"] == f"urn:cxtext:error:{title}"
    assert set(HEADERS) <= {name.title().replace("X-Content-Type", "X-Content-Type") for name in answer.headers}


@pytest.mark.parametrize("path", LISTS)
def test_lists_answer_on_the_demo_and_on_nothing(demo: TestClient, empty: TestClient, path: str) -> None:
    assert demo.get(path).json()["items"]
    assert empty.get(path).json()["items"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_exports_stream_every_kind(demo: TestClient, empty: TestClient, kind: str) -> None:
    import csv

    lines = [json.loads(line) for line in demo.get(f"/api/v1/exports/{kind}.jsonl").text.splitlines()]
    rows = list(csv.DictReader(demo.get(f"/api/v1/exports/{kind}.csv").text.splitlines(keepends=True)))
    assert len(rows) == len(lines)
    assert empty.get(f"/api/v1/exports/{kind}.jsonl").text == ""
    assert empty.get(f"/api/v1/exports/{kind}.csv").text.count("\n") == 1
    if kind in ("tickets", "topics", "assignments"):
        assert lines
        assert list(rows[0]) == list(lines[0])


def test_an_export_is_what_the_command_line_writes(demo: TestClient, night_before: Any, tmp_path: Any) -> None:
    is_problem(demo.get("/api/v1/exports/secrets.csv"), 422, "ValidationError")
    is_problem(demo.get("/api/v1/exports/tickets.exe"), 422, "ValidationError")


def test_one_topic_has_quotes_and_days(demo: TestClient) -> None:
    largest = demo.get("/api/v1/topics").json()["items"][0]
    topic = demo.get(f"/api/v1/topics/{largest['topic_id']}").json()
    assert topic["quotes"]
    assert 0 < sum(day["count"] for day in topic["days"]) <= topic["size"]
    is_problem(demo.get("/api/v1/topics/T-9999"), 404, "NotFound")


def test_the_id_of_a_merged_topic_leads_on(demo_folder: Any) -> None:
    from datetime import UTC, datetime

    from cxtext.jobs.acts import act_on_topics
    from cxtext.settings import Settings
    from cxtext.store import open_store
    from cxtext.topics.acts import Merge
    from tests.api.conftest import opened

    settings = Settings.load(db=f"sqlite:///{demo_folder / 'cxtext.db'}")
    store = open_store(settings.db)
    at = datetime(2026, 11, 2, tzinfo=UTC)
    act_on_topics(store, settings, Merge(from_ids=("T-0002",), into_id="T-0001", by="A", at=at), now=lambda: at)
    store.close()
    with opened(demo_folder / "cxtext.db") as client:
        for prefix in ("/api/v1/topics", "/issues"):
            answer = client.get(f"{prefix}/T-0002", follow_redirects=False)
            assert (answer.status_code, answer.headers["location"]) == (308, f"{prefix}/T-0001")


def test_unchanged_answers_are_not_sent_again(demo: TestClient) -> None:
    for path in [*LISTS[:4], "/api/v1/topics/T-0001"]:
        first = demo.get(path)
        tag = first.headers["etag"]
        for seen in (tag, f'"x", {tag}', "*", tag.removeprefix("W/")):
            again = demo.get(path, headers={"If-None-Match": seen})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert demo.get(path, headers={"If-None-Match": 'W/"0"'}).status_code == 200
    assert demo.get("/api/v1/tickets?limit=1").headers["etag"] != demo.get("/api/v1/tickets?limit=2").headers["etag"]


def test_a_misspelt_parameter_is_refused(demo: TestClient) -> None:
    for path in [*LISTS, "/healthz", "/readyz", "/", "/api/v1/exports/topics.csv", "/api/v1/topics/T-0001", "/docs"]:
        is_problem(demo.get(f"{path}?departmnt=logistics"), 422, "ValidationError")


def test_every_error_is_a_problem(demo: TestClient) -> None:
    is_problem(demo.get("/nothing"), 404, "HttpError")
    is_problem(demo.get("/static/nothing.css"), 404, "HttpError")
    is_problem(demo.get("/static/../app.py"), 404, "HttpError")
    is_problem(demo.get("/api/v1/tickets", params={"limit": 0}), 422, "ValidationError")
    is_problem(demo.get("/api/v1/runs/99"), 404, "NotFound")
    is_problem(demo.get("/", headers={"Host": "evil.example"}), 400, "UnknownHost")
    is_problem(
        demo.post("/api/v1/analyze", content=b"{", headers={"Content-Type": "application/json"}), 422, "ValidationError"
    )
    refused = demo.delete("/api/v1/tickets")
    is_problem(refused, 405, "HttpError")
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_large_bodies_are_refused_before_they_are_read(demo: TestClient) -> None:
    is_problem(demo.post("/api/v1/analyze", content=b"x" * (MOST_BYTES + 1)), 413, "TooLarge")
    parts = (b"x" * 1_000_000 for _ in range(22))
    answer = demo.post("/api/v1/analyze", content=parts, headers={"Content-Type": "application/json"})
    is_problem(answer, 413, "HttpError")


def test_no_error_repeats_what_somebody_wrote(demo: TestClient) -> None:
    secret = "Erna Quast 0171 2345678"
    bodies: dict[str, list[Any]] = {
        "analyze": [{"text": [secret]}, {"text": "x", secret: 1}, {"text": "x", "language": secret}, [secret], secret],
        "tickets": [{"tickets": secret}, {"tickets": [secret]}, {"tickets": []}, {"tickets": {"a": secret}}],
    }
    for noun, sent in bodies.items():
        for body in sent:
            answer = demo.post(f"/api/v1/{noun}", json=body)
            is_problem(answer, 422, "ValidationError")
            assert "Quast" not in answer.text


def test_a_defect_is_told_without_its_message(demo: TestClient) -> None:
    client = TestClient(demo.app, base_url="http://localhost", client=("127.0.0.1", 1), raise_server_exceptions=False)
    kept = demo.app.state.analyst  # type: ignore[attr-defined]
    try:
        demo.app.state.analyst = None  # type: ignore[attr-defined]
        answer = client.post("/api/v1/analyze", json={"text": "Erna Quast"})
    finally:
        demo.app.state.analyst = kept  # type: ignore[attr-defined]
    is_problem(answer, 500, "InternalError")
    assert "Quast" not in answer.text


def test_browsers_get_a_page_that_says_what_next(demo: TestClient) -> None:
    answer = demo.get("/issues/T-9999", headers={"Accept": "text/html", "Accept-Language": "de"})
    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in answer.text
    assert 'href="/"' in answer.text


def test_head_and_options_say_what_get_would(demo: TestClient) -> None:
    for path in [*LISTS, "/", "/issues/T-0001", "/docs", "/healthz", "/static/style.css", "/openapi.json"]:
        full, head = demo.get(path), demo.head(path)
        assert (head.status_code, head.content) == (200, b""), path
        assert head.headers["content-length"] == full.headers["content-length"]
    assert demo.options("/api/v1/topics").headers["allow"] == "GET, HEAD, OPTIONS"
    assert demo.options("/api/v1/tickets").status_code == 204
    is_problem(demo.options("/nothing"), 404, "HttpError")


def test_health_and_readiness_differ(demo: TestClient, empty: TestClient) -> None:
    assert demo.get("/readyz").json() == {"status": "ready", "run_id": 1}
    assert empty.get("/healthz").json() == {"status": "ok"}
    not_ready = empty.get("/readyz")
    is_problem(not_ready, 503, "NotReady")
    assert not_ready.headers["retry-after"]


def test_the_interface_is_described(demo: TestClient) -> None:
    document = demo.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    nouns = {path.split("/")[3].split(".")[0] for path in document["paths"] if path.startswith("/api/v1/")}
    assert {"tickets", "topics", "causes", "departments", "runs", "analyze", "exports"} <= nouns
    for path, verbs in document["paths"].items():
        for operation in verbs.values():
            assert operation["summary"]
            assert operation["description"]
            answers = operation["responses"]
            assert {"400", "422", "503"} <= set(answers), path
            assert "application/problem+json" in answers["422"]["content"]
            if "{" in path and "exports" not in path:
                assert "404" in answers, path
    known = document["components"]["schemas"]
    for name in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)):
        assert name in known
    assert known["TicketIn"]["examples"]
    assert known["AnalyzeIn"]["examples"]


def test_the_documentation_names_every_route(demo: TestClient) -> None:
    shown = demo.get("/docs").text
    for path in demo.get("/openapi.json").json()["paths"]:
        assert path in shown
    assert "http://" not in re.sub(r"http://(localhost|127\.0\.0\.1)", "", shown)
    assert "https://" not in shown


def test_every_operation_has_an_example_that_its_schema_allows(demo: TestClient) -> None:
    import jsonschema_rs  # schemathesis brings it

    document = demo.get("/openapi.json").json()
    shown = 0
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get("application/json")
                if status.startswith("2") and content:
                    schema = content["schema"] | {"components": document["components"]}
                    validator = jsonschema_rs.Draft202012Validator(schema)
                    problems = [problem.message for problem in validator.iter_errors(content["example"])]
                    assert not problems, (verb, path, problems[:3])
                    shown += 1
    assert shown > 25
    for body in document["components"]["schemas"]:
        if body.endswith("In") or body in ("Merge", "Split", "TopicChange"):
            assert document["components"]["schemas"][body]["examples"], body
