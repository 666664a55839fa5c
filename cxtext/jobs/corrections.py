"""A person puts right what cxtext said of a ticket: shown at once, kept through every later run, learned from."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.domain import Aim, Correction, Diagnosis, Guess, Mood, Reading, SentimentLabel, Tag
from cxtext.errors import ConfigurationError, NotFound
from cxtext.jobs.recount import recount
from cxtext.jobs.topics import find_topics
from cxtext.settings import Settings
from cxtext.store import Store, cases, corrections, read_topics, results, runs
from cxtext.topics.acts import Assign

Field = Literal["topic", "cause", "department", "sentiment"]
NOTHING = "none"  # how a person says "it belongs nowhere"
SCORES: Mapping[str, float] = {"negative": -0.8, "neutral": 0.0, "positive": 0.8}


def correct(
    store: Store, settings: Settings, key: str, wanted: Mapping[Field, str], *, by: str, now: Callable[[], datetime]
) -> int:
    """Put fields of one ticket right ("none": it belongs nowhere); returns the number of the run that it became.

    Raises:
        NotFound: there is no such ticket, topic, cause or department.
        ConfigurationError: nothing to put right, or a sentiment that is none.
        Locked: a run is writing at this moment.
    """
    if not wanted:
        raise ConfigurationError("nothing to put right: say --topic, --cause, --department or --sentiment")
    with store.lock():
        with store.write() as connection:
            no, full_key = _ticket(connection, key)
            values = {field: _checked(connection, field, value) for field, value in wanted.items()}
            day = now().astimezone(ZoneInfo(settings.timezone)).date()
            run = runs.begin(connection, kind="act", now=now(), as_of=day, recipe=settings.recipe)
        try:
            _carry_out(store, settings, no, full_key, values, run=run, by=by, now=now)
        except Exception as error:  # whatever it is: a correction that failed leaves nothing behind
            with store.write() as connection:
                runs.discard(connection, run.id, now=now(), note=type(error).__name__)
            raise
    return run.id


def corrected(reading: Reading, said: Mapping[str, str | None]) -> Reading:
    """A reading in which a person's word counts more than cxtext's."""
    if "sentiment" in said and said["sentiment"] is not None:
        label: SentimentLabel = said["sentiment"]  # type: ignore[assignment]  # checked when it was said
        reading = replace(reading, mood=Mood(SCORES[label], label, 1.0, reading.mood.evidence))
    diagnosis = reading.diagnosis
    if "cause" in said:
        diagnosis = replace(diagnosis, cause=_guess(said["cause"], diagnosis.cause))
    if "department" in said:
        diagnosis = replace(diagnosis, department=_guess(said["department"], diagnosis.department))
    return replace(reading, diagnosis=diagnosis)


def _guess(value: str | None, before: Guess) -> Guess:
    return Guess(value, 1.0 if value else 0.0, before.evidence if value == before.value else (), (), "person")


def _carry_out(
    store: Store,
    settings: Settings,
    no: int,
    key: str,
    values: Mapping[Field, str | None],
    *,
    run: runs.Run,
    by: str,
    now: Callable[[], datetime],
) -> None:
    at, run_id = now(), run.id
    with store.write() as connection:
        before = corrections.present(connection, no, run_id)
        if before is None:
            raise NotFound(f"ticket {key} is not analysed yet: cxtext run")
        was = {"topic": before["topic_id"], "sentiment": before["sentiment_label"]}
        was |= {name: before[name] for name in ("cause", "department")}
        logged = [
            Correction(key=key, field=field, was=was[field], should_be=value, by=by, at=at)
            for field, value in values.items()
        ]
        corrections.save(connection, logged, no, run_id)
        reading = corrected(_reading(before), {name: value for name, value in values.items() if name != "topic"})
        results.save_readings(connection, {no: reading}, run_id, always=False)
    acts = []
    if "topic" in values:
        acts = [Assign(key=key, topic_id=values["topic"], by=by, at=at)]
    counts = find_topics(store, run_id, settings, acts, as_of=None, now=now, fresh=False)
    counts |= recount(store, run, settings, now)
    with store.write() as connection:
        runs.publish(connection, run_id, now=at, counts=counts, note="correction")


def _ticket(connection: Any, key: str) -> tuple[int, str]:
    for name in (key, f"file:{key}"):
        found = cases.number_of(connection, [name])
        if found:
            return found[name], name
    raise NotFound(f"no ticket {key!r}: name it by source and id, such as file:4711")


def _checked(connection: Any, field: Field, value: str) -> str | None:
    if field == "sentiment":
        if value not in get_args(SentimentLabel):
            raise ConfigurationError(f"sentiment {value!r}: say negative, neutral or positive")
        return value
    if value == NOTHING:
        return None
    if field == "topic":
        return str(read_topics.topic(connection, runs.current(connection), value)["topic_id"])
    taxonomy = load_taxonomy()
    known = [one.key for one in (taxonomy.causes if field == "cause" else taxonomy.departments)]
    if value not in known:
        raise NotFound(f"no {field} called {value!r}; known: {', '.join(sorted(known))}")
    return value


def _reading(row: Mapping[str, Any]) -> Reading:
    tags = tuple(Tag(cause, department, p, tuple(words)) for cause, department, p, words in row["tags"])
    offered = {name: tuple((label, p) for label, p in pairs) for name, pairs in row["suggestions"].items()}
    words = tuple(row["evidence"])
    return Reading(
        Mood(row["sentiment"], row["sentiment_label"], row["sentiment_confidence"], tuple(row["sentiment_evidence"])),
        Diagnosis(
            tags,
            Guess(row["cause"], row["cause_confidence"], words, offered.get("cause", ())),
            Guess(row["department"], row["department_confidence"], (), offered.get("department", ())),
        ),
        Aim(row["intent"], row["urgency"], tuple(row["urgency_evidence"])),
    )
