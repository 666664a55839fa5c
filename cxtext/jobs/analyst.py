"""The process behind the web application that holds the models: questions in, answers out, one JSON object a line.

It exists so that the web process starts at once and stays small. `python -m cxtext.jobs.analyst` reads the settings
from the first line and then answers until its input ends.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Any

from cxtext.assemble import Parts, assemble
from cxtext.connectors import tickets_from_rows
from cxtext.domain import Assignment, Facts, Ticket
from cxtext.errors import ConfigurationError, CxtextError
from cxtext.jobs.nightly import Order, run_night
from cxtext.pipeline import read
from cxtext.settings import Settings
from cxtext.store import Store, open_store, results, runs
from cxtext.store.connect import tenant_key
from cxtext.text.prepare import prepare
from cxtext.topics.memory import Memory
from cxtext.topics.night import night

DIGITS = 4


class Analyst:
    """Parts and memory, loaded once; the memory is read again when another run is published."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store: Store = open_store(settings.db)
        secret = settings.secret.get_secret_value() if settings.secret else None
        self.parts: Parts = assemble(settings, tenant_key(self.store, secret))
        self._memory: Memory | None = None
        self._memory_of = -1

    def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one question.

        Raises:
            ConfigurationError: nobody knows how to do that.
        """
        if question.get("do") == "analyze":
            return self.analyze(question["text"], question.get("language"))
        if question.get("do") == "ingest":
            return self.ingest(question["tickets"])
        raise ConfigurationError(f"nobody knows how to do {question.get('do')!r}")

    def ingest(self, tickets: list[dict[str, Any]]) -> dict[str, Any]:
        """Keep tickets that came over the API, as `cxtext ingest` would."""
        given = tuple(tickets_from_rows(tickets, timezone=self.settings.timezone, source="api"))
        outcome = run_night(self.store, self.settings, Order(given=given, only_ingest=True), now=_now)
        return {"run_id": outcome.run_id} | {
            name: outcome.counts[name] for name in ("read", "new", "changed", "unchanged", "quarantined")
        }

    def analyze(self, text: str, language: str | None) -> dict[str, Any]:
        """Say what one text says; nothing is stored."""
        ticket = Ticket(id="asked", text=text, source="analyze", facts=Facts(language=language))
        case = prepare(ticket, languages=self.parts.languages, redactor=self.parts.redactor)
        reading = read([case], self.parts)[0]
        diagnosis, memory = reading.diagnosis, self._memory_now()
        found = Assignment(case.key, None)
        if memory is not None:
            found = night([case], (), memory, (), recipe=self.parts.recipe, today=None, seed=0).assignments[0]
        known = memory.find(found.topic_id) if memory is not None and found.topic_id else None
        evidence = dict.fromkeys((*reading.mood.evidence, *diagnosis.cause.evidence, *diagnosis.department.evidence))
        return {
            "text": case.text,
            "language": case.language,
            "topic_id": known.topic.id if known else None,
            "topic_label": known.topic.label if known else None,
            "topic_confidence": round(found.confidence, DIGITS),
            "sentiment": round(reading.mood.score, DIGITS),
            "sentiment_label": reading.mood.label,
            "sentiment_confidence": round(reading.mood.confidence, DIGITS),
            "sentiment_evidence": list(reading.mood.evidence),
            "causes": [
                {"cause": tag.cause, "department": tag.department, "confidence": round(tag.confidence, DIGITS)}
                | {"evidence": list(tag.evidence)}
                for tag in diagnosis.tags
            ],
            "cause": diagnosis.cause.value,
            "department": diagnosis.department.value,
            "department_confidence": round(diagnosis.department.confidence, DIGITS),
            "suggestions": {"cause": diagnosis.cause.suggestions, "department": diagnosis.department.suggestions},
            "intent": reading.aim.intent,
            "urgency": round(reading.aim.urgency, DIGITS),
            "evidence": list(evidence),
        }

    def _memory_now(self) -> Memory | None:
        with self.store.read() as connection:
            run_id = runs.current(connection)
            if run_id != self._memory_of:
                content = results.load_memory(connection)
                self._memory = None if content is None else Memory.from_bytes(content)
                self._memory_of = run_id
        return self._memory


def serve(questions: IO[str], answers: IO[str]) -> None:
    """Answer until the questions end."""
    lines = iter(questions)
    first = next(lines, None)
    if first is None:
        return
    analyst: Analyst | CxtextError
    try:
        analyst = Analyst(Settings.load(**json.loads(first)))
    except CxtextError as error:
        analyst = error
    for line in _questions(lines):
        try:
            if isinstance(analyst, CxtextError):
                raise analyst
            answer = analyst.answer(line)
        except CxtextError as error:
            answer = {"error": type(error).__name__, "message": str(error)}
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()


def _questions(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield json.loads(line)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
