"""What ran when, and how good the data is: quarantine, languages nobody knows, coverage."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.dashboard.figures import interval
from api.dashboard.view import Seen, View
from cxtext.store import read_quality, read_tally, runs

router = APIRouter()
PAGE, BAD = 20, 20
KNOWN_FACETS = ("product", "version", "channel", "department", "cause")
MOST = 2**31 - 1
Facts = dict[str, Any]


@router.get("/runs", response_class=HTMLResponse)
def all_runs(seen: Seen, before: Annotated[int | None, Query(ge=1, le=MOST)] = None) -> HTMLResponse:
    """Nights and acts, newest first."""
    found = runs.latest(seen.connection, limit=PAGE + 1, before=before if before else seen.run_id + 1)
    languages = read_tally.by_value(seen.connection, seen.run_id, "language")
    tickets = sum(one.count for one in languages)
    bad = read_quality.quarantine_reasons(seen.connection, seen.run_id)
    facts = {
        "runs": found[:PAGE], "before": found[PAGE - 1].id if len(found) > PAGE else None, "tickets": tickets,
        "languages": [(one, one.count / tickets, interval(one.count / tickets, tickets)) for one in languages] if tickets else [],
        "reasons": bad, "bad": sum(count for _, count in bad),
        "rows": read_quality.quarantined(seen.connection, seen.run_id, limit=BAD),
        "coverage": _coverage(seen, tickets) if tickets else [], "finding": _finding(seen, tickets, bad),
    }  # fmt: skip
    return seen.show("runs.html", facts)


def _coverage(seen: View, tickets: int) -> list[Facts]:
    """How many tickets say what, and for how many cxtext knows what it is about."""
    topics = read_tally.by_topic(seen.connection, seen.run_id)
    days = {one.key: one.count for one in read_tally.by_value(seen.connection, seen.run_id, "day")}
    known = {"topic": tickets - (topics[""].count if "" in topics else 0), "date": tickets - days.get("", 0)}
    for facet in KNOWN_FACETS:
        sums = {one.key: one.count for one in read_tally.by_value(seen.connection, seen.run_id, facet)}
        known[facet] = tickets - sums.get("", 0)
    return [
        {"facet": name, "n": count, "share": count / tickets, "bounds": interval(count / tickets, tickets)}
        for name, count in known.items()
    ]


def _finding(seen: View, tickets: int, bad: list[tuple[str, int]]) -> str:
    if seen.run is None:
        return seen.speech.say("runs_none")
    rows = sum(count for _, count in bad)
    return seen.speech.say(
        "runs_finding", id=seen.run.id, day=seen.run.as_of, size=seen.speech.say("cases", n=tickets), n=rows
    )
