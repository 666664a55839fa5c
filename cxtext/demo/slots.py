"""What fills the gaps of the phrases: numbers, dates, amounts, people. All of it is invented or reserved for fiction."""

from collections.abc import Mapping
from datetime import date
from random import Random

from cxtext.demo.company import Company
from cxtext.demo.phrases import Draw, pick

DAY = "_day"  # ordinal of the ticket's day in the dictionary of known words

_MONTHS = {
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}  # fmt: skip
_WEEKDAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
}
_SMALL = {
    "de": ("zwei", "drei", "vier", "fünf", "sechs"),
    "en": ("two", "three", "four", "five", "six"),
}
# Numbers that the German and British regulators set aside for films and books.
_PHONES = {
    "de": ("030 23125 {:03d}", "0171 39200{:02d}", "+49 176 040690{:02d}", "040 66969-{:03d}", "069/90009{:03d}", "089 99998 {:03d}"),
    "en": ("020 7946 0{:03d}", "07700 900{:03d}", "+44 7700 900{:03d}", "0161 496 0{:03d}"),
}  # fmt: skip
_MAIL_HOSTS = ("example.com", "example.org", "example.net")
_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ş": "s", "ı": "i", "ć": "c", "'": "", "é": "e"})


def draws_for(company: Company, language: str) -> Mapping[str, Draw]:
    """How each slot is drawn in one language."""
    plain = company.plain
    weekdays, small = _WEEKDAYS[language], _SMALL[language]
    first, last = plain[f"first_{language}"], plain["last_de"]  # the agents are German
    return {
        "order": lambda random, _: _order(random),
        "customer": lambda random, _: f"K-{int(random.random() * 900000) + 100000}",
        "case": lambda random, _: f"{int(random.random() * 900000) + 100000}",
        "tracking": lambda random, _: f"00340434{int(random.random() * 10**12):012d}",
        "invoice": lambda random, _: f"RE-{int(random.random() * 9000000) + 1000000}",
        "date": lambda random, known: _date(random, int(known[DAY]), language),
        "date_soon": lambda random, known: _date(random, int(known[DAY]) + 12, language, span=8),
        "weekday": lambda random, _: pick(weekdays, random),
        "amount": lambda random, _: _amount(int(random.random() * 84000) + 5900, random, language),
        "fee": lambda random, _: _amount(int(random.random() * 1600) + 399, random, language),
        "extra": lambda random, _: _amount(int(random.random() * 4000) + 2090, random, language),
        "days": lambda random, _: str(int(random.random() * 11) + 4),
        "weeks": lambda random, _: pick(small, random),
        "times": lambda random, _: pick(small, random),
        "months": lambda random, _: pick(small, random),
        "minutes": lambda random, _: str(int(random.random() * 14) * 5 + 25),
        "percent": lambda random, _: str(int(random.random() * 28) + 8),
        "agent": lambda random, known: _agent(random, known, last, language),
        "agent_dative": lambda random, known: _agent(random, known, last, language).replace("Herr ", "Herrn "),
        "colleague": lambda random, _: pick(first, random),
        "carrier": lambda random, _: pick(plain["carriers"], random),
        "postcode": lambda random, _: str(int(random.random() * 89_000) + 10_000),
        "city": lambda random, _: pick(plain["cities"], random),
        "address": lambda random, known: _address(random, known, plain),
        "email": _email,
        "relative": lambda random, known: f"{pick(first, random)} {known['last_name']}",
        "phone": lambda random, _: pick(_PHONES[language], random).format(int(random.random() * 90) + 10),
        "iban": lambda random, _: _iban(random),
        "card": lambda random, _: _card(random),
    }


def _order(random: Random) -> str:
    number = int(random.random() * 8_999_999) + 1_000_000
    return f"VM-{number}" if random.random() < 0.4 else f"40{number}"


def _date(random: Random, day: int, language: str, span: int = 34) -> str:
    """One of the `span` days that end two days before `day`."""
    when = date.fromordinal(day - 2 - int(random.random() * span))
    if language == "en":
        month = _MONTHS["en"][when.month - 1]
        return f"{when.day} {month}" if random.random() < 0.6 else f"{month} {when.day}"
    style = random.random()
    if style < 0.4:
        return f"{when.day:02d}.{when.month:02d}."
    return (
        f"{when.day:02d}.{when.month:02d}.{when.year}"
        if style < 0.7
        else f"{when.day}. {_MONTHS['de'][when.month - 1]}"
    )


def _amount(cents: int, random: Random, language: str) -> str:
    if random.random() < 0.35:
        cents = cents // 100 * 100 + 99
    euros = f"{cents // 100}.{cents % 100:02d}"
    if language == "en":
        return f"€{euros}" if random.random() < 0.6 else f"{euros} euros"
    return f"{euros.replace('.', ',')} {'Euro' if random.random() < 0.6 else '€'}"


def _agent(random: Random, known: dict[str, str], last: tuple[str, ...], language: str) -> str:
    """The same person in every sentence of one ticket."""
    if "agent" not in known:
        titles = ("Frau", "Herr") if language == "de" else ("Ms", "Mr")
        known["agent"] = f"{pick(titles, random)} {pick(last, random)}"
    return known["agent"]


def _address(random: Random, known: dict[str, str], plain: Mapping[str, tuple[str, ...]]) -> str:
    city = known.setdefault("city", pick(plain["cities"], random))
    number, code = int(random.random() * 120) + 1, int(random.random() * 89_000) + 10_000
    return f"{pick(plain['streets'], random)} {number}, {code} {city}"


def _email(random: Random, known: Mapping[str, str]) -> str:
    parts = known["name"].lower().translate(_ASCII).replace("-", "").split()
    number = str(int(random.random() * 90) + 10) if random.random() < 0.3 else ""
    return f"{'.'.join(parts)}{number}@{pick(_MAIL_HOSTS, random)}"


def _iban(random: Random) -> str:
    """A German IBAN with right check digits (ISO 13616) at a bank code that no bank has."""
    account = f"12345678{int(random.random() * 10**10):010d}"
    check = 98 - int(f"{account}131400") % 97
    text = f"DE{check:02d}{account}"
    if random.random() < 0.3:
        return text
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _card(random: Random) -> str:
    """A card number that passes the Luhn test, from a range used for trials only."""
    digits = [4, 0, 0, 0, 0, 0] + [int(random.random() * 10) for _ in range(9)]
    doubled = sum(sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits))
    text = "".join(map(str, [*digits, -doubled % 10]))
    return " ".join(text[start : start + 4] for start in range(0, 16, 4))
