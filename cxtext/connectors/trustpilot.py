"""Trustpilot: the reviews of one's own business unit, the newest first until a known one.

Source: developers.trustpilot.com, Business Units API "Get private reviews". Public pages are not read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cxtext.connectors.http import Http
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import changed_since, compared, items, time_of, weekly, word

SIZE = 100


def check(visit: Visit) -> str:
    """How many reviews there are."""
    told = _http(visit).get(_address(visit), perPage=1)
    return f"{len(items(told, 'reviews'))} review seen"


def pages(visit: Visit) -> Iterator[Page]:
    """Reviews since the last visit; once a week all ids, so that removed ones are noticed."""
    http, start = _http(visit), changed_since(visit)
    every, page, newest, ids = weekly(visit), 1, start, set()
    while True:
        found = items(http.get(_address(visit), page=page, perPage=SIZE, orderBy="createdat.desc"), "reviews")
        ids |= {word(review["id"]) for review in found}
        times = [(_changed(review), review) for review in found]
        newest = max([newest, *(moment for moment, _ in times if moment)])
        rows = tuple(_row(review) for moment, review in times if moment is None or moment >= start)
        known = any(moment and moment < start for moment, _ in times)
        ended = len(found) < SIZE or (known and not every)
        cursor = {**compared(visit, now=False), "changed": newest.isoformat()} if ended else visit.cursor
        yield Page(rows=rows, cursor=cursor)
        if ended:
            break
        page += 1
    if every:
        yield Page(complete=frozenset(ids), cursor={**compared(visit, now=True), "changed": newest.isoformat()})


def _address(visit: Visit) -> str:
    base = visit.account.url if visit.account.option("url") else "https://api.trustpilot.com"
    return f"{base}/v1/private/business-units/{visit.account.required('unit', 'the id of the business unit')}/reviews"


def _http(visit: Visit) -> Http:
    key = visit.account.secret("key", "the API key of Trustpilot")
    token = visit.account.secret("token", "an access token of Trustpilot")
    return visit.http.with_headers(apikey=key, Authorization=f"Bearer {token}")


def _changed(review: Mapping[str, Any]) -> Any:
    return time_of(review.get("updatedAt") or review.get("createdAt"))


def _row(review: Mapping[str, Any]) -> dict[str, object]:
    consumer, answer = review.get("consumer") or {}, review.get("companyReply") or {}
    return {
        "id": word(review["id"]),
        "subject": review.get("title"),
        "text": review.get("text"),
        "created_at": review.get("createdAt"),
        "updated_at": review.get("updatedAt") or review.get("createdAt"),
        "language": review.get("language"),
        "channel": "review",
        "stars": review.get("stars"),
        "customer_id": word(consumer.get("id")),
        "requester": [consumer.get("displayName"), review.get("referralEmail")],
        "answer": answer.get("text"),
    }
