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
        "finding_new": "Neu: {label}, {size} Fälle, fast alle aus den letzten vier Wochen",
        "finding_rising": "{label} nimmt zu: {size} Fälle seit {since}",
        "finding_fading": "{label} nimmt ab: {size} Fälle seit {since}, der letzte am {last}",
        "finding_resolved": "{label}: seit {last} kein Fall mehr, {size} waren es vorher",
        "finding_steady": "{label}: {size} Fälle seit {since}",
        "since": "{size} Fälle seit {since}",
        "finding_undated": "{label}: {size} Fälle ohne Datum",
        "finding_none": "Kein Problem kehrt wieder: zu wenige oder zu verschiedene Fälle",
        "basis": "{tickets} Fälle vom {first} bis {last}; {share} davon gehören zu einem von {issues} Problemen.",
        "basis_undated": "{tickets} Fälle; {share} davon gehören zu einem von {issues} Problemen.",
        "undated": "{count} Fälle ohne Datum nehmen an Verläufen nicht teil.",
        "quarantined": "{count} Zeilen in Quarantäne",
        "attention": "Braucht Aufmerksamkeit", "calm": "Nichts ist neu, nichts nimmt zu.",
        "resolved": "Gelöst oder abklingend",
        "issues": "Was am häufigsten wiederkommt", "issue": "Problem", "size": "Fälle", "tickets": "{count} Fälle",
        "share": "Anteil", "cumulative": "Summe", "trend": "Je Woche", "mood": "Stimmung", "cause": "Ursache",
        "department": "Abteilung", "status": "Stand", "negative": "Negativ", "negative_of": "{share} negativ",
        "csat_impact": "CSAT-Wirkung", "all_issues": "alle {count} Probleme", "fewer": "nur die größten",
        "quotes": "Stimmen der Kunden", "all_tickets": "Alle Fälle dieses Problems (JSON)", "parts": "Besteht aus",
        "departments": "Welche Abteilung die Ursache behebt", "causes": "Ursachen", "of": "von n = {count}",
        "empty": "Noch keine Fälle. So lesen Sie die ersten ein:", "or_demo": "Oder erst ein Beispiel ansehen:",
        "waiting": "{count} Fälle sind eingelesen, aber noch nicht ausgewertet. So geht es weiter:",
        "run": "Lauf {id} vom {day}", "keywords": "Stichwörter", "unknown": "nicht bekannt",
        "per_week": "Fälle je Woche", "part_week": "nur ein Teil der Woche", "week": "Woche ab", "table": "Als Tabelle",
        "hollow": "hohl: nur ein Teil der Woche", "no_date": "ohne Datum", "other_language": "English",
        "spark": "{weeks} Wochen, höchstens {most} Fälle, zuletzt {last}", "original": "zum Fall",
        "interval": "in eckigen Klammern: 95-%-Bereich", "thin": "unter n = 5 ohne Angabe", "named_by": "Name von {by}",
        "error_404": "Diese Seite gibt es nicht", "error_503": "Gerade nicht möglich", "error_other": "Das ging nicht",
        "back": "Zur Übersicht", "skip": "Zum Inhalt",
    },
    "en": {
        "title": "What keeps coming back",
        "today": "Today", "documentation": "API", "exports": "Export",
        "finding": "{label}: {size} tickets, the largest of {issues} recurring issues",
        "finding_new": "New: {label}, {size} tickets, nearly all of the last four weeks",
        "finding_rising": "{label} is rising: {size} tickets since {since}",
        "finding_fading": "{label} is fading: {size} tickets since {since}, the last on {last}",
        "finding_resolved": "{label}: no ticket since {last}, {size} before",
        "finding_steady": "{label}: {size} tickets since {since}",
        "since": "{size} tickets since {since}",
        "finding_undated": "{label}: {size} tickets without a date",
        "finding_none": "No issue recurs: too few tickets, or too different ones",
        "basis": "{tickets} tickets from {first} to {last}; {share} of them belong to one of {issues} issues.",
        "basis_undated": "{tickets} tickets; {share} of them belong to one of {issues} issues.",
        "undated": "{count} tickets without a date take no part in trends.",
        "quarantined": "{count} rows in quarantine",
        "attention": "Needs attention", "calm": "Nothing is new, nothing is rising.",
        "resolved": "Resolved or fading",
        "issues": "What comes back most often", "issue": "Issue", "size": "Tickets", "tickets": "{count} tickets",
        "share": "Share", "cumulative": "Sum", "trend": "Per week", "mood": "Sentiment", "cause": "Cause",
        "department": "Department", "status": "Status", "negative": "Negative", "negative_of": "{share} negative",
        "csat_impact": "CSAT impact", "all_issues": "all {count} issues", "fewer": "only the largest",
        "quotes": "What customers say", "all_tickets": "All tickets of this issue (JSON)", "parts": "Made of",
        "departments": "Which department can mend the cause", "causes": "Causes", "of": "of n = {count}",
        "empty": "No tickets yet. This is how you read the first ones:", "or_demo": "Or look at an example first:",
        "waiting": "{count} tickets are read, but not analysed yet. This is the next step:",
        "run": "Run {id} of {day}", "keywords": "Keywords", "unknown": "not known",
        "per_week": "Tickets per week", "part_week": "only part of the week", "week": "Week from", "table": "As a table",
        "hollow": "hollow: only part of the week", "no_date": "no date", "other_language": "Deutsch",
        "spark": "{weeks} weeks, {most} tickets at most, {last} in the last", "original": "the ticket",
        "interval": "in brackets: 95 % interval", "thin": "not shown under n = 5", "named_by": "named by {by}",
        "error_404": "There is no such page", "error_503": "Not possible right now", "error_other": "That did not work",
        "back": "To the overview", "skip": "Skip to content",
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

    def knows(self, key: str) -> bool:
        """Whether there are words for a key."""
        return key in WORDS[self.language]

    def short(self, day: date) -> str:
        """A day where there is little room."""
        return format_date(day, "d. MMM" if self.language == "de" else "d MMM", locale=self.language)

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

    def fine(self, value: float) -> str:
        """A small share, with one decimal."""
        return format_percent(value, "0.0 %" if self.language == "de" else "0.0%", locale=self.language)

    def between(self, bounds: tuple[float, float] | None) -> str:
        """The interval of a share, in percent; nothing where there is none."""
        return "" if bounds is None else f"[{bounds[0] * 100:.0f}–{bounds[1] * 100:.0f}]"

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
