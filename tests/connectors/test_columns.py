from collections.abc import Mapping, Sequence

import pytest

from cxtext.connectors.columns import Recognised, is_prose, key_of, keys_of, recognise
from cxtext.connectors.names import NAMES
from cxtext.errors import ConfigurationError

PROSE = ["Mein Router geht seit gestern nicht mehr", "Die Rechnung ist schon wieder falsch"]


def found(columns: Sequence[str], mapping: Mapping[str, str] | None = None, **samples: list[str]) -> Recognised:
    return recognise(columns, mapping or {}, samples)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Gelöst am:", "geloestam"),
        ("created_at", "createdat"),
        ("CreatedAt", "createdat"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Prio\u0308", "prioe"),
        ("Café-Nr.", "cafenr"),
    ],
)
def test_keys_ignore_case_accents_and_punctuation(written: str, key: str) -> None:
    assert key_of(written) == key


def test_names_are_seen_through_their_wrappers() -> None:
    assert "product" in keys_of("Custom field (Product)")
    assert "summary" in keys_of("fields.summary")
    assert "priority" in keys_of("fields.priority.name")
    assert "comment" in keys_of("Comment (2)")
    assert "kosten" in keys_of("Kosten (EUR)")


@pytest.mark.parametrize("field", NAMES)
def test_every_field_is_known_by_its_own_name(field: str) -> None:
    result = found([field, "text"])
    assert field in result.mapping or result.people == (field,)


