from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.domain import Case, Facts, Ticket
from cxtext.text.prepare import content_hash, language_of, prepare, prepare_all
from cxtext.text.redact import Redactor

REDACTOR = Redactor(b"k" * 32)
LANGUAGES = ("de", "en")
MAIL = "Guten Tag,\n\nder Zähler 4711-22 im Keller ist defekt, sagt Herr Brandt.\n\nMit freundlichen Grüßen\nEva Kern\nTel. 07531 25913"


def prepared(ticket: Ticket) -> Case:
    return prepare(ticket, languages=LANGUAGES, redactor=REDACTOR)


def test_a_mail_becomes_a_case_without_its_sender() -> None:
    facts = Facts(
        customer_id="C-17",
        assignee="Tom Blau",
        created_at=datetime(2025, 3, 1, tzinfo=UTC),
        extra={"note": "Eva Kern, eva@mail.example", "n": 3},
    )
    case = prepared(Ticket(id="1", text=MAIL, people=("Eva Kern",), facts=facts))
    assert case.text.startswith("der Zähler 4711-22 im Keller ist defekt, sagt Herr <NAME_")
    assert case.language == "de"
    everything = repr(case)
    assert not any(private in everything for private in ("Kern", "Brandt", "C-17", "Blau", "25913", "eva@"))
    assert case.facts.extra["n"] == 3
    assert case.facts.customer_id == REDACTOR.pseudonym("customer", "C-17")
    assert case.facts.created_at == facts.created_at
    assert [piece.split("_")[0] for piece in case.removed] == ["Guten Tag,", "Mit freundlichen Grüßen", "<NAME"]


def test_the_same_ticket_gives_the_same_case() -> None:
    ticket = Ticket(id="1", text=MAIL, people=("Eva Kern",))
    assert prepared(ticket) == prepared(ticket)
    assert list(prepare_all([ticket] * 2, languages=LANGUAGES, redactor=REDACTOR)) == [prepared(ticket)] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"text": "anders"},
        {"people": ("Max",)},
        {"facts": Facts(stars=1)},
        {"facts": Facts(extra={"a": 1})},
        {"id": "2"},
    ],
)
def test_the_content_hash_changes_with_everything_the_source_says(change: dict[str, object]) -> None:
    ticket = Ticket(id="1", text=MAIL)
    assert content_hash(ticket) == content_hash(replace(ticket, line=7))
    assert content_hash(replace(ticket, **change)) != content_hash(ticket)  # type: ignore[arg-type]


def test_characters_that_no_database_takes_are_gone_everywhere() -> None:
    case = prepared(
        Ticket(
            id="a\x00b",
            text="kaputt\x00\ud800!",
            facts=Facts(product="x\x00y", tags=("t\x00",), extra={"k\x00": "v\ud800"}),
        )
    )
    assert (case.id, case.text, case.facts.product, case.facts.tags, dict(case.facts.extra)) == (
        "ab",
        "kaputt!",
        "xy",
        ("t",),
        {"k": "v"},
    )


@pytest.mark.parametrize(
    ("extra", "expected"), [({"Auto-Submitted": "auto-replied"}, True), ({"Auto-Submitted": "no"}, False), ({}, False)]
)
def test_auto_replies_by_their_header(extra: dict[str, str], expected: bool) -> None:
    assert prepared(Ticket(id="1", text="Danke für Ihre Nachricht.", facts=Facts(extra=extra))).auto_reply is expected


def test_the_language_a_source_gives_decides_only_short_texts() -> None:
    assert prepared(Ticket(id="1", text="Router!", facts=Facts(language="en-GB"))).language == "en"
    assert prepared(Ticket(id="1", text=MAIL, facts=Facts(language="en"))).language == "de"


def test_most_of_a_mixed_mail_decides_its_language() -> None:
    german = "Der Aufzug im dritten Stock steht seit Montag still und niemand kümmert sich um die Reparatur, obwohl wir angerufen haben."
    english = "Please see below, thank you for looking into this matter for us."
    assert language_of(f"{german}\n\n{english}\n\n{german}", LANGUAGES) == "de"


def test_a_log_file_in_a_ticket_is_cut_and_the_cut_is_said() -> None:
    case = prepared(Ticket(id="1", text="Absturz " + "x" * 200_000))
    assert len(case.text) == 20_000
    assert case.removed[-1] == "[180008 more characters]"


@pytest.mark.parametrize(
    "piece",
    [
        "a@",
        " ",
        "1",
        "12 ",
        ">",
        ">\n",
        "<",
        "<p ",
        "Herr ",
        "Hans Meier ",
        "am 1\n",
        "von: a@b\n",
        "DE89 ",
        "\\n",
        "0:",
        "http://",
    ],
)
def test_hostile_texts_are_prepared(piece: str) -> None:
    """Each would take minutes if a pattern were quadratic; the suite's own time limit is the alarm."""
    case = prepared(Ticket(id="1", text=piece * (200_000 // len(piece)), people=("Hans Meier",)))
    assert "Meier" not in case.text


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200))
def test_any_text_is_prepared_and_loses_nothing_to_encoding(text: str) -> None:
    case = prepared(Ticket(id="1", text=text))
    case.text.encode()
    assert "\x00" not in case.text
