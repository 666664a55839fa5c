"""Freshdesk: tickets by the time of their last change, deleted ones apart, and the answers to its surveys.

Source: developers.freshdesk.com/api. A listing ends after 300 pages of 100 and without `updated_since` after 30 days;
the pages are therefore asked for anew from the last change seen.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cxtext.batches import batches
from cxtext.connectors.http import Http
from cxtext.connectors.page import Answer, Page, Visit
from cxtext.connectors.shapes import FEW, changed_since, items, objects, slide, word, zulu

SIZE = 100
STATUS = {2: "open", 3: "pending", 4: "resolved", 5: "closed"}
PRIORITY = {1: "low", 2: "medium", 3: "high", 4: "urgent"}
CHANNEL = {1: "email", 2: "form", 3: "phone", 5: "social", 6: "social", 7: "chat", 9: "form", 10: "email"}
HAPPINESS = {103: 5.0, 102: 4.5, 101: 4.0, 100: 3.0, -101: 2.0, -102: 1.5, -103: 1.0}  # of the default question


def check(visit: Visit) -> str:
    """Who we are at this Freshdesk."""
    me = _http(visit).get(f"{visit.account.url}/api/v2/agents/me")
    return f"signed in as {word(me.get('type')) or 'agent'}"


def pages(visit: Visit) -> Iterator[Page]:
    """Tickets that are new or changed, then those deleted, then answers to surveys."""
    http, url, start = _http(visit), visit.account.url, changed_since(visit)
    groups = {group["id"]: word(group.get("name")) for group in _list(http, f"{url}/api/v2/groups")}
    newest, reached = start, visit.cursor
    for found, newest in slide(start, lambda at, page: _tickets(http, url, at, page), "updated_at", SIZE):
        rows = tuple(_row(ticket, groups) for ticket in found if not ticket.get("deleted") and not ticket.get("spam"))
        if visit.account.option("comments") == "customer":
            for part in batches(rows, FEW):
                yield Page(rows=tuple(_with_conversation(row, http, url) for row in part), cursor=reached)
            rows = ()
        spam = tuple(word(ticket["id"]) for ticket in found if ticket.get("spam") or ticket.get("deleted"))
        reached = {**visit.cursor, "changed": newest.isoformat()}
        yield Page(rows=rows, gone=spam, cursor=reached)
    cursor = {"changed": newest.isoformat()}
    for found, _ in slide(start, lambda at, page: _tickets(http, url, at, page, "deleted"), "updated_at", SIZE):
        yield Page(gone=tuple(word(ticket["id"]) for ticket in found), cursor=cursor)
    for page in _ratings(http, url, start):
        yield Page(answers=page, cursor=cursor)


def _http(visit: Visit) -> Http:
    key = visit.account.secret("key", "an API key of Freshdesk (Profile settings)")
    return visit.http.with_headers(Authorization=f"Basic {base64.b64encode(f'{key}:X'.encode()).decode()}")


def _tickets(http: Http, url: str, at: datetime, page: int, only: str | None = None) -> list[dict[str, Any]]:
    return objects(
        http.get(
            f"{url}/api/v2/tickets", updated_since=zulu(at), order_by="updated_at", order_type="asc", per_page=SIZE,
            page=page, filter=only, include=None if only else "description,requester,stats",
        ),
        "tickets",
    )  # fmt: skip


def _list(http: Http, url: str) -> list[dict[str, Any]]:
    return objects(http.get(url, per_page=SIZE), "list")


def _row(ticket: Mapping[str, Any], groups: Mapping[int, str]) -> dict[str, object]:
    person, stats = ticket.get("requester") or {}, ticket.get("stats") or {}
    return {
        "id": word(ticket["id"]),
        "subject": ticket.get("subject"),
        "text": ticket.get("description_text") or ticket.get("description"),
        "created_at": ticket.get("created_at"),
        "updated_at": ticket.get("updated_at"),
        "channel": CHANNEL.get(ticket.get("source") or 0),
        "status": STATUS.get(ticket.get("status") or 0, word(ticket.get("status"))),
        "priority": PRIORITY.get(ticket.get("priority") or 0),
        "category": ticket.get("type"),
        "tags": ticket.get("tags"),
        "department": groups.get(ticket.get("group_id") or 0),
        "product": word(ticket.get("product_id")) or None,
        "customer_id": word(ticket.get("requester_id")),
        "assignee": word(ticket.get("responder_id")) or None,
        "requester": [person.get("name"), person.get("email"), person.get("phone"), person.get("mobile")],
        "first_response_at": stats.get("first_responded_at"),
        "resolved_at": stats.get("resolved_at") or stats.get("closed_at"),
        "reopened": 1 if stats.get("reopened_at") else 0,
    }


def _with_conversation(row: Mapping[str, object], http: Http, url: str) -> dict[str, object]:
    """The row with all that the customer wrote, and the last public answer; one more request a ticket."""
    notes = objects(http.get(f"{url}/api/v2/tickets/{row['id']}/conversations", per_page=SIZE), "conversations")
    public = [note for note in notes if not note.get("private")]
    own = [word(note.get("body_text")) for note in public if note.get("incoming")]
    answers = [word(note.get("body_text")) for note in public if not note.get("incoming")]
    return {**row, "text": "\n\n".join([word(row["text"]), *own]).strip(), "answer": answers[-1] if answers else None}


def _ratings(http: Http, url: str, start: datetime) -> Iterator[tuple[Answer, ...]]:
    page = 1
    while True:
        found = objects(
            http.get(f"{url}/api/v2/surveys/satisfaction_ratings", created_since=zulu(start), per_page=SIZE, page=page),
            "ratings",
        )
        yield tuple(_answer(rating) for rating in found)
        if len(found) < SIZE:
            return
        page += 1


def _answer(rating: Mapping[str, Any]) -> Answer:
    told = rating.get("ratings") or {}
    value = told.get("default_question") if isinstance(told, Mapping) else None
    if value is None and isinstance(told, list):
        value = next((one.get("value") for one in items({"list": told}, "list")), None)
    return Answer(
        id=word(rating.get("id")),
        ticket_id=word(rating.get("ticket_id")),
        at=word(rating.get("created_at")),
        csat=HAPPINESS.get(value) if isinstance(value, int) else None,
        comment=word(rating.get("feedback")),
    )
