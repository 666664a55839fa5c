"""Reports over the API: what is printed is what the other routes say of the same run."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient


@pytest.fixture(scope="module")
def printed(pango: None, shown: TestClient) -> str:
    """The words of the weekly report, as a reader of PDF files finds them."""
    pypdfium2 = pytest.importorskip("pypdfium2")
    answer = shown.get("/api/v1/reports/weekly.pdf?language=en")
    assert answer.headers["content-type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.content) as reader:
        return " ".join("\n".join(page.get_textpage().get_text_range() for page in reader).split())


def items(client: TestClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(path).json()["items"]
    assert found, path
    return found


def test_the_metrics_of_a_pdf_are_those_of_the_api(demo: TestClient, printed: str) -> None:
    told = {row["metric"]: row for row in items(demo, "/api/v1/metrics?scope=all&period=28d")}
    titles = {"csat": "of 5)", "reopen_rate": "Reopened", "negative_share": "Share negative"}
    for name, title in titles.items():
        row = told[name]
        found = re.search(rf"{re.escape(title)} (\d+)% \[(\d+) to (\d+)\] {row['n']} ", printed)
        assert found is not None, (name, row)
        for shown, value in zip(found.groups(), (row["value"], row["lower"], row["upper"]), strict=True):
            assert float(shown) == pytest.approx(value, abs=0.501), (name, row)


def test_the_tickets_of_a_pdf_are_those_of_the_api(demo: TestClient, printed: str) -> None:
    last = max(date.fromisoformat(row["day"]) for row in items(demo, "/api/v1/trends") if row["tickets"])
    week = items(demo, f"/api/v1/trends?since={last - timedelta(6)}&until={last}")
    assert f"Tickets in 7 days {sum(row['tickets'] for row in week)} " in printed
    month = items(demo, f"/api/v1/trends/by/topic?since={last - timedelta(27)}&until={last}")
    labels = {row["topic_id"]: row["label"] for row in items(demo, "/api/v1/topics")}
    groups = {row["parent_topic_id"] for row in items(demo, "/api/v1/topics") if "parent_topic_id" in row}
    groups |= {row.get("parent_id") for row in items(demo, "/api/v1/topics")}
    leaves = [row for row in month if row["key"] in labels and row["key"] not in groups]
    assert leaves
    for row in leaves[:8]:
        assert f"{labels[row['key']]} {row['tickets']} " in printed, row


def test_the_signals_of_a_pdf_are_those_of_the_api(demo: TestClient, printed: str) -> None:
    told = [row for row in items(demo, "/api/v1/signals?state=open") if row["slice"] is None and row["label"]]
    loud = [row for row in told if row["kind"] in ("new", "rising", "spike")]
    assert loud
    for row in loud:
        assert re.search(rf"{re.escape(row['label'])} (new|rising|jump|back)\S* {row['count']} ", printed), row
