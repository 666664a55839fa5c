"""Every format holds the same rows, and no spreadsheet runs any of them."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from cxtext.errors import ConfigurationError
from cxtext.export import harmless, write_file
from cxtext.export.kinds import Type

COLUMNS: dict[str, Type] = {
    "id": "text", "count": "integer", "share": "number", "day": "date", "at": "moment", "words": "texts",
}  # fmt: skip
ROWS: list[dict[str, Any]] = [
    {
        "id": "Größe",
        "count": 3,
        "share": 0.5,
        "day": date(2026, 5, 4),
        "at": datetime(2026, 5, 4, 8, tzinfo=UTC),
        "words": ["a", "ß"],
    },
    {"id": None, "count": None, "share": None, "day": None, "at": None, "words": []},
]
PAYLOADS = [
    start + rest
    for start in ("=", "+", "-", "@", "\t=", "\r=", "\n=", "|", "＝", "＋", "－", "＠", "\0=")
    for rest in ("1+1", 'HYPERLINK("http://x")', "cmd|' /C calc'!A0")
]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx"])
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    first, second = tmp_path / f"a.{form}", tmp_path / f"b.{form}"
    write_file(first, COLUMNS, iter(ROWS))
    write_file(second, COLUMNS, iter(ROWS))
    assert first.read_bytes() == second.read_bytes()


def test_jsonl_and_parquet_keep_types(tmp_path: Path) -> None:
    write_file(tmp_path / "a.jsonl", COLUMNS, ROWS)
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert lines[0] == {
        "id": "Größe", "count": 3, "share": 0.5, "day": "2026-05-04", "at": "2026-05-04T08:00:00Z", "words": ["a", "ß"],
    }  # fmt: skip
    write_file(tmp_path / "a.parquet", COLUMNS, ROWS)
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == ROWS


def test_csv_and_xlsx_can_be_read_again(tmp_path: Path) -> None:
    write_file(tmp_path / "a.csv", COLUMNS, ROWS)
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file))[1] == ["Größe", "3", "0.5", "2026-05-04", "2026-05-04T08:00:00Z", "a; ß"]
    write_file(tmp_path / "a.xlsx", COLUMNS, ROWS)
    sheet = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_index(0).to_python()
    assert sheet[1] == ["Größe", 3.0, 0.5, "2026-05-04", "2026-05-04T08:00:00Z", "a; ß"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula(tmp_path: Path, payload: str) -> None:
    write_file(tmp_path / "a.csv", {"text": "text"}, [{"text": payload}])
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        cell = list(csv.reader(file))[1][0]
    assert cell == "'" + (payload if payload[0] not in "\t\r\n" else f"{payload[0]}'{payload[1:]}")
    write_file(tmp_path / "a.xlsx", {"text": "text"}, [{"text": payload}])
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@given(st.text())
def test_harmless_texts_lose_nothing(text: str) -> None:
    assert harmless(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("gut;=1+1", "gut;'=1+1"),
        ("gut\n@SUM(1)", "gut\n'@SUM(1)"),
        ("eins; -2+3+cmd|' /C calc'!A0", "eins; '-2+3+cmd|' /C calc'!A0"),
        ('gut";"=1+1', 'gut";"\'=1+1'),
        ("super ;-) danke", "super ;-) danke"),
        ("Mängel:\n- Deckel\n- Griff", "Mängel:\n- Deckel\n- Griff"),
    ],
)
def test_what_a_german_excel_would_cut_off_is_no_formula_either(text: str, safe: str) -> None:
    assert harmless(text) == safe


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    write_file(tmp_path / "a.csv", {"share": "number"}, [{"share": -0.5}])
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == "-0.5"


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old")

    def broken() -> Any:
        yield ROWS[0]
        raise ValueError("the disk is on fire")

    with pytest.raises(ValueError, match="on fire"):
        write_file(target, COLUMNS, broken())
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_unknown_formats_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no format 'doc'.*csv, jsonl, parquet, xlsx"):
        write_file(tmp_path / "a.doc", COLUMNS, ROWS)
    with pytest.raises(ConfigurationError, match="cannot write"):
        write_file(tmp_path / "nowhere" / "a.csv", COLUMNS, ROWS)
