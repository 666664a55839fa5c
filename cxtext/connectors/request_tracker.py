"""Request Tracker 5 by its REST 2 interface: tickets by their last change, the first message and later ones of requestors.

Source: docs.bestpractical.com/rt/5, RT::REST2. Deleted tickets are found only by a search that names that status.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cxtext.connectors.http import Http
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import changed_since, items, slide, word

SIZE = 100
FIELDS = "Subject,Status,Queue,Priority,Created,LastUpdated,Started,Resolved,Owner,Requestor,Creator"
SAID = "Create,Correspond"


def check(visit: Visit) -> str:
    """The release of this RT."""
    return f"RT {word(_http(visit).get(f'{visit.account.url}/REST/2.0/rt').get('Version'))}"


def pages(visit: Visit) -> Iterator[Page]:
    """Tickets that are new or changed, then the ids of those deleted."""
    http, base, start = _http(visit), f"{visit.account.url}/REST/2.0", changed_since(visit)
    chosen = visit.account.option("query")
    wanted = f"({chosen}) AND " if chosen else ""
    newest = start
    for found, newest in slide(start, lambda at, page: _tickets(http, base, wanted, at, page), "LastUpdated", SIZE):
        rows = tuple(_row(ticket, http, base) for ticket in found)
        yield Page(rows=rows, cursor={"changed": newest.isoformat()})
    for found, _ in slide(
        start, lambda at, page: _tickets(http, base, f"{wanted}Status = 'deleted' AND ", at, page), "LastUpdated", SIZE
    ):
        yield Page(gone=tuple(word(ticket["id"]) for ticket in found), cursor={"changed": newest.isoformat()})


def _http(visit: Visit) -> Http:
    if visit.account.option("token"):
        return visit.http.with_headers(Authorization=f"token {visit.account.secret('token', 'a token of RT')}")
    user = visit.account.required("user", "the name of an RT user that may see the tickets (or set token)")
    password = visit.account.secret("password", "the password of the RT user")
    return visit.http.with_headers(Authorization=f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}")


def _tickets(http: Http, base: str, wanted: str, at: datetime, page: int) -> list[dict[str, Any]]:
    """RT compares dates in the zone of the user; an hour more is read anyway."""
    query = f"{wanted}LastUpdated >= '{at:%Y-%m-%d %H:%M:%S}'"
    told = http.get(
        f"{base}/tickets", query=query, orderby="LastUpdated", order="ASC", per_page=SIZE, page=page, fields=FIELDS,
        **{"fields[Queue]": "Name"},
    )  # fmt: skip
    return items(told, "items")


def _row(ticket: Mapping[str, Any], http: Http, base: str) -> dict[str, object]:
    requestors = [word(person.get("id")) for person in items(ticket, "Requestor")]
    said = list(_messages(http, base, word(ticket["id"])))
    own = [text for author, text in said if author in requestors] or [text for _, text in said[:1]]
    answers = [text for author, text in said if author not in requestors]
    queue, owner = ticket.get("Queue") or {}, ticket.get("Owner") or {}
    return {
        "id": word(ticket["id"]),
        "subject": ticket.get("Subject"),
        "text": "\n\n".join(own),
        "created_at": ticket.get("Created"),
        "updated_at": ticket.get("LastUpdated"),
        "channel": "email",
        "status": ticket.get("Status"),
        "priority": word(ticket.get("Priority")) or None,
        "department": queue.get("Name") if isinstance(queue, Mapping) else None,
        "customer_id": requestors[0] if requestors else None,
        "assignee": _somebody(owner),
        "requester": requestors,
        "first_response_at": _time(ticket.get("Started")),
        "resolved_at": _time(ticket.get("Resolved")),
        "answer": answers[-1] if own and answers else None,
    }


def _messages(http: Http, base: str, ticket_id: str) -> Iterator[tuple[str, str]]:
    """Author and text of every message of a ticket, the oldest first."""
    page = 1
    while True:
        told = http.get(f"{base}/ticket/{ticket_id}/history", fields="Type,Creator,Created", per_page=SIZE, page=page)
        for entry in items(told, "items"):
            if entry.get("Type") in SAID.split(","):
                author = word((entry.get("Creator") or {}).get("id"))
                yield author, _text(http, base, word(entry["id"]))
        if page >= int(told.get("pages") or 1):
            return
        page += 1


def _text(http: Http, base: str, transaction: str) -> str:
    told = http.get(
        f"{base}/transaction/{transaction}/attachments", fields="ContentType,Content,Filename", per_page=SIZE
    )
    parts = [part for part in items(told, "items") if not part.get("Filename")]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if word(part.get("ContentType")).startswith(kind) and part.get("Content"):
                return _decoded(word(part["Content"]))
    return ""


def _decoded(content: str) -> str:
    try:
        return base64.b64decode(content, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return content


def _somebody(owner: object) -> str | None:
    name = word(owner.get("id")) if isinstance(owner, Mapping) else ""
    return name if name and name != "Nobody" else None


def _time(value: object) -> str | None:
    """RT writes 1970 for "not yet"."""
    text = word(value)
    return None if not text or text.startswith("1970-01-01") else text
