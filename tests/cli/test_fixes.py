"""Fixes, defects and reports from the keyboard."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cxtext.cli import app
from cxtext.errors import ConfigurationError, CxtextError
from cxtext.store import open_store, read_topics, runs


@pytest.fixture
def url(demo_folder: Path) -> str:
    return f"sqlite:///{demo_folder / 'cxtext.db'}"


def run(*words: str) -> Result:
    """Do what was typed; an error that cxtext can explain is raised as it is."""
    done = CliRunner().invoke(app, list(words))
    if isinstance(done.exception, CxtextError):
        raise done.exception
    return done


def some_topic(url: str) -> str:
    store = open_store(url)
    with store.read() as connection:
        found = read_topics.topics(connection, runs.current(connection))[-1]["topic_id"]
    store.close()
    return str(found)


def test_a_fix_is_recorded_shown_and_taken_back(url: str) -> None:
    topic = some_topic(url)
    words = ("fix", topic, "--on", "2026-10-01", "--what", "New firmware", "--by", "Ada", "--db", url)
    told = json.loads(run(*words, "--json").stdout)
    assert (told["id"], told["topic_id"], told["by"]) == ("F-0001", topic, "Ada")
    assert told["state"] in ("too early", "not resolved", "improved", "resolved", "regressed")
    shown = run("fix", "--db", url).stdout
    assert "F-0001" in shown
    assert "New firmware" in shown
    assert json.loads(run("fix", "--undo", "F-0001", "--db", url, "--json").stdout)["undone"] == "F-0001"
    assert "No fixes yet" in run("fix", "--db", url).stdout


def test_a_fix_needs_its_day(url: str) -> None:
    with pytest.raises(ConfigurationError, match="--on 2026-05-03"):
        run("fix", "T-0001", "--db", url)


def test_defects_are_listed_with_their_comparison(url: str) -> None:
    rows = json.loads(run("defects", "--watch", "--json", "--db", url).stdout)["defects"]
    assert rows
    assert all(row["low"] <= row["ratio"] <= row["high"] for row in rows)
    signals = [row for row in rows if row["state"] == "signal"]
    shown = run("defects", "--db", url).stdout
    assert all(row["product"].split()[0] in shown for row in signals)


def test_a_report_is_written_in_the_format_of_its_name(url: str, tmp_path: Path) -> None:
    target = tmp_path / "week.md"
    told = json.loads(run("report", "weekly", "-o", str(target), "--language", "en", "--json", "--db", url).stdout)
    assert told["bytes"] == len(target.read_bytes())
    assert "Weekly quality report" in target.read_text(encoding="utf-8")
    run("report", "weekly", "-o", str(tmp_path / "again.md"), "--language", "en", "--as-of", "2026-11-01", "--db", url)
    assert (tmp_path / "again.md").read_bytes() == target.read_bytes()


def test_a_defect_can_be_posted_to_an_issue_tracker(url: str, tmp_path: Path) -> None:
    target = tmp_path / "defect.json"
    topic = some_topic(url)
    run("report", "defect", "--topic", topic, "--format", "jira", "--project", "CX", "-o", str(target), "--db", url)
    assert json.loads(target.read_text(encoding="utf-8"))["fields"]["project"] == {"key": "CX"}


def test_a_folder_that_is_not_there_is_named(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot write"):
        run("report", "weekly", "-o", str(tmp_path / "nowhere" / "week.md"), "--db", url)
