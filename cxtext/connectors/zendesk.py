"""Zendesk Support: the cursor of the incremental ticket export, with people, metrics and ratings beside the tickets.

Source: developer.zendesk.com, "Incremental Exports". Ten requests a minute; the last minute is not yet in it; deleted
tickets come as tickets with the status "deleted".
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from cxtext.batches import batches
from cxtext.connectors.http import Http
from cxtext.connectors.page import Answer, Page, Visit
from cxtext.connectors.people import names_of
from cxtext.connectors.shapes import FEW, items, no_loop, seconds, since, word

SIZE, FEWER = 1000, 100  # tickets on a page; fewer where each costs a request of its own, which a killed visit repeats
RATED = {"good": 5.0, "bad": 1.0}  # a thumb is all that Zendesk asks for
CHANNELS = {"web": "form", "mobile_sdk": "form", "api": "form", "native_messaging": "chat", "voice": "phone",
            "twitter": "social", "facebook": "social", "instagram_dm": "social", "whatsapp": "chat"}  # fmt: skip


def check(visit: Visit) -> str:
    """Who we are at this Zendesk."""
    me = _http(visit).get(f"{visit.account.url}/api/v2/users/me.json").get("user", {})
    return f"signed in as {me.get('role') or 'nobody'}"


def pages(visit: Visit) -> Iterator[Page]:
    """Tickets that are new or changed since the cursor."""
    http, url = _http(visit), visit.account.url
    groups = {group["id"]: group["name"] for group in items(http.get(f"{url}/api/v2/groups.json"), "groups")}
    ask: dict[str, object] = (
        {"cursor": visit.cursor["after"]} if visit.cursor.get("after") else {"start_time": seconds(since(visit))}
    )
    fresh, comments = no_loop("Zendesk"), visit.account.option("comments") == "customer"
    size, reached = FEWER if comments else SIZE, visit.cursor
    while True:
        told = http.get(
            f"{url}/api/v2/incremental/tickets/cursor.json", **ask, include="users,metric_sets", per_page=size
        )
        tickets = items(told, "tickets")
        people = {person["id"]: person for person in items(told, "users")}
        metrics = {metric["ticket_id"]: metric for metric in items(told, "metric_sets")}
        alive = [ticket for ticket in tickets if ticket.get("status") != "deleted"]
        rows = tuple(_row(ticket, people, metrics.get(ticket["id"], {}), groups) for ticket in alive)
        if comments:
            for part in batches(rows, FEW):
                yield Page(rows=tuple(_with_comments(row, http, url) for row in part), cursor=reached)
            rows = ()
        answers = tuple(answer for ticket in alive if (answer := _comment(ticket, people)))
        gone = tuple(str(ticket["id"]) for ticket in tickets if ticket.get("status") == "deleted")
        after = told.get("after_cursor") or ask.get("cursor")
        reached = {"after": after} if after else reached
        yield Page(rows=rows, gone=gone, answers=answers, cursor=reached)
        if told.get("end_of_stream", True) or not told.get("after_cursor"):
            return
        ask = {"cursor": fresh(told["after_cursor"])}


def _http(visit: Visit) -> Http:
    token = visit.account.secret("token", "an API token of Zendesk (Admin Center, Apps and integrations)")
    user = visit.account.option("user")
    if not user:  # a token without a user is one of OAuth
        return visit.http.with_headers(Authorization=f"Bearer {token}")
    login = base64.b64encode(f"{user}/token:{token}".encode()).decode()
    return visit.http.with_headers(Authorization=f"Basic {login}")


def _row(
    ticket: Mapping[str, Any], people: Mapping[int, Mapping[str, Any]], metric: Mapping[str, Any],
    groups: Mapping[int, str],
) -> dict[str, object]:  # fmt: skip
    rating = ticket.get("satisfaction_rating") or {}
    requester = people.get(ticket.get("requester_id", 0), {})
    channel = (ticket.get("via") or {}).get("channel")
    return {
        "id": str(ticket["id"]),
        "subject": ticket.get("subject") or ticket.get("raw_subject"),
        "text": ticket.get("description"),
        "created_at": ticket.get("created_at"),
        "updated_at": ticket.get("updated_at"),
        "channel": CHANNELS.get(word(channel), channel),
        "status": ticket.get("status"),
        "priority": ticket.get("priority"),
        "category": ticket.get("type"),
        "tags": ticket.get("tags"),
        "department": groups.get(ticket.get("group_id", 0)),
        "customer_id": word(ticket.get("requester_id")),
        "assignee": word(ticket.get("assignee_id")),
        "language": requester.get("locale"),
        "requester": [requester.get("name"), requester.get("email"), requester.get("phone")],
        "csat": RATED.get(word(rating.get("score"))) if isinstance(rating, Mapping) else None,
        "first_response_at": _answered(ticket.get("created_at"), metric),
        "resolved_at": metric.get("solved_at"),
        "reopened": metric.get("reopens"),
    }


def _comment(ticket: Mapping[str, Any], people: Mapping[int, Mapping[str, Any]]) -> Answer | None:
    """What the customer wrote beside the thumb; the thumb itself stands in the row."""
    rating = ticket.get("satisfaction_rating")
    if not isinstance(rating, Mapping) or not rating.get("comment"):
        return None
    involved = [people.get(ticket.get(role) or 0, {}) for role in ("requester_id", "assignee_id")]
    return Answer(
        id=f"rating-{ticket['id']}",
        ticket_id=word(ticket["id"]),
        csat=RATED.get(word(rating.get("score"))),
        comment=word(rating["comment"]),
        people=names_of([person.get(told) for person in involved for told in ("name", "email", "phone")]),
    )


def _answered(created: object, metric: Mapping[str, Any]) -> str | None:
    minutes = (metric.get("reply_time_in_minutes") or {}).get("calendar")
    if minutes is None or not created:
        return None
    return (datetime.fromisoformat(str(created)) + timedelta(minutes=float(minutes))).isoformat()


def _with_comments(row: Mapping[str, object], http: Http, url: str) -> dict[str, object]:
    """The row with all that the customer wrote in public, and the last answer of an agent; one more request a ticket."""
    comments = items(http.get(f"{url}/api/v2/tickets/{row['id']}/comments.json"), "comments")
    public = [comment for comment in comments if comment.get("public", True)]
    own = [comment for comment in public if word(comment.get("author_id")) == row["customer_id"]]
    answers = [comment for comment in public if word(comment.get("author_id")) != row["customer_id"]]
    said = [word(comment.get("plain_body") or comment.get("body")) for comment in own]
    answer = word(answers[-1].get("plain_body") or answers[-1].get("body")) if answers else None
    return {**row, "text": "\n\n".join(said) or row["text"], "answer": answer}
