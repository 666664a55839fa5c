"""The pages: what recurs (overview), and one issue."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from api.dashboard.charts import by_week, sparkline, weekly_bars
from api.dashboard.render import page
from api.dashboard.words import Speech, speech_for
from api.deps import Moment, Now, only_known
from cxtext.store import read_tickets, read_topics, runs

router = APIRouter(include_in_schema=False, dependencies=[Depends(only_known)])
SHOWN = 25  # issues on the first page
SPARK_WEEKS = 26
LEADING = 0.2  # a cause of fewer of its tickets does not speak for a topic
Lang = Annotated[str | None, Query(alias="lang", max_length=5)]


@router.get("/", response_class=HTMLResponse)
def overview(request: Request, now: Now, _lang: Lang = None) -> HTMLResponse:
    """What keeps coming back, what is new, who owns it."""
    speech = speech_for(request)
    totals = read_tickets.totals(now.connection, now.run_id)
    run = runs.get(now.connection, now.run_id) if now.run_id else None
    titles = _titles(now)
    all_topics = read_topics.topics(now.connection, now.run_id)
    groups = {topic["parent_id"] for topic in all_topics}
    issues = [topic for topic in all_topics if topic["topic_id"] not in groups and topic["size"]]
    days = _days(now)
    cards = [_card(topic, totals, days, titles, speech) for topic in issues]
    running = 0.0
    for card in cards:
        running += card["share"]
        card["cumulative"] = running
    facts = {
        "totals": totals, "run": run, "issues": cards[:SHOWN], "more": len(cards) - SHOWN,
        "finding": _finding(cards, speech),
        "attention": [card for card in cards if card["status"] in ("new", "rising")][:3],
        "resolved": [card for card in cards if card["status"] in ("resolved", "fading")][:5],
        "departments": _owners(now, titles, totals, speech),
    }  # fmt: skip
    return page(request, "overview.html", facts)


@router.get("/issues/{topic_id}", response_class=HTMLResponse)
def issue(request: Request, now: Now, topic_id: str, _lang: Lang = None) -> HTMLResponse:
    """One issue: trend, causes, departments, quotes."""
    speech = speech_for(request)
    totals = read_tickets.totals(now.connection, now.run_id)
    titles = _titles(now)
    topic = read_topics.topic(now.connection, now.run_id, topic_id)
    below = read_topics.below(now.connection, now.run_id, topic["topic_id"])
    days = [(row["day"], row["count"]) for row in read_topics.daily(now.connection, now.run_id, below)]
    weeks = by_week(days, totals["first_day"], totals["last_day"]) if days else []
    quotes = read_tickets.texts(now.connection, now.run_id, topic["quotes"])
    parent = read_topics.topic(now.connection, now.run_id, topic["parent_id"]) if topic["parent_id"] else None
    shares = {
        name: [(titles[name].get(key, key), share) for key, share in topic[name]] for name in ("causes", "departments")
    }
    chart = weekly_bars(weeks, speech.say("per_week"))
    facts = {"topic": topic, "parent": parent, "weeks": weeks, "chart": chart, "quotes": list(quotes.values())}
    return page(request, "issue.html", facts | {"totals": totals, "shares": shares})


def _titles(now: Moment) -> dict[str, dict[str, Any]]:
    return {
        "causes": {row["key"]: row["titles"] for row in read_topics.causes(now.connection, now.run_id)},
        "departments": {row["key"]: row["titles"] for row in read_topics.departments(now.connection, now.run_id)},
    }


def _days(now: Moment) -> dict[str, list[tuple[date, int]]]:
    found: dict[str, list[tuple[date, int]]] = {}
    for row in read_topics.daily(now.connection, now.run_id):
        if row["topic_id"] is not None:
            found.setdefault(row["topic_id"], []).append((row["day"], row["count"]))
    return found


def _card(
    topic: dict[str, Any], totals: dict[str, Any], days: dict[str, Any], titles: dict[str, Any], speech: Speech
) -> dict[str, Any]:
    own = days.get(topic["topic_id"], [])
    weeks = by_week(own, totals["first_day"], totals["last_day"])[-SPARK_WEEKS:] if own else []
    cause, department = (_leading(topic[name]) for name in ("causes", "departments"))
    return topic | {
        "share": topic["size"] / max(totals["tickets"], 1),
        "spark": sparkline([count for _, count in weeks], speech.say("per_week")),
        "cause": speech.title(titles["causes"].get(cause, {}), cause) if cause else None,
        "department": speech.title(titles["departments"].get(department, {}), department) if department else None,
    }


def _leading(shares: list[tuple[str, float]]) -> str | None:
    return shares[0][0] if shares and shares[0][1] >= LEADING else None


def _finding(cards: list[dict[str, Any]], speech: Speech) -> str:
    for status, key in (("new", "finding_new"), ("rising", "finding_rising")):
        for card in cards:
            if card["status"] == status:
                return speech.say(
                    key, label=card["label"], size=card["size"], since=card["first_seen"], last=card["last_seen"]
                )
    if not cards:
        return speech.say("finding_none")
    return speech.say("finding", label=cards[0]["label"], size=cards[0]["size"], issues=len(cards))


def _owners(now: Moment, titles: dict[str, Any], totals: dict[str, Any], speech: Speech) -> list[dict[str, Any]]:
    rows = [row for row in read_tickets.grouped(now.connection, now.run_id, "department") if row["key"]]
    for row in rows:
        row["title"] = speech.title(titles["departments"].get(row["key"], {}), row["key"])
        row["share"] = row["size"] / max(totals["tickets"], 1)
    return rows
