"""Phone numbers of people; the free and shared-cost numbers of companies stay."""

import re
from collections.abc import Iterator

from cxtext.text.cues import Cues
from cxtext.text.recognise import Found

_CANDIDATE = re.compile(r"(?<![\w.,:/#+-])(?:\+|00|\(?0|\(\+)\d[\d\s()/.–-]{4,20}\d(?![\w@]|[.,-]\d)")
_CUED = re.compile(r"(?<![\w.,/#+-])[1-9][\d ()/–-]{4,14}\d(?![\w@€%]|[.,-]\d| ?(?:€|EUR|Euro|Uhr|%))")
_NO_PHONE = re.compile(
    r"\d{1,2}[.]\d{1,2}[.](?:\d{2}|\d{4})\Z|\d{4}-\d{2}-\d{2}|0[.,]\d+\Z|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
)
_TRAILING_LINE = re.compile(r"[\s\n].*", re.DOTALL)
_REGIONS = {"de": ("DE", "AT", "CH"), "en": ("GB", "DE", "US"), "fr": ("FR", "CH")}
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15  # ITU-T E.164


def phones(text: str, cues: Cues, language: str) -> Iterator[Found]:
    """Yield the phone numbers in `text`. `language` decides in which countries a number without prefix is looked up."""
    for found in _CANDIDATE.finditer(text):
        start, end = found.start(), found.start() + len(found.group().split("\n")[0].rstrip(" -–/(."))
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
            and not _NO_PHONE.match(found.group())
        ):
            yield Found("PHONE", *found.span())


def _directly_cued(text: str, start: int, cues: Cues) -> bool:
    return cues.before(text, start) == "phone" and text[max(0, start - 2) : start].strip(" .:") in {"", *"lneryxk"}


def _is_phone(text: str, start: int, end: int, cues: Cues, language: str) -> bool:
    written = text[start:end]
    digits = re.sub(r"\D", "", written)
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS + 3 or _NO_PHONE.match(written):
        return False
    cue = cues.before(text, start)
    if cue == "keep" and not written.startswith(("+", "(+")):
        return False
    return not _is_hotline(written, language)


def _is_hotline(written: str, language: str) -> bool:
    import phonenumbers  # noqa: PLC0415 - a fifth of a second that texts without numbers need not pay
    from phonenumbers import PhoneNumberType  # noqa: PLC0415 - as above

    company = {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
    }
    for region in _REGIONS.get(language, _REGIONS["de"])[:1]:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.number_type(number) in company:
            return True
    return bool(re.match(r"(?:\+49|0049|0)[ (0)]{0,4}(?:800|180|700|900|137)", written))
