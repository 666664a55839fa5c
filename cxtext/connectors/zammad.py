"""Zammad: tickets by the time of their last change, their articles, and once a week the list of all that still exist.

Source: docs.zammad.org/en/latest/api. The search needs Zammad's Elasticsearch; a page holds at most 100 tickets here.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cxtext.batches import batches
from cxtext.connectors.http import Http
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import (
    FEW,
    OVERLAP,
    Recent,
    changed_since,
    compared,
    objects,
    reached_before,
    recent,
    slide,
    weekly,
    word,
    zulu,
)

SIZE, IDS = 100, 500
CHANNEL = {"email": "email", "phone": "phone", "web": "form", "chat": "chat", "sms": "sms", "twitter status": "social",
           "facebook feed post": "social", "whatsapp message": "chat", "telegram personal-message": "chat"}  # fmt: skip


def check(visit: Visit) -> str:
    """Who we are at this Zammad."""
    me = _http(visit).get(f"{visit.account.url}/api/v1/users/me")
    return f"signed in, user {word(me.get('id'))}"


def pages(visit: Visit) -> Iterator[Page]:
    """Tickets that are new or changed; once a week the ids of all, so that deleted ones are noticed."""
    http, url, start = _http(visit), visit.account.url, changed_since(visit)
    known, reached, window = recent(visit), reached_before(visit), 2 * OVERLAP
    for found, newest in slide(start, lambda at, page: _tickets(http, url, at, page), "updated_at", SIZE):
        for part in batches(known.unseen(found, "updated_at"), FEW):
            rows = tuple(_row(ticket, _articles(http, url, ticket["id"])) for ticket in part)
            known = known.with_these(part, "updated_at", newest=reached, now=visit.now(), window=window)
            yield Page(rows=rows, cursor=_cursor(visit, reached, known))
        reached = max(reached, newest)
        known = known.with_these(found, "updated_at", newest=reached, now=visit.now(), window=window)
        yield Page(cursor=_cursor(visit, reached, known))
    if weekly(visit):
        gone = _cursor(visit, reached, known) | compared(visit, now=True)
        yield Page(complete=frozenset(_ids(http, url)), cursor=gone)


def _cursor(visit: Visit, reached: datetime, known: Recent) -> dict[str, object]:
    return {**compared(visit, now=False), "changed": reached.isoformat(), "recent": known.changes}


def _http(visit: Visit) -> Http:
    token = visit.account.secret("token", "an access token with the right ticket.agent")
    return visit.http.with_headers(Authorization=f"Token token={token}")


def _tickets(http: Http, url: str, at: datetime, page: int) -> list[dict[str, Any]]:
    asked = f"updated_at:[{zulu(at)} TO *]"
    return objects(
        http.get(
            f"{url}/api/v1/tickets/search", query=asked, sort_by="updated_at", order_by="asc", limit=SIZE, page=page,
            expand="true",
        ),
        "tickets",
    )  # fmt: skip


def _ids(http: Http, url: str) -> Iterator[str]:
    page = 1
    while True:
        found = objects(http.get(f"{url}/api/v1/tickets", page=page, per_page=IDS), "tickets")
        yield from (word(ticket["id"]) for ticket in found)
        if not found:
            return
        page += 1


def _articles(http: Http, url: str, ticket_id: object) -> list[dict[str, Any]]:
    found = objects(http.get(f"{url}/api/v1/ticket_articles/by_ticket/{ticket_id}", expand="true"), "articles")
    return [article for article in found if not article.get("internal")]


def _row(ticket: Mapping[str, Any], articles: list[dict[str, Any]]) -> dict[str, object]:
    own = [article for article in articles if article.get("sender") == "Customer"]
    answers = [article for article in articles if article.get("sender") == "Agent"]
    kind = word((own or articles or [{}])[0].get("type"))
    return {
        "id": word(ticket["id"]),
        "subject": ticket.get("title"),
        "text": "\n\n".join(word(article.get("body")) for article in own or articles),
        "created_at": ticket.get("created_at"),
        "updated_at": ticket.get("updated_at"),
        "channel": CHANNEL.get(kind, kind or None),
        "status": ticket.get("state"),
        "priority": ticket.get("priority"),
        "department": ticket.get("group"),
        "customer_id": word(ticket.get("customer_id")),
        "assignee": word(ticket.get("owner_id")),
        "requester": [ticket.get("customer"), *(article.get("from") for article in own)],
        "first_response_at": ticket.get("first_response_at"),
        "resolved_at": ticket.get("close_at"),
        "answer": word(answers[-1].get("body")) if answers else None,
    }
