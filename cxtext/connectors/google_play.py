"""Google Play: the reviews of the last week, which is all that Google hands out; so it has to be asked every night.

Source: developers.google.com/android-publisher, `reviews.list`; login by a service account (RFC 7523).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cxtext.connectors.http import Http
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import items, no_loop, seconds, word
from cxtext.connectors.signed import signed
from cxtext.errors import ConfigurationError

SCOPE = "https://www.googleapis.com/auth/androidpublisher"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKENS = "https://oauth2.googleapis.com/token"


def check(visit: Visit) -> str:
    """Whether the account may read reviews."""
    told = _http(visit).get(_address(visit), maxResults=1)
    return f"{len(items(told, 'reviews'))} review seen"


def pages(visit: Visit) -> Iterator[Page]:
    """Reviews of the last week, those edited too."""
    http, fresh, token = _http(visit), no_loop("Google Play"), None
    while True:
        told = http.get(_address(visit), maxResults=100, token=token)
        yield Page(rows=tuple(_row(review) for review in items(told, "reviews")), cursor={})
        token = (told.get("tokenPagination") or {}).get("nextPageToken")
        if not token:
            return
        fresh(token)


def _address(visit: Visit) -> str:
    base = visit.account.url if visit.account.option("url") else "https://androidpublisher.googleapis.com"
    package = visit.account.required("package", "the name of the app, like com.example.shop")
    return f"{base}/androidpublisher/v3/applications/{package}/reviews"


def _http(visit: Visit) -> Http:
    try:
        key = json.loads(visit.account.secret("key", "the JSON key of a service account (file:PATH)"))
        address, name, private = key.get("token_uri") or TOKENS, key["client_email"], key["private_key"]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"[sources.{visit.account.name}] key: no JSON key of a service account") from error
    now = seconds(visit.now())
    claims = {"iss": name, "scope": SCOPE, "aud": address, "iat": now, "exp": now + 3600}
    assertion = signed(claims, private, "RS256", where=f"[sources.{visit.account.name}] key")
    told = visit.http.post(address, {"grant_type": GRANT, "assertion": assertion}, form=True)
    return visit.http.with_headers(Authorization=f"Bearer {word(told.get('access_token'))}")


def _row(review: Mapping[str, Any]) -> dict[str, object]:
    comments = items(review, "comments")
    own: Mapping[str, Any] = next((one["userComment"] for one in comments if one.get("userComment")), {})
    answer: Mapping[str, Any] = next((one["developerComment"] for one in comments if one.get("developerComment")), {})
    title, _, text = word(own.get("text")).partition("\t")  # Google puts the title before a tab
    device = own.get("deviceMetadata") or {}
    written = (own.get("lastModified") or {}).get("seconds")
    return {
        "id": word(review.get("reviewId")),
        "subject": title.strip() if text.strip() else None,
        "text": text.strip() or title.strip(),
        "created_at": int(written) if written else None,
        "updated_at": int(written) if written else None,
        "language": own.get("reviewerLanguage"),
        "channel": "review",
        "stars": own.get("starRating"),
        "version": own.get("appVersionName"),
        "requester": [review.get("authorName")],
        "device": device.get("productName"),
        "android": own.get("androidOsVersion"),
        "answer": answer.get("text"),
    }
