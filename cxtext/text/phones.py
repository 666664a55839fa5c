"""Phone numbers of people; the free and shared-cost numbers of companies stay."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cxtext.text.cues import Cues
from cxtext.text.recognise import Found

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_NUMBER = re.compile(r"(?:(?:\+|00|\(\+)[1-9]|\(?0\)?[1-9])[\d\s()/.–-]{4,20}\d(?![\w@]|[.,-]\d)")
_CANDIDATE = re.compile(rf"(?<![\w.,:/#+-])(?:(?<!\d )|(?=\+)){_NUMBER.pattern}")
_CUED = re.compile(r"(?<![\w.,/#+-])[1-9][\d ()/–-]{4,14}\d(?![\w@€%]|[.,-]\d| ?(?:€|EUR|Euro|Uhr|%))")
_NEXT_NUMBER = re.compile(r"(?<=\d)[ /.–-]{1,3}(?=(?:\+|00?)[1-9](?:[ /.–()-]{0,2}\d){5})")
_NO_PHONE = re.compile(  # dates, spans of dates, prices
    r"\A\(?\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?(?:19|20)?\d{2}(?!\d)|(?<![\d.])\d{1,2}\. ?(?:\d{1,2}\.|[-–])|\d{4}-\d{2}-\d{2}|"
    r"\A0\d\d-\d\d-\d\d|\A\d{1,2}[ /](?:\d{1,2} )?(?:19|20)\d\d(?!\d)|\A0[.,]\d+\Z"
)
# Where a number without a country prefix is looked up.
_REGIONS = {"de": "DE", "en": "GB", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL", "pl": "PL"}
_FEWEST_BEFORE = 9  # digits of a number before another one begins: "020 7946 0958" is one
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15  # ITU-T E.164


def phones(text: str, cues: Cues, language: str) -> Iterator[Found]:
    """Yield the phone numbers in `text`. `language` decides in which countries a number without prefix is looked up."""
    for found in _CANDIDATE.finditer(text):
        for start, end in _one_by_one(text, found):
            if _is_phone(text, start, end, cues, language):
                yield Found("PHONE", start, end)
    if not any(
        cue in text.lower()
        for cue in ("tel", "fon", "mobil", "handy", "fax", "whats", "number", "nummer", "phone", "cell")
    ):
        return
    for found in _CUED.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if (
            6 <= len(digits) <= _MOST_DIGITS
            and _directly_cued(text, found.start(), cues)
            and not _NO_PHONE.search(found.group())
        ):
            yield Found("PHONE", *found.span())


def _one_by_one(text: str, found: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Where the numbers of a candidate stand: "0171 2345678 / 030 1234567" are two, and so are two lines."""
    number: re.Match[str] | None = found
    while number is not None:
        start, line = number.start(), number.group().split("\n")[0]
        end = start + len(line.rstrip(" -–/(."))
        border = _border(text, start, end)
        if border is not None:
            yield start, border.start()
            number = _NUMBER.match(text, border.end())
            continue
        yield start, end
        below = _CANDIDATE.search(text, start + len(line)) if len(line) < len(number.group()) else None
        number = below if below is not None and below.start() < number.end() else None


def _border(text: str, start: int, end: int) -> re.Match[str] | None:
    """Where the next number begins, behind enough digits to be one; dates are none and have no next."""
    if _NO_PHONE.search(text[start:end]):
        return None
    for border in _NEXT_NUMBER.finditer(text, start, end + 40):  # beyond `end`, where the next number goes on
        if border.start() >= end:
            return None
        if sum(map(str.isdigit, text[start : border.start()])) >= _FEWEST_BEFORE:
            return border
    return None


def _directly_cued(text: str, start: int, cues: Cues) -> bool:
    return cues.before(text, start) == "phone" and text[max(0, start - 2) : start].strip(" .:") in {"", *"lneryxk"}


def _is_phone(text: str, start: int, end: int, cues: Cues, language: str) -> bool:
    written = text[start:end]
    digits = re.sub(r"\D", "", written)
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS + 3 or _NO_PHONE.search(written):
        return False
    cue = cues.before(text, start)
    if cue == "keep" and not written.startswith(("+", "(+")):
        return False
    number = _parsed(written, language)
    if number is None:
        return cue == "phone"
    return not _is_company(number) and (cue == "phone" or _is_possible(number))


def _parsed(written: str, language: str) -> "PhoneNumber | None":
    import phonenumbers  # noqa: PLC0415 - a fifth of a second that texts without numbers need not pay

    try:
        return phonenumbers.parse(written, _REGIONS.get(language, "DE"))
    except phonenumbers.NumberParseException:
        return None


def _is_possible(number: "PhoneNumber") -> bool:
    from phonenumbers import is_possible_number  # noqa: PLC0415 - as above

    return is_possible_number(number)


def _is_company(number: "PhoneNumber") -> bool:
    """A free, shared-cost, premium or company-wide number: a hotline, nobody's own."""
    from phonenumbers import PhoneNumberType, number_type  # noqa: PLC0415 - as above

    company = {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
    }
    return number_type(number) in company
