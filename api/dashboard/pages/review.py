"""Thirty questions a week, five minutes: is what cxtext shows right? The answers say how far the numbers can be trusted."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.csrf import checked
from api.accounts.principal import Who, needs
from api.dashboard.marks import marked, places
from api.dashboard.view import Names, Seen, View, names
from api.deps import Now
from cxtext.errors import NotFound
from cxtext.jobs.checks import record_check
from cxtext.settings import Settings
from cxtext.store import read_checks, read_metrics, read_tally, read_tickets, read_topics
from cxtext.store.read_checks import Asked
from cxtext.store.read_metrics import Checked

router = APIRouter()
OFFERED = 3
Facts = dict[str, Any]


@router.get("/review", response_class=HTMLResponse)
def review(seen: Seen, again: Annotated[Literal["1"] | None, Query()] = None) -> HTMLResponse:
    """The next question; `again`: the last answer once more."""
    known = names(seen)
    week = read_checks.last_week(seen.connection, seen.run_id)
    left = read_checks.sample_of_week(seen.connection, seen.run_id) if week else []
    said = read_metrics.checks(seen.connection, seen.run_id, week=week) if week else []
    given = len({(one.no, one.field) for one in said})
    asked = _once_more(seen, said[-1]) if again and said else (left[0] if left else None)
    labels = {row["topic_id"]: row["label"] for row in read_topics.topics(seen.connection, seen.run_id)}
    facts = {
        "asked": asked, "given": given, "whole": given + len(left), "again": bool(again and said),
        "question": _question(seen, asked, known, labels) if asked else None, "learned": _learned(seen, known, labels),
        "finding": _finding(seen, asked, given, given + len(left)), "can_go_back": bool(said) and not again,
    }  # fmt: skip
    return seen.show("review.html", facts)


@router.post("/review/{week}/{field}/{number}", dependencies=[Depends(checked), Depends(needs("analyst", whole=True))])
def answer(
    request: Request,
    now: Now,
    who: Who,
    week: Annotated[str, Path(max_length=8)],
    field: Literal["topic", "cause"],
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    value: Annotated[str, Form(max_length=120)] = "",
) -> RedirectResponse:
    """One answer: the value that is right; empty for none of them."""
    asked = _find(now.connection, now.run_id, week, field, number)
    right = value or None
    settings: Settings = request.app.state.settings
    by = who.name if who.via != "local" else os.environ.get("LOGNAME") or os.environ.get("USER") or who.name
    record_check(
        request.app.state.store, settings, asked, verdict=right == asked.shown, right_value=right, by=by,
        now=lambda: datetime.now(UTC),
    )  # fmt: skip
    return RedirectResponse("/review", status_code=303)


def _find(connection: Any, run_id: int, week: str, field: str, number: int) -> Asked:
    for asked in read_checks.sample_of_week(connection, run_id, week=week):
        if (asked.no, asked.field) == (number, field):
            return asked
    for one in reversed(read_metrics.checks(connection, run_id, week=week)):
        if (one.no, one.field) == (number, field):
            return _asked(connection, run_id, one)
    raise NotFound("that question is not among those of the week: load the page again")


def _once_more(seen: View, one: Checked) -> Asked:
    return _asked(seen.connection, seen.run_id, one)


def _asked(connection: Any, run_id: int, one: Checked) -> Asked:
    """A question that was answered already, as it was asked."""
    row = read_tickets.by_number(connection, run_id, [one.no])[one.no]
    offered = [name for name, _ in (row["suggestions"] or {}).get("cause", [])] if one.field == "cause" else []
    return Asked(
        week=one.week, field="cause" if one.field == "cause" else "topic", no=one.no, key=f"{row['source']}:{row['id']}",
        text=row["text"], shown=one.shown, confidence=one.confidence, weight=one.weight,
        suggestions=tuple(name for name in offered if name != one.shown),
    )  # fmt: skip


def _question(seen: View, asked: Asked, known: Names, labels: dict[str, str]) -> Facts:
    """The text and up to three answers: what is shown, then what is likely besides."""
    offered = [value for value in (asked.shown, *asked.suggestions) if value]
    if asked.field == "topic":
        spots = {spot.topic_id: spot for spot in read_tally.places(seen.connection, seen.run_id)}
        near = spots[asked.shown].neighbours if asked.shown in spots else ()
        largest = sorted(
            read_tally.by_topic(seen.connection, seen.run_id).values(), key=lambda one: (-one.count, one.key)
        )
        offered += [other for other, _ in near] or [one.key for one in largest]
    row = read_tickets.by_number(seen.connection, seen.run_id, [asked.no])[asked.no]
    answers = [
        value for value in dict.fromkeys(offered) if value in (labels if asked.field == "topic" else known.causes)
    ]
    return {
        "answers": [
            (value, labels[value] if asked.field == "topic" else known.of("cause", value), value == asked.shown)
            for value in answers[:OFFERED]
        ],
        "row": row, "text": marked(row["text"], places(row["text"], row["evidence"] or ()), most=None),
        "title": seen.speech.say(f"review_{asked.field}"),
    }  # fmt: skip


def _learned(seen: View, known: Names, labels: dict[str, str]) -> list[Facts]:
    """What the answers of all weeks say; under five answers nothing is said."""
    rows = []
    for one in read_checks.precision(seen.connection, seen.run_id):
        if one.precision is None or one.lower is None or one.upper is None:
            continue
        whole = one.key == "all"
        words = seen.speech.say(f"learned_{one.field}") if whole else labels.get(one.key, known.of("cause", one.key))
        rows.append({"words": words, "whole": whole, "precision": one})
    return rows


def _finding(seen: View, asked: Asked | None, given: int, whole: int) -> str:
    if not whole:
        return seen.speech.say("review_nothing")
    return (
        seen.speech.say("review_title", given=given + 1, whole=whole)
        if asked
        else seen.speech.say("review_done", n=given)
    )


def quality(seen: View) -> Sequence[tuple[str, Any]]:
    """How far topics and causes can be trusted, for the first page; empty before five answers."""
    if not read_checks.checked_weeks(seen.connection, seen.run_id):
        return []
    found = [one for one in read_checks.precision(seen.connection, seen.run_id) if one.key == "all"]
    return [(one.field, one) for one in found if one.precision is not None]
