"""What single customers say by themselves: why they leave, what they wish for, what they keep asking."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.dashboard.figures import FEW, interval
from api.dashboard.view import Names, Seen, View, names
from cxtext.store import read_tickets, read_voices
from cxtext.store.read_voices import Listed

router = APIRouter()
LONGEST = 15  # rows of a list
Facts = dict[str, Any]


@router.get("/voices", response_class=HTMLResponse)
def voices(seen: Seen) -> HTMLResponse:
    """Three lists of the 90 days up to the night, each with the words of customers."""
    known = names(seen)
    leaving, wishes, questions = (
        read_voices.listed(seen.connection, seen.run_id, name)[:LONGEST] for name in read_voices.LISTS
    )
    quotes = read_tickets.texts(seen.connection, seen.run_id, sorted(_shown(leaving, wishes, questions)))
    answers = read_voices.answers(
        seen.connection, seen.run_id, [one.answer_from for one in questions if one.answer_from]
    )
    questions = [one for one in questions if one.share]  # the others are answered well
    everybody = sum(one.customers for one in leaving)
    facts = {
        "leaving": [_reason(seen, known, one, everybody, quotes) for one in leaving], "everybody": everybody,
        "wishes": [_wish(one, quotes) for one in wishes],
        "questions": [_question(one, quotes, answers) for one in questions],
        "leaving_finding": _leaving_finding(seen, known, leaving, everybody), "wish_finding": _wish_finding(seen, wishes),
        "question_finding": _question_finding(seen, questions), "answered": bool(answers), "days": read_voices.DAYS,
    }  # fmt: skip
    return seen.show("voices.html", facts)


def _shown(*lists: Sequence[Listed]) -> set[str]:
    return {key for rows in lists for one in rows for key in one.quotes[:1]}


def _reason(seen: View, known: Names, one: Listed, everybody: int, quotes: Mapping[str, Facts]) -> Facts:
    """One reason; a share of few customers is left out."""
    share = one.customers / everybody
    return {
        "one": one, "words": seen.speech.word("reason", one.key.replace(" ", "_") or "none"), "share": share,
        "bounds": interval(share, everybody), "quote": _quote(one, quotes),
        "causes": [(known.of("cause", key), seen.link("/cases", cause=key), count) for key, count in one.causes],
    }  # fmt: skip


def _wish(one: Listed, quotes: Mapping[str, Facts]) -> Facts:
    return {"one": one, "quote": _quote(one, quotes), "thin": one.customers < FEW}


def _question(one: Listed, quotes: Mapping[str, Facts], answers: Mapping[str, str]) -> Facts:
    answer = answers.get(one.answer_from or "")
    source, _, name = (one.answer_from or "").partition(":")
    return {
        "one": one, "quote": _quote(one, quotes), "answer": answer, "thin": one.customers < FEW,
        "bounds": interval(one.share, one.judged),
        "answered_in": f"/tickets/{source}/{name}" if answer else None,
    }  # fmt: skip


def _quote(one: Listed, quotes: Mapping[str, Facts]) -> Facts | None:
    return quotes.get(one.quotes[0]) if one.quotes else None


def _leaving_finding(seen: View, known: Names, rows: Sequence[Listed], everybody: int) -> str:
    """The reason named most often; where nobody names one, the cause found most often."""
    named = [one for one in rows if one.key]
    if not rows:
        return seen.speech.say("leaving_nobody")
    if not named and rows[0].causes:
        cause, count = rows[0].causes[0]
        return seen.speech.say("leaving_cause", n=everybody, cause=known.of("cause", cause), count=count)
    if not named:
        return seen.speech.say("leaving_unsaid", n=everybody)
    first = named[0]
    return seen.speech.say(
        "leaving_finding", n=first.customers, all=everybody, reason=seen.speech.word("reason", first.key.replace(" ", "_")),
    )  # fmt: skip


def _wish_finding(seen: View, rows: Sequence[Listed]) -> str:
    if not rows:
        return seen.speech.say("wish_nobody")
    return seen.speech.say("wish_finding", label=rows[0].label or rows[0].key, n=rows[0].customers)


def _question_finding(seen: View, rows: Sequence[Listed]) -> str:
    """The article that would save most time."""
    if not rows:
        return seen.speech.say("question_nobody")
    first = rows[0]
    effort = seen.speech.round(first.effort, 0 if (first.effort or 0) >= 10 else 1)
    return seen.speech.say("question_finding", label=first.label or first.key, n=first.customers, effort=effort)
