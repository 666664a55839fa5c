"""The pages: what recurs (overview), and one issue."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.dashboard.charts import by_week, sparkline, weekly_bars
from api.dashboard.figures import interval
from api.dashboard.render import page
from api.dashboard.words import Speech, speech_for
from api.deps import Moment, Now, only_known
from cxtext.store import read_tickets, read_topics, runs

router = APIRouter(include_in_schema=False, dependencies=[Depends(only_known)])
SHOWN = 20  # issues on the first page
SPARK_WEEKS = 26
LEADING = 0.2  # a cause of fewer of its tickets does not speak for a topic
URGENT = ("rising", "new")
Lang = Annotated[str | None, Query(alias="lang", max_length=5)]
All = Annotated[Literal["all"] | None, Query()]
Facts = dict[str, Any]


@router.get("/", response_class=HTMLResponse)
def overview(request: Request, now: Now, show: All = None, _lang: Lang = None) -> HTMLResponse:
    """What keeps coming back, what is new, who owns it."""
    speech = speech_for(request)
    totals = read_tickets.totals(now.connection, now.run_id)
    titles = _titles(now, speech)
    cards = _cards(now, totals, titles, speech)
    attention = [card for status in URGENT for card in cards if card["status"] == status][:3]
    quotes = read_tickets.texts(now.connection, now.run_id, [key for card in attention for key in card["quotes"][:1]])
    facts = {
        "totals": totals,
        "run": runs.get(now.connection, now.run_id) if now.run_id else None,
        "analysed": runs.last_done(now.connection, "night") is not None,
        "issues": cards if show else cards[:SHOWN], "number": len(cards),
        "finding": _headline(cards, attention, speech),
        "attention": [card | {"quote": quotes.get((card["quotes"] or [""])[0])} for card in attention],
        "resolved": [card for card in cards if card["status"] in ("resolved", "fading")][:5],
        "departments": _owners(now, titles["departments"], totals),
    }  # fmt: skip
    return page(request, "overview.html", facts)


@router.get("/issues/{topic_id}", response_class=HTMLResponse)
def issue(request: Request, now: Now, topic_id: Annotated[str, Path(max_length=20)], _lang: Lang = None) -> Response:
    """One issue: trend, causes, departments, quotes."""
    topic = read_topics.topic(now.connection, now.run_id, topic_id)
    if topic["topic_id"] != topic_id:
        return RedirectResponse(f"/issues/{topic['topic_id']}", status_code=308)
    speech = speech_for(request)
    totals = read_tickets.totals(now.connection, now.run_id)
    titles = _titles(now, speech)
    below = read_topics.below(now.connection, now.run_id, topic_id)
    days = [(row["day"], row["count"]) for row in read_topics.daily(now.connection, now.run_id, below)]
    weeks = by_week(days, totals["first_day"], totals["last_day"]) if days else []
    quotes = read_tickets.texts(now.connection, now.run_id, topic["quotes"])
    shares = {
        name: [
            {"title": titles[name].get(key, key), "share": share, "interval": interval(share, topic["size"])}
            for key, share in topic[name]
        ]
        for name in ("causes", "departments")
    }
    subtopics = [
        row for row in read_topics.topics(now.connection, now.run_id) if row["parent_id"] == topic_id and row["size"]
    ]
    facts = {
        "topic": topic, "finding": _sentence(topic, speech), "subtopics": subtopics, "weeks": weeks, "shares": shares,
        "negative": interval(topic["negative_share"], topic["size"]), "quotes": list(quotes.values()),
        "parent": read_topics.topic(now.connection, now.run_id, topic["parent_id"]) if topic["parent_id"] else None,
        "chart": weekly_bars(weeks, speech, totals["first_day"], totals["last_day"]),
    }  # fmt: skip
    return page(request, "issue.html", facts)


def _titles(now: Moment, speech: Speech) -> dict[str, dict[str, str]]:
    """The words for causes and departments in the reader's language."""
    found = {
        "causes": read_topics.causes(now.connection, now.run_id),
        "departments": read_topics.departments(now.connection, now.run_id),
    }
    return {name: {row["key"]: speech.title(row["titles"], row["key"]) for row in rows} for name, rows in found.items()}


def _cards(now: Moment, totals: Facts, titles: dict[str, dict[str, str]], speech: Speech) -> list[Facts]:
    """All issues, largest first, groups of issues left out; each with its share and the sum down to it."""
    topics = read_topics.topics(now.connection, now.run_id)
    groups = {topic["parent_id"] for topic in topics}
    days: dict[str, list[tuple[date, int]]] = {}
    for row in read_topics.daily(now.connection, now.run_id):
        days.setdefault(row["topic_id"], []).append((row["day"], row["count"]))
    cards: list[Facts] = []
    running = 0
    for topic in topics:
        if topic["topic_id"] in groups or not topic["size"]:
            continue
        running += topic["size"]
        own = days.get(topic["topic_id"], [])
        weeks = by_week(own, totals["first_day"], totals["last_day"])[-SPARK_WEEKS:] if own else []
        cards.append(
            topic
            | {
                "part": topic["size"] / totals["tickets"],
                "cumulative": running / totals["tickets"],
                "interval": interval(topic["negative_share"], topic["size"]),
                "spark": sparkline([count for _, count in weeks], _spark_words(weeks, speech)),
                "cause": _leading(topic["causes"], titles["causes"]),
                "department": _leading(topic["departments"], titles["departments"]),
            }
        )
    return cards


def _spark_words(weeks: list[tuple[date, int]], speech: Speech) -> str:
    counts = [count for _, count in weeks]
    return speech.say("spark", weeks=len(weeks), most=max(counts, default=0), last=counts[-1] if counts else 0)


def _leading(shares: list[tuple[str, float]], titles: dict[str, str]) -> str | None:
    return titles.get(shares[0][0], shares[0][0]) if shares and shares[0][1] >= LEADING else None


def _headline(cards: list[Facts], attention: list[Facts], speech: Speech) -> str:
    """What the page says in one sentence."""
    if attention:
        return _sentence(attention[0], speech)
    if not cards:
        return speech.say("finding_none")
    return speech.say("finding", label=cards[0]["label"], size=cards[0]["size"], issues=len(cards))


def _sentence(topic: Facts, speech: Speech) -> str:
    """What there is to say about one issue."""
    key = f"finding_{topic['status']}"
    facts = {"label": topic["label"], "size": topic["size"], "since": topic["first_seen"], "last": topic["last_seen"]}
    if topic["first_seen"] is None:
        return speech.say("finding_undated", **facts)
    return speech.say(key if speech.knows(key) else "finding_steady", **facts)


def _owners(now: Moment, titles: dict[str, str], totals: Facts) -> list[Facts]:
    return [
        row
        | {
            "title": titles.get(row["key"], row["key"]),
            "share": row["size"] / totals["tickets"],
            "interval": interval(row["negative_share"], row["size"]),
        }
        for row in read_tickets.grouped(now.connection, now.run_id, "department")
        if row["key"]
    ]
