"""Help desks as their documentation describes them: pages, limits, deleted tickets, and refusals without the right key."""

import base64
import re
from datetime import UTC, datetime
from typing import Any

from tests.connectors.fakes.desk import START, Asked, Desk, Entry, Reply, iso, moment, numbered

REFUSED = Reply({"error": "Couldn't authenticate you"}, status=401)


def _basic(asked: Asked) -> str:
    told = asked.headers.get("Authorization", "").removeprefix("Basic ")
    return base64.b64decode(told).decode() if told else ""


def zendesk(desk: Desk, asked: Asked) -> Reply:
    """developer.zendesk.com: incremental export by cursor; deleted tickets have that status."""
    if _basic(asked) != f"reader@example.com/token:{desk.password}":
        return REFUSED
    if asked.path.endswith("/users/me.json"):
        return Reply({"user": {"id": 1, "role": "agent"}})
    if asked.path.endswith("/groups.json"):
        return Reply({"groups": [{"id": 7, "name": "Logistik"}]})
    if "/comments.json" in asked.path:
        number = int(asked.path.split("/")[-2])
        entry = next(one for one in desk.entries if one.number == number)
        said = [
            (900, True, entry.text),
            (1, True, "Wir kümmern uns darum."),
            (1, False, "intern"),
            (900, True, "Noch immer kaputt."),
        ]
        return Reply(
            {"comments": [{"author_id": who, "public": public, "plain_body": text} for who, public, text in said]}
        )
    start, last = (asked.query.get("cursor") or f"{asked.query['start_time']}-0").split("-")
    behind = (datetime.fromtimestamp(int(start), tz=UTC), int(last))
    found = [one for one in desk.since(behind[0]) if (one.updated, one.number) > behind]
    page = found[:100]  # real pages hold 1,000
    after = f"{int(page[-1].updated.timestamp())}-{page[-1].number}" if page else f"{start}-{last}"
    following = f"{start}-{last}" if desk.loop else after
    tickets = [
        {"id": one.number, "subject": one.subject, "description": one.text, "created_at": iso(one.created),
         "updated_at": iso(one.updated), "status": "deleted" if one.deleted else "open", "via": {"channel": "email"},
         "requester_id": 900, "group_id": 7, "tags": ["a"], "satisfaction_rating": {"score": "good", "comment": "danke, gez. Erika Beispiel"}}
        for one in desk.mixed(page)
    ]  # fmt: skip
    metrics = [{"ticket_id": one.number, "reply_time_in_minutes": {"calendar": 30}, "solved_at": iso(one.updated), "reopens": 1}
               for one in page]  # fmt: skip
    people = [{"id": 900, "name": "Erika Beispiel", "email": "erika@example.org", "locale": "de"}]
    return Reply({"tickets": tickets, "users": people, "metric_sets": metrics, "after_cursor": following,
                  "end_of_stream": not desk.loop and len(page) == len(found)})  # fmt: skip


def freshdesk(desk: Desk, asked: Asked) -> Reply:
    """developers.freshdesk.com: pages by the last change, at most 300 of them; deleted ones by a filter."""
    if _basic(asked) != f"{desk.password}:X":
        return REFUSED
    if asked.path.endswith("/agents/me"):
        return Reply({"type": "support_agent"})
    if asked.path.endswith("/groups"):
        return Reply([{"id": 7, "name": "Logistik"}])
    if "satisfaction_ratings" in asked.path:
        rated = {
            "id": 5,
            "ticket_id": 2,
            "created_at": iso(START),
            "feedback": "danke, gez. Frau Erika Beispiel",
            "ratings": {"default_question": -103},
        }
        alone = {
            "id": 6,
            "ticket_id": None,
            "created_at": iso(START),
            "feedback": "Warteschleife viel zu lang",
            "ratings": {"default_question": -103},
        }
        return Reply([rated, alone])
    if asked.path.endswith("/conversations"):
        told = [(True, False, "Noch immer kaputt."), (False, False, "Wir kümmern uns."), (False, True, "Kunde nervt")]
        return Reply([{"incoming": own, "private": private, "body_text": text} for own, private, text in told])
    if int(asked.query.get("page", "1")) > 300:
        return Reply({"message": "You have exceeded the limit of pages"}, status=400)
    found = desk.since(moment(asked.query["updated_since"]), deleted=asked.query.get("filter") == "deleted")
    return Reply([
        {"id": one.number, "subject": one.subject, "description_text": one.text, "created_at": iso(one.created),
         "updated_at": iso(one.updated), "status": 2, "priority": 3, "source": 1, "group_id": 7, "requester_id": 900,
         "requester": {"name": "Erika Beispiel", "email": "erika@example.org"},
         "stats": {"first_responded_at": iso(one.updated), "resolved_at": None}}
        for one in desk.mixed(numbered(found, asked, 100))
    ][: 101 if desk.shuffle else 100])  # fmt: skip


