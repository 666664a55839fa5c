"""The metrics: what each is called, how it is read, what it counts. Formulas are in `measure.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

THIN = 5  # under this many tickets a value is not shown: it would say more about chance, and of single customers
SCOPES = ("all", "topic", "cause", "department", "product", "channel", "language", "version")
KINDS = ("week", "month", "28d", "before", "all")  # of periods; before: the 28 days before the last 28
WHOLE = "all"  # key of the scope "all", label of the period "all"
RATER = ("reliability", "assurance", "tangibles", "empathy", "responsiveness")

Unit = Literal["percent", "points", "hours", "money", "count", "scale"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One metric as people read it.

    Attributes:
        titles: language -> name.
        unit: percent and points are 0–100 and −100…+100; scale is that of the survey (or −1…+1).
        better: whether more is better, worse, or neither by itself.
        of: language -> what `n` counts.
    """

    titles: Mapping[str, str]
    unit: Unit
    better: Literal["more", "less", "neither"]
    of: Mapping[str, str]


_TICKETS = {"de": "Fälle", "en": "tickets"}
_ANSWERS = {"de": "Antworten", "en": "answers"}
_SOLVED = {"de": "gelöste Fälle", "en": "resolved tickets"}
_CUSTOMERS = {"de": "Kunden", "en": "customers"}
_COMPLAINTS = {"de": "Beschwerden mit Ursache", "en": "complaints with a cause"}
_ANSWERED = {"de": "beantwortete Fälle", "en": "answered tickets"}
_PRICED = {"de": "Fälle mit Kosten", "en": "tickets with a cost"}
_TRACKED = {"de": "Fälle mit Bearbeitungsstand", "en": "tickets whose state is known"}


def _metric(
    german: str, english: str, unit: Unit, better: Literal["more", "less", "neither"], of: Mapping[str, str]
) -> Definition:
    return Definition(titles={"de": german, "en": english}, unit=unit, better=better, of=of)


METRICS: Mapping[str, Definition] = {
    "tickets": _metric("Fälle", "Tickets", "count", "neither", _TICKETS),
    "csat": _metric("CSAT (Anteil 4 und 5 von 5)", "CSAT (share of 4 and 5 of 5)", "percent", "more", _ANSWERS),
    "csat_mean": _metric("CSAT (Mittel, 1–5)", "CSAT (mean, 1–5)", "scale", "more", _ANSWERS),
    "nps": _metric("NPS (Weiterempfehlung)", "NPS (recommendation)", "points", "more", _ANSWERS),
    "ces": _metric("CES (Mittel, 1–7)", "CES (mean, 1–7)", "scale", "more", _ANSWERS),
    "frt_median": _metric("Erste Antwort (Median)", "First response (median)", "hours", "less", _ANSWERED),
    "frt_mean": _metric("Erste Antwort (Mittel)", "First response (mean)", "hours", "less", _ANSWERED),
    "ttr_median": _metric("Zeit bis zur Lösung (Median)", "Time to resolution (median)", "hours", "less", _SOLVED),
    "ttr_mean": _metric("Zeit bis zur Lösung (Mittel)", "Time to resolution (mean)", "hours", "less", _SOLVED),
    "resolution_rate": _metric("Lösungsquote", "Resolution rate", "percent", "more", _TRACKED),
    "reopen_rate": _metric("Wiedereröffnet", "Reopened", "percent", "less", _SOLVED),
    "backlog": _metric("Offen am Ende", "Open at the end", "count", "less", _TRACKED),
    "retention": _metric("Kundenbindung", "Retention", "percent", "more", _CUSTOMERS),
    "churn": _metric("Abwanderung", "Churn", "percent", "less", _CUSTOMERS),
    "churned": _metric("Abgewanderte Kunden", "Customers who left", "percent", "less", _CUSTOMERS),
    "cost_sum": _metric("Kosten", "Cost", "money", "less", _PRICED),
    "cost_per_resolution": _metric("Kosten je Lösung", "Cost per resolution", "money", "less", _SOLVED),
    "servqual_reliability": _metric("Zuverlässigkeit", "Reliability", "percent", "neither", _COMPLAINTS),
    "servqual_assurance": _metric("Leistungskompetenz", "Assurance", "percent", "neither", _COMPLAINTS),
    "servqual_tangibles": _metric("Erscheinungsbild", "Tangibles", "percent", "neither", _COMPLAINTS),
    "servqual_empathy": _metric("Einfühlungsvermögen", "Empathy", "percent", "neither", _COMPLAINTS),
    "servqual_responsiveness": _metric("Reaktionsfähigkeit", "Responsiveness", "percent", "neither", _COMPLAINTS),
    "negative_share": _metric("Anteil negativ", "Share negative", "percent", "less", _TICKETS),
    "sentiment": _metric("Stimmung (Mittel, −1…+1)", "Sentiment (mean, −1…+1)", "scale", "more", _TICKETS),
}

CSAT_BANDS = ((80.0, "excellent"), (60.0, "good"))


def csat_band(value: float | None) -> Literal["excellent", "good", "poor"] | None:
    """The usual word for a CSAT share: over 80 excellent, 60–80 good, below poor; None where it is hidden."""
    if value is None:
        return None
    return "excellent" if value > 80 else "good" if value >= 60 else "poor"
