"""Giving access and taking it away, and what is said of messages, at the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cxtext.cli import app
from cxtext.errors import ConfigurationError, NotFound


def do(folder: Path, *words: str, text: str = "") -> Any:
    done = CliRunner().invoke(app, [*words, "--db", f"sqlite:///{folder / 'cxtext.db'}", "--json"], input=text)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return json.loads(done.stdout)


def test_users_are_added_changed_and_removed(tmp_path: Path) -> None:
    added = do(tmp_path, "users", "add", "anna", "--role", "editor", "--password-stdin", text="a long enough one\n")
    assert added == {"user": "anna", "role": "editor", "departments": []}
    assert [user["name"] for user in do(tmp_path, "users", "list")["users"]] == ["anna"]
    do(tmp_path, "users", "password", "anna", "--password-stdin", text="another long one\n")
    do(tmp_path, "users", "remove", "anna")
    assert do(tmp_path, "users", "list") == {"users": []}
    with pytest.raises(ConfigurationError, match="12 to"):
        do(tmp_path, "users", "add", "anna", "--password-stdin", text="short\n")
    with pytest.raises(ConfigurationError, match="viewer, analyst, editor, admin"):
        do(tmp_path, "users", "add", "anna", "--role", "king", "--password-stdin", text="a long enough one\n")


def test_keys_are_shown_once_listed_without_secret_and_revoked(tmp_path: Path) -> None:
    made = do(tmp_path, "keys", "create", "bi", "--department", "billing", "--expires", "90")
    assert made["secret"].startswith(made["prefix"])
    assert made["expires_at"]
    listed = do(tmp_path, "keys", "list")["keys"]
    assert [(key["name"], key["departments"], key["revoked_at"]) for key in listed] == [("bi", ["billing"], None)]
    assert made["secret"] not in json.dumps(listed)
    do(tmp_path, "keys", "revoke", made["prefix"])
    assert do(tmp_path, "keys", "list")["keys"][0]["revoked_at"]
    with pytest.raises(NotFound):
        do(tmp_path, "keys", "revoke", made["prefix"])
    for wrong in ("yesterday", "2020-01-01"):
        with pytest.raises(ConfigurationError):
            do(tmp_path, "keys", "create", "bi", "--expires", wrong)


def test_departments_must_exist(demo_folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="no department 'biling'; known: "):
        do(demo_folder, "keys", "create", "bi", "--department", "biling")


def test_messages_can_be_muted_and_listed(demo_folder: Path) -> None:
    do(demo_folder, "alerts", "mute", "T-0001", "--by", "anna", "--why", "known")
    do(demo_folder, "alerts", "mute", "spike")
    listed = do(demo_folder, "alerts", "list")
    assert listed["messages"] == []
    assert [(one["what"], one["value"]) for one in listed["muted"]] == [("topic", "T-0001"), ("kind", "spike")]
    do(demo_folder, "alerts", "mute", "spike", "--off")
    assert len(do(demo_folder, "alerts", "list")["muted"]) == 1
    assert do(demo_folder, "alerts", "retry") == {"alerts_sent": 0, "alerts_later": 0, "alerts_dead": 0}
    with pytest.raises(ConfigurationError, match="no topic and no kind"):
        do(demo_folder, "alerts", "mute", "everything")
    with pytest.raises(NotFound, match="T-9999"):
        do(demo_folder, "alerts", "mute", "T-9999")
    with pytest.raises(ConfigurationError, match=r"no \[alerts"):
        do(demo_folder, "alerts", "test")
