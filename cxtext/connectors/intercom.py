"""Intercom: conversations by the time of their last change, with the parts that the contact wrote.

Source: developers.intercom.com, "Search conversations" (cursor `starting_after`, at most 150 a page, bodies in HTML).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from cxtext.batches import batches
from cxtext.connectors.http import Http
from cxtext.connectors.page import Answer, Page, Visit
from cxtext.connectors.people import names_of
from cxtext.connectors.shapes import (
    FEW,
    OVERLAP,
    Recent,
    changed_since,
    compared,
    in_order,
    items,
    moment_of,
    no_loop,
    reached_before,
    recent,
    seconds,
    weekly,
    word,
)

VERSION = "2.11"
SIZE = 100
WINDOW = 2 * OVERLAP


def check(visit: Visit) -> str:
    """Who we are at Intercom."""
    me = _http(visit).get(f"{_url(visit)}/me")
    return f"signed in, workspace {word((me.get('app') or {}).get('id_code'))}"


def pages(visit: Visit) -> Iterator[Page]:
    """Conversations that are new or changed; once a week the ids of all, so that deleted ones are noticed."""
    http, url, start = _http(visit), _url(visit), changed_since(visit)
    newest, reached, known = start, reached_before(visit), recent(visit)
    for found, sorted_until in in_order(_search(http, url, seconds(start) - 1), _updated):
        for part in batches(known.unseen(found, "updated_at"), FEW):
            told = [http.get(f"{url}/conversations/{one['id']}", display_as="plaintext") for one in part]
            known = known.with_these(part, "updated_at", newest=reached, now=visit.now(), window=WINDOW)
            answers = tuple(answer for one in told if (answer := _remark(one)))
            yield Page(rows=tuple(map(_row, told)), answers=answers, cursor=_cursor(visit, reached, known))
        newest = max([newest, *(moment for one in found if (moment := _updated(one)))])
        reached = max(reached, sorted_until) if sorted_until else reached
        known = known.with_these(found, "updated_at", newest=reached, now=visit.now(), window=WINDOW)
        yield Page(cursor=_cursor(visit, reached, known))
    cursor = _cursor(visit, max(reached, newest), known)
    yield Page(cursor=cursor)
    if weekly(visit):
        ids = {word(one["id"]) for found in _search(http, url, 0) for one in found}
        yield Page(complete=frozenset(ids), cursor=cursor | compared(visit, now=True))


def _cursor(visit: Visit, reached: datetime, known: Recent) -> dict[str, object]:
    return {**compared(visit, now=False), "changed": reached.isoformat(), "recent": known.changes}


def _updated(one: Mapping[str, Any]) -> datetime | None:
    return moment_of(one.get("updated_at"))


def _url(visit: Visit) -> str:
    return visit.account.url if visit.account.option("url") else "https://api.intercom.io"


def _http(visit: Visit) -> Http:
    token = visit.account.secret("token", "an access token of Intercom")
    return visit.http.with_headers(Authorization=f"Bearer {token}", Intercom_Version=VERSION)


def _search(http: Http, url: str, after: int) -> Iterator[list[dict[str, Any]]]:
    fresh = no_loop("Intercom")
    pagination: dict[str, object] = {"per_page": SIZE}
    while True:
        question = {"field": "updated_at", "operator": ">", "value": after}
        told = http.post(
            f"{url}/conversations/search",
            {"query": question, "pagination": pagination, "sort": {"field": "updated_at", "order": "ascending"}},
        )
        yield items(told, "conversations")
        following = (told.get("pages") or {}).get("next") or {}
        if not following.get("starting_after"):
            return
        pagination = {"per_page": SIZE, "starting_after": fresh(word(following["starting_after"]))}


def _row(told: Mapping[str, Any]) -> dict[str, object]:
    source, statistics = told.get("source") or {}, told.get("statistics") or {}
    author, rating = source.get("author") or {}, told.get("conversation_rating") or {}
    parts = items(told.get("conversation_parts") or {}, "conversation_parts")
    own = [word(part.get("body")) for part in parts if _by(part) in ("user", "lead", "contact") and part.get("body")]
    answers = [word(part.get("body")) for part in parts if _by(part) in ("admin", "team") and part.get("body")
               and part.get("part_type") == "comment"]  # fmt: skip
    return {
        "id": word(told["id"]),
        "subject": source.get("subject") or told.get("title"),
        "text": "\n\n".join([word(source.get("body")), *own]).strip(),
        "created_at": _time(told.get("created_at")),
        "updated_at": _time(told.get("updated_at")),
        "channel": {"email": "email", "conversation": "chat", "push": "chat"}.get(word(source.get("type")), "chat"),
        "status": told.get("state"),
        "priority": told.get("priority") if isinstance(told.get("priority"), str) else None,
        "tags": [word(tag.get("name")) for tag in items(told.get("tags") or {}, "tags")],
        "department": word(told.get("team_assignee_id")) or None,
        "assignee": word(told.get("admin_assignee_id")) or None,
        "customer_id": author.get("id"),
        "requester": [author.get("name"), author.get("email")],
        "first_response_at": _time(statistics.get("first_admin_reply_at")),
        "resolved_at": _time(statistics.get("last_close_at")),
        "reopened": statistics.get("count_reopens"),
        "csat": rating.get("rating"),
        "answer": answers[-1] if answers else None,
    }


def _remark(told: Mapping[str, Any]) -> Answer | None:
    """What the contact wrote beside the rating; the rating itself stands in the row."""
    rating, author = told.get("conversation_rating") or {}, (told.get("source") or {}).get("author") or {}
    if not rating.get("remark"):
        return None
    at = _time(rating.get("created_at"))
    return Answer(
        id=f"rating-{told['id']}",
        ticket_id=word(told["id"]),
        at=datetime.fromtimestamp(at, tz=UTC).isoformat() if at else "",
        csat=rating.get("rating"),
        comment=word(rating["remark"]),
        people=names_of([author.get("name"), author.get("email")]),
    )


def _by(part: Mapping[str, Any]) -> str:
    return word((part.get("author") or {}).get("type"))


def _time(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and value > 0 else None
