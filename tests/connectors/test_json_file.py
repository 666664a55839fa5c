import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxtext.connectors import open_source
from cxtext.connectors.json_document import walk
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


def test_a_document_that_is_one_ticket_keeps_its_lists(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text('{"text": "Das Paket fehlt", "tags": ["a", "b"], "n": 1}', encoding="utf-8")
    (ticket,) = open_source(str(file), mapping={}, timezone="Europe/Berlin").rows()
    assert isinstance(ticket, Ticket)
    assert (ticket.text, ticket.facts.tags, ticket.facts.extra["n"]) == ("Das Paket fehlt", ("a", "b"), 1)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ('[{"text": "a"}', "']' is missing|',' is missing"),
        ('[{"text": "a"}] x', "something follows its end, at character 17"),
        ('[{"text": "a"}, ]', "at character 17"),
        ('{"a": [{"text": "b"}], "a": [{"text": "c"}]}', "the name 'a' is there twice"),
        ('"text"', "no list of objects"),
        ("[" * 200_000, "nested too deep|no JSON"),
    ],
)
def test_what_a_document_lacks_is_said(tmp_path: Path, document: str, said: str) -> None:
    file = tmp_path / "no.json"
    file.write_text(document, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        list(open_source(str(file), mapping={}, timezone="Europe/Berlin").rows())


@given(
    st.lists(st.fixed_dictionaries({"text": st.text(min_size=1), "n": st.integers()}), max_size=30), st.integers(1, 9)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_document_is_walked_as_it_would_be_read_at_once(records: list[dict[str, object]], block: int) -> None:
    text = json.dumps({"count": len(records), "tickets": records}, ensure_ascii=len(records) % 2 == 0)

    class Slow(io.StringIO):
        def read(self, size: int | None = -1, /) -> str:
            return super().read(min(size or 0, block))

    steps = list(walk(Slow(text)))
    assert [step.value for step in steps if step.kind == "item"] == records
    assert steps[0].value == len(records)


def test_a_row_that_says_something_twice_goes_to_quarantine(tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.json"):
        line = '{"text": "eins", "text": "zwei"}'
        (tmp_path / name).write_text(f"[{line}, {line}]" if name == "a.json" else f"{line}\n{line}\n", encoding="utf-8")
        source = open_source(str(tmp_path / name), mapping={"text": "text"}, timezone="Europe/Berlin")
        rows = list(source.rows())
        assert [type(row) for row in rows] == [Rejected, Rejected]
        assert all(isinstance(row, Rejected) and "'text' is there twice" in row.reason for row in rows)
