"""Check digits of account, card and person numbers: what tells a real number from an order number."""

import re

# ISO 13616 registry: how long an IBAN of a country is.
_IBAN_LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "NL", "FO", "GL"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "XK"), 20),
    **dict.fromkeys(("CH", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "CR", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "TL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("PT", "ST"), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("FR", "GR", "IT", "MC", "MR", "SM"), 27),
    **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "GT", "HU", "LB", "PL", "SV"), 28),
    **dict.fromkeys(("BR", "EG", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
}


def iban_length(country: str) -> int:
    """Return how many characters an IBAN of this country has; 0 for a country without IBANs."""
    return _IBAN_LENGTHS.get(country, 0)


def is_iban(number: str) -> bool:
    """Tell whether `number` (no separators, capitals) is an IBAN: length by country and ISO 7064 mod 97-10."""
    if len(number) != iban_length(number[:2]) or not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]+", number, re.ASCII):
        return False
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1


def is_luhn(digits: str) -> bool:
    """Tell whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def is_card(digits: str) -> bool:
    """Tell whether `digits` is a payment card of an issuer in use: range, length and Luhn."""
    return _is_issued(digits) and is_luhn(digits)


def _is_issued(digits: str) -> bool:
    four, length = int(digits[:4]), len(digits)
    if length == 16:
        return (
            digits[0] == "4"
            or 5100 <= four <= 5599
            or 2221 <= four <= 2720
            or 3528 <= four <= 3589
            or four == 6011
            or 6440 <= four <= 6599
            or digits[:2] == "62"
        )
    if length == 15:
        return digits[:2] in {"34", "37"}
    return length == 14 and (3000 <= four <= 3059 or digits[:2] in {"36", "38", "39"})


def is_tax_id(digits: str) -> bool:
    """Tell whether 11 digits are a German Steuer-ID: exactly one digit of the first ten repeats, ISO 7064 mod 11,10."""
    if len(digits) != 11 or not digits.isdecimal() or digits[0] == "0":
        return False
    counts = sorted((digits[:10].count(digit) for digit in set(digits[:10])), reverse=True)
    if counts[0] not in {2, 3} or counts[1] != 1:
        return False
    product = 10
    for digit in digits[:10]:
        product = (((int(digit) + product) % 10) or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def is_ean13(digits: str) -> bool:
    """Tell whether 13 digits end in the GS1 check digit; a Swiss AHV number is one that begins with 756."""
    if len(digits) != 13 or not digits.isdecimal():
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
