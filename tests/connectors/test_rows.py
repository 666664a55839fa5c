from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.connectors import open_source
from cxtext.connectors.dates import Reader
from cxtext.connectors.names import NAMES
from cxtext.connectors.rows import Plan, Reading
from cxtext.connectors.table import Broken, Line
from cxtext.domain import Rejected, Ticket


def read(
    cells: Mapping[str, object], *, more: Mapping[str, object] | None = None, csat_max: float | None = None
) -> Ticket | Rejected:
    zone = ZoneInfo("Europe/Berlin")
    columns = tuple(cells)
    plan = Plan(
        name="t.csv",
        columns=columns,
        mapping={name: name for name in columns if name in NAMES and name != "people"},
        people=tuple(name for name in columns if name == "people"),
        dates={},
        default_date=Reader(zone),
        csat_max=csat_max,
    )
    [row] = Reading(plan).read(iter([Line(7, list(cells.values()), more or {})]))
    return row


def ticket(cells: Mapping[str, object], **options: float) -> Ticket:
    row = read(cells, csat_max=options.get("csat_max"))
    assert isinstance(row, Ticket), row
    return row


def reason(cells: Mapping[str, object], **options: float) -> str:
    row = read(cells, csat_max=options.get("csat_max"))
    assert isinstance(row, Rejected), row
    assert (row.source, row.line) == ("t.csv", 7)
    return row.reason


def test_every_field_finds_its_place() -> None:
    facts = ticket(
        {
            "text": "Hallo", "created_at": "2026-05-03", "language": "DE", "channel": "Telefon", "product": "Router",
            "version": 2.0, "customer_id": 4711, "department": "Technik", "category": "Netz", "tags": "a,b", "priority": "hoch",
            "status": "offen", "first_response_at": "2026-05-04", "resolved_at": "2026-05-05", "reopened": "2", "csat": "4,5",
            "nps": "9", "ces": 6, "stars": "4/5", "churned": "ja", "cost": "12,50 €", "updated_at": "2026-05-06", "Ort": "Köln",
        }
    ).facts  # fmt: skip
    assert (facts.language, facts.channel, facts.product, facts.version) == ("de", "phone", "Router", "2")
    assert (facts.customer_id, facts.given_department, facts.given_category) == ("4711", "Technik", "Netz")
    assert (facts.tags, facts.priority, facts.status) == (("a", "b"), "hoch", "offen")
    assert (facts.reopened, facts.csat, facts.nps, facts.ces, facts.stars) == (2, 4.5, 9, 6.0, 4.0)
    assert (facts.churned, facts.cost, dict(facts.extra)) == (True, 12.5, {"Ort": "Köln"})
    assert facts.created_at == datetime(2026, 5, 2, 22, tzinfo=UTC)
    assert facts.resolved_at == datetime(2026, 5, 4, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"subject": "A", "body": "B"}, "A\n\nB"),
        ({"subject": "A", "text": "B"}, "A\n\nB"),
        ({"subject": "Kein Netz", "body": "Kein Netz seit gestern"}, "Kein Netz seit gestern"),
        ({"subject": "A", "body": ""}, "A"),
        ({"subject": "A", "text": "T", "body": "B"}, "T"),
        ({"text": " x "}, "x"),
    ],
)
def test_subject_and_body_make_the_text(cells: dict[str, object], text: str) -> None:
    assert ticket(cells).text == text


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"text": ""}, "no text"),
        ({"text": "x" * 200_001}, "200,001 characters long; at most 200,000"),
        ({"text": "x", "created_at": "gestern"}, "created_at (column 'created_at'): 'gestern' is not a date such as"),
        ({"text": "x", "created_at": "31.02.2026"}, "is not a day that exists"),
        ({"text": "x", "nps": "11"}, "nps (column 'nps'): '11' is not 10 or less"),
        ({"text": "x", "nps": "7,5"}, "is not a whole number"),
        ({"text": "x", "csat": "6"}, "csat: 6 is not between 1 and 5"),
        ({"text": "x", "csat": "toll"}, "is not a number"),
        ({"text": "x", "csat": "101", "csat_max": "100"}, "csat: 101 is not between 0 and its maximum 100"),
        ({"text": "x", "ces": "0"}, "is not 1 or more"),
        ({"text": "x", "stars": "5,5"}, "is not 5 or less"),
        ({"text": "x", "churned": "vielleicht"}, "is not yes or no"),
        ({"text": "x", "id": "i" * 501}, "is not at most 500 characters long"),
    ],
)  # fmt: skip
def test_reasons_name_column_value_and_expectation(cells: dict[str, object], said: str) -> None:
    assert said in reason(cells)


