import json
from pathlib import Path

import pytest

from cxtext.connectors import open_source
from cxtext.domain import Rejected, Ticket
from cxtext.errors import SourceError


def read(folder: Path, name: str, content: str | bytes) -> list[Ticket | Rejected]:
    file = folder / name
    file.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return list(open_source(str(file), mapping={}, timezone="Europe/Berlin").rows())


def test_half_a_line_is_rejected_with_its_number_and_the_rest_goes_on(tmp_path: Path) -> None:
    first, second, third = read(tmp_path, "t.jsonl", '{"text": "eins"}\n{"text": "zw\n\n{"text": "drei"}\n')
    assert (first.line, second.line, third.line) == (1, 2, 4)
    assert isinstance(second, Rejected)
    assert "no whole JSON object" in second.reason
    assert second.raw == '{"text": "zw'


@pytest.mark.parametrize("line", ["[1]", "5", '"text"', "null", "[" * 100_000, '{"text": ' + "9" * 5_000 + "}"])
def test_lines_that_are_no_objects_are_rejected(tmp_path: Path, line: str) -> None:
    good, bad = read(tmp_path, "t.jsonl", '{"text": "eins"}\n' + line)
    assert isinstance(good, Ticket)
    assert isinstance(bad, Rejected)


def test_nested_values_get_dots_and_names_go_to_people(tmp_path: Path) -> None:
    record = {
        "id": 7,
        "text": "x",
        "customer": {"name": "Erika Muster", "id": 12},
        "tags": ["a", "b"],
        "deep": {"er": {"x": 1}},
    }
    [ticket] = read(tmp_path, "t.jsonl", json.dumps(record))
    assert isinstance(ticket, Ticket)
    assert (ticket.people, ticket.facts.customer_id, ticket.facts.tags) == (("Erika Muster",), "12", ("a", "b"))
    assert dict(ticket.facts.extra) == {"deep.er.x": 1}


def test_nesting_without_end_is_refused_with_a_reason(tmp_path: Path) -> None:
    deep = '{"a":' * 30 + "1" + "}" * 30
    [row] = read(tmp_path, "t.jsonl", f'{{"text": "x", "a": {deep}}}')
    assert isinstance(row, Rejected)
    assert row.reason == "nested deeper than 8 levels"


@pytest.mark.parametrize(
    "document",
    [
        [{"text": "x"}],
        {"tickets": [{"text": "x"}], "count": 1, "next_page": None},
        {"text": "x"},
        {"tickets": [{"text": "x"}], "users": []},
    ],
)
def test_documents_that_hold_tickets(tmp_path: Path, document: object) -> None:
    assert [
        row.text for row in read(tmp_path, "t.json", json.dumps(document, indent=2)) if isinstance(row, Ticket)
    ] == ["x"]


@pytest.mark.parametrize(
    "document", ["5", '{"a": [{"text": "x"}], "b": [{"text": "y"}]}', '{"a": 1}', "[" * 100_000, '[{"text": "x"}']
)
def test_documents_that_hold_none_are_source_errors(tmp_path: Path, document: str) -> None:
    with pytest.raises(SourceError, match=r"t\.json"):
        read(tmp_path, "t.json", document)


def test_an_empty_list_is_a_quiet_day(tmp_path: Path) -> None:
    assert read(tmp_path, "t.json", "[]") == []
    assert read(tmp_path, "t.json", '{"tickets": []}') == []


def test_lone_surrogates_and_nul_do_not_reach_a_ticket(tmp_path: Path) -> None:
    [ticket] = read(tmp_path, "t.jsonl", '{"text": "a\\ud800b\\u0000c"}')
    assert isinstance(ticket, Ticket)
    assert ticket.text == "a�bc"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_json_in_other_encodings(tmp_path: Path, codec: str) -> None:
    [ticket] = read(tmp_path, "t.jsonl", '{"text": "Grüße aus Köln"}\n'.encode(codec))
    assert isinstance(ticket, Ticket)
    assert ticket.text == "Grüße aus Köln"


def test_the_first_message_of_a_conversation_is_the_text(tmp_path: Path) -> None:
    record = {"id": 1, "title": "WLAN", "articles": [{"body": "Geht nicht"}, {"body": "Danke für Ihre Nachricht"}]}
    [ticket] = read(tmp_path, "t.json", json.dumps([record]))
    assert isinstance(ticket, Ticket)
    assert ticket.text == "WLAN\n\nGeht nicht"


def test_rich_text_of_jira_cloud_becomes_plain(tmp_path: Path) -> None:
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": word}, {"type": "text", "text": "!"}]}
        for word in ("Eins", "Zwei")
    ]
    issue = {
        "key": "CX-1",
        "fields": {"summary": "S", "description": {"type": "doc", "version": 1, "content": paragraphs}},
    }
    [ticket] = read(tmp_path, "t.json", json.dumps({"issues": [issue]}))
    assert isinstance(ticket, Ticket)
    assert (ticket.id, ticket.text) == ("CX-1", "S\n\nEins!\nZwei!")


def test_rows_of_a_document_are_counted_from_one(tmp_path: Path) -> None:
    rows = read(tmp_path, "t.json", '[{"text": "x"}, 5, {"text": ""}]')
    assert [row.line for row in rows] == [1, 2, 3]
