"""Tickets: search by words or by meaning, filters in the address, and everything that is on the screen as a file."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from api.accounts.principal import Who
from api.dashboard.done import just_done
from api.dashboard.marks import marked
from api.dashboard.view import Names, Seen, View, names
from api.deps import Chosen, Now
from cxtext.export import KINDS, harmless, plain
from cxtext.store import Store, read_cases, read_tally, read_tickets, read_topics, search
from cxtext.store.read_tickets import Filter
from cxtext.store.scope import within

router = APIRouter()
PAGE = 25
MOST = 10_000  # counted one by one; of more, the page says that there are more
FACETS = ("topic", "department", "cause", "product", "channel", "language")
LONGEST = 8
Facts = dict[str, Any]
Mode = Literal["words", "meaning"]
After = Annotated[str | None, Query(max_length=60, description="Where the page before ended.")]


@router.get("/cases", response_class=HTMLResponse)
def cases(request: Request, seen: Seen, chosen: Chosen, after: After = None, mode: Mode = "words") -> HTMLResponse:
    """Tickets, newest first; or those that are most alike in meaning first."""
    known = names(seen)
    filters = _without_words(chosen)
    place = _place(after)
    labels = {row["topic_id"]: row["label"] for row in read_topics.topics(seen.connection, seen.run_id)}
    alike = bool(chosen.q and mode == "meaning" and seen.as_of is None)
    more = False
    if chosen.q and alike:
        rows = _alike(request, seen, chosen.q, filters)
        count = len(rows)
    elif chosen.q:
        hits = search.search_tickets(seen.connection, seen.run_id, chosen.q, filters, after=place, limit=PAGE + 1)
        rows = [(hit.place, hit.ticket, hit.marks) for hit in hits]
        count = search.count_hits(seen.connection, seen.run_id, chosen.q, filters)
        more = count >= MOST
    else:
        page = read_cases.newest(seen.connection, seen.run_id, filters, after=place, limit=PAGE + 1)
        rows = [(where, row, ()) for where, row in page]
        count, more = _counted(seen, chosen)
    following = "~".join(rows[PAGE - 1][0]) if len(rows) > PAGE else None
    facts = {
        "chosen": chosen, "known": known, "labels": labels, "count": count, "after": after,
        "rows": [(row, marked(row["text"], marks)) for _, row, marks in rows[:PAGE]],
        "next": seen.here(after=following) if following else None, "facets": _facets(seen, chosen, known, labels),
        "chips": _chips(seen, request, known, labels), "finding": _finding(seen, chosen, count, known, labels, alike=alike),
        "export": "/cases.csv" + (here if (here := seen.here(after=None, mode=None)).startswith("?") else ""),
        "modes": [(one, seen.here(mode=one, after=None)) for one in ("words", "meaning")], "alike": alike,
        "more": more, "done": just_done(seen),
    }  # fmt: skip
    return seen.show("cases.html", facts)


@router.get("/cases.csv")
def as_file(request: Request, now: Now, who: Who, chosen: Chosen) -> StreamingResponse:
    """What is on the screen, all pages of it, as `cxtext export tickets` writes it."""
    store: Store = request.app.state.store
    headers = {"Content-Disposition": 'attachment; filename="cases.csv"'}
    body = _csv(store, now.run_id, who.departments, chosen)
    return StreamingResponse(body, media_type="text/csv; charset=utf-8", headers=headers)


def _csv(store: Store, run_id: int, departments: frozenset[str], chosen: Filter) -> Iterator[str]:
    """A connection of its own: the page's is closed before the last row is sent."""
    columns = KINDS["tickets"].columns
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    with store.read() as connection:
        within(connection, run_id, departments)
        for row in _rows(connection, run_id, chosen):
            cells = [plain(row.get(name)) for name in columns]
            writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _rows(connection: Any, run_id: int, chosen: Filter) -> Iterator[Mapping[str, Any]]:
    filters = _without_words(chosen)
    if not chosen.q:
        yield from read_cases.stream(connection, run_id, filters)
        return
    after: tuple[str, str] | None = None
    while hits := search.search_tickets(connection, run_id, chosen.q, filters, after=after, limit=500):
        yield from (hit.ticket for hit in hits)
        after = hits[-1].place