def zammad(desk: Desk, asked: Asked) -> Reply:
    """docs.zammad.org: search with a range of times, articles one request each; a deleted ticket is just not there."""
    if asked.headers.get("Authorization") != f"Token token={desk.password}":
        return REFUSED
    if asked.path.endswith("/users/me"):
        return Reply({"id": 3})
    if "by_ticket" in asked.path:
        entry = next(one for one in desk.entries if str(one.number) == asked.path.rsplit("/", 1)[1])
        return Reply([
            {"sender": "Customer", "type": "email", "from": "Erika Beispiel <erika@example.org>", "body": entry.text, "internal": False},
            {"sender": "Agent", "type": "email", "from": "Support", "body": "Wir kümmern uns.", "internal": False},
            {"sender": "Agent", "type": "note", "from": "Support", "body": "Kunde nervt", "internal": True},
        ])  # fmt: skip
    if asked.path.endswith("/search"):
        start = moment(re.search(r"\[(\S+) TO", asked.query["query"])[1])  # type: ignore[index]
        found = desk.since(start, deleted=False)
        return Reply([_zammad(one) for one in desk.mixed(numbered(found, asked, 100))][: 101 if desk.shuffle else 100])
    return Reply([_zammad(one) for one in numbered(desk.alive(), asked, 100)])


def _zammad(one: Entry) -> dict[str, Any]:
    return {"id": one.number, "title": one.subject, "created_at": iso(one.created), "updated_at": iso(one.updated),
            "state": "open", "priority": "2 normal", "group": "Logistik", "customer": "erika@example.org", "customer_id": 900,
            "owner_id": 1, "first_response_at": None, "close_at": None}  # fmt: skip


def jira(desk: Desk, asked: Asked) -> Reply:
    """developer.atlassian.com: search by JQL and token; the older address is gone; minutes only."""
    if _basic(asked) != f"reader@example.com:{desk.password}":
        return REFUSED
    if asked.path.endswith("/myself"):
        return Reply({"timeZone": "Europe/Berlin"})
    if not asked.path.endswith("/search/jql"):
        return Reply({"errorMessages": ["The requested API has been removed."]}, status=410)
    told = re.search(r'updated >= "([^"]+)"', asked.query["jql"])
    found = desk.since(moment(told[1]) if told else datetime(1970, 1, 2, tzinfo=UTC), deleted=False)
    size, at = min(int(asked.query["maxResults"]), 100), int(asked.query.get("nextPageToken", "0"))
    issues = [
        {"key": f"HILFE-{one.number}", "fields": {
            "summary": one.subject, "created": one.created.isoformat(), "updated": one.updated.isoformat(),
            "description": {"type": "doc", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in one.text.split("\n")]},
            "status": {"name": "Offen"}, "priority": {"name": "Hoch"}, "issuetype": {"name": "Störung"},
            "project": {"name": "Hilfe"}, "components": [{"name": "Waschmaschine"}], "versions": [{"name": "2.1"}],
            "labels": ["a"], "reporter": {"accountId": "k1", "displayName": "Erika Beispiel"}, "assignee": None}}
        for one in desk.mixed(found[at : at + size])
    ]  # fmt: skip
    more = at + size < len(found) or desk.loop
    following = {"nextPageToken": "0" if desk.loop else str(at + size)} if more else {}
    return Reply({"issues": issues, **following})  # the last page does not always say isLast


def request_tracker(desk: Desk, asked: Asked) -> Reply:
    """RT::REST2 as RT 5.0.3 answers: pages by number; deleted tickets are in no search, their deletion is a transaction."""
    if asked.headers.get("Authorization") != f"token {desk.password}":
        return REFUSED
    if asked.path.endswith("/REST/2.0/rt"):
        return Reply({"Version": "5.0.3"})
    if asked.path.endswith("/history"):
        number = asked.path.split("/")[-2]
        entries = [{"id": f"{number}1", "Type": "Create", "Creator": {"id": "erika@example.org"}},
                   {"id": f"{number}2", "Type": "Status", "Creator": {"id": "root"}},
                   {"id": f"{number}3", "Type": "Correspond", "Creator": {"id": "root"}}]  # fmt: skip
        return Reply({"items": entries, "pages": 1})
    if asked.path.endswith("/attachments"):
        transaction = asked.path.split("/")[-2]
        entry = next(one for one in desk.entries if str(one.number) == transaction[:-1])
        text = entry.text if transaction.endswith("1") else "Wir kümmern uns."
        parts = [{"ContentType": "multipart/mixed", "Content": None},
                 {"ContentType": "image/png", "Filename": "foto.png", "Content": "AAAA"},
                 {"ContentType": "text/plain", "Content": text}]  # fmt: skip
        return Reply({"items": parts})
    start = moment(re.search(r">= '([^']+)'", asked.query["query"])[1])  # type: ignore[index]
    if asked.path.endswith("/transactions"):
        gone = numbered(desk.since(start, deleted=True), asked, 100)
        return Reply(
            {
                "items": [
                    {"id": f"9{one.number}", "ObjectId": str(one.number), "Created": iso(one.updated)} for one in gone
                ]
            }
        )
    found = desk.since(start, deleted=False)
    items = [
        {"id": one.number, "type": "ticket", "Subject": one.subject, "Status": "open", "Created": iso(one.created),
         "LastUpdated": iso(one.updated), "Queue": {"Name": "Logistik"}, "Requestor": [{"id": "erika@example.org"}],
         "Owner": {"id": "Nobody"}, "Started": "1970-01-01T00:00:00Z", "Resolved": iso(one.updated)}
        for one in desk.mixed(numbered(found, asked, 100))
    ]  # fmt: skip
    return Reply({"items": items[: 101 if desk.shuffle else 100]})


