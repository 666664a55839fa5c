"""The words of the pages in German and English, and how dates and numbers are written there."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from starlette.requests import Request

LANGUAGES = ("de", "en")
COOKIE = "cxtext_language"

WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "title": "Was immer wiederkommt",
        "today": "Heute", "documentation": "Schnittstelle", "exports": "Export",
        "finding": "{label}: {size} Fälle, das größte von {issues} wiederkehrenden Problemen",
        "finding_new": "Neu: {label}, {size} Fälle seit {since}",
        "finding_rising": "{label} nimmt zu: zuletzt {last}, insgesamt {size} Fälle",
        "finding_none": "Kein Problem kehrt wieder: zu wenige oder zu verschiedene Fälle",
        "basis": "{tickets} Fälle vom {first} bis {last}, {share} davon gehören zu einem wiederkehrenden Problem.",
        "undated": "{count} Fälle ohne Datum nehmen an Trends nicht teil.",
        "quarantined": "{count} Zeilen in Quarantäne",
        "attention": "Braucht Aufmerksamkeit", "resolved": "Gelöst oder abklingend",
        "issues": "Die Probleme, nach Größe", "issue": "Problem", "size": "Fälle", "share": "Anteil",
        "cumulative": "Summe", "trend": "Verlauf", "mood": "Stimmung", "cause": "Ursache", "department": "Abteilung",
        "status": "Stand", "negative": "{share} negativ", "csat_impact": "CSAT-Wirkung",
        "quotes": "Stimmen der Kunden", "all_tickets": "Alle Fälle dieses Problems (JSON)",
        "departments": "Abteilungen", "owns": "{count} Fälle, {share}", "causes": "Ursachen",
        "empty": "Noch keine Fälle. So lesen Sie die ersten ein:", "run": "Lauf {id} vom {day}",
        "since": "seit {day}", "until": "bis {day}", "keywords": "Stichwörter", "unknown": "nicht bekannt",
        "per_week": "Fälle je Woche", "week": "Woche ab", "table": "Als Tabelle", "parent": "gehört zu",
        "quote_source": "{day}, {language}", "no_date": "ohne Datum", "other_language": "English",
        "error_404": "Diese Seite gibt es nicht", "error_503": "Gerade nicht möglich", "error_other": "Das hat nicht geklappt",
        "back": "Zur Übersicht",
        "skip": "Zum Inhalt", "named_by": "Name von {by}",
        "thin": "unter n = 5 ohne Angabe", "search": "Textsuche in den Fällen",
    },
    "en": {
        "title": "What keeps coming back",
        "today": "Today", "documentation": "API", "exports": "Export",
        "finding": "{label}: {size} tickets, the largest of {issues} recurring issues",
        "finding_new": "New: {label}, {size} tickets since {since}",
        "finding_rising": "{label} is rising: last seen {last}, {size} tickets in all",
        "finding_none": "No issue recurs: too few tickets, or too different ones",
        "basis": "{tickets} tickets from {first} to {last}, {share} of them belong to a recurring issue.",
        "undated": "{count} tickets without a date take no part in trends.",
        "quarantined": "{count} rows in quarantine",
        "attention": "Needs attention", "resolved": "Resolved or fading",
        "issues": "The issues, by size", "issue": "Issue", "size": "Tickets", "share": "Share",
        "cumulative": "Sum", "trend": "Trend", "mood": "Sentiment", "cause": "Cause", "department": "Department",
        "status": "Status", "negative": "{share} negative", "csat_impact": "CSAT impact",
        "quotes": "What customers say", "all_tickets": "All tickets of this issue (JSON)",
        "departments": "Departments", "owns": "{count} tickets, {share}", "causes": "Causes",
        "empty": "No tickets yet. This is how you read the first ones:", "run": "Run {id} of {day}",
        "since": "since {day}", "until": "until {day}", "keywords": "Keywords", "unknown": "not known",
        "per_week": "Tickets per week", "week": "Week from", "table": "As a table", "parent": "part of",
        "quote_source": "{day}, {language}", "no_date": "no date", "other_language": "Deutsch",
        "error_404": "There is no such page", "error_503": "Not possible right now", "error_other": "That did not work",
        "back": "To the overview",
        "skip": "Skip to content", "named_by": "named by {by}",
        "thin": "not shown under n = 5", "search": "Search the tickets",
    },
}  # fmt: skip

STATUS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "new": "neu", "rising": "steigt", "recurring": "wiederkehrend", "seasonal": "saisonal", "steady": "gleichbleibend",
        "fading": "nimmt ab", "resolved": "gelöst",
    },
    "en": {
        "new": "new", "rising": "rising", "recurring": "recurring", "seasonal": "seasonal", "steady": "steady",
        "fading": "fading", "resolved": "resolved",
    },
}  # fmt: skip


class Speech:
    """One language of the pages: words, numbers, dates."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.other = "en" if language == "de" else "de"

    def say(self, key: str, **values: object) -> str:
        """The words for a key, with numbers and days written as people write them."""
        written = {name: self.write(value) for name, value in values.items()}
        return WORDS[self.language][key].format(**written)

    def write(self, value: object) -> str:
        """A number or a day as people write it."""
        if isinstance(value, date):
            return format_date(value, "long" if self.language == "de" else "d MMMM y", locale=self.language)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return "–" if value is None else str(value)
        return format_decimal(value, "#,##0.##", locale=self.language)

    def signed(self, value: float | None) -> str:
        """A number with its sign."""
        return "–" if value is None else format_decimal(value, "+0.00;−0.00", locale=self.language)

    def percent(self, value: float | None) -> str:
        """A share."""
        return (
            "–"
            if value is None
            else format_percent(value, "0 %" if self.language == "de" else "0%", locale=self.language)
        )

    def status(self, word: str) -> str:
        """The word for where a topic stands."""
        return STATUS[self.language].get(word, word)

    def title(self, titles: Mapping[str, str], key: str) -> str:
        """The name of a cause or department."""
        return titles.get(self.language) or titles.get("en") or key


def speech_for(request: Request) -> Speech:
    """The reader's language: chosen on the page, else what the browser prefers, else German."""
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE)
    if asked in LANGUAGES:
        return Speech(asked)
    for preferred in request.headers.get("accept-language", "").split(","):
        code = preferred.split(";")[0].strip()[:2].lower()
        if code in LANGUAGES:
            return Speech(code)
    return Speech("de")
