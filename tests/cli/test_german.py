"""The command line speaks German where the system or the configuration does: everything, in the right places, and never in JSON."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from cxtext.cli import app
from cxtext.cli.first_source import MEANINGS
from cxtext.cli.german import german, lines, template_pattern
from cxtext.cli.language import spoken
from cxtext.connectors.services import SERVICES
from cxtext.errors import CxtextError, NotInstalled

ROOT = Path(__file__).parents[2]
FOR_PEOPLE = (
    "cli",
    "connectors",
    "jobs",
    "store",
    "network",
    "alerts",
    "reports",
    "export",
    "settings.py",
    "resources.py",
)


def _errors() -> set[str]:
    """All errors of cxtext by name, from the code itself: which modules happen to be imported must not matter."""
    kinds = [
        (node.name, {getattr(parent, "id", "") for parent in node.bases})
        for path in (ROOT / "cxtext").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    found = {CxtextError.__name__}
    while more := {name for name, parents in kinds if parents & found} - found:
        found |= more
    return found


ERRORS = _errors()
LINES = {"print_lines", "note"}
ENGLISH = {english for _, english, _ in lines()}


def test_the_language_is_that_of_the_configuration_else_of_the_system(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert spoken({}, []) == "en"
    assert spoken({"LANG": "de_DE.UTF-8"}, []) == "de"
    assert spoken({"LANG": "de_AT"}, []) == "de"
    assert spoken({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, []) == "en"
    assert spoken({"LANG": "fr_FR.UTF-8"}, []) == "en"
    assert spoken({"LANG": "deadbeef"}, []) == "en"
    assert spoken({"LANG": "en_US.UTF-8", "CXTEXT_LANGUAGE": "de"}, []) == "de"
    (tmp_path / "other.toml").write_text('language = "de"\n')
    assert spoken({}, ["cxtext", "run"]) == "en"
    assert spoken({}, ["cxtext", "run", "--config", "other.toml"]) == "de"
    assert spoken({}, ["cxtext", "run", "--config=other.toml"]) == "de"
    (tmp_path / "cxtext.toml").write_text('language = "en"\n')
    assert spoken({"LANG": "de_DE.UTF-8"}, []) == "en"
    (tmp_path / "cxtext.toml").write_text("this is no TOML [")
    assert spoken({"LANG": "de_DE.UTF-8"}, []) == "de"


def _helps(command: Any) -> set[str]:
    found = {part for text in (command.help or "").split("\n\n") if (part := " ".join(text.split()))}
    found |= {" ".join(option.help.split()) for option in command.params if getattr(option, "help", None)}
    for below in getattr(command, "commands", {}).values():
        found |= _helps(below)
    return found


def test_every_help_text_is_there_in_german() -> None:
    missing = sorted(_helps(typer.main.get_command(app)) - ENGLISH)
    assert not missing


def _template(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return (_template(node.left) or "{}") + (_template(node.right) or "{}")
    return None


def _said(names: set[str], *folders: str) -> set[str]:
    """What is said in calls of these names, with places for what changes; what is only places is no sentence."""
    found = set()
    for folder in folders:
        room = ROOT / "cxtext" / folder
        for path in [room] if room.is_file() else sorted(room.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
                    found |= {_template(one) for one in node.args[: None if names is LINES else 1]}
    return {words for words in found if words and sum(map(str.isalpha, words.replace("{}", ""))) > 3}


def test_every_error_that_people_read_is_there_in_german() -> None:
    internal = {"PostgreSQL"}
    missing = sorted(_said(ERRORS, *FOR_PEOPLE) - ENGLISH - internal - {NotInstalled.__name__})
    assert not missing


def test_every_line_that_a_command_prints_is_there_in_german() -> None:
    missing = sorted(
        words
        for words in _said(LINES, "cli") | _said({"in_language"}, "cli")
        if words.strip() not in {one.strip() for one in ENGLISH}
    )
    assert not missing


def test_the_questions_of_init_are_there_in_german() -> None:
    asked = {option for service in SERVICES.values() for option in service.asked}
    assert asked <= set(MEANINGS)
    assert {name.partition(".")[0] for name in MEANINGS if "." in name} <= set(SERVICES)
    assert set(MEANINGS.values()) <= ENGLISH


def test_both_languages_have_the_same_places() -> None:
    for _, english, said in lines():
        assert english.count("{}") == said.count("{}"), english
        assert english.count("{#}") == said.count("{#}"), english
        assert template_pattern(english)
        assert said.strip(), english


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("missing.csv: no such file", "missing.csv: diese Datei gibt es nicht"),
        ("desk.example.com: status 401: the server does not accept the key or password",
         "desk.example.com: Status 401: der Server nimmt Schlüssel oder Passwort nicht an"),
        ("cxtext.toml: there is no setting 'databse'; known: db", "cxtext.toml: eine Einstellung 'databse' gibt es nicht; bekannt: db"),
        ("Run 3: 1,000 rows read, 1 new ticket, 0 changed, 999 known.", "Lauf 3: 1.000 Zeilen gelesen, 1 neues Ticket, 0 geändert, 999 bekannt."),
        ("something that nobody has translated: not at all", "something that nobody has translated: not at all"),
    ],
)  # fmt: skip
def test_what_changes_stays_and_the_rest_is_german(words: str, wanted: str) -> None:
    assert german(words) == wanted


def test_a_text_of_a_customer_is_no_message() -> None:
    for words in (
        "My parcel is empty",
        "status unknown since Monday",
        "I ordered two tickets",
        "reading the invoice failed",
    ):
        assert german(words, "line") == words


def _cxtext(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"LC_ALL": "de_DE.UTF-8", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "cxtext", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def test_help_errors_and_summaries_are_german_and_json_is_not(tmp_path: Path) -> None:
    told = _cxtext("run", "--help", folder=tmp_path)
    assert told.returncode == 0
    assert "Macht einen Lauf" in told.stdout
    assert "Optionen" in told.stdout
    assert "Diese Hilfe zeigen." in told.stdout
    assert _cxtext("-h", folder=tmp_path).stdout.count("--help") == 1
    assert _cxtext("run", "-h", folder=tmp_path).stdout == told.stdout
    wrong = _cxtext("frobnicate", folder=tmp_path)
    assert (wrong.returncode, wrong.stderr.splitlines()[0]) == (
        2,
        "python -m cxtext: Einen Befehl 'frobnicate' gibt es nicht.",
    )
    assert _cxtext("run", "fehlt.csv", folder=tmp_path).stderr == "cxtext: es gibt keine Datei fehlt.csv\n"
    told = _cxtext("run", "fehlt.csv", "--json", folder=tmp_path)
    assert json.loads(told.stdout)["message"] == "there is no file fehlt.csv"
    (tmp_path / "a.csv").write_text("id;text;datum\n1;Das Paket fehlt;2026-10-01\n2;;x\n", encoding="utf-8")
    done = _cxtext("run", "a.csv", folder=tmp_path)
    assert done.returncode == 3
    assert "2 Zeilen gelesen, 1 neues Ticket" in done.stdout
    assert "In Quarantäne, jede mit ihrem Grund: 1 Zeile." in done.stdout
