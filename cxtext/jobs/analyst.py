"""The process behind the web application that holds the models: questions in, answers out, one JSON object a line.

It exists so that the web process starts at once and stays small. `python -m cxtext.jobs.analyst` reads the settings
from the first line and then answers until its input ends.
"""

import hashlib
import json
import os
import sys
import traceback
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from datetime import UTC, datetime
from typing import IO, Any

from cxtext.aspects import aspects
from cxtext.assemble import Parts, artefact_folder, load_parts
from cxtext.connectors import tickets_from_rows
from cxtext.domain import Assignment, Facts, Reading, Ticket
from cxtext.errors import CxtextError
from cxtext.jobs import asked
from cxtext.jobs.nightly import Order, run_night
from cxtext.jobs.one_text import told_sentence
from cxtext.pipeline import read
from cxtext.resources import OVERRIDE
from cxtext.settings import Settings
from cxtext.store import Store, open_store, requests, results, runs
from cxtext.store.connect import tenant_key
from cxtext.text.prepare import prepare
from cxtext.topics.memory import Memory
from cxtext.topics.night import look_up

DIGITS = 4


class Analyst:
    """Parts and memory, loaded once; the memory is read again when a run has changed it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store: Store = open_store(settings.db)
        self._parts: Parts | None = None
        self._memory: Memory | None = None
        self._memory_hash = ""

    @property
    def parts(self) -> Parts:
        """What the recipe chose, loaded by the first question that needs it: an act of a person does not."""
        if self._parts is None:
            secret = self.settings.secret.get_secret_value() if self.settings.secret else None
            key = tenant_key(self.store, secret)
            self._parts = load_parts(self.settings, key, artefact_folder(self.store.file))
        return self._parts

    def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one question.

        Raises:
            ConfigurationError: nobody knows how to do that.
        """
        if question.get("do") == "analyze":
            return self.analyze(question["text"], question.get("language"))
        if question.get("do") == "ingest":
            return self.ingest(question["tickets"], question["key"], question["digest"])
        return asked.answer(self.store, self.settings, question, _now)

    def ingest(self, rows: list[dict[str, Any]], key: str | None, digest: str) -> dict[str, Any]:
        """Keep tickets that came over the API, as `cxtext ingest` would; once for each idempotency key.

        The answer comes with the digest of the request that it was first given to.
        """
        with self.store.read() as connection:
            known = requests.recall(connection, key) if key is not None else None
        if known is not None:
            return {"digest": known.digest, "taken": known.answer}
        given = tuple(tickets_from_rows(rows, timezone=self.settings.timezone, source="api"))
        outcome = run_night(self.store, self.settings, Order(given=given, only_ingest=True), now=_now)
        names = ("read", "new", "changed", "unchanged", "older", "quarantined")
        taken = {"run_id": outcome.run_id} | {name: outcome.counts[name] for name in names}
        if key is not None:
            with self.store.write() as connection:
                requests.remember(connection, key, digest, taken)
        return {"digest": digest, "taken": taken}

    def analyze(self, text: str, language: str | None) -> dict[str, Any]:
        """Say what one text says; nothing is stored."""
        ticket = Ticket(id="asked", text=text, source="analyze", facts=Facts(language=language))
        case = prepare(ticket, languages=self.parts.languages, redactor=self.parts.redactor)
        reading, memory = read([case], self.parts)[0], self._memory_now()
        found = Assignment(case.key, None)
        if memory is not None:
            found = look_up([case], memory, recipe=self.parts.recipe)[0]
        known = memory.find(found.topic_id) if memory is not None and found.topic_id else None
        return {
            "text": case.text,
            "language": case.language,
            "topic_id": known.topic.id if known else None,
            "topic_label": known.topic.label if known else None,
            "topic_confidence": round(found.confidence, DIGITS),
            "sentences": [
                told_sentence(one) for one in aspects(case.text, case.language, self.parts.sentiment, self.parts.tagger)
            ],
        } | _told(reading)

    def _memory_now(self) -> Memory | None:
        with self.store.read() as connection:
            content = results.load_memory(connection, runs.current(connection))
        fingerprint = hashlib.sha256(content or b"").hexdigest()
        if fingerprint != self._memory_hash:
            self._memory = None if content is None else Memory.from_bytes(content)
            self._memory_hash = fingerprint
        return self._memory


def _told(reading: Reading) -> dict[str, Any]:
    mood, diagnosis, aim = reading.mood, reading.diagnosis, reading.aim
    evidence = dict.fromkeys((*mood.evidence, *diagnosis.cause.evidence, *diagnosis.department.evidence))
    return {
        "sentiment": round(mood.score, DIGITS),
        "sentiment_label": mood.label,
        "sentiment_confidence": round(mood.confidence, DIGITS),
        "sentiment_evidence": list(mood.evidence),
        "causes": [
            {"cause": tag.cause, "department": tag.department, "confidence": round(tag.confidence, DIGITS)}
            | {"evidence": list(tag.evidence)}
            for tag in diagnosis.tags
        ],
        "cause": diagnosis.cause.value,
        "department": diagnosis.department.value,
        "department_confidence": round(diagnosis.department.confidence, DIGITS),
        "suggestions": {"cause": diagnosis.cause.suggestions, "department": diagnosis.department.suggestions},
        "intent": aim.intent,
        "urgency": round(aim.urgency, DIGITS),
        "evidence": list(evidence),
    }


def serve(questions: Iterable[str], answers: IO[str]) -> None:
    """Answer until the questions end. The first line holds the settings."""
    lines = iter(questions)
    first = next(lines, None)
    if first is None:
        return
    analyst: Analyst | None = None
    for line in lines:
        try:
            analyst = analyst or _begin(json.loads(first))
            answer = analyst.answer(json.loads(line))
        except CxtextError as error:
            answer = {"error": type(error).__name__, "message": str(error)}
        except Exception as error:  # noqa: BLE001 - one bad question must not cost the next ones the loading of models
            traceback.print_tb(error.__traceback__)  # the place; the message might hold the text
            answer = {
                "error": "Unexpected",
                "message": f"unexpected {type(error).__name__}; the server's log says where",
            }
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _begin(chosen: dict[str, Any]) -> Analyst:
    """Load everything; tried again at the next question where it fails."""
    settings = Settings.load(**chosen)
    if settings.models is not None:
        os.environ.setdefault(OVERRIDE, str(settings.models))
    return Analyst(settings)


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    """Answer on stdout, where nothing else may be written meanwhile."""
    answers = sys.stdout
    with redirect_stdout(sys.stderr):
        serve(sys.stdin, answers)


if __name__ == "__main__":
    main()