VENDORS = {
    "Zendesk": (
        ["id", "_fivetran_synced", "assignee_id", "brand_id", "created_at", "description", "external_id", "group_id", "priority",
         "recipient", "requester_id", "status", "subject", "type", "updated_at", "url", "via_channel", "via_source_from_name"],
        {"id": "id", "text": "description", "subject": "subject", "created_at": "created_at", "updated_at": "updated_at",
         "channel": "via_channel", "customer_id": "requester_id", "department": "group_id", "priority": "priority",
         "status": "status", "assignee": "assignee_id", "category": "type", "product": "brand_id"},
    ),
    "Freshdesk": (
        ["id", "subject", "description", "description_text", "status", "priority", "type", "tags", "requester_id", "responder_id",
         "group_id", "product_id", "created_at", "updated_at", "name", "email", "stats.resolved_at", "stats.first_responded_at"],
        {"id": "id", "subject": "subject", "text": "description_text", "status": "status", "priority": "priority",
         "category": "type", "tags": "tags", "customer_id": "requester_id", "assignee": "responder_id",
         "department": "group_id", "product": "product_id", "created_at": "created_at", "updated_at": "updated_at",
         "resolved_at": "stats.resolved_at", "first_response_at": "stats.first_responded_at"},
    ),
    "Jira": (
        ["Summary", "Issue key", "Issue Type", "Status", "Priority", "Assignee", "Reporter", "Created", "Updated", "Resolved",
         "Component/s", "Affects Version/s", "Labels", "Description", "Custom field (Satisfaction)"],
        {"subject": "Summary", "id": "Issue key", "category": "Issue Type", "status": "Status", "priority": "Priority",
         "assignee": "Assignee", "created_at": "Created", "updated_at": "Updated", "resolved_at": "Resolved",
         "version": "Affects Version/s", "tags": "Labels", "text": "Description", "csat": "Custom field (Satisfaction)"},
    ),
    "Zammad": (
        ["id", "number", "title", "group", "priority", "state", "customer_id", "owner", "created_at", "updated_at", "close_at",
         "first_response_at", "articles.body", "note"],
        {"id": "id", "subject": "title", "department": "group", "priority": "priority", "status": "state",
         "customer_id": "customer_id", "assignee": "owner", "created_at": "created_at", "updated_at": "updated_at",
         "resolved_at": "close_at", "first_response_at": "first_response_at", "text": "articles.body"},
    ),
    "Google Play": (
        ["Package Name", "App Version Name", "Reviewer Language", "Device", "Review Submit Date and Time", "Star Rating",
         "Review Title", "Review Text", "Developer Reply Text"],
        {"product": "Package Name", "version": "App Version Name", "language": "Reviewer Language", "stars": "Star Rating",
         "created_at": "Review Submit Date and Time", "subject": "Review Title", "text": "Review Text"},
    ),
    "ein deutscher Export": (
        ["Vorgangsnummer", "Eingangsdatum", "Gelöst am", "Kundennummer", "Kundenname", "Anliegen", "Abteilung", "Kategorie",
         "Kanal", "Produkt", "Zufriedenheit", "Gekündigt", "Kosten", "Wiedereröffnet", "Bearbeiter", "Sterne"],
        {"id": "Vorgangsnummer", "created_at": "Eingangsdatum", "resolved_at": "Gelöst am", "customer_id": "Kundennummer",
         "text": "Anliegen", "department": "Abteilung", "category": "Kategorie", "channel": "Kanal", "product": "Produkt",
         "csat": "Zufriedenheit", "churned": "Gekündigt", "cost": "Kosten", "reopened": "Wiedereröffnet",
         "assignee": "Bearbeiter", "stars": "Sterne"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("vendor", VENDORS)
def test_exports_are_understood(vendor: str) -> None:
    columns, expected = VENDORS[vendor]
    mapping = found(columns).mapping
    assert {field: mapping.get(field) for field in expected} == expected


def test_names_of_people_are_collected_and_nothing_else_is() -> None:
    result = found(["id", "text", "Customer Name", "Agent Name", "E-Mail", "Telefon", "Straße", "Ort"])
    assert result.people == ("Customer Name", "Agent Name", "Telefon", "Straße")
    assert result.mapping["customer_id"] == "E-Mail"


def test_an_address_beside_a_customer_number_belongs_to_people() -> None:
    assert found(["text", "customer_id", "email"]).people == ("email",)


def test_what_the_user_says_comes_first_and_frees_nothing_else() -> None:
    result = found(["id", "text", "comment"], {"text": "Comment"})
    assert result.mapping == {"id": "id", "text": "comment"}


def test_an_empty_column_switches_a_field_off() -> None:
    assert "product" not in found(["text", "product"], {"product": ""}).mapping


def test_a_number_is_the_maximum_of_a_score() -> None:
    assert found(["text", "csat"], {"csat_max": "100"}).constants == {"csat_max": "100"}


def test_unknown_fields_and_columns_come_with_a_guess() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'department'"):
        found(["text"], {"departement": "text"})
    with pytest.raises(ConfigurationError, match="did you mean 'Produktname'"):
        found(["text", "Produktname"], {"product": "Produktnane"})


def test_bewertung_is_a_text_or_a_number_as_its_cells_say() -> None:
    assert found(["Bewertung"], Bewertung=PROSE).mapping == {"text": "Bewertung"}
    assert found(["text", "Bewertung"], Bewertung=["4", "5"]).mapping == {"text": "text", "stars": "Bewertung"}


def test_the_only_column_with_sentences_is_the_text() -> None:
    result = found(["k1", "k2"], k1=["4711", "4712"], k2=PROSE)
    assert (result.mapping, result.notes) == ({"text": "k2"}, ("k2 is the only column with free text",))


def test_two_columns_with_sentences_are_nobody_s_guess() -> None:
    assert found(["k1", "k2"], k1=PROSE, k2=PROSE).mapping == {}


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Survey results", ["Extremely happy"]),
        ("tag", ["vip"]),
        ("Resolved", ["yes", "no"]),
        ("Kündigung", ["2026-05-03"]),
        ("source", ["2", "3"]),
    ],
)
def test_a_column_whose_cells_contradict_its_name_is_kept_as_extra(name: str, cells: list[str]) -> None:
    assert recognise(["text", name], {}, {name: cells}).mapping == {"text": "text"}


def test_a_column_of_bad_dates_stays_the_date_so_that_the_rows_say_so() -> None:
    assert found(["text", "Datum"], Datum=["gestern"]).mapping == {"text": "text", "created_at": "Datum"}


def test_a_body_wins_over_notes_beside_it() -> None:
    assert found(["body", "notes"]).mapping == {"body": "body"}


@pytest.mark.parametrize(
    ("cells", "prose"), [(PROSE, True), (["2026-05-03 14:22:00.000 +0200"], False), ([""], False), (["kurz"], False)]
)
def test_prose(cells: list[str], *, prose: bool) -> None:
    assert is_prose(cells) is prose
