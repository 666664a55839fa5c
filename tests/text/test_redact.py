import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.domain import Scalar
from cxtext.errors import ConfigurationError
from cxtext.text.redact import Redactor

PLAIN = Redactor(addresses="full")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mein Name ist Eva Kern.", "Mein Name ist <NAME>."),
        ("Sehr geehrte Frau Dr. Meier-Schulz,", "Sehr geehrte Frau Dr. <NAME>,"),
        ("Hallo Anna, es geht nicht.", "Hallo <NAME>, es geht nicht."),
        ("Viele Grüße\nMax Muster", "Viele Grüße\n<NAME>"),
        ("Schreiben Sie an eva.kern@mail.example!", "Schreiben Sie an <EMAIL>!"),
        ("IBAN DE89 3704 0044 0532 0130 00 Danke", "IBAN <IBAN> Danke"),
        ("IBAN: DE89 3704 0044 0532 0130 01 mit Tippfehler", "IBAN: <IBAN> mit Tippfehler"),
        ("auf de89370400440532013000 bitte", "auf <IBAN> bitte"),
        ("Karte 4111 1111 1111 1111 gesperrt", "Karte <CARD> gesperrt"),
        ("Mastercard 2221000000000009", "Mastercard <CARD>"),
        ("Steuer-ID 86095742719", "Steuer-ID <TAX_ID>"),
        ("AHV 756.9217.0769.85", "AHV <AHV>"),
        ("Zugriff von 93.184.216.34 gestern", "Zugriff von <IP> gestern"),
        ("Zugriff von 2a01:7c8:d005:390::5 gestern", "Zugriff von <IP> gestern"),
        ("Tel. 07531 / 25913", "Tel. <PHONE>"),
        ("unter +49 (0)171 2345678 erreichbar", "unter <PHONE> erreichbar"),
        ("geboren am 03.05.1980 in Ulm", "geboren am <BIRTHDATE> in Ulm"),
        ("Kennzeichen KN-AB 123", "Kennzeichen <PLATE>"),
        ("Am Alten Markt 5, 50667 Köln", "<ADDRESS>, <ADDRESS>"),
        ("Berliner Straße 12a ist dunkel", "<ADDRESS> ist dunkel"),
        ("https://u:geheim@shop.example/x", "https://<URL>@shop.example/x"),
        ("https://shop.example/r?token=abc123&x=1 geht nicht", "https://shop.example/r<URL> geht nicht"),
    ],
)
def test_personal_data_is_masked(text: str, expected: str) -> None:
    assert PLAIN.redact(text, "de").text == expected


