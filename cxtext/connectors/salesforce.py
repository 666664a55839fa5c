"""Salesforce Service Cloud: cases by SOQL, deleted ones included, page after page.

Source: developer.salesforce.com, REST API "QueryAll" (at most 2,000 records a page; `IsDeleted` marks the bin).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cxtext.connectors.http import Http, next_link
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import changed_since, items, no_loop, time_of, word, zulu
from cxtext.errors import ConfigurationError

FIELDS = ("Id", "CaseNumber", "Subject", "Description", "CreatedDate", "ClosedDate", "Status", "Priority", "Origin", "Type",
          "Reason", "Product__c", "ContactId", "OwnerId", "Owner.Name", "Owner.Type", "SuppliedName", "SuppliedEmail", "SystemModstamp",
          "IsDeleted")  # fmt: skip
CHANNEL = {"email": "email", "phone": "phone", "web": "form", "chat": "chat"}


def check(visit: Visit) -> str:
    """How many cases this account sees."""
    told = _http(visit).get(_address(visit, "query"), q="SELECT COUNT() FROM Case")
    return f"{told.get('totalSize', 0):,} cases"


def pages(visit: Visit) -> Iterator[Page]:
    """Cases that are new or changed, those in the bin as gone."""
    http, start, fresh = _http(visit), changed_since(visit), no_loop("Salesforce")
    chosen = visit.account.option("where")
    asked = (  # SOQL; `where` is the operator's own, and the account can only read
        f"SELECT {', '.join(_fields(visit))} FROM Case WHERE {f'({chosen}) AND ' if chosen else ''}"  # noqa: S608 – no database of ours
        f"SystemModstamp >= {zulu(start)} ORDER BY SystemModstamp ASC, Id ASC"
    )
    told = http.get(_address(visit, "queryAll"), q=asked)
    newest = start
    while True:
        records = items(told, "records")
        newest = max([newest, *(moment for one in records if (moment := time_of(one.get("SystemModstamp"))))])
        yield Page(
            rows=tuple(_row(one) for one in records if not one.get("IsDeleted")),
            gone=tuple(word(one["Id"]) for one in records if one.get("IsDeleted")),
            cursor={"changed": newest.isoformat()},  # the records come in this order
        )
        if told.get("done", True):
            return
        told = http.get(next_link(visit.account.url, fresh(word(told["nextRecordsUrl"]))))


def _http(visit: Visit) -> Http:
    token = visit.account.secret("token", "an access token of a connected app")
    return visit.http.with_headers(Authorization=f"Bearer {token}")


def _address(visit: Visit, what: str) -> str:
    version = visit.account.option("version", "v62.0")
    if not re.fullmatch(r"v\d+\.0", version):
        raise ConfigurationError(f"[sources.{visit.account.name}] version = {version!r}: it looks like v62.0")
    return f"{visit.account.url}/services/data/{version}/{what}/"


def _fields(visit: Visit) -> tuple[str, ...]:
    """`Product__c` is a field of one's own, which only some have: map_product names it."""
    product = visit.account.option("map_product")
    if product and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", product):
        raise ConfigurationError(f"[sources.{visit.account.name}] map_product = {product!r}: a field like Product__c")
    return tuple(product if name == "Product__c" else name for name in FIELDS if product or name != "Product__c")


def _row(case: Mapping[str, Any]) -> dict[str, object]:
    origin, owner = word(case.get("Origin")), case.get("Owner") or {}
    known = {*FIELDS, "attributes", "Owner"}
    product = next((value for name, value in case.items() if name not in known or name == "Product__c"), None)
    return {
        "id": word(case["Id"]),
        "subject": case.get("Subject"),
        "text": case.get("Description"),
        "created_at": case.get("CreatedDate"),
        "updated_at": case.get("SystemModstamp"),
        "channel": CHANNEL.get(origin.casefold(), origin or None),
        "status": case.get("Status"),
        "priority": case.get("Priority"),
        "category": case.get("Reason") or case.get("Type"),
        "department": owner.get("Name") if owner.get("Type") == "Queue" else None,  # else it is a person's name
        "product": product if isinstance(product, str) else None,
        "customer_id": case.get("ContactId"),
        "assignee": case.get("OwnerId"),
        "requester": [
            case.get("SuppliedName"),
            case.get("SuppliedEmail"),
            *([] if owner.get("Type") == "Queue" else [owner.get("Name")]),
        ],
        "resolved_at": case.get("ClosedDate"),
        "case_number": case.get("CaseNumber"),
    }
