"""What people ask for from screens and programs: acts, corrections, fixes, taking them back. Each becomes a run."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from cxtext.errors import ConfigurationError
from cxtext.jobs import similar
from cxtext.jobs.acts import act_on_topics
from cxtext.jobs.corrections import correct
from cxtext.jobs.fixes import Done, record_fix, undo_fix
from cxtext.jobs.ownership import own
from cxtext.jobs.undo import undo
from cxtext.settings import Settings
from cxtext.store import Store, runs, tables
from cxtext.topics.acts import act_from

Question = Mapping[str, Any]
Work = Callable[[Store, Settings, Question, Callable[[], datetime]], dict[str, Any]]


def _act(store: Store, settings: Settings, question: Question, now: Callable[[], datetime]) -> dict[str, Any]:
    """`act`: as `cxtext.topics.acts.describe` writes it, without `at`."""
    act = act_from({**question["act"], "at": now().astimezone(UTC).isoformat()})
    return {"run_id": act_on_topics(store, settings, act, now=now)}


def _correct(store: Store, settings: Settings, question: Question, now: Callable[[], datetime]) -> dict[str, Any]:
    """`key` of the ticket, `wanted` by field ("none": it belongs nowhere), `by`."""
    run_id = correct(store, settings, question["key"], question["wanted"], by=question["by"], now=now)
    return {"run_id": run_id}


def _own(store: Store, settings: Settings, question: Question, now: Callable[[], datetime]) -> dict[str, Any]:
    """`topic_id`, `department` (None: what the tickets say counts again), `by`."""
    return {"run_id": own(store, settings, question["topic_id"], question["department"], by=question["by"], now=now)}


def _undo(store: Store, settings: Settings, question: Question, now: Callable[[], datetime]) -> dict[str, Any]:
    """`run_id` of the act, `by`. A fix can be taken back at any time, everything else while it is the newest act."""
    with store.read() as connection:
        act = connection.execute(sa.select(tables.act).where(tables.act.c.run_id == question["run_id"])).first()
        fixed = act.payload["fix"] if act is not None and runs.get(connection, act.run_id).note == "fix" else None
    if fixed is not None:
        return {"run_id": undo_fix(store, settings, fixed, by=question["by"], now=now)}
    return {"run_id": undo(store, settings, question["run_id"], by=question["by"], now=now)}


def _fix(store: Store, settings: Settings, question: Question, now: Callable[[], datetime]) -> dict[str, Any]:
    """`topic_id`, `day`, `what`, `product`, `version`, `department`, `by`."""
    place = {name: question.get(name) for name in ("product", "version", "department")}
    day = date.fromisoformat(question["day"])
    done = Done(topic_id=question["topic_id"], day=day, what=question["what"], by=question["by"], **place)
    name, run_id = record_fix(store, settings, done, now=now)
    return {"id": name, "run_id": run_id}


def _unfix(store: Store, settings: Settings, question: Question, now: Callable[[], datetime]) -> dict[str, Any]:
    """`fix`, `by`."""
    return {"run_id": undo_fix(store, settings, question["fix"], by=question["by"], now=now)}


def _similar(store: Store, settings: Settings, question: Question, _now: Callable[[], datetime]) -> dict[str, Any]:
    """`text`, `limit`, `filter` (fields of `read_tickets.Filter`), `departments` (None: all); it becomes no run."""
    return similar.answer(store, settings, question)


WORK: Mapping[str, Work] = {
    "act": _act, "correct": _correct, "undo": _undo, "own": _own, "fix": _fix, "unfix": _unfix, "similar": _similar,
}  # fmt: skip


def answer(store: Store, settings: Settings, question: Question, now: Callable[[], datetime]) -> dict[str, Any]:
    """Do what is asked and say which run it became.

    Raises:
        ConfigurationError: nobody knows how to do that, or it cannot be done.
        NotFound: there is no such topic, ticket or run.
        Locked: a run is writing at this moment.
    """
    work = WORK.get(str(question.get("do")))
    if work is None:
        raise ConfigurationError(f"nobody knows how to do {question.get('do')!r}")
    return work(store, settings, question, now)
