"""Request Tracker 5 by its REST 2 interface: tickets by their last change, the first message and later ones of requestors.

Source: docs.bestpractical.com/rt/5, RT::REST2. Its search never shows deleted tickets, but the act of deleting; texts of messages come as they are.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cxtext.batches import batches
from cxtext.connectors.http import Http
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import FEW, changed_since, items, reached_before, recent, slide, word
from cxtext.errors import ConfigurationError

SIZE = 100
WESTERNMOST = timedelta(hours=12)
WINDOW = timedelta(hours=15)  # as much as is read again: the hour of every visit and any time zone
FIELDS = "Subject,Status,Queue,Priority,Created,LastUpdated,Started,Resolved,Owner,Requestor,Creator"
SAID = "Create,Correspond"


def check(visit: Visit) -> str:
    """The release of this RT."""
    return f"RT {word(_http(visit).get(f'{visit.account.url}/REST/2.0/rt').get('Version'))}"


def pages(visit: Visit) -> Iterator[Page]:
    """The ids of tickets that were deleted, then those that are new or changed (a restored one is among these).

    A part of a page leaves the cursor at the page before and names its tickets beside it: whatever the order within the
    page, a visit that goes on from there misses nothing and asks for no ticket that is kept.
    """
    http, base, start = _http(visit), f"{visit.account.url}/REST/2.0", changed_since(visit)
    zone = _zone(visit)
    for found, _ in slide(start, lambda at, page: _deleted(http, base, _local(at, zone), page), "Created", SIZE):
        yield Page(gone=tuple(word(entry.get("ObjectId")) for entry in found), cursor=visit.cursor)
    chosen = visit.account.option("query")
    wanted = f"({chosen}) AND " if chosen else ""
    known, reached = recent(visit), reached_before(visit)
    for found, newest in slide(
        start, lambda at, page: _tickets(http, base, wanted, _local(at, zone), page), "LastUpdated", SIZE
    ):
        for part in batches(known.unseen(found, "LastUpdated"), FEW):
            rows = tuple(_row(ticket, http, base) for ticket in part)
            known = known.with_these(part, "LastUpdated", newest=reached, now=visit.now(), window=WINDOW)
            yield Page(rows=rows, cursor={"changed": reached.isoformat(), "recent": known.changes})
        reached = max(reached, newest)
        known = known.with_these(found, "LastUpdated", newest=reached, now=visit.now(), window=WINDOW)
        yield Page(cursor={"changed": reached.isoformat(), "recent": known.changes})


def _zone(visit: Visit) -> ZoneInfo | None:
    told = visit.account.option("timezone")
    if not told:
        return None
    try:
        return ZoneInfo(told)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(
            f"[sources.{visit.account.name}] timezone = {told!r}: write it like Europe/Berlin"
        ) from error


def _local(at: datetime, zone: ZoneInfo | None) -> str:
    """RT takes times for those of its user's zone. Where nobody says which, we ask for as much as any zone may need."""
    moment = at.astimezone(zone) if zone else at.astimezone(UTC) - WESTERNMOST
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _http(visit: Visit) -> Http:
    if visit.account.option("token"):
        return visit.http.with_headers(Authorization=f"token {visit.account.secret('token', 'a token of RT')}")
    user = visit.account.required("user", "the name of an RT user that may see the tickets (or set token)")
    password = visit.account.secret("password", "the password of the RT user")
    return visit.http.with_headers(Authorization=f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}")


def _deleted(http: Http, base: str, at: str, page: int) -> list[dict[str, Any]]:
    """RT's search never shows deleted tickets; the act of deleting is found."""
    query = f"ObjectType = 'RT::Ticket' AND Type = 'Status' AND NewValue = 'deleted' AND Created >= '{at}'"
    told = http.get(
        f"{base}/transactions", query=query, orderby="Created", order="ASC", per_page=SIZE, page=page,
        fields="ObjectId,Created",
    )  # fmt: skip
    return items(told, "items")


def _tickets(http: Http, base: str, wanted: str, at: str, page: int) -> list[dict[str, Any]]:
    query = f"{wanted}LastUpdated >= '{at}'"
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
                return word(part["Content"])  # of texts it is the text itself
    return ""


def _somebody(owner: object) -> str | None:
    name = word(owner.get("id")) if isinstance(owner, Mapping) else ""
    return name if name and name != "Nobody" else None


def _time(value: object) -> str | None:
    """RT writes 1970 for "not yet"."""
    text = word(value)
    return None if not text or text.startswith("1970-01-01") else text
