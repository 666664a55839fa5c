from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.connectors import tickets_from_rows
from cxtext.connectors.given import named
from cxtext.domain import Rejected, Ticket
from cxtext.errors import ConfigurationError


def read(*rows: dict[str, Any]) -> list[Ticket | Rejected]:
    return list(tickets_from_rows(rows, timezone="Europe/Berlin", source="api"))


def test_fields_of_the_interface_are_read_as_in_files() -> None:
    (found,) = read(
        {"id": 7, "subject": "Paket", "body": "Es fehlt.", "created_at": "3.5.2026 10:00", "csat": 80, "csat_max": 100}
    )
    assert isinstance(found, Ticket)
    assert (found.id, found.source, found.text, found.line) == ("7", "api", "Paket\n\nEs fehlt.", 1)
    assert found.facts.created_at is not None
    assert found.facts.created_at.isoformat() == "2026-05-03T08:00:00+00:00"
    assert found.facts.csat == 4.2


def test_a_source_of_its_own_wins_and_has_no_colon() -> None:
    (found,) = read({"text": "a", "source": "zendesk:eu"})
    assert found.source == "zendesk-eu"


def test_what_is_not_known_is_kept_and_persons_are_not() -> None:
    (found,) = read({"text": "a", "Filiale": "Ulm", "extra": {"gate": 4, "text": "b"}, "kunde": "Erna Quast"})
    assert isinstance(found, Ticket)
    assert dict(found.facts.extra) == {"Filiale": "Ulm", "gate": 4, "extra.text": "b"}
    assert "Erna Quast" in found.people


@pytest.mark.parametrize(
    "row",
    [{}, {"text": ""}, {"text": None}, {"id": "1"}, {"text": "a", "created_at": "gestern"}, {"text": "a", "nps": 11}],
)
def test_what_is_no_ticket_is_rejected_with_its_line(row: dict[str, Any]) -> None:
    good, bad = read({"text": "gut"}, row)
    assert isinstance(good, Ticket)
    assert isinstance(bad, Rejected)
    assert (bad.source, bad.line) == ("api", 2)
    assert bad.reason


def test_equal_rows_without_an_id_stay_apart_and_come_again_with_the_same_ids() -> None:
    ids = [found.id for found in read({"text": "a"}, {"text": "a"}) if isinstance(found, Ticket)]
    assert len(set(ids)) == 2
    assert ids == [found.id for found in read({"text": "a"}, {"text": "a"}) if isinstance(found, Ticket)]


def test_an_unknown_zone_is_said_before_anything_is_read() -> None:
    with pytest.raises(ConfigurationError, match="no time zone 'Mars'"):
        tickets_from_rows([], timezone="Mars", source="api")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["text", "id", "created_at", "csat", "tags", "extra", "source", "x"]), JSON),
        max_size=4,
    )
)
def test_anything_json_holds_is_a_ticket_or_rejected(rows: list[dict[str, Any]]) -> None:
    assert [found.line for found in read(*rows)] == list(range(1, len(rows) + 1))


def test_keys_of_a_system_of_ones_own_are_read_as_the_header_of_a_file_is():
    row = {"Betreff": "Rechnung", "Beschreibung": "falsch", "Eingang": "2026-03-01", "Filiale": "Bonn", "text": None}
    assert named(row) == {"subject": "Rechnung", "text": "falsch", "created_at": "2026-03-01", "Filiale": "Bonn"}


def test_a_field_that_is_there_is_never_replaced_and_the_better_name_counts():
    assert named({"id": "7", "Ticketnummer": "8"}) == {"id": "7", "Ticketnummer": "8"}
    first = named({"Beschreibung": "lang", "Inhalt": "kurz"})
    assert first == named({"Inhalt": "kurz", "Beschreibung": "lang"})
    assert set(first) & {"text", "body"}
    assert set(first.values()) == {"kurz", "lang"}
