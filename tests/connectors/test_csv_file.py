import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cxtext.connectors import Source, open_source
from cxtext.connectors.values import is_absent
from cxtext.domain import Rejected, Ticket
from cxtext.errors import ConfigurationError, SourceError

QUIET = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=40)


def read(content: str | bytes, mapping: dict[str, str] | None = None, name: str = "t.csv") -> list[Ticket | Rejected]:
    return list(opened(content, mapping, name)[0])


def opened(content: str | bytes, mapping: dict[str, str] | None, name: str) -> tuple[list[Ticket | Rejected], Source]:
    with TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        source = open_source(str(file), mapping=mapping or {}, timezone="Europe/Berlin")
        return list(source.rows()), source


def texts(rows: list[Ticket | Rejected]) -> list[str]:
    return [row.text if isinstance(row, Ticket) else f"! {row.line} {row.reason}" for row in rows]


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
)
@QUIET
def test_what_csv_writes_is_read_back(
    rows: list[tuple[str, str]], delimiter: str, quoting: Literal[0, 1, 2], end: str, codec: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerow(["ticket_id", "text", "Bemerkung"])
    writer.writerows((number, text, note) for number, (text, note) in enumerate(rows))
    found = read(out.getvalue().encode(codec))
    assert len(found) == len(rows)
    for row, (text, _) in zip(found, rows, strict=True):
        if isinstance(row, Ticket):
            assert row.text.replace("\r", " ") == text.strip().replace("\r", " ")
        else:
            assert row.reason == "no text"
            assert is_absent(text.strip())


@given(data=st.binary(max_size=300), at=st.integers(0, 200), cut=st.integers(0, 40))
@QUIET
def test_mutated_bytes_raise_nothing_but_our_errors(data: bytes, at: int, cut: int) -> None:
    good = "id,text,date\n" + "\n".join(f'{n},"Kein Netz, {n}. Grüße",2026-05-0{n}' for n in range(1, 9))
    mutated = good.encode()[:at] + data + good.encode()[at + cut :]
    try:
        rows = read(mutated)
    except (SourceError, ConfigurationError):
        return
    assert all(isinstance(row, Ticket | Rejected) for row in rows)


@given(st.lists(st.text("ab,\"'; \n", max_size=20), max_size=10))
@QUIET
def test_every_physical_line_is_a_ticket_or_rejected(lines: list[str]) -> None:
    body = "\n".join(lines)
    rows = read(f"id,text\n{body}\n9,Ende\n")
    assume(rows)
    numbers = [row.line for row in rows]
    assert numbers == sorted(set(numbers), key=lambda number: number or 0)


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850", "utf-32"]
)
def test_umlauts_arrive_whole_from_every_encoding(codec: str) -> None:
    content = "id;text\n1;Für Jörg: die Tür schließt nicht, schöne Grüße aus Köln\n"
    assert texts(read(content.encode(codec))) == ["Für Jörg: die Tür schließt nicht, schöne Grüße aus Köln"]


def test_one_late_windows_byte_does_not_break_the_utf8_before_it() -> None:
    content = b"text\n" + "Schöne Grüße\n".encode() * 500 + "Straße\n".encode("cp1252")
    found = texts(read(content))
    assert (found[0], found[-1], len(found)) == ("Schöne Grüße", "Straße", 501)


def test_a_quote_that_never_closes_costs_one_row() -> None:
    rows = read('id,text\n1,gut\n2,"nie zu\n3,gut\n4,gut\n')
    assert texts(rows) == ["gut", "! 3 a quote is opened and never closed", "gut", "gut"]


def test_many_quotes_that_never_close_cost_their_rows_only() -> None:
    body = "".join(f'{n},"offen\n' if n % 50 == 0 else f"{n},gut\n" for n in range(1, 500))
    rows = read("id,text\n" + body)
    assert sum(isinstance(row, Ticket) for row in rows) + sum(isinstance(row, Rejected) for row in rows) == 499
    assert sum(isinstance(row, Rejected) for row in rows) == 9


def test_sloppy_quotes_inside_quotes_still_make_a_ticket() -> None:
    rows = read('id,text\n1,"Das "neue" Gerät"\n2,5" Bildschirm\n')
    assert all(isinstance(row, Ticket) for row in rows)
    assert "neue" in texts(rows)[0]


