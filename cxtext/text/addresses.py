"""Street addresses, in the German and the English way of writing them."""

import re
from collections.abc import Iterator

from cxtext.text.cues import Cues
from cxtext.text.fold import fold
from cxtext.text.recognise import Found

_NUMBER = r"(?P<number>\d{1,4}(?: ?[a-zA-Z](?![^\W\d_]))?(?: ?[-/–+] ?\d{1,4}[a-zA-Z]?){0,2})(?![\w%€:]|[.,]\d)"
_CAPITAL = r"[A-ZÄÖÜÉ][\w'’ß]{0,40}\.?"
_GLUED = re.compile(  # "Schlosserallee 7", "Danielle-Dobes-Ring 0", "hauptstr.5"
    r"(?<![\w-])(?P<name>[^\W\d_][\w'’-]{1,60}?(?:straße|strasse|str|weg|platz|allee|gasse|gässchen|ring|damm|ufer|chaussee|steig|pfad|"
    rf"graben|promenade|zeile|stieg|kamp|twiete|anger|siedlung|stiege|steg))\.? ?(?:nr\.? ?)?{_NUMBER}",
    re.IGNORECASE,
)
_SPACED = re.compile(  # "Berliner Straße 12a", "Karl Marx Str. 4-6"
    rf"(?<![\w-])(?P<name>(?:{_CAPITAL}[ -]){{1,3}}"
    rf"(?:Stra(?:ß|ss)e|Str\.?|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Chaussee|Markt|Steig|Pfad|Graben|Tor|Hof|Berg)) ?(?:Nr\.? ?)?{_NUMBER}"
)
_CAPITAL_WORDS = re.compile(rf"(?:{_CAPITAL} ){{1,2}}")
_PREPOSITION = re.compile(  # "Am Alten Markt 5", "Unter den Linden 7"
    rf"(?<![\w-])(?P<name>(?:Am|An de[rn]|Im|In de[rnm]|Auf de[rm]|Zum|Zur|Unter den|Hinter de[rm]|Vor de[rm]|Bei de[rm])(?: {_CAPITAL}){{1,2}}) {_NUMBER}"
)
_ENGLISH = re.compile(
    r"(?<![\w-])(?:(?:Flat|Studio|Apartment|Apt\.?|Unit|Suite) \d{1,4}\w?,?\s{1,2})?(?P<number>\d{1,4}[a-zA-Z]?) "
    rf"(?:{_CAPITAL} ){{1,3}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Court|Way|Place|Square|Terrace|Gardens?|Crescent|Hill|Grove|"
    r"Mews|Row|Walk|Green|Boulevard|Blvd|Parade|Rise|View|Villas?|Cottages?)(?!\w)\.?"
)
_ENGLISH_CUED = re.compile(rf"(?<![\w-])(?P<number>\d{{1,4}}[a-zA-Z]?) (?:{_CAPITAL} ?){{2,3}}(?<! )")
_UNIT = re.compile(
    r"(?<![\w-])(?:Flat|Studio|Apartment|Apt\.?|Unit|Suite) (?P<number>\d{1,4}\w?),?\s{1,2}(?:[A-Z][\w'’-]{1,40} ?){1,3}"
)
_POSTCODE_UK = r"[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}"
_TOWN = r"(?:St\. |Bad )?[A-ZÄÖÜÉ][\w’ß]{0,40}"
_CITY = rf"{_TOWN}(?:[ -](?:am|an der|im|in|bei|ob der|unter|de|la|le|les|sur|di|upon|on|{_TOWN})){{0,3}}"
_PLACE = re.compile(
    rf"(?<![\w-])(?:(?:D|A|CH)[- ]?)?(?P<code>\d{{4,5}}) (?!Euro|EUR|Uhr|Stück|Tage|Jahre|Kunden){_CITY}|"
    rf"(?:{_CITY},? )?(?<!\w){_POSTCODE_UK}(?!\w)(?: {_CITY})?"
)
_SURE_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}(?!\w)")
# A line of an address or of a letter's date: ", 78462 Konstanz, den …".
_ON_ITS_OWN = re.compile(r"(?:\A|[\n,]\s*)\Z"), re.compile(r"\s*(?:[,.\n]|\Z)")
_HAS_HOUSE_NUMBER = re.compile(r"[^\W\d_]\.? ?\d{1,4}|\d{1,4}\w? [A-Z]")
_NO_STREETS = re.compile(
    r"(?:sitz|park|stell|arbeits|spiel|start|tabellen|listen|stand|speicher|lade|liege|liegen|kurs|camping|steh|um|geh|rad|heim|hin|rueck|aus|"
    r"feld|rettungs|flucht|post|rechts|dienst|bahn|bus|markt|daten|transport|wasch|spuel|hot|dicht|gummi|schluessel|ab|auf|ein|an|zu)"
    r"(?:platz|weg|steig|steg|stieg|ring|str)\Z"
)
# "during 4" and "Spring 3" end like German streets.
_SURE_STREET = re.compile(r"(?:strasse|str\.?|gasse|platz|allee|weg)\Z")
_FUNCTION_WORDS = re.compile(
    r"(?:am|an|d(?:er|ie|as|em|en)|im|in|auf|zu[mr]|ihre?|(?:m|d|s|k)?eine?|unsere?|diese[rs]?|jede[rs]?|und|oder|mit|von|bis|nach|platz|sitz|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|the|this|your|my|our)\Z"
)


