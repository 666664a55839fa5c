import re

from cxtext.demo.company import Company
from cxtext.demo.generate import Planted
from cxtext.domain import Ticket

Sample = list[tuple[Ticket, Planted]]

PERSONAL = {
    "IBAN": r"DE\d{2} ?\d{4} ?\d{4}",
    "phone": r"(?:\+4[49]|\b0)[\d /-]{8,}",
    "e-mail": r"[\w.]+@example\.(?:com|org|net)",
    "card": r"\b4000 00\d\d \d{4} \d{4}\b",
    "address": r"\w+(?:weg|straße|allee) \d+, \d{5} \w+",
    "signature": r"Mit freundlichen Grüßen\n\w+ \w+",
    "quoted reply": r"Am \d.* schrieb Velmora",
    "token in a link": r"https://\S+token=\d+",
}


def test_personal_data_is_there_for_redaction_to_find(sample: Sample) -> None:
    for kind, pattern in PERSONAL.items():
        assert any(re.search(pattern, ticket.text) for ticket, _ in sample), kind


def test_every_iban_has_right_check_digits_and_no_real_bank(sample: Sample) -> None:
    found = [re.sub(r"\s", "", iban) for t, _ in sample for iban in re.findall(r"\bDE\d{2}(?: ?\d){18}\b", t.text)]
    assert len(found) > 20
    for iban in found:
        assert int(f"{iban[4:]}1314{iban[2:4]}") % 97 == 1
        assert iban[4:12] == "12345678"


def test_every_address_for_mail_is_reserved_for_examples(sample: Sample) -> None:
    hosts = {host for ticket, _ in sample for host in re.findall(r"@([\w-]+\.[\w.]+\w)", ticket.text)}
    assert hosts <= {"example.com", "example.org", "example.net", "velmora.example"}


def test_no_gap_is_left_unfilled(sample: Sample) -> None:
    for ticket, secret in sample:
        assert not re.search(r"[{}\[\]]", ticket.text), ticket.text
        assert "  " not in ticket.text.replace("\n", "|"), ticket.text
        assert secret.language == "other" or not re.search(r" [.,!?](?!\.)", ticket.text), ticket.text


def test_german_articles_agree_with_the_product(sample: Sample, company: Company) -> None:
    words = {p.words["de"]["item"]: p.words["de"]["der_item"].split()[0] for p in company.products}
    wrong = {
        "der": r"\b(?:das|eine|meine|die) (?:{0})\b",
        "die": r"\b(?:das|den|dem|ein|mein|einen|meinen|einem|meinem) (?:{0})\b",
        "das": r"\b(?:den|einen|meinen|eine|meine|die) (?:{0})\b",
    }
    for gender, pattern in wrong.items():
        nouns = "|".join(word for word, article in words.items() if article == gender)
        found = [t.text for t, s in sample if s.language == "de" and re.search(pattern.format(nouns), t.text)]
        assert not found


def test_polite_address_stays_capital_after_a_greeting(sample: Sample) -> None:
    letters = [t.text.split("\n\n")[1] for t, s in sample if s.language == "de" and re.match(r"[^\n]+,\n\n", t.text)]
    normal = [text for text in letters if text != text.lower()]
    assert len(normal) > 500
    assert not [text for text in normal if re.match(r"(?:ihre?n?|ihnen) [A-ZÄÖÜ]", text)]


def test_a_letter_goes_on_small_after_a_comma(sample: Sample) -> None:
    opened = [t.text for t, s in sample if s.language == "de" and re.match(r"Guten Tag,\n\n", t.text)]
    formal = ("Sie", "Ihr")
    small = sum(not text.split("\n\n")[1][0].isupper() or text.split("\n\n")[1].startswith(formal) for text in opened)
    assert small == len(opened) > 50


def test_texts_have_very_different_lengths(sample: Sample) -> None:
    lengths = sorted(len(ticket.text) for ticket, _ in sample)
    assert lengths[len(lengths) // 10] < 100
    assert lengths[len(lengths) * 9 // 10] > 380


def test_wishes_carry_no_curses(sample: Sample) -> None:
    wishes = [t.text for t, s in sample if s.issue == "feature-wish" and s.also is None]
    assert wishes
    assert not [text for text in wishes if "😡" in text or "Nie wieder" in text]
