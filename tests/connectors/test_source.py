import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from cxtext.connectors import CONNECTORS, Source, describe, open_source
from cxtext.domain import Rejected, Ticket
from cxtext.errors import ConfigurationError, SourceError

ROWS = "id;Betreff;Beschreibung;Erstellt am;Abteilung\n00123;Rechnung;Doppelt abgebucht;03.05.2026 14:22;Buchhaltung\n"


def source_of(folder: Path, name: str, content: str | bytes, mapping: dict[str, str] | None = None) -> Source:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_source(str(file), mapping=mapping or {}, timezone="Europe/Berlin")


def tickets_of(source: Source) -> list[Ticket]:
    rows = list(source.rows())
    assert all(isinstance(row, Ticket) for row in rows), rows
    return [row for row in rows if isinstance(row, Ticket)]


def test_a_german_export_is_understood_without_any_mapping(tmp_path: Path) -> None:
    [ticket] = tickets_of(source_of(tmp_path, "tickets.csv", ROWS))
    assert (ticket.key, ticket.text, ticket.line) == ("file:00123", "Rechnung\n\nDoppelt abgebucht", 2)
    assert ticket.facts.created_at == datetime(2026, 5, 3, 12, 22, tzinfo=UTC)
    assert ticket.facts.given_department == "Buchhaltung"


def test_rows_can_be_read_again_and_come_out_the_same(tmp_path: Path) -> None:
    source = source_of(tmp_path, "tickets.csv", "text\n" + "Kein Netz\n" * 3)
    assert list(source.rows()) == list(source.rows())


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_compressed_files_read_like_plain_ones(tmp_path: Path, ending: str) -> None:
    pack = gzip.compress if ending == ".gz" else zstandard.ZstdCompressor().compress
    assert len(tickets_of(source_of(tmp_path, f"tickets.csv{ending}", pack(ROWS.encode())))) == 1


def test_equal_rows_without_ids_stay_different_tickets(tmp_path: Path) -> None:
    tickets = tickets_of(source_of(tmp_path, "tickets.csv", "text\n" + "Kein Netz seit gestern\n" * 1_000))
    assert len({ticket.id for ticket in tickets}) == 1_000


def test_made_ids_do_not_depend_on_the_name_of_the_file(tmp_path: Path) -> None:
    first, second = (tickets_of(source_of(tmp_path, name, "text\nKein Netz\n")) for name in ("may.csv", "june.csv"))
    assert [ticket.key for ticket in first] == [ticket.key for ticket in second]


def test_a_source_column_and_the_argument_name_the_source(tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("id,text,source\n1,Hallo,crm:de\n", "utf-8")
    plain = open_source(str(file), mapping={}, timezone="UTC")
    named = open_source(str(file), mapping={}, timezone="UTC", source="zendesk")
    assert [row.source for row in plain.rows()] == ["crm-de"]
    assert [row.source for row in named.rows()] == ["zendesk"]


def test_a_column_source_that_holds_channels_is_the_channel(tmp_path: Path) -> None:
    source = source_of(tmp_path, "tickets.csv", "id,text,source\n1,Hallo,Portal\n2,Hi,E-Mail\n")
    assert [ticket.facts.channel for ticket in tickets_of(source)] == ["form", "email"]


def test_limit_stops_early(tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("text\n" + "Kein Netz\n" * 9, "utf-8")
    assert len(list(open_source(str(file), mapping={}, timezone="UTC", limit=4).rows())) == 4


def test_standard_input_is_json_lines_and_can_be_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.TextIOWrapper(io.BytesIO(b'{"text": "Hallo"}\n{"text": "Half'))
    monkeypatch.setattr("sys.stdin", data)
    source = open_source("-", mapping={}, timezone="UTC")
    for _ in range(2):
        first, second = source.rows()
        assert isinstance(first, Ticket)
        assert isinstance(second, Rejected)
        assert second.line == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b" \n\n", "is empty"),
        ("empty.jsonl", b"\n", "is empty"),
        ("letter.docx", b"x", "no format is known for .docx"),
        ("tickets", b"x", "no ending"),
        ("tickets.csv", b"a,b\n1,2\n", "--map text=COLUMN"),
        ("tickets.csv", b"4711,Kein Netz seit gestern Abend um acht,9\n", "#2"),
        ("tickets.csv.gz", b"no gzip", "cannot be unpacked"),
        ("tickets.csv.zst", b"no zstd", "cannot be unpacked"),
        ("tickets.parquet", b"PAR1 no", "no readable Parquet"),
        ("tickets.xlsx", b"PK no", "no readable .xlsx"),
        ("tickets.mbox", b"Hello", "no mbox"),
        ("tickets.json", b"[{", "no JSON"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said.replace(".", r"\.")):
        source_of(tmp_path, name, content)


def test_a_missing_file_and_a_folder_are_mistakes_of_the_command_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no file"):
        open_source(str(tmp_path / "none.csv"), mapping={}, timezone="UTC")
    with pytest.raises(ConfigurationError, match="is a folder"):
        open_source(str(tmp_path), mapping={}, timezone="UTC")


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bomb.csv.gz"
    file.write_bytes(gzip.compress(b"text\n" + b"a" * 1_000_000))
    with pytest.raises(SourceError, match="more than 100,000 bytes"):
        open_source(str(file), mapping={}, timezone="UTC", cap=100_000)


def test_an_unknown_time_zone_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text("text\nHallo\n")
    with pytest.raises(ConfigurationError, match="Europe/Berlin"):
        open_source(str(tmp_path / "tickets.csv"), mapping={}, timezone="Mars/Olympus")


def test_describe_says_what_was_understood(tmp_path: Path) -> None:
    lines = describe(source_of(tmp_path, "tickets.csv", ROWS + "7;;Hallo;24.05.2026;Technik\n"))
    assert lines[0] == "tickets.csv: CSV (semicolon, UTF-8)"
    assert "created_at ← Erstellt am (day first)" in lines[1]


def test_every_format_can_be_loaded() -> None:
    assert all(callable(CONNECTORS.load(name)) for name in CONNECTORS.names())


def test_a_row_that_has_a_field_the_first_rows_lack_keeps_it(tmp_path: Path) -> None:
    lines = [json.dumps({"text": "Hallo"})] * 1_200 + [json.dumps({"text": "Hi", "product": "Router", "x": 1})]
    *_, last = tickets_of(source_of(tmp_path, "tickets.jsonl", "\n".join(lines)))
    assert (last.facts.product, dict(last.facts.extra)) == ("Router", {"x": 1})
