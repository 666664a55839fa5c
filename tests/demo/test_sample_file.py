import csv
import json
from datetime import date, datetime
from pathlib import Path

from cxtext.demo.generate import generate
from cxtext.demo.sample_file import COLUMNS, as_row, write_csv, write_jsonl

UNTIL = date(2026, 11, 21)


def test_csv_comes_back_as_it_was_written(tmp_path: Path) -> None:
    tickets = list(generate(300, seed=2, until=UNTIL))
    assert write_csv(tmp_path / "demo.csv", tickets) == 300
    with (tmp_path / "demo.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    for ticket, row in zip(tickets, rows, strict=True):
        assert row["text"] == ticket.text
        assert row["id"] == ticket.id
        assert row["department"] == (ticket.facts.given_department or "")
        assert (datetime.fromisoformat(row["created_at"]) if row["created_at"] else None) == ticket.facts.created_at
        assert (float(row["csat"]) if row["csat"] else None) == ticket.facts.csat


def test_jsonl_leaves_out_what_is_unknown(tmp_path: Path) -> None:
    tickets = list(generate(50, seed=2, until=UNTIL))
    write_jsonl(tmp_path / "demo.jsonl", tickets)
    lines = [json.loads(line) for line in (tmp_path / "demo.jsonl").read_text("utf-8").splitlines()]
    assert [line["text"] for line in lines] == [ticket.text for ticket in tickets]
    assert all(None not in line.values() for line in lines)
    assert {name for line in lines for name in line} <= set(COLUMNS)


def test_a_row_has_the_names_of_the_contract_and_no_truth() -> None:
    row = as_row(next(generate(1, seed=2, until=UNTIL)))
    assert set(row) == set(COLUMNS)
    assert "category" not in row