@pytest.mark.parametrize(
    ("value", "most", "expected"), [("0", 100, 1.0), ("100", 100, 5.0), ("50", 100, 3.0), ("4", 5, 4.0)]
)
def test_csat_is_scaled_to_one_to_five(value: str, most: int, expected: float) -> None:
    assert ticket({"text": "x", "csat": value, "csat_max": most}).facts.csat == expected
    assert ticket({"text": "x", "csat": value}, csat_max=most).facts.csat == expected


@pytest.mark.parametrize(("word", "csat"), [("good", 5.0), ("Bad", 1.0), ("offered", None)])
def test_zendesk_s_words_for_satisfaction(word: str, csat: float | None) -> None:
    assert ticket({"text": "x", "csat": word}).facts.csat == csat


def test_empty_cells_say_nothing() -> None:
    facts = ticket({"text": "x", "created_at": "", "nps": None, "csat": "n/a", "cost": float("nan"), "Ort": ""}).facts
    assert (facts.created_at, facts.nps, facts.csat, facts.cost, dict(facts.extra)) == (None, None, None, None, {})


def test_people_are_kept_apart_and_the_assignee_is_one_of_them() -> None:
    found = ticket({"text": "x", "people": "Erika Muster", "assignee": "Max Beispiel"})
    assert found.people == ("Erika Muster", "Max Beispiel")
    assert dict(found.facts.extra) == {}


def test_a_name_in_place_of_a_customer_number_is_a_person() -> None:
    assert ticket({"text": "x", "customer_id": "Erika Muster"}).people == ("Erika Muster",)
    assert ticket({"text": "x", "customer_id": "K-4711"}).people == ()


def test_numbers_of_agents_are_no_names() -> None:
    assert ticket({"text": "x", "assignee": 4711}).people == ()


def test_late_columns_find_their_field_and_late_people_stay_people() -> None:
    row = read({"text": "x"}, more={"Produkt": "Router", "Kundenname": "Erika Muster", "zz": 1.5})
    assert isinstance(row, Ticket)
    assert (row.facts.product, row.people, dict(row.facts.extra)) == ("Router", ("Erika Muster",), {"zz": 1.5})


def test_raw_is_short_and_broken_rows_pass_through() -> None:
    row = read({"text": "", "Ort": "x" * 10_000})
    assert isinstance(row, Rejected)
    assert len(row.raw) == 2_000
    plan = Plan("t", (), {}, (), {}, Reader(ZoneInfo("UTC")))
    [broken] = Reading(plan).read(iter([Broken(3, "why", "raw")]))
    assert broken == Rejected(source="t", line=3, reason="why", raw="raw")


@given(
    st.dictionaries(
        st.sampled_from(sorted(set(NAMES) - {"people"})),
        st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.lists(st.text())),
        min_size=1,
    )
)
def test_any_cells_make_a_ticket_or_a_reason(cells: dict[str, object]) -> None:
    row = read(cells)
    if isinstance(row, Ticket):
        assert row.text
        assert row.id
        row.text.encode()
    else:
        assert row.reason


def test_a_row_that_is_no_ticket_does_not_name_the_people_of_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(
        "id,text,customer name,agent,csat\n1,Gruß Eva Muster,Eva Muster,Jan Klee,Muster war nett zu Klee\n",
        encoding="utf-8",
    )
    (row,) = open_source(str(file), mapping={"csat": "csat"}, timezone="Europe/Berlin").rows()
    assert isinstance(row, Rejected)
    assert not {"Eva", "Muster", "Klee"} & set(f"{row.raw} {row.reason}".replace(":", " ").split())
    assert "war nett" in row.raw
