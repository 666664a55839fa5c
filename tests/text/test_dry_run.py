"""The dry run counts what would be hidden and shows none of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.domain import Facts, Ticket
from cxtext.text.dry_run import dry_run
from cxtext.text.redact import Redactor

LANGUAGES = ("de", "en")


def report(*texts: str, **facts: str):
    tickets = [Ticket(id=str(number), text=text, facts=Facts(extra=facts)) for number, text in enumerate(texts)]
    return dry_run(tickets, languages=LANGUAGES, redactor=Redactor())


def test_kinds_and_texts_are_counted() -> None:
    found = report("Mein Name ist Eva Kern.", "Bestellung 4711-22 fehlt.", "Mail an eva@example.org, eva2@example.org")
    assert (found.texts, found.texts_with_findings) == (3, 2)
    assert found.kinds == {"NAME": 1, "EMAIL": 2}


def test_samples_show_the_words_around_but_not_the_value() -> None:
    found = report("Ja, mein Name ist Eva Kern und meine Nummer 0171 2345678.")
    assert found.samples["NAME"] == ["Ja, mein Name ist E•• K••• und meine Nummer"]
    assert "2345678" not in str(found.samples)


def test_a_kind_has_three_samples_at_most_and_none_twice() -> None:
    found = report(*(f"Mein Name ist {name} Kern." for name in ("Eva", "Ute", "Maria", "Anneliese", "Bo", "Eva")))
    assert len(found.samples["NAME"]) == 3
    assert len(set(found.samples["NAME"])) == 3


def test_other_columns_are_counted_by_name() -> None:
    found = report("Alles gut", note="IBAN DE89 3704 0044 0532 0130 00", product="Lampe")
    assert found.columns == {"note": 1}


def test_people_of_the_helpdesk_are_found() -> None:
    ticket = Ticket(id="1", text="Bajram war sehr nett", people=("Bajram Kola",))
    assert dry_run([ticket], languages=LANGUAGES, redactor=Redactor()).kinds == {"NAME": 1}


@settings(deadline=None)  # the first text loads models
@given(st.lists(st.sampled_from(["Mein Name ist Eva Kern.", "eva@example.org", "0171 2345678", "alles gut", "\n"])))
def test_no_value_is_ever_shown(parts: list[str]) -> None:
    shown = str(report(". ".join(parts)).samples)
    assert not [value for value in ("Eva", "Kern", "eva@", "example.org", "2345678") if value in shown]
