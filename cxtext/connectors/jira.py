"""Jira Service Management Cloud: issues by JQL with the token of the next page, descriptions in Atlassian's document format.

Source: developer.atlassian.com, "Issue search" (the endpoint `/search/jql`; the older one is gone). Its index lags a
little, hence the hour that every run reads again. JQL knows minutes only, in the time zone of the user.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from cxtext.connectors.http import Http
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import (
    changed_since,
    compared,
    in_order,
    items,
    no_loop,
    reached_before,
    time_of,
    weekly,
    word,
)

FIELDS = "summary,description,created,updated,status,priority,issuetype,project,components,versions,labels,reporter,assignee,resolutiondate"
SIZE, IDS = 100, 1000
DAY = timedelta(days=1)  # the user's time zone may be anywhere
MOST_DEPTH = 60


def check(visit: Visit) -> str:
    """Who we are at this Jira."""
    me = _http(visit).get(f"{visit.account.url}/rest/api/3/myself")
    return f"signed in, time zone {word(me.get('timeZone'))}"


def pages(visit: Visit) -> Iterator[Page]:
    """Issues that are new or changed; once a week the ids of all, so that deleted ones are noticed."""
    http, start = _http(visit), changed_since(visit)
    newest = before = reached_before(visit)
    chosen = visit.account.option("jql")
    asked = f'{f"({chosen}) AND " if chosen else ""}updated >= "{(start - DAY):%Y-%m-%d %H:%M}" ORDER BY updated ASC'
    for found, reached in in_order(_search(http, visit.account.url, asked, FIELDS, SIZE), _updated):
        newest = max([newest, *(moment for issue in found if (moment := _updated(issue)))])
        changed = max(before, reached) if reached else before
        yield Page(rows=tuple(map(_row, found)), cursor={**compared(visit, now=False), "changed": changed.isoformat()})
    cursor = {"changed": newest.isoformat()}
    yield Page(cursor={**compared(visit, now=False), **cursor})
    if weekly(visit):
        every = f"({chosen}) ORDER BY key" if chosen else 'updated >= "1970-01-02 00:00" ORDER BY key'
        ids = {word(issue["key"]) for found in _search(http, visit.account.url, every, "id", IDS) for issue in found}
        yield Page(complete=frozenset(ids), cursor={**compared(visit, now=True), **cursor})


def _updated(issue: Mapping[str, Any]) -> datetime | None:
    return time_of(issue["fields"].get("updated"))


def _http(visit: Visit) -> Http:
    user = visit.account.required("user", "the e-mail address of the account")
    token = visit.account.secret("token", "an API token of Atlassian")
    return visit.http.with_headers(Authorization=f"Basic {base64.b64encode(f'{user}:{token}'.encode()).decode()}")


def _search(http: Http, url: str, jql: str, fields: str, size: int) -> Iterator[list[dict[str, Any]]]:
    fresh, token = no_loop("Jira"), None
    while True:
        told = http.get(f"{url}/rest/api/3/search/jql", jql=jql, fields=fields, maxResults=size, nextPageToken=token)
        yield items(told, "issues")
        # the last page says so in one of two ways, or only by naming no next one
        if told.get("isLast") or not told.get("nextPageToken"):
            return
        token = fresh(told["nextPageToken"])


def _row(issue: Mapping[str, Any]) -> dict[str, object]:
    fields = issue.get("fields") or {}
    reporter, assignee = fields.get("reporter") or {}, fields.get("assignee") or {}
    components = [word(one.get("name")) for one in items(fields, "components")]
    versions = [word(one.get("name")) for one in items(fields, "versions")]
    return {
        "id": word(issue["key"]),
        "subject": fields.get("summary"),
        "text": plain_text(fields.get("description")),
        "created_at": fields.get("created"),
        "updated_at": fields.get("updated"),
        "status": (fields.get("status") or {}).get("name"),
        "priority": (fields.get("priority") or {}).get("name"),
        "category": (fields.get("issuetype") or {}).get("name"),
        "department": (fields.get("project") or {}).get("name"),
        "product": ", ".join(components) or None,
        "version": ", ".join(versions) or None,
        "tags": fields.get("labels"),
        "customer_id": reporter.get("accountId"),
        "assignee": assignee.get("accountId"),
        "requester": [reporter.get("displayName"), reporter.get("emailAddress")],
        "resolved_at": fields.get("resolutiondate"),
    }


def plain_text(document: object, depth: int = 0) -> str:
    """The words of an Atlassian document: a line for each block. Text that is none yet stays as it is."""
    if isinstance(document, str):
        return document
    if not isinstance(document, Mapping) or depth > MOST_DEPTH:
        return ""
    if document.get("type") == "text":
        return word(document.get("text"))
    if document.get("type") == "hardBreak":
        return "\n"
    if document.get("type") in ("mention", "emoji"):
        return word((document.get("attrs") or {}).get("text"))
    content = document.get("content")
    parts = [plain_text(child, depth + 1) for child in content] if isinstance(content, list) else []
    if document.get("type") in ("paragraph", "heading", "codeBlock", "text"):
        return "".join(parts)
    return "\n".join(part for part in parts if part)
