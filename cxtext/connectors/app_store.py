"""Apple's App Store: reviews of one app, the newest first until a known one.

Source: developer.apple.com/documentation/appstoreconnectapi, "List all customer reviews for an app".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cxtext.connectors.http import Http, next_link
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import changed_since, items, no_loop, seconds, time_of, word
from cxtext.connectors.signed import signed


def check(visit: Visit) -> str:
    """Whether the key may read reviews."""
    told = _http(visit).get(_address(visit), limit=1)
    return f"{len(items(told, 'data'))} review seen"


def pages(visit: Visit) -> Iterator[Page]:
    """Reviews since the last visit. The newest come first: the cursor moves once all are there."""
    http, start, fresh = _http(visit), changed_since(visit), no_loop("the App Store")
    newest = start
    told = http.get(_address(visit), sort="-createdDate", limit=200, include="response")
    while True:
        answers = {word(one["id"]): one for one in items(told, "included")}
        found = [(time_of(one["attributes"].get("createdDate")), one) for one in items(told, "data")]
        newest = max([newest, *(moment for moment, _ in found if moment)])
        rows = tuple(_row(one, answers) for moment, one in found if moment is None or moment >= start)
        following = word((told.get("links") or {}).get("next"))
        ended = not following or any(moment and moment < start for moment, _ in found)
        yield Page(rows=rows, cursor={"changed": newest.isoformat()} if ended else visit.cursor)
        if ended:
            return
        told = http.get(next_link(_address(visit), fresh(following)))


def _address(visit: Visit) -> str:
    base = visit.account.url if visit.account.option("url") else "https://api.appstoreconnect.apple.com"
    return f"{base}/v1/apps/{visit.account.required('app', 'the number of the app')}/customerReviews"


def _http(visit: Visit) -> Http:
    account, now = visit.account, seconds(visit.now())
    token = signed(
        {"iss": account.required("issuer", "the issuer id of App Store Connect"), "iat": now, "exp": now + 900,
         "aud": "appstoreconnect-v1"},
        account.secret("key", "the private key (.p8), as file:PATH"),
        "ES256",
        where=f"[sources.{account.name}] key",
        headers={"kid": account.required("key_id", "the id of the key")},
    )  # fmt: skip
    return visit.http.with_headers(Authorization=f"Bearer {token}")


def _row(review: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]]) -> dict[str, object]:
    told = review.get("attributes") or {}
    linked = ((review.get("relationships") or {}).get("response") or {}).get("data") or {}
    answer = answers.get(word(linked.get("id")), {}).get("attributes") or {}
    return {
        "id": word(review["id"]),
        "subject": told.get("title"),
        "text": told.get("body"),
        "created_at": told.get("createdDate"),
        "updated_at": told.get("createdDate"),
        "channel": "review",
        "stars": told.get("rating"),
        "requester": [told.get("reviewerNickname")],
        "territory": told.get("territory"),
        "answer": answer.get("responseBody"),
    }
