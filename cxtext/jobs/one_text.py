"""All that a single text says, at once and without a store: for the command line and for whoever asks over the API."""

from typing import Any

from cxtext.aspects import Aspect, aspects, moods_by_cause
from cxtext.assemble import Parts
from cxtext.causes.taxonomy_tagger import titles
from cxtext.domain import Case, Diagnosis, Facts, Guess, Mood, Ticket
from cxtext.intent.cues import Cues
from cxtext.pipeline import read
from cxtext.text.prepare import prepare

DIGITS = 4


def analyze_text(text: str, parts: Parts, language: str | None = None) -> dict[str, Any]:
    """Say what one text says: nothing is stored, nothing is compared with other texts, so there is no topic.

    Returns:
        `language`, `text` (cleaned, redacted), `auto_reply`, `sentiment` (score, label, confidence, evidence),
        `sentences` (text, language, score, label, cause), `moods_by_cause`, `causes` (with department, RATER dimension,
        touchpoint, evidence), `cause` and `department` (value, confidence, evidence, suggestions), `intent`, `urgency`,
        `intent_evidence`, `touchpoint`, `cancellation_reason`.
    """
    ticket = Ticket(id="asked", text=text, source="analyze", facts=Facts(language=language))
    case = prepare(ticket, languages=parts.languages, redactor=parts.redactor)
    reading = read([case], parts)[0]
    found = aspects(case.text, case.language, parts.sentiment, parts.tagger)
    return {
        "language": case.language,
        "text": case.text,
        "auto_reply": case.auto_reply,
        "sentiment": _mood(reading.mood),
        "sentences": [told_sentence(aspect) for aspect in found],
        "moods_by_cause": {cause: round(mood, DIGITS) for cause, mood in moods_by_cause(found).items()},
        "causes": _causes(reading.diagnosis, parts, case.language),
        "cause": _guess(reading.diagnosis.cause),
        "department": _guess(reading.diagnosis.department),
        "intent": reading.aim.intent,
        "urgency": round(reading.aim.urgency, DIGITS),
        "intent_evidence": list(reading.aim.evidence),
        **_details(case, reading.diagnosis, parts),
    }


def _mood(mood: Mood) -> dict[str, Any]:
    return {
        "score": round(mood.score, DIGITS),
        "label": mood.label,
        "confidence": round(mood.confidence, DIGITS),
        "evidence": list(mood.evidence),
    }


def told_sentence(aspect: Aspect) -> dict[str, Any]:
    """One sentence as plain values."""
    return {
        "text": aspect.text,
        "language": aspect.language,
        "score": round(aspect.mood.score, DIGITS),
        "label": aspect.mood.label,
        "cause": aspect.diagnosis.cause.value,
    }


def _causes(diagnosis: Diagnosis, parts: Parts, language: str) -> list[dict[str, Any]]:
    known = {cause.key: cause for cause in parts.taxonomy.causes}
    named = titles(parts.taxonomy, language)
    return [
        {
            "cause": tag.cause,
            "title": named.get(tag.cause, tag.cause),
            "department": tag.department,
            "dimension": known[tag.cause].dimension if tag.cause in known else None,
            "touchpoint": known[tag.cause].touchpoint if tag.cause in known else None,
            "confidence": round(tag.confidence, DIGITS),
            "evidence": list(tag.evidence),
        }
        for tag in diagnosis.tags
    ]


def _guess(guess: Guess) -> dict[str, Any]:
    return {
        "value": guess.value,
        "confidence": round(guess.confidence, DIGITS),
        "evidence": list(guess.evidence),
        "suggestions": [[label, round(confidence, DIGITS)] for label, confidence in guess.suggestions],
    }


def _details(case: Case, diagnosis: Diagnosis, parts: Parts) -> dict[str, Any]:
    """The touchpoint that the words name, else the one of the leading cause."""
    touchpoint = reason = None
    if isinstance(parts.intent, Cues):
        details = parts.intent.find_details(case.text, case.language)
        touchpoint, reason = details.touchpoint, details.cancellation_reason
    known = {cause.key: cause.touchpoint for cause in parts.taxonomy.causes}
    if touchpoint is None and diagnosis.cause.value is not None:
        touchpoint = known.get(diagnosis.cause.value)
    return {"touchpoint": touchpoint, "cancellation_reason": reason}