def intercom(desk: Desk, asked: Asked) -> Reply:
    """developers.intercom.com: search by POST with `starting_after`; times in seconds; parts one request each."""
    if asked.headers.get("Authorization") != f"Bearer {desk.password}":
        return REFUSED
    if asked.path == "/me":
        return Reply({"app": {"id_code": "abc"}})
    if asked.method == "GET":
        one = next(entry for entry in desk.entries if str(entry.number) == asked.path.rsplit("/", 1)[1])
        return Reply(_intercom(one))
    start = datetime.fromtimestamp(asked.body["query"]["value"], tz=UTC)
    found = [one for one in desk.since(start, deleted=False) if one.updated > start]
    size, at = 100, int(asked.body["pagination"].get("starting_after", "0"))
    more = at + size < len(found) or desk.loop
    pages = {"next": {"starting_after": "0" if desk.loop else str(at + size)}} if more else {}
    return Reply({"conversations": [_intercom(one) for one in desk.mixed(found[at : at + size])], "pages": pages})


def _intercom(one: Entry) -> dict[str, Any]:
    parts = [{"part_type": "comment", "body": "Wir kümmern uns.", "author": {"type": "admin"}}]
    return {"id": str(one.number), "created_at": int(one.created.timestamp()), "updated_at": int(one.updated.timestamp()),
            "source": {"type": "conversation", "subject": one.subject, "body": one.text,
                       "author": {"type": "user", "id": "k1", "name": "Erika Beispiel", "email": "erika@example.org"}},
            "conversation_parts": {"conversation_parts": parts}, "state": "open", "conversation_rating": {"rating": 4, "remark": "danke, gez. Erika Beispiel", "created_at": 1772352000},
            "statistics": {"first_admin_reply_at": int(one.updated.timestamp()), "count_reopens": 2},
            "tags": {"tags": []}}  # fmt: skip


def salesforce(desk: Desk, asked: Asked) -> Reply:
    """developer.salesforce.com: queryAll with `nextRecordsUrl`; IsDeleted marks the bin."""
    if asked.headers.get("Authorization") != f"Bearer {desk.password}":
        return REFUSED
    if "COUNT()" in asked.query.get("q", ""):
        return Reply({"totalSize": len(desk.entries), "done": True, "records": []})
    if "q" in asked.query:
        start, at = re.search(r"SystemModstamp >= (\S+)", asked.query["q"])[1], 0  # type: ignore[index]
    else:
        start, place = asked.path.rsplit("/", 1)[1].split("~")
        at = int(place)
    found = desk.since(moment(start))
    size = 100
    records = [
        {"attributes": {"type": "Case"}, "Id": f"5003{one.number:06d}", "Subject": one.subject, "Description": one.text,
         "CreatedDate": one.created.strftime("%Y-%m-%dT%H:%M:%S.000+0000"), "IsDeleted": one.deleted, "Origin": "Email",
         "SystemModstamp": one.updated.strftime("%Y-%m-%dT%H:%M:%S.000+0000"), "Status": "New", "Priority": "High",
         "ContactId": "0031", "OwnerId": "0051", "Owner": {"Type": "Queue", "Name": "Logistik"}, "SuppliedName": "Erika Beispiel",
         "SuppliedEmail": "erika@example.org"}
        for one in desk.mixed(found[at : at + size])
    ]  # fmt: skip
    if at + size >= len(found) and not desk.loop:
        return Reply({"totalSize": len(found), "done": True, "records": records})
    following = f"/services/data/v62.0/query/{start}~{0 if desk.loop else at + size}"
    return Reply({"totalSize": len(found), "done": False, "nextRecordsUrl": following, "records": records})
