import random
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from cxtext.connectors import open_source
from cxtext.connectors.open_bytes import Content
from cxtext.connectors.xlsx_file import refuse_bombs
from cxtext.domain import Ticket
from cxtext.errors import SourceError


def workbook(file: Path, rows: list[list[object]], *, empty_first: bool = False) -> Path:
    with xlsxwriter.Workbook(str(file), {"default_date_format": "dd.mm.yyyy hh:mm"}) as book:
        if empty_first:
            book.add_worksheet("leer")
        sheet = book.add_worksheet("Tickets")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return file


def test_cells_keep_their_meaning(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Ticketnummer", "Erstellt am", "Text", "Kosten", "Ort"],
        ["00123", datetime.fromisoformat("2026-05-03T14:22"), "Hallo", 12.5, "Köln"],
        [124, "03.05.2026 14:22", "Welt", "1.234,50", ""],
    ]
    source = open_source(
        str(workbook(tmp_path / "t.xlsx", rows, empty_first=True)), mapping={}, timezone="Europe/Berlin"
    )
    first, second = source.rows()
    assert isinstance(first, Ticket)
    assert isinstance(second, Ticket)
    assert (first.id, second.id, first.line, second.line) == ("00123", "124", 2, 3)
    assert first.facts.created_at == second.facts.created_at == datetime(2026, 5, 3, 12, 22, tzinfo=UTC)
    assert (first.facts.cost, second.facts.cost) == (12.5, 1234.5)
    assert "sheet 'Tickets'" in source.description
    assert source.count == 2


def test_row_numbers_are_those_of_the_spreadsheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [[], ["id", "text"], [1, "eins"], [], [2, "zwei"]]
    source = open_source(str(workbook(tmp_path / "t.xlsx", rows)), mapping={}, timezone="UTC")
    assert [row.line for row in source.rows()] == [3, 5]


def test_a_workbook_without_rows_is_a_source_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has no rows"):
        open_source(str(workbook(tmp_path / "t.xlsx", [])), mapping={}, timezone="UTC")


def archive(file: Path, members: dict[str, bytes]) -> Content:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return Content(file, file.name)


def test_a_member_that_grows_a_hundredfold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="like a zip bomb"):
        refuse_bombs(archive(tmp_path / "t.xlsx", {"xl/worksheets/sheet1.xml": bytes(5_000_000)}), "t.xlsx")


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="2,001 parts"):
        refuse_bombs(archive(tmp_path / "t.xlsx", {str(at): b"" for at in range(2_001)}), "t.xlsx")


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    content = archive(tmp_path / "t.xlsx", {"xl/sheet.xml": random.Random(1).randbytes(1_000_000)})
    data = content.path.read_bytes().replace((1_000_000).to_bytes(4, "little"), (900_000).to_bytes(4, "little"))
    content.path.write_bytes(data)
    with pytest.raises(SourceError, match="more than it states"):
        refuse_bombs(content, "t.xlsx")