@pytest.mark.parametrize(
    "text",
    [
        "Bestellung 4711-0815 vom 03.01.2025",
        "Rechnung 2025-00123 über 1.234,56 €",
        "Sendung 00340434161094042557 fehlt",
        "Seriennummer 4111111111111111",
        "Referenz DE89 3704 0044 0532 0130 01 ist falsch",
        "Version 1.2.3.4 stürzt ab",
        "Server 192.168.0.1 und 127.0.0.1",
        "Hotline 0800 330 1000 nie erreichbar",
        "Sitzplatz 14 war besetzt",
        "Hallo Team, bitte um Hilfe",
        "Sehr geehrte Damen und Herren, es regnet.",
        "EAN 4012345678901 kostet 19,99",
        "Platz 3 im Bahnhof, Gleis 12",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert PLAIN.redact(text, "de").text == text


def test_address_policies() -> None:
    text = "Laterne vor Hauptstraße 12 defekt"
    assert Redactor(addresses="off").redact(text).text == text
    assert Redactor(addresses="house_number").redact(text).text == "Laterne vor Hauptstraße <HOUSE_NUMBER> defekt"
    assert Redactor(addresses="full").redact(text).text == "Laterne vor <ADDRESS> defekt"


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="house_number"):
        Redactor(addresses="streets")


@pytest.mark.parametrize(
    "text", ["Eva Kern rief an", "EVA KERN rief an", "Kern, Eva rief an", "Kerns Paket", "Frau Kern"]
)
def test_known_people_are_masked_wherever_they_are_named(text: str) -> None:
    assert "Kern" not in PLAIN.redact(text, "de", people=["Eva Kern"]).text.title()


def test_known_people_are_found_in_other_spellings() -> None:
    assert PLAIN.redact("Herrn Moeller kennt jeder: Jürgen Moeller", "de", ["Jürgen Möller"]).text.count("oeller") == 0


def test_known_people_by_their_mail_address() -> None:
    assert (
        PLAIN.redact("Bitte an Sommer weiterleiten", "de", ["ulrike.sommer@firma.example"]).text
        == "Bitte an <NAME> weiterleiten"
    )


def test_a_name_that_is_an_everyday_word_is_masked_only_with_a_capital() -> None:
    assert PLAIN.redact("Herr Lang wartet schon lang", "de", ["Udo Lang"]).text == "Herr <NAME> wartet schon lang"


def test_product_names_stay() -> None:
    text = "Frau Antje ist ein Käse, sagt Frau Kern"
    assert Redactor(keep=["Antje"]).redact(text).text == "Frau Antje ist ein Käse, sagt Frau <NAME>"


def test_pseudonyms_are_stable_and_depend_on_the_key() -> None:
    one, same, other = Redactor(b"a" * 32), Redactor(b"a" * 32), Redactor(b"b" * 32)
    text = "Mail an eva@mail.example, noch einmal: EVA@mail.example"
    masked = one.redact(text).text
    first, second = masked.split("<EMAIL_")[1][:6], masked.split("<EMAIL_")[2][:6]
    assert first == second
    assert same.redact(text).text == masked
    assert other.redact(text).text != masked
    assert (
        one.pseudonym("customer", "C-17") == same.pseudonym("customer", "C-17") != other.pseudonym("customer", "C-17")
    )
    assert one.pseudonym("customer", "C-17") != one.pseudonym("agent", "C-17")


def test_no_pseudonym_without_a_key() -> None:
    with pytest.raises(ConfigurationError, match="CXTEXT_SECRET"):
        Redactor().pseudonym("customer", "C-17")


def test_found_says_where_in_the_original() -> None:
    text = "Mail: eva@mail.example"
    (found,) = PLAIN.redact(text).found
    assert (found.kind, text[found.start : found.end]) == ("EMAIL", "eva@mail.example")


def test_values_of_further_columns() -> None:
    values: dict[str, Scalar] = {"note": "ruf 0171 2345678", "count": 3, "open": True, "none": None}
    assert PLAIN.redact_values(values) == {"note": "ruf <PHONE>", "count": 3, "open": True, "none": None}


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("aeinrstEHMS .,:;-/@<>_\n0123456789äß"), max_size=200))
def test_redacting_twice_changes_nothing(text: str) -> None:
    redactor = Redactor(b"k" * 32, addresses="full")
    once = redactor.redact(text, "de").text
    assert redactor.redact(once, "de").text == once


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["Die Mail {} kam an.", "{}", "Bitte an {} senden, danke", "Von {}\nAn mich"]),
    st.from_regex(r"\A[a-z]{1,8}[._]?[a-z]{2,8}@[a-z]{2,9}\.(de|com|example)\Z"),
)
def test_no_mail_address_survives(frame: str, address: str) -> None:
    assert address not in PLAIN.redact(frame.format(address)).text


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=0, max_value=10**18 - 1), st.sampled_from(["{}", "Konto {} bitte", "({})"]))
def test_no_valid_iban_survives(account: int, frame: str) -> None:
    number = f"{account:018}"
    check = 98 - int(number + "131400") % 97  # D=13, E=14, then 00: ISO 7064 mod 97-10
    iban = f"DE{check:02}{number}"
    assert iban not in PLAIN.redact(frame.format(iban)).text


@pytest.mark.parametrize("between", [" ", " / ", ". ", " - ", "\n", "\n\n", ", ", " oder "], ids=repr)
def test_numbers_that_follow_each_other_are_all_hidden(between: str) -> None:
    text = between.join(("0171 2345678", "07531 123456", "+49 30 1234567"))
    assert Redactor().redact(text, "de").text == between.join(["<PHONE>"] * 3)


@pytest.mark.parametrize("number", ["0160 917 916 06", "020 7946 0958", "0211 123 04 05"])
def test_a_zero_inside_a_number_begins_no_other(number: str) -> None:
    assert Redactor().redact(f"Telefon {number} bitte", "de").text == "Telefon <PHONE> bitte"


def test_dates_in_a_row_are_no_numbers() -> None:
    text = "Stand 09.02.2016 09.02.2016 09:00 Uhr"
    assert Redactor().redact(text, "de").text == text


def test_a_column_in_another_language_is_read_in_its_own() -> None:
    note = "Ich habe mit Frau Scholz gesprochen, sie versprach einen Rückruf auf 05509113649."
    assert PLAIN.redact(note, "en").text.endswith("05509113649.")  # a company's number in Great Britain
    assert PLAIN.redact_values({"note": note, "n": 7}, "en") == {
        "note": "Ich habe mit Frau <NAME> gesprochen, sie versprach einen Rückruf auf <PHONE>.",
        "n": 7,
    }
