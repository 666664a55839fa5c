"""The command line as users type it: real processes, exit codes, one JSON object."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from cxtext.cli import app

ROOT = Path(__file__).parents[2]


def cxtext(*words: str, folder: Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cxtext", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, input=text, check=False)
    assert "Traceback" not in done.stderr
    return done


def commands() -> list[str]:
    root = get_command(app)
    found = []
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        children = getattr(command, "commands", None)
        found += [f"{name} {child}" for child in children] if children else [name]
    return found


@pytest.mark.parametrize("name", commands())
def test_every_command_explains_itself(name: str, tmp_path: Path) -> None:
    done = cxtext(*name.split(), "--help", folder=tmp_path)
    assert done.returncode == 0
    assert "Usage" in done.stdout


@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"cxtext {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_init_writes_a_configuration_that_works(tmp_path: Path) -> None:
    assert cxtext("init", folder=tmp_path).returncode == 0
    (tmp_path / "a.csv").write_text("text\nDas Paket fehlt\n", encoding="utf-8")
    done = cxtext("run", "a.csv", "--json", folder=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["new"] == 1
    again = cxtext("init", folder=tmp_path)
    assert again.returncode == 2
    assert "exists already" in again.stderr


WRONG_CALLS = [
    (["run", "missing.csv"], 2, "missing.csv"),
    (["run", "empty.csv"], 1, "empty"),
    (["run", "numbers.csv"], 1, "--map text="),
    (["run", "good.csv", "--map", "text=Nachricht"], 2, "Nachricht"),
    (["run", "good.csv", "--map", "text"], 2, "--map text=Beschreibung"),
    (["run", "good.csv", "--as-of", "gestern"], 2, "2026-05-03"),
    (["run", "good.csv", "--config", "nowhere.toml"], 2, "cxtext init"),
    (["run", "good.csv", "--recipe", "slow"], 2, "known: fast"),
    (["run", "good.csv", "--db", "nonsense"], 2, "a URL looks like"),
    (["run", "good.xyz"], 1, ".csv"),
    (["run", "folder"], 2, "folder"),
    (["export", "tickets", "-o", "a.csv", "--db", "sqlite:///none.db"], 1, "no database"),
    (["export", "things", "-o", "a.csv"], 2, "known: tickets"),
    (["topics", "show", "T-9999"], 1, "no database"),
    (["frobnicate"], 2, "frobnicate"),
]


@pytest.mark.parametrize(
    ("words", "code", "hint"), WRONG_CALLS, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_mistakes_get_a_clear_line_and_the_right_code(tmp_path: Path, words: list[str], code: int, hint: str) -> None:
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "good.csv").write_text("text\nDas Paket fehlt\n")
    (tmp_path / "good.xyz").write_text("text\nDas Paket fehlt\n")
    (tmp_path / "folder").mkdir()
    done = cxtext(*words, folder=tmp_path)
    assert done.returncode == code, done.stderr
    assert hint in done.stderr
    told = cxtext(*words, "--json", folder=tmp_path)
    if "frobnicate" not in words:
        assert told.returncode == code
        assert set(json.loads(told.stdout)) == {"error", "message"}


def test_quarantined_rows_make_exit_code_3_and_strict_makes_1(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text,created_at\n1,Das Paket fehlt,gestern\n2,Das Paket fehlt,2026-10-01\n")
    strict = cxtext("run", "a.csv", "--strict", folder=tmp_path)
    assert strict.returncode == 1
    done = cxtext("run", "a.csv", folder=tmp_path)
    assert done.returncode == 3
    assert "quarantine" in done.stdout
    cxtext("export", "quarantine", "-o", "q.jsonl", folder=tmp_path)
    row = json.loads((tmp_path / "q.jsonl").read_text())
    assert row["line"] == 2
    assert "gestern" in row["reason"]


def test_jsonl_on_stdin(tmp_path: Path) -> None:
    lines = '{"id": "1", "text": "Das Paket fehlt"}\n{"id": "2", "te'
    done = cxtext("run", "-", "--json", folder=tmp_path, text=lines)
    assert done.returncode == 3
    assert json.loads(done.stdout)["new"] == 1


def test_redact_and_clean_are_filters(tmp_path: Path) -> None:
    text = "Hallo,\ndie Lieferung zu Bestellung 4711-22 fehlt. Mail: anna.muster@example.org\n\nMit freundlichen Grüßen\nAnna Muster\n"
    redacted = cxtext("redact", folder=tmp_path, text=text).stdout
    assert "anna.muster" not in redacted
    assert "4711-22" in redacted
    line = json.dumps({"id": 7, "text": text})
    told = json.loads(cxtext("clean", "--json", folder=tmp_path, text=line).stdout)
    assert told["id"] == 7
    assert "Lieferung" in told["text"]
    assert "freundlichen" not in told["text"]


def test_what_people_do_with_topics_outlives_the_next_run(demo_folder: Path) -> None:
    db = ("--db", "sqlite:///cxtext.db")
    topics = json.loads(cxtext("topics", "list", "--json", *db, folder=demo_folder).stdout)["topics"]
    first, second, third = (topic["topic_id"] for topic in topics[:3])
    size = topics[0]["size"] + topics[1]["size"]
    assert cxtext("topics", "rename", third, "Mein Name", "--by", "anna", *db, folder=demo_folder).returncode == 0
    assert (
        cxtext(
            "topics", "merge", first, second, "--by", "anna", "--why", "dasselbe", *db, folder=demo_folder
        ).returncode
        == 0
    )
    assert cxtext("run", "tickets.csv", "--json", *db, folder=demo_folder).returncode == 0
    merged = json.loads(cxtext("topics", "show", second, "--json", *db, folder=demo_folder).stdout)
    assert merged["topic_id"] == first
    assert merged["size"] == size
    named = json.loads(cxtext("topics", "show", third, "--json", *db, folder=demo_folder).stdout)
    assert (named["label"], named["named_by"]) == ("Mein Name", "anna")
    history = json.loads(cxtext("topics", "history", first, "--json", *db, folder=demo_folder).stdout)
    assert len(history["moves"]) == topics[1]["size"]
    assert history["acts"][0]["why"] == "dasselbe"
    unknown = cxtext("topics", "show", "T-9999", *db, folder=demo_folder)
    assert unknown.returncode == 2
    assert "cxtext topics list" in unknown.stderr


def test_topics_that_look_like_one_are_named_and_merging_them_settles_it(demo_folder: Path) -> None:
    db = ("--db", "sqlite:///cxtext.db")
    pairs = json.loads(cxtext("topics", "similar", "--json", *db, folder=demo_folder).stdout)["similar"]
    assert pairs, "the demo has issues that fell into two topics"
    first, second = pairs[0]["topic_id"], pairs[0]["other_id"]
    assert pairs[0]["size"] >= pairs[0]["other_size"]
    near = json.loads(cxtext("topics", "similar", second, "--json", *db, folder=demo_folder).stdout)["similar"]
    assert (near[0]["topic_id"], near[0]["other_id"]) == (second, first)
    assert near[0]["other_label"] in cxtext("topics", "similar", second, *db, folder=demo_folder).stdout
    assert cxtext("topics", "merge", first, second, "--by", "anna", *db, folder=demo_folder).returncode == 0
    later = json.loads(cxtext("topics", "similar", "--json", *db, folder=demo_folder).stdout)["similar"]
    assert all(second not in (one["topic_id"], one["other_id"]) for one in later)


def test_doctor_finds_what_is_wrong(demo_folder: Path) -> None:
    healthy = cxtext("doctor", "--json", "--db", "sqlite:///cxtext.db", folder=demo_folder)
    assert json.loads(healthy.stdout)["healthy"] is True
    assert healthy.returncode == 0
    (demo_folder / "cxtext.toml").write_text('recipe = "slow"\n')
    ill = cxtext("doctor", folder=demo_folder)
    assert ill.returncode == 1
    assert "MEND" in ill.stdout
    (demo_folder / "cxtext.toml").write_text('databse = "x"\n')
    assert "no setting 'databse'" in cxtext("doctor", folder=demo_folder).stdout


def test_detect_finds_a_surge_in_a_table_of_counts(tmp_path: Path) -> None:
    from datetime import date, timedelta

    first = date(2025, 1, 1)
    lines = ["day,calm,leak"]
    lines += [f"{first + timedelta(n)},{3 + n % 3},{2 + n % 2 + (15 if n >= 390 else 0)}" for n in range(400)]
    (tmp_path / "counts.csv").write_text("\n".join(lines) + "\n")
    signals = json.loads(cxtext("detect", "counts.csv", "--from", "2025-12-01", "--json", folder=tmp_path).stdout)[
        "signals"
    ]
    assert {signal["series"] for signal in signals} == {"leak"}
    assert set(signals[0]) == {"series", "day", "kind", "count", "expected", "evidence_strength", "why"}
    assert first + timedelta(390) <= date.fromisoformat(signals[0]["day"]) <= first + timedelta(393)
    (tmp_path / "bad.csv").write_text("day,a\n2025-01-01,many\n")
    bad = cxtext("detect", "bad.csv", folder=tmp_path)
    assert bad.returncode == 1
    assert "many" in bad.stderr
