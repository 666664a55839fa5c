from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.evaluate.cleaning import evaluate_mails, mail_errors, read_mails
from cxtext.text.clean import Removed, clean, find_boilerplate, printable

MAILS = Path(__file__).parent / "mails.txt"


@pytest.mark.parametrize("mail", list(read_mails(MAILS)), ids=lambda mail: mail.name)
def test_a_mail_is_cut_down_to_what_the_customer_wrote(mail) -> None:  # type: ignore[no-untyped-def]
    assert mail_errors(mail) == ([], [])


def test_goal_figures_on_all_mails() -> None:
    figures = evaluate_mails(MAILS)
    assert figures["mails"] >= 60
    assert figures["customer_lines_kept"] >= 0.995
    assert figures["noise_left"] <= 0.05


def test_what_is_taken_out_is_kept_apart() -> None:
    cleaned = clean("Guten Tag,\n\nes regnet herein.\n\nViele Grüße\nEva")
    assert cleaned.text == "es regnet herein."
    assert cleaned.removed == (
        Removed("greeting", "Guten Tag,"),
        Removed("closing", "Viele Grüße"),
        Removed("signature", "Eva"),
    )


@pytest.mark.parametrize(
    "text", ["Hallo", "Viele Grüße\nEva", "> alles zitiert\n> wirklich alles", "--\nEva", "\n\nHi,\n\n"]
)
def test_a_text_is_never_emptied(text: str) -> None:
    assert clean(text).text == text.strip()


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_stays_nothing(text: str) -> None:
    assert clean(text).text == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ich bin bis zum 17.03. abwesend.\nIhre Anfrage bearbeite ich danach.", True),
        ("Hello,\n\nI am out of the office until Monday.", True),
        ("Automatische Antwort: Re: Ihr Paket", True),
        ("Auf meine Frage kam nur 'Ihre Anfrage ist eingegangen', sonst nichts.", False),
        ("Der Kühlschrank ist laut.", False),
    ],
)
def test_auto_replies_are_marked_not_deleted(text: str, expected: bool) -> None:
    cleaned = clean(text)
    assert cleaned.auto_reply is expected
    assert cleaned.text


def test_literal_line_breaks_become_real_ones_but_paths_stay() -> None:
    assert clean(r"Zeile eins.\n\nZeile zwei.").text == "Zeile eins.\n\nZeile zwei."
    assert clean(r"Die Datei C:\neu\name.txt fehlt").text == r"Die Datei C:\neu\name.txt fehlt"


def test_boilerplate_is_what_many_different_texts_share() -> None:
    footer = "Formular gesendet von der Seite kontakt.example"
    texts = [f"Anliegen {number}\n{footer}" for number in range(50)] + ["Straße gesperrt seit gestern Abend"] * 100
    lines = find_boilerplate(texts)
    assert clean(f"Die Ampel ist aus\n{footer}", boilerplate=lines).text == "Die Ampel ist aus"
    assert clean("Straße gesperrt seit gestern Abend\nBitte räumen", boilerplate=lines).text.startswith("Straße")
    assert clean(footer, boilerplate=lines).text == footer


def test_few_repetitions_are_no_boilerplate() -> None:
    assert find_boilerplate(["a\nFormular der Seite kontakt.example"] * 19) == frozenset()


def test_characters_that_no_database_takes_go() -> None:
    assert printable("a\x00b\ud800c\r\nd\te") == "abc\nd\te"


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                "Hallo,",
                "> x",
                "Von: a@b.de",
                "An: c",
                "Betreff: d",
                "Am 1.1.2025 schrieb X:",
                "--",
                "",
                "Es brennt.",
                "Viele Grüße",
                "Eva",
                "\\n",
                "<p>",
                "</div>",
                "P.S. noch was",
                "_____",
            ]
        ),
        max_size=12,
    )
)
def test_any_mix_of_lines_keeps_a_word_and_settles(lines: list[str]) -> None:
    text = "\n".join(lines)
    once = clean(text).text
    assert bool(any(map(str.isalnum, once))) or not any(
        map(str.isalnum, text.replace("<p>", "").replace("</div>", "").replace("\\n", ""))
    )


@pytest.mark.parametrize(
    ("line", "greeting", "said", "closing"),
    [
        (
            "Sehr geehrte Damen und Herren, mein Paket fehlt seit Wochen. Mit freundlichen Grüßen Hans Müller",
            "Sehr geehrte Damen und Herren,", "mein Paket fehlt seit Wochen.", "Mit freundlichen Grüßen Hans Müller",
        ),
        ("Hallo Frau Dr. Meier, es regnet herein bei uns. LG Eva", "Hallo Frau Dr. Meier,", "es regnet herein bei uns.", "LG Eva"),
        ("Hi team, my order is late. Thanks, John", "Hi team,", "my order is late.", "Thanks, John"),
        ("Die Lampe ist seit gestern defekt viele gruesse Hans Berg", "", "Die Lampe ist seit gestern defekt", "viele gruesse Hans Berg"),
    ],
)  # fmt: skip
def test_a_mail_in_one_line_loses_greeting_and_closing(line: str, greeting: str, said: str, closing: str) -> None:
    cleaned = clean(line)
    assert cleaned.text == said
    found = {piece.kind: piece.text for piece in cleaned.removed}
    assert (found.get("greeting", ""), found.get("closing", "")) == (greeting, closing)


@pytest.mark.parametrize(
    "line",
    [
        "Hallo Laterne, Seestraße 5 defekt seit gestern",  # no name, a noun
        "This is simply the best",
        "you guys are simply awesome! Thank you!",
        "i would like to thank you",
        "Alles kaputt. Danke",  # too little would be left
        "Hallo, Gruß",
        "Guten Tag zusammen",
    ],
)
def test_a_line_that_only_looks_like_a_mail_stays(line: str) -> None:
    assert clean(line).text == line


@settings(deadline=None)  # the first text compiles the phrases
@given(
    st.lists(st.sampled_from(["Hallo,", "Hallo Eva,", "die Lampe ist aus.", "LG", "Viele Grüße", "Danke!", "Müller"]))
)
def test_a_line_is_split_and_nothing_lost(parts: list[str]) -> None:
    line = " ".join(parts)
    cleaned = clean(line)
    kept = sorted([cleaned.text, *(piece.text for piece in cleaned.removed)], key=line.find)
    assert " ".join(part for part in kept if part).split() == line.split()