def _alike(request: Request, seen: View, words: str, filters: Filter) -> list[Any]:
    """The tickets nearest in meaning, found by the process that holds the vectors; at most one page."""
    told = {name: str(value) for name, value in asdict(filters).items() if value is not None}
    question = {
        "do": "similar",
        "text": words,
        "limit": PAGE,
        "filter": told,
        "departments": sorted(seen.who.departments) or None,
    }
    numbers = [hit["no"] for hit in request.app.state.analyst.ask(question)["hits"]]
    rows = read_tickets.by_number(seen.connection, seen.run_id, numbers)
    return [(("", str(no)), rows[no], ()) for no in numbers if no in rows]


def _without_words(chosen: Filter) -> Filter:
    """The filters alone; words are asked of the search."""
    return Filter(
        since=chosen.since, until=chosen.until, language=chosen.language, product=chosen.product,
        department=chosen.department, cause=chosen.cause, topic=chosen.topic, channel=chosen.channel,
    )  # fmt: skip


def _place(after: str | None) -> tuple[str, str] | None:
    """Where the page before ended; nonsense begins at the first page."""
    day, _, number = (after or "").partition("~")
    return (day, number) if number.isdecimal() and len(day) in (0, 10) else None


def _counted(seen: View, chosen: Filter) -> tuple[int, bool]:
    """How many tickets, and whether there may be more: from sums, or counted up to a bound where no sum says it."""
    asked = {name: value for name in FACETS if (value := getattr(chosen, name)) is not None}
    below = None
    if (topic := asked.pop("topic", None)) is not None:
        below = read_topics.below(seen.connection, seen.run_id, topic)
    if len(asked) > 1 or (asked and (chosen.since or chosen.until)):
        count = read_tickets.count_tickets(seen.connection, seen.run_id, chosen, most=MOST)
        return count, count == MOST
    if chosen.since or chosen.until:
        low, high = str(chosen.since or "0"), str(chosen.until or "9")
        days = read_tally.by_value(seen.connection, seen.run_id, "day", below)
        return sum(one.count for one in days if one.key and low <= one.key <= high), False
    facet, value = next(iter(asked.items()), ("language", None))
    sums = read_tally.by_value(seen.connection, seen.run_id, facet, below)
    return sum(one.count for one in sums if value in (None, one.key)), False


def _facets(seen: View, chosen: Filter, known: Names, labels: Mapping[str, str]) -> list[Facts]:
    """What else could be asked: the largest values within the chosen issue."""
    below = read_topics.below(seen.connection, seen.run_id, chosen.topic) if chosen.topic else None
    asked = (chosen.q, chosen.since, chosen.until, *(getattr(chosen, name) for name in FACETS[1:]))
    counted = not any(
        asked
    )  # there are no sums of what words, days or two facets select: then only the names stand there
    found = []
    for facet in FACETS:
        if facet == "topic":
            held = read_tally.by_topic(seen.connection, seen.run_id)
            sums = sorted((one for one in held.values() if one.key), key=lambda one: (-one.count, one.key))
        else:
            sums = [one for one in read_tally.by_value(seen.connection, seen.run_id, facet, below) if one.key]
        now = getattr(chosen, facet)
        values = [
            {
                "name": _name(facet, one.key, known, labels), "n": one.count if counted else None, "on": one.key == now,
                "link": seen.here(**{facet: None if one.key == now else one.key, "after": None}),
            }
            for one in sums[:LONGEST]
        ]  # fmt: skip
        found.append({"facet": facet, "values": values})
    return found


def _name(facet: str, value: str, known: Names, labels: Mapping[str, str]) -> str:
    if facet == "topic":
        return labels.get(value, value)
    return known.of(facet, value)


def _chips(seen: View, request: Request, known: Names, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """The filters that hold, each with the way out."""
    found = []
    for name in (*FACETS, "since", "until", "q"):
        if value := request.query_params.get(name):
            words = _name(name, value, known, labels) if name in FACETS else value
            found.append((f"{seen.speech.say('facet_' + name)}: {words}", seen.here(**{name: None, "after": None})))
    return found


def _finding(seen: View, chosen: Filter, count: int, known: Names, labels: Mapping[str, str], *, alike: bool) -> str:
    speech = seen.speech
    size = speech.say("cases", n=count)
    if alike:
        return speech.say("cases_alike", size=size, q=chosen.q)
    if chosen.q:
        return speech.say("cases_found", size=size, q=chosen.q)
    asked = [_name(facet, value, known, labels) for facet in FACETS if (value := getattr(chosen, facet)) is not None]
    return speech.say("cases_of", size=size, what=", ".join(asked)) if asked else speech.say("cases_all", size=size)
