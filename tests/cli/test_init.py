"""`cxtext init` before somebody who sits at a terminal: it asks, tests, shows, asks again; in both languages."""

import os
import select
import sqlite3
import subprocess
import sys
import termios
import time
import tomllib
from pathlib import Path

import pytest

QUERY = "SELECT nr, betreff, nachricht, eingang, kunde FROM faelle"


def _talk(folder: Path, answers: list[str], language: str = "C.UTF-8") -> tuple[str, int]:
    """What stands on the terminal in the end, and how the program ended; every answer waits for its question."""
    try:
        terminal, inner = os.openpty()
    except OSError:
        assert "CI" not in os.environ, "there are no pseudo-terminals: mount devpts"
        pytest.skip("no pseudo-terminals here: /dev/pts is not mounted")
    termios.tcsetwinsize(inner, (60, 200))
    environment = os.environ | {"LC_ALL": language, "LANG": language, "TERM": "xterm", "COLUMNS": "200", "LINES": "60"}
    words = [sys.executable, "-m", "cxtext", "init"]
    with subprocess.Popen(words, cwd=folder, env=environment, stdin=inner, stdout=inner, stderr=inner) as process:
        os.close(inner)
        shown, asked, left = b"", 0, list(answers)
        until = time.monotonic() + 300
        while time.monotonic() < until:
            if select.select([terminal], [], [], 0.5)[0]:
                try:
                    shown += os.read(terminal, 65_536)
                except OSError:  # it has ended
                    break
            elif left and len(shown) > asked and shown.endswith(b": "):
                asked = len(shown)
                os.write(terminal, left.pop(0).encode() + b"\n")
        else:
            process.kill()
        os.close(terminal)
        return shown.decode(), process.wait()


@pytest.fixture
def shop(tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "shop.db") as database:
        database.execute("CREATE TABLE faelle (nr int, betreff text, nachricht text, eingang text, kunde text)")
        rows = [(n, f"Fall {n}", f"Die Waschmaschine von Xaverine Quandtberg tropft seit Tag {n}.", "2026-03-05 08:00:00", "Xaverine Quandtberg")
                for n in range(1, 31)]  # fmt: skip
        database.executemany("INSERT INTO faelle VALUES (?, ?, ?, ?, ?)", rows)
    return f"sqlite:///{tmp_path / 'shop.db'}"


def test_a_source_is_asked_for_tested_and_shown(tmp_path: Path, shop: str) -> None:
    shown, code = _talk(tmp_path, ["quatsch", "sql", "laden", shop, QUERY + "x", "", "j", "", QUERY, ""], "de_DE.UTF-8")
    assert code == 0, shown
    assert "Woher kommen Ihre Tickets?" in shown
    assert "Postfach über IMAP" in shown
    assert "Eine Quelle der Art 'quatsch' gibt es nicht." in shown
    assert "[env:LADEN_DATABASE]" in shown  # a secret is named, unless somebody insists
    assert "no such table" in shown
    assert "Möchten Sie Ihre Antworten ändern? [J/n]" in shown
    assert "laden: Spalten: nr, betreff, nachricht, eingang, kunde." in shown
    assert shown.count("Die Waschmaschine von <NAME_") == 10
    assert "2026-03-05 08:00" in shown
    assert "Xaverine" not in shown
    assert "Die ersten 10.000 Tickets brauchen etwa 1 Minute." in shown
    assert "cxtext.toml ist geschrieben. Lesen Sie jetzt Ihre Tickets ein: cxtext run" in shown
    written = tomllib.loads((tmp_path / "cxtext.toml").read_text(encoding="utf-8"))
    assert written["sources"] == {"laden": {"kind": "sql", "database": shop, "query": QUERY}}
    assert (tmp_path / "cxtext.toml").stat().st_mode & 0o077 == 0  # it may hold a secret


def test_a_source_that_does_not_answer_is_written_all_the_same(tmp_path: Path) -> None:
    shown, code = _talk(
        tmp_path, ["Request-Tracker", "", "http://127.0.0.1:9", "reader", "secret", "", "", "", "n", "n"]
    )
    assert code == 1, shown
    assert "url (address, like https://helpdesk.example.com): " in shown
    assert "The server stands in your own network. May cxtext reach it? [Y/n]" in shown
    assert "cxtext.toml is written. Mend it there, then: cxtext sources test desk" in shown
    assert "[sources.desk]" in (tmp_path / "cxtext.toml").read_text(encoding="utf-8")
    again, code = _talk(tmp_path, ["sql"])
    assert code != 0
    assert "exists already" in again
    assert "Where do your tickets come from?" not in again


def test_an_empty_answer_means_files(tmp_path: Path) -> None:
    shown, code = _talk(tmp_path, [""])
    assert code == 0
    assert "Now read your tickets: cxtext run tickets.csv" in shown
    assert "[sources" not in (tmp_path / "cxtext.toml").read_text(encoding="utf-8")


def test_the_release_is_said() -> None:
    from importlib.metadata import version

    done = subprocess.run([sys.executable, "-m", "cxtext", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"cxtext {version('cxtext')}\n"
