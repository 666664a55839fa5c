"""Why an episode was told, in plain German and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

MILD, STRONG, SEVERE = 1.2, 2.0, 4.0  # lower bound of the ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a sentence about an episode needs; `band` is the expected count with its 95 % limits."""

    kind: str
    state: str
    series: str
    count: int
    window: int
    day: date
    band: tuple[float, float, float]
    ratio_low: float
    chance_per_year: float


def why(told: Told, language: str) -> str:
    """Say it in one to three sentences."""
    text = _GERMAN if language == "de" else _ENGLISH
    expected, lower, upper = (_number(value, language) for value in told.band)
    span = text["one_day" if told.window == 1 else "days"].format(window=told.window, day=_day(told.day, language))
    sentence = text[told.kind].format(
        series=told.series, tickets=_tickets(told.count, language), span=span, expected=expected, lower=lower, upper=upper,
        strength=text[_strength(told.ratio_low)],
    )  # fmt: skip
    parts = [sentence]
    if told.state in text and told.kind != "new":
        parts.append(text[told.state])
    if told.kind in ("rising", "spike"):
        parts.append(_chance(told.chance_per_year, text, language))
    return " ".join(parts)


def _strength(ratio_low: float) -> str:
    return "severe" if ratio_low >= SEVERE else "strong" if ratio_low >= STRONG else "mild"


def _chance(per_year: float, text: Mapping[str, str], language: str) -> str:
    if per_year > 1:
        return text["often"].format(times=_number(per_year, language))
    years = 1 / max(per_year, 1e-9)
    if years > 100:
        return text["never"]
    return text["chance"].format(years=round(years))


def _number(value: float, language: str) -> str:
    written = f"{value:.1f}" if value < 10 else f"{value:.0f}"
    return written.replace(".", ",") if language == "de" else written


def _tickets(count: int, language: str) -> str:
    if count == 1:
        return "1 Ticket" if language == "de" else "1 ticket"
    return f"{count} Tickets" if language == "de" else f"{count} tickets"


def _day(day: date, language: str) -> str:
    return f"{day.day}.{day.month}.{day.year}" if language == "de" else day.isoformat()


def gone(series: str, count: int, expected: float, days: int, course: str, language: str) -> str:
    """Say that a topic goes down ("fading") or is gone ("resolved")."""
    text = _GERMAN if language == "de" else _ENGLISH
    return text[course].format(
        series=series, tickets=_tickets(count, language), expected=_number(expected, language), days=days
    )


def called(label: str | None, dimension: str, value: str, language: str) -> str:
    """What a sentence calls a topic (None: all tickets), or one slice of it."""
    text = _GERMAN if language == "de" else _ENGLISH
    if dimension == "alike":
        return text["alike"].format(label=value)
    name = text["everything"] if label is None else text["quoted"].format(label=label)
    return name if dimension == "all" else f"{name} ({text[dimension]} {value})"


_ENGLISH: Mapping[str, str] = {
    "one_day": "on {day}",
    "days": "in the {window} days to {day}",
    "rising": "{series} is rising ({strength}): {tickets} {span}, {expected} were expected ({lower} to {upper}).",
    "spike": "{series} jumped: {tickets} {span}, {expected} were expected ({lower} to {upper}). A one-off until confirmed.",
    "seasonal": "{series} is up as in the years before: {tickets} {span}, {expected} expected without the season.",
    "new": "{series} is new: {tickets} {span}, none before.",
    "mild": "slightly",
    "strong": "clearly",
    "severe": "sharply",
    "recurring": "Not the first time within half a year.",
    "chronic": "It has stayed above its old level for more than eight weeks.",
    "often": "Chance alone raises about {times} such signals per series and year.",
    "chance": "Chance alone raises such a signal about once in {years} years per series.",
    "fading": "{series} is going down: {tickets} in the last {days} days, {expected} would have come at the level before.",
    "resolved": "{series} is as good as gone: {tickets} in the last {days} days, {expected} would have come at the level before.",
    "everything": "The volume of all tickets",
    "quoted": "“{label}”",
    "alike": "An issue around “{label}”",
    "department": "department",
    "product": "product",
    "channel": "channel",
    "language": "language",
    "version": "version",
    "never": "Chance alone raises such a signal less than once in 100 years per series.",
}
_GERMAN: Mapping[str, str] = {
    "one_day": "am {day}",
    "days": "in den {window} Tagen bis {day}",
    "rising": "{series} nimmt {strength} zu: {tickets} {span}, erwartet waren {expected} ({lower} bis {upper}).",
    "spike": "{series} ist sprunghaft gestiegen: {tickets} {span}, erwartet waren {expected} ({lower} bis {upper}). Einmalig, bis es sich bestätigt.",
    "seasonal": "{series} liegt höher wie in den Vorjahren: {tickets} {span}, ohne Saison erwartet: {expected}.",
    "new": "{series} ist neu: {tickets} {span}, davor keine.",
    "mild": "leicht",
    "strong": "deutlich",
    "severe": "stark",
    "recurring": "Nicht zum ersten Mal in einem halben Jahr.",
    "chronic": "Seit mehr als acht Wochen über dem alten Niveau.",
    "often": "Der Zufall allein löst etwa {times} solche Meldungen je Reihe und Jahr aus.",
    "chance": "Der Zufall allein löst eine solche Meldung je Reihe etwa einmal in {years} Jahren aus.",
    "fading": "{series} geht zurück: {tickets} in den letzten {days} Tagen, auf dem früheren Niveau wären es {expected}.",
    "resolved": "{series} ist so gut wie verschwunden: {tickets} in den letzten {days} Tagen, auf dem früheren Niveau wären es {expected}.",
    "everything": "Die Zahl aller Tickets",
    "quoted": "„{label}“",
    "alike": "Ein Anliegen um „{label}“",
    "department": "Abteilung",
    "product": "Produkt",
    "channel": "Kanal",
    "language": "Sprache",
    "version": "Version",
    "never": "Der Zufall allein löst eine solche Meldung je Reihe seltener als einmal in 100 Jahren aus.",
}
