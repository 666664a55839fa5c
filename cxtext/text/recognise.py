"""Personal data with a form of its own: addresses on the net, account, card, phone and person numbers, dates of birth."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cxtext.text.checksums import iban_length, is_card, is_ean13, is_iban, is_luhn, is_tax_id
from cxtext.text.cues import Cues


@dataclass(frozen=True, slots=True)
class Found:
    """One stretch of personal data: what kind, and where in the text (start included, end not)."""

    kind: str
    start: int
    end: int


_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}(?:@|\s?[(\[{](?:at|ät)[)\]}]\s?)(?:[\w-]{1,63}(?:\.|\s?[(\[{](?:dot|punkt)[)\]}]\s?)){1,5}[^\W\d_]{2,24}(?![\w@])"
)
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"'|]{1,2000}|(?<![\w.])www\.[^\s<>\"'|]{1,2000}", re.IGNORECASE)
_URL_SECRET = re.compile(
    r"(?<=//)[^\s/@]{1,200}(?=@)|(?<=[/=])(?![0-9a-f]{32,64}(?!\w))(?=\w{0,60}\d)(?=\w{0,60}[A-Za-z])\w{28,}(?![\w-])|"
    r"\?[^\s#]{0,500}?(?:token|key|mail|user|session|sid|auth|code|pass|pwd|sign|hash|name|login|account|konto|customer|kunde|phone|tel)[^\s=#]{0,40}=\S*",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ .-]?[A-Za-z0-9]{3})")
_DIGITS = re.compile(r"(?<![\d.,/=])(?<!\d[ -])\d(?:[ .-]?\d){10,18}(?![\d])")
_INSURANCE = re.compile(
    r"(?<![A-Za-z0-9])(?:\d{2}[ ]?\d{6}[ ]?[A-Z][ ]?\d{3}|[A-CEGHJ-PR-TW-Z]{2}(?:\d{6}|(?: \d\d){3} )[A-D])(?![A-Za-z0-9])"
)
_IP4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IP6 = re.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{1,4}:|::)(?:[0-9a-fA-F]{0,4}:){1,7}[0-9a-fA-F]{0,4}(?![\w:])")
_MAC = re.compile(r"(?<![\w:-])[0-9a-fA-F]{2}(?:([:-])[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2}){4}(?![\w:-])")
_VERSION = re.compile(r"(?:(?:version|firmware|build|release|software|\bv\d{0,2})\W{0,3}|==|[a-z]/)\Z", re.IGNORECASE)
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}|"
    r"\d{1,2}(?:\.|st|nd|rd|th)? ?(?:of )?[^\W\d_]{3,9}\.?,? (?:19|20)\d{2}|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d{2})(?!\d)"
)
_BORN_AFTER = re.compile(r"\W{1,3}(?:(?:in|zu) \w{1,30} )?(?:geboren|geb\b|born)", re.IGNORECASE)
_PLATE = re.compile(
    r"(?<![\w-])(?:[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]?\d{1,4}[EH]?|[A-Z]{2}[- ]?\d{2} ?[A-Z]{3}|[A-Z]{1,2}[- ]\d{1,5} ?[A-Z]{0,3}|"
    r"[A-Z]{2}[- ]?\d{2,3}[ ]?\d{3}|[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3} ?[A-Z])(?![\w-])"
)


def recognise(text: str, cues: Cues) -> Iterator[Found]:
    """Yield personal data with a form of its own, most certain kinds first; overlaps are the caller's to settle.

    Every kind is only looked for where a character that it needs occurs: most texts hold none of them.
    """
    if "@" in text or "(at)" in text or "[at]" in text:
        yield from _all("EMAIL", _EMAIL, text)
    if "://" in text or "www." in text.lower():
        for url in _URL.finditer(text):
            for secret in _URL_SECRET.finditer(url.group()):
                yield Found("URL", url.start() + secret.start(), url.start() + secret.end())
    if text.count(":") >= 2 or text.count("-") >= 5:
        yield from _all("MAC", _MAC, text)
        yield from (Found("IP", *found.span()) for found in _IP6.finditer(text) if _is_public_ip(found.group()))
    if any(digit in text for digit in "0123456789"):
        yield from _numbers(text, cues)


def _all(kind: str, pattern: re.Pattern[str], text: str) -> Iterator[Found]:
    return (Found(kind, *found.span()) for found in pattern.finditer(text))


def _numbers(text: str, cues: Cues) -> Iterator[Found]:
    yield from _ibans(text)
    if "." in text:
        yield from _ip4(text)
    for found in _DIGITS.finditer(text):
        kind = _long_number(re.sub(r"\D", "", found.group()), text, found.start(), cues)
        if kind:
            yield Found(kind, *found.span())
    yield from _all("INSURANCE_NUMBER", _INSURANCE, text)
    for found in _DATE.finditer(text):
        if cues.before(text, found.start()) == "birth" or _BORN_AFTER.match(text, found.end(), found.end() + 45):
            yield Found("BIRTHDATE", *found.span())
    for found in _PLATE.finditer(text):
        if cues.before(text, found.start()) == "plate":
            yield Found("PLATE", *found.span())


def _ibans(text: str) -> Iterator[Found]:
    for found in _IBAN.finditer(text):
        wanted, number, place = iban_length(found.group()[:2].upper()), "", found.start()
        while place < len(text) and len(number) < wanted:
            character = text[place]
            if character.isascii() and character.isalnum():
                number += character
            elif character not in " .-\u00a0" or not text[place - 1].isalnum():
                break
            place += 1
        # A mistyped one is still meant as an account.
        meant = len(number) == wanted > 0 and "iban" in text[max(0, found.start() - 8) : found.start()].lower()
        if (meant or is_iban(number.upper())) and not text[place : place + 1].isalnum():
            yield Found("IBAN", found.start(), place)


def _ip4(text: str) -> Iterator[Found]:
    for found in _IP4.finditer(text):
        if _is_public_ip(found.group()) and not _VERSION.search(text[max(0, found.start() - 14) : found.start()]):
            yield Found("IP", *found.span())


def _long_number(digits: str, text: str, start: int, cues: Cues) -> str:
    """What 11 to 19 digits are: CARD, TAX_ID, AHV or ""; a cue such as "Sendung" just before keeps them."""
    if len(digits) == 13 and digits.startswith("756") and is_ean13(digits):
        return "AHV"
    cue = cues.before(text, start)
    if is_tax_id(digits) and cue != "keep":
        return "TAX_ID" if cue == "tax" or text[start + 2 : start + 3] == " " else ""
    if len(digits) == 11 and cue == "tax":
        return "TAX_ID"  # mistyped, but meant as one
    if cue == "card" or cues.any_before(text, start, "card"):
        return "CARD" if is_luhn(digits) else ""
    return "CARD" if cue != "keep" and is_card(digits) else ""


def _is_public_ip(written: str) -> bool:
    """Whether somebody could be found by it: 127.0.0.1 and 192.168.0.1 are everybody's, a local IPv6 address is not."""
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return False
    return address.is_global if address.version == 4 else not (address.is_loopback or address.is_unspecified)
