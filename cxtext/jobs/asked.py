"""What people ask for from screens and programs: acts, corrections, taking them back. Each becomes a run."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from cxtext.errors import ConfigurationError
from cxtext.jobs.acts import act_on_topics
from cxtext.jobs.corrections import correct
from cxtext.jobs.undo import undo
from cxtext.settings import Settings
from cxtext.store import Store
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


def _undo(store: Store, settings: Settings, question: Question, now: Callable[[], datetime]) -> dict[str, Any]:
    """`run_id` of the act, `by`."""
    return {"run_id": undo(store, settings, question["run_id"], by=question["by"], now=now)}


WORK: Mapping[str, Work] = {"act": _act, "correct": _correct, "undo": _undo}


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
