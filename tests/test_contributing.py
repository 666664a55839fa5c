"""The table in CONTRIBUTING.md is true: every place it names exists, and nothing needs more than three."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TABLE = TEXT.split("## Where a newcomer adds")[1].split("## Decisions")[0]
ROWS = [line for line in TABLE.splitlines() if line.startswith("| ") and "touch" not in line and "---" not in line]
PLACEHOLDERS = (
    "name.py",
    "xx.toml",
    "xx.tsv",
    "<department>.toml",
    "noun.py",
    "room.py",
    "test_noun.py",
    "test_name.py",
)


def test_every_place_that_is_named_exists() -> None:
    for place in re.findall(r"`((?:cxtext|models|api|tests)/[^`]*)`", TEXT):
        path = ROOT / place
        known = path if not place.endswith(PLACEHOLDERS) else path.parent
        assert known.exists(), place


def test_nothing_needs_more_than_three_places() -> None:
    assert len(ROWS) >= 8
    for row in ROWS:
        touched = row.split("|")[2]
        assert len(re.findall(r"`[^`]+`", touched.split("entry point")[0])) <= 3, row


def test_no_room_is_missing() -> None:
    rooms = {path.name for path in (ROOT / "cxtext").iterdir() if path.is_dir() and (path / "__init__.py").is_file()}
    named = set(re.findall(r"`cxtext/(\w+)`", TEXT))
    assert rooms - named <= {"cli", "demo"}