def addresses(text: str, cues: Cues, language: str) -> tuple[list[Found], list[Found]]:
    """Return the addresses in `text` and, apart from them, their house numbers.

    A street and its number are found by their form; a street without a telling name, and a postcode with a town, only next to
    a cue such as "Adresse" or to another part of an address.
    """
    if not _HAS_HOUSE_NUMBER.search(text):
        return [], []
    spans, numbers = [], []
    for found in _streets(text, cues, language):
        spans.append((_with_first_words(text, found.start()), found.end()))
        numbers.append(Found("HOUSE_NUMBER", *found.span("number")))
    ends = [end for _, end in spans]
    for place in _PLACE.finditer(text):
        near = any(0 <= place.start() - end <= 4 for end in ends) or cues.any_before(text, place.start(), "address")
        if near or _SURE_POSTCODE.search(place.group()) or _stands_alone(text, place):
            spans.append(place.span())
    return [Found("ADDRESS", start, end) for start, end in _merged(spans)], numbers


def _with_first_words(text: str, start: int) -> int:
    """Where a street begins that has a line to itself: "Alte Dorfstraße 3" is found by its last word."""
    line = text.rfind("\n", 0, start) + 1
    return line if line < start and _CAPITAL_WORDS.fullmatch(text, line, start) else start


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _stands_alone(text: str, place: re.Match[str]) -> bool:
    before, after = _ON_ITS_OWN
    code = place.group("code")
    return (
        code is not None
        and not 1900 <= int(code) <= 2100
        and bool(before.search(text, max(0, place.start() - 3), place.start()) and after.match(text, place.end()))
    )


def _streets(text: str, cues: Cues, language: str) -> Iterator[re.Match[str]]:
    for pattern in (_GLUED, _SPACED):
        yield from (
            found
            for found in pattern.finditer(text)
            if _is_street(found.group("name"), found.group("number"), language)
        )
    for found in _PREPOSITION.finditer(text):
        followed = _PLACE.match(text, _after_comma(text, found.end()))
        if followed or cues.any_before(text, found.start(), "address"):
            yield found
    yield from _ENGLISH.finditer(text)
    yield from (found for found in _ENGLISH_CUED.finditer(text) if cues.any_before(text, found.start(), "address"))
    yield from _UNIT.finditer(text)


def _is_street(name: str, number: str, language: str) -> bool:
    words = fold(name).replace("-", " ").split()
    if re.match(r"(?:19|20)\d\d\Z", number) or (language != "de" and not _SURE_STREET.search(words[-1])):
        return False
    if len(words) == 1:
        return not _NO_STREETS.match(words[0]) and not _FUNCTION_WORDS.match(words[0])
    return not _FUNCTION_WORDS.match(words[-2]) or len(words) > 2


def _after_comma(text: str, place: int) -> int:
    while place < len(text) and text[place] in ", \n":
        place += 1
    return place
