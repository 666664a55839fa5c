"""Personal data out of a text before it is kept: typed placeholders or stable keyed pseudonyms in its place."""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cxtext.domain import Scalar
from cxtext.errors import ConfigurationError
from cxtext.text.addresses import addresses
from cxtext.text.cues import cues
from cxtext.text.fold import fold
from cxtext.text.full_names import addressees, full_names
from cxtext.text.language import identify, known_languages
from cxtext.text.names import folded_words, name_patterns, names
from cxtext.text.phones import phones
from cxtext.text.recognise import Found, recognise

ADDRESS_POLICIES: Final = ("full", "house_number", "off")
_PLACEHOLDER = re.compile(r"<[A-Za-z][A-Za-z_]{1,30}(?:_[0-9a-f]{4,12})?>")
_SENTENCE = 40  # characters
_TEXT_DIGITS = 6  # hexadecimal digits of a pseudonym in a text: enough to count repeats, too few to look a person up
_KEY_DIGITS = 16
# Where two kinds overlap the earlier one wins: the more certain it is, the earlier it stands.
_ORDER = (
    "URL",
    "EMAIL",
    "IBAN",
    "CARD",
    "AHV",
    "INSURANCE_NUMBER",
    "MAC",
    "IP",
    "TAX_ID",
    "BIRTHDATE",
    "PLATE",
    "PHONE",
    "ADDRESS",
    "HOUSE_NUMBER",
    "NAME",
)
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}


def without_placeholders(text: str) -> str:
    """The text without what redaction put there: pseudonyms differ from tenant to tenant and say nothing of the issue."""
    return _PLACEHOLDER.sub(" ", text) if "<" in text else text


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without the personal data that was found, and where in the original it was."""

    text: str
    found: tuple[Found, ...] = ()


class Redactor:
    """Masks personal data; with a key, equal values get equal pseudonyms that nobody without the key can look up.

    >>> Redactor().redact("Mein Name ist Eva Kern.", "de").text
    'Mein Name ist <NAME>.'
    """

    def __init__(self, key: bytes = b"", addresses: str = "house_number", keep: Sequence[str] = ()) -> None:
        if addresses not in ADDRESS_POLICIES:
            raise ConfigurationError(f"privacy.addresses is {addresses!r}; known: {', '.join(ADDRESS_POLICIES)}")
        self._key = key
        self._addresses = addresses
        self._keep = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE) for word in keep if word.strip()]

    def redact(self, text: str, language: str = "de", people: Iterable[str] = ()) -> Redacted:
        """Mask personal data in `text`. `people` are names and e-mail addresses that the source knows.

        Placeholders that are already there stay, so redacting twice changes nothing.
        """
        found = self._settled(text, self._candidates(text, language, people))
        if not found:
            return Redacted(text)
        pieces, place = [], 0
        for stretch in found:
            pieces += [text[place : stretch.start], self._placeholder(stretch.kind, text[stretch.start : stretch.end])]
            place = stretch.end
        return Redacted("".join((*pieces, text[place:])), found)

    def pseudonym(self, kind: str, value: str) -> str:
        """Return the name under which a customer or an agent is kept: `kind-` and 16 hexadecimal digits.

        Raises:
            ConfigurationError: there is no key; without one a pseudonym could be guessed by trying names.
        """
        if not self._key:
            raise ConfigurationError("pseudonyms need a secret key: set CXTEXT_SECRET or run `cxtext init`")
        return f"{kind}-{self._digest(kind, value, _KEY_DIGITS)}"

    def redact_values(
        self, values: Mapping[str, Scalar], language: str = "de", people: Iterable[str] = ()
    ) -> dict[str, Scalar]:
        """Mask personal data in the values of further columns; the keys stay, numbers and truth values too.

        A column that holds sentences may be in another language than the ticket, and its telephone numbers in another country.
        """
        known = tuple(people)
        return {
            key: self.redact(value, _spoken(value, language), known).text if isinstance(value, str) else value
            for key, value in values.items()
        }

    def _candidates(self, text: str, language: str, people: Iterable[str]) -> list[Found]:
        codes = known_languages()
        known_cues, patterns = cues(codes), name_patterns(codes)
        found = list(recognise(text, known_cues))
        if any(digit in text for digit in "0123456789"):
            found += phones(text, known_cues, language)
            whole, numbers = addresses(text, known_cues, language)
            found += addressees(text, whole, patterns, language)
            found += {"full": whole, "house_number": numbers, "off": []}[self._addresses]
        folded = folded_words(text)
        found += names(text, folded, patterns, people, language)
        found += full_names(text, folded, patterns, language)
        return found

    def _settled(self, text: str, candidates: list[Found]) -> tuple[Found, ...]:
        """Without overlaps, without what stands in a placeholder, without allowed words; in the order of the text."""
        if not candidates:
            return ()
        taken = bytearray(len(text))  # a mark per character: a thousand names cost no more than their letters
        if "<" in text:
            for placeholder in _PLACEHOLDER.finditer(text):
                _take(taken, *placeholder.span())
        for pattern in self._keep:
            for kept in pattern.finditer(text):
                _take(taken, *kept.span())
        chosen: list[Found] = []
        for found in sorted(candidates, key=lambda found: (_RANK[found.kind], found.start - found.end, found.start)):
            if found.start < found.end and 1 not in taken[found.start : found.end]:
                chosen.append(found)
                _take(taken, found.start, found.end)
        return tuple(sorted(chosen, key=lambda found: found.start))

    def _placeholder(self, kind: str, value: str) -> str:
        if not self._key or kind == "HOUSE_NUMBER":  # a house number alone names nobody
            return f"<{kind}>"
        return f"<{kind}_{self._digest(kind, value, _TEXT_DIGITS)}>"

    def _digest(self, kind: str, value: str, digits: int) -> str:
        normal = re.sub(r"[\W_]+", "", fold(value))
        return hmac.digest(self._key, f"{kind}\x1f{normal}".encode(errors="backslashreplace"), "sha256").hex()[:digits]


def _spoken(value: str, language: str) -> str:
    """The language of a sentence; of less than that nothing can be told but what the ticket is in."""
    if len(value) < _SENTENCE:
        return language
    codes = known_languages()
    own, _ = identify(value, codes, hint=language)
    return own if own in codes else language


def _take(taken: bytearray, start: int, end: int) -> None:
    taken[start:end] = b"\x01" * (end - start)