def test_backslashes_before_quotes_are_understood() -> None:
    rows = read('id,text\n1,"Er sagte \\"nein\\" zu mir"\n2,"Sie rief \\"ja\\" laut"\n')
    assert texts(rows) == ['Er sagte "nein" zu mir', 'Sie rief "ja" laut']


def test_ragged_rows_are_rejected_with_their_physical_line() -> None:
    rows = read('id,text\n1,"eine\nzwei"\n2,zu,viel\n3\n\n4,gut,,\n')
    assert texts(rows) == [
        "eine\nzwei",
        "! 4 3 cells where the header has 2: a delimiter or a quote is missing or too many",
        "! 5 1 cells where the header has 2: a delimiter or a quote is missing or too many",
        "gut",
    ]


def test_ten_megabytes_in_one_cell_are_rejected_with_length_and_cap() -> None:
    rows = read('id,text\n1,"' + ("a" * 999 + "\n") * 10_000 + '"\n2,gut\n')
    assert texts(rows) == ["! 2 the text is 9,999,999 characters long; at most 200,000 are read", "gut"]
    assert isinstance(rows[0], Rejected)
    assert len(rows[0].raw) <= 2_000


def test_nul_bytes_vanish() -> None:
    assert texts(read(b"id,text\n1,Kein\0 Netz\n")) == ["Kein Netz"]


def test_nothing_short_is_lost() -> None:
    assert texts(read("id,text\n1,🤬\n2,k\n3,   \n4,\n")) == ["🤬", "k", "! 4 no text", "! 5 no text"]


def test_a_file_of_one_column_keeps_its_commas() -> None:
    assert texts(read("text\nLangsam, teuer, laut\nGut\n")) == ["Langsam, teuer, laut", "Gut"]


def test_the_first_line_of_excel_names_the_delimiter() -> None:
    assert texts(read("sep=|\nid|text\n1|a;b\n")) == ["a;b"]


def test_single_quotes_are_found() -> None:
    content = "'id';'text'\n'1';'Kein Netz; nirgends'\n'2';'gut'\n"
    assert texts(read(content)) == ["Kein Netz; nirgends", "gut"]


def test_german_decimals_do_not_pass_for_columns() -> None:
    [row] = read("id;text;Kosten\n1;Zu teuer, zu spät;12,50\n")
    assert isinstance(row, Ticket)
    assert row.facts.cost == 12.5


def test_without_a_header_columns_go_by_number() -> None:
    rows, source = opened("7,Kein Netz hier\n8,Zu langsam\n", {"text": "#2", "id": "#1"}, "t.csv")
    assert [(row.id, row.line) for row in rows if isinstance(row, Ticket)] == [("7", 1), ("8", 2)]
    assert dict(source.mapping) == {"id": "#1", "text": "#2"}


def test_repeated_and_blank_headers_are_told_apart() -> None:
    rows, source = opened("id,text,Label,Label,\n1,Hallo,a,b,c\n", None, "t.csv")
    assert [dict(row.facts.extra) for row in rows if isinstance(row, Ticket)] == [
        {"Label": "a", "Label (2)": "b", "column 5": "c"}
    ]
    assert source.extra == ("Label", "Label (2)", "column 5")


def test_tsv_is_divided_by_tabs() -> None:
    rows, source = opened("id\ttext\n1\tEins, zwei; drei\n", None, "t.tsv")
    assert texts(rows) == ["Eins, zwei; drei"]
    assert source.description == "TSV (tab, UTF-8)"


def test_a_header_without_rows_is_a_quiet_day() -> None:
    assert read("id,text\n") == []


def test_a_header_that_nobody_typed_is_refused_or_told() -> None:
    for header in ("?\x1b wohin? Das Paket ist weg", "a\tDas Paket ist weg"):
        with pytest.raises(SourceError, match="the first line looks like data"):
            read(f"{header}\nDie Tür klemmt\nDas Licht geht aus\n")
    rows = read("id;text;x\x01 Das Paket ist weg\n1;Die Tür klemmt;\n2;Das Licht geht aus;\n")
    assert isinstance(rows[0], Rejected)
    assert "Das Paket ist weg" in rows[0].raw
    assert texts(rows[1:]) == ["Die Tür klemmt", "Das Licht geht aus"]
