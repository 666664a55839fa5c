"""The commands that read one text, as users type them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CSV = (
    "id,text,requester,note\n"
    '1,"Mein Name ist Eva Kern, Tel. 0171 2345678",Eva Kern,ok\n'
    "2,Bestellung 4711-22 fehlt,Anna Muster,IBAN DE89 3704 0044 0532 0130 00\n"
)


def cxtext(*words: str, folder: Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cxtext", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, input=text, check=False)


def test_the_dry_run_counts_and_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    told = json.loads(cxtext("redact", "--report", "a.csv", "--json", folder=tmp_path).stdout)
    assert told["texts"] == 2
    assert told["kinds"] == {"NAME": 1, "PHONE": 1}
    assert told["columns"] == {"note": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    plain = cxtext("redact", "--report", "a.csv", "--limit", "1", folder=tmp_path).stdout
    assert "1 texts, in 1" in plain
    assert "E•• K•••" in plain
    assert "2345678" not in plain


def test_the_dry_run_reads_stdin_and_a_mapping(tmp_path: Path) -> None:
    line = json.dumps({"nr": 1, "Beschreibung": "Mail: eva@example.org"})
    words = ("redact", "--report", "-", "--map", "text=Beschreibung", "--json")
    assert json.loads(cxtext(*words, folder=tmp_path, text=line).stdout)["kinds"] == {"EMAIL": 1}


def test_a_filter_has_no_columns(tmp_path: Path) -> None:
    done = cxtext("redact", "-", "--limit", "3", folder=tmp_path, text="x")
    assert done.returncode == 2
    assert "--report" in done.stderr


@pytest.mark.parametrize("given", ["argument", "stdin"])
def test_analyze_says_what_a_text_says(tmp_path: Path, given: str) -> None:
    text = "Mein Paket ist seit drei Wochen nicht angekommen. Die App ist super."
    words = ("analyze", text) if given == "argument" else ("analyze", "-")
    told = cxtext(*words, folder=tmp_path, text=text).stdout
    assert "logistics/late-delivery" in told
    assert "RATER dimension reliability" in told
    told_json = json.loads(cxtext(*words, "--json", folder=tmp_path, text=text).stdout)
    assert [one["label"] for one in told_json["sentences"]] == ["negative", "positive"]
    assert list(tmp_path.iterdir()) == []


def test_analyze_needs_a_text(tmp_path: Path) -> None:
    assert cxtext("analyze", " ", folder=tmp_path).returncode == 2


def test_clean_knows_the_greetings_of_every_language(tmp_path: Path) -> None:
    letter = "Bonjour,\n\nmon colis est perdu depuis deux semaines.\n\nCordialement\nChloé Martin\n"
    assert cxtext("clean", folder=tmp_path, text=letter).stdout.strip() == "mon colis est perdu depuis deux semaines."
