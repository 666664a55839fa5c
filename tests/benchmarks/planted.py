"""Plant made-up personal data, German and English, and look for it in all that the product keeps, writes and says.

    python tests/benchmarks/planted.py --count 1000

Tickets made by Faker from the templates of `cxtext evaluate pii` go through the command line with two workers: texts,
names in columns, a column of its own, rows that are no tickets. Then every byte that is left is searched: database and
write-ahead log, vectors, learned models, temporary files, log and figures, every export and every report. Names leak by
any of their words where the ticket itself is told, and as a whole anywhere; all else as it stands, blanks or not.
"""

import argparse
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cxtext.evaluate.pii import _KIND_OF, STRUCTURED, MadeUp, _leaks, make_texts
from cxtext.export import KINDS

WANTED = frozenset({"email", "iban", "card", "phone"})
FORMS = ("csv", "jsonl", "parquet", "xlsx")
CONFIGURATION = """
db = "sqlite:///cxtext.db"
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
    parser.add_argument("--keep", type=Path, default=None, help="leave everything there, to look at")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="cxtext-planted-"))
    folder.mkdir(parents=True, exist_ok=True)
    planted = _planted(asked.count, asked.seed)
    source = folder / "source"
    work = folder / "work"
    for place in (source, work, work / "tmp"):
        place.mkdir(exist_ok=True)
    _write(source / "tickets.csv", planted)
    _work(work, source / "tickets.csv")
    told = _search(work, planted)
    print(json.dumps(told | {"seed": asked.seed}, ensure_ascii=False))
    if asked.keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if told["structured left"] or float(str(told["names left, share"])) > 0.05 else 0)


def _planted(count: int, seed: int) -> list[MadeUp]:
    """Texts with at least `count` strings of persons between them."""
    found: list[MadeUp] = []
    strings = 0
    for made in make_texts(10 * count, seed):
        if strings >= count:
            return found
        personal = sum(_KIND_OF.get(place, "address") != "address" for place, _ in made.values)
        strings += personal
        found += [made] if personal else []
    return found


def _write(path: Path, planted: list[MadeUp]) -> None:
    """The tickets; every tenth row is none, because its rating is a text of another one."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "text", "created_at", "customer name", "agent", "note", "csat", "product"))
        for number, made in enumerate(planted):
            day = f"2026-{9 + number % 2:02}-{number % 28 + 1:02}"
            rating = made.text if number % 10 == 9 else number % 5 + 1
            rows.writerow((number, made.text, day, *made.people, made.text, rating, "Pumpe 3"))


def _work(folder: Path, source: Path) -> None:
    """A night, learning, a search, every export and report, as somebody types them."""
    (folder / "cxtext.toml").write_text(CONFIGURATION, encoding="utf-8")
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
    _say(folder, "alerts", "list")
    for what in ("sentiment", "causes", "departments"):
        _say(folder, "train", what, "--force")
    _say(folder, "run", "--log", "json", "--as-of", "2026-11-02")
    _say(folder, "export", "tickets", "-o", "tickets.csv")
    _export(folder)
    for form in ("html", "md", "csv", "pdf"):
        for language in ("de", "en"):
            _say(folder, "report", "weekly", "--language", language, "-o", f"weekly-{language}.{form}")
    _say(folder, "topics", "list")
    _say(folder, "doctor")
    _say(folder, "run", "nowhere.csv", "--log", "json")  # a failure and its message


def _export(folder: Path) -> None:
    """Every kind in every format, as `cxtext export` writes it; in one process, which spares fifty starts."""
    from cxtext.export import write_file
    from cxtext.store import open_store, runs

    store = open_store(f"sqlite:///{folder / 'cxtext.db'}")
    with store.read() as connection:
        shown = runs.current(connection)
        for name, kind in KINDS.items():
            for form in FORMS:
                write_file(folder / f"{name}.{form}", kind.columns, kind.rows(connection, shown))
    store.close()


def _say(folder: Path, *words: str) -> None:
    """One command; what it says is kept, whatever becomes of it."""
    surroundings = os.environ | {"TMPDIR": str(folder / "tmp")}
    done = subprocess.run(
        [sys.executable, "-m", "cxtext", *words], cwd=folder, env=surroundings, capture_output=True, check=False
    )
    with (folder / "said.log").open("ab") as log:
        log.write(f"$ {' '.join(words)}: {done.returncode}\n".encode() + done.stdout + done.stderr)


def _search(folder: Path, planted: list[MadeUp]) -> dict[str, object]:
    kept = list(_kept(folder))
    everything = "\n".join(text for _, text in kept)
    narrow = re.sub(r"\s", "", everything)
    own = _tickets(folder)
    total: Counter[str] = Counter()
    left: Counter[str] = Counter()
    examples = []
    for number, made in enumerate(planted):
        for place, value in made.values:
            if (kind := _KIND_OF.get(place)) is None or kind == "address":
                continue
            name = kind in {"name", "unknown_name"}
            total["name" if name else kind] += 1
            there = _leaks(value, own.get(str(number), ""), kind) if name else value in everything
            there = there or (" " in value and value in everything) or (not name and re.sub(r"\s", "", value) in narrow)
            if there:
                left["name" if name else kind] += 1
                examples.append(f"{kind}: ticket {number}")
    names = left["name"] / max(total["name"], 1)
    return {
        "planted": total.total(), "by kind": dict(sorted(total.items())), "left": dict(sorted(left.items())),
        "structured left": sum(left[kind] for kind in STRUCTURED), "e-mail, IBAN, card, phone left": sum(left[kind] for kind in WANTED),
        "names left, share": round(names, 4), "tickets": len(planted), "tickets found": len(own),
        "places searched": len(kept), "characters searched": len(everything), "examples": examples[:20],
    }  # fmt: skip


def _tickets(folder: Path) -> dict[str, str]:
    """All that is told of each ticket, by its id."""
    lines = (folder / "tickets.jsonl").read_text(encoding="utf-8").splitlines()
    return {str(row["id"]): json.dumps(row, ensure_ascii=False) for row in map(json.loads, lines)}


def _kept(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file that is left, archives and columns unpacked, as text."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, content.decode("utf-8", "ignore")
            if path.suffix == ".parquet":
                import pyarrow.parquet as pq

                yield path.name, json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str)
            elif path.suffix == ".pdf":
                yield path.name, _printed(content)
            elif zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    for name in archive.namelist():  # NumPy keeps text in four bytes a letter
                        yield f"{path.name}/{name}", archive.read(name).replace(b"\0", b"").decode("utf-8", "ignore")
    yield "memory", _memories(folder)


def _memories(folder: Path) -> str:
    """What the topics remember, which the database keeps packed."""
    from cxtext.store import open_store, results

    store = open_store(f"sqlite:///{folder / 'cxtext.db'}", create=False)
    with store.read() as connection:
        held = results.newest_memory(connection)
    store.close()
    if held is None:
        return ""
    from cxtext.topics.memory import Memory

    return str(Memory.from_bytes(held[1]))


def _printed(content: bytes) -> str:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(content) as reader:
        return "\n".join(page.get_textpage().get_text_range() for page in reader)


if __name__ == "__main__":
    main()
