"""A job as operators see it: one JSON object a line, a file for Prometheus, SIGTERM, a full disk."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = [
    {"id": str(n), "text": f"Das Paket {n} von Eva Muster ist seit Tagen nicht angekommen.", "created_at": "2026-05-04"}
    for n in range(40)
]


def start(folder: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cxtext", "run", *words], cwd=folder, env=os.environ | more, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(process: subprocess.Popen[str], rows: list[dict[str, str]]) -> tuple[int, str, list[str]]:
    out, err = process.communicate("".join(json.dumps(row) + "\n" for row in rows))
    assert "Traceback" not in err
    return process.returncode, out, err.splitlines()


def figures(file: Path) -> dict[str, float]:
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    }


def test_a_run_logs_json_lines_and_writes_figures_without_a_word_of_any_ticket(tmp_path):
    code, out, lines = finish(start(tmp_path, "-", "--log", "json", "--metrics-file", "night.prom"), ROWS)
    assert (code, out) == (0, "")
    told = [json.loads(line) for line in lines]
    assert [line["event"] for line in told if line["event"] != "stage_done"] == ["run_began", "run_done"]
    assert {"reading tickets", "finding topics", "telling people"} <= {line.get("stage") for line in told}
    assert all(line["run"] == 1 and line["level"] == "info" and line["time"].endswith("Z") for line in told)
    assert told[-1]["counts"]["new"] == 40
    seen = figures(tmp_path / "night.prom")
    assert seen['cxtext_run_state{state="done"}'] == 1
    assert seen['cxtext_run_rows{what="new"}'] == 40
    assert seen["cxtext_run_success_timestamp_seconds"] == pytest.approx(seen["cxtext_run_heartbeat_timestamp_seconds"])
    assert seen["cxtext_run_memory_peak_bytes"] > 1e7
    text = (tmp_path / "night.prom").read_text(encoding="utf-8")
    assert not re.search("Paket|Muster|angekommen", text + " ".join(lines))
    names = {line.split("{")[0].split()[0] for line in text.splitlines() if not line.startswith("#")}
    assert all(f"# TYPE {name} gauge" in text and f"# HELP {name} " in text for name in names)
    assert [path.name for path in tmp_path.glob("*.unfinished")] == []


def test_sigterm_ends_a_run_between_two_transactions_and_the_next_one_goes_on(tmp_path):
    process = start(tmp_path, "-", "--log", "json", "--metrics-file", "night.prom")
    assert process.stderr is not None
    assert json.loads(process.stderr.readline())["event"] == "run_began"  # now it waits for its tickets
    process.send_signal(signal.SIGTERM)
    code, _, lines = finish(process, ROWS)
    assert code == 5
    assert json.loads(lines[-1])["event"] == "run_stopped"
    assert figures(tmp_path / "night.prom")['cxtext_run_state{state="stopped"}'] == 1
    code, out, _ = finish(start(tmp_path, "-", "--json"), ROWS)
    assert code == 0
    told = json.loads(out)
    assert (told["resumed"], told["new"] + told["unchanged"]) == (True, 40)


def test_failures_are_lines_and_figures_too(tmp_path):
    code, _, lines = finish(start(tmp_path, "missing.csv", "--log", "json", "--metrics-file", "night.prom"), [])
    assert code == 2
    assert json.loads(lines[-1]) | {"time": "", "seconds": 0} == {
        "time": "", "level": "error", "event": "run_failed", "run": 1, "seconds": 0, "counts": {},
        "error": "ConfigurationError", "message": "there is no file missing.csv",
    }  # fmt: skip
    assert figures(tmp_path / "night.prom")['cxtext_run_state{state="failed"}'] == 1


@pytest.mark.parametrize("name", ["night.txt", "nowhere/night.prom"])
def test_a_metrics_file_that_cannot_be_is_refused_before_anything_begins(tmp_path, name):
    code, _, lines = finish(start(tmp_path, "-", "--metrics-file", name), ROWS)
    assert code == 2
    assert "name a file *.prom in a folder that is there" in lines[-1]
    assert not (tmp_path / "cxtext.db").exists()


def test_a_full_folder_for_temporary_files_is_said_in_one_line(tmp_path):
    """The disk is full where temporary files go: no file there may grow (as in tests/benchmarks/faults.py)."""
    code = (
        "import errno, os, sys, tempfile\n"
        "def full(*words, **more):\n"
        "    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))\n"
        "tempfile.TemporaryFile = tempfile.NamedTemporaryFile = full\n"
        "sys.argv = ['cxtext', 'analyze', 'Das Paket ist nicht angekommen.']\n"
        "from cxtext.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "No space left on device. Make room, or set TMPDIR" in done.stderr
