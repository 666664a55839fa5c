"""Writes the demo's tickets as files that look like an export of a help desk."""

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cxtext.domain import Scalar, Ticket

COLUMNS = (
    "id", "source", "created_at", "language", "channel", "product", "version", "customer_id", "department", "priority",
    "status", "assignee", "first_response_at", "resolved_at", "reopened", "csat", "nps", "ces", "stars", "churned", "cost", "text",
)  # fmt: skip


def write_csv(path: Path, tickets: Iterable[Ticket]) -> int:
    """Write tickets as UTF-8 CSV with a header; unknown values are empty cells. Returns the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for ticket in tickets:
            row = as_row(ticket)
            writer.writerow(["" if row[name] is None else row[name] for name in COLUMNS])
            count += 1
    return count


def write_jsonl(path: Path, tickets: Iterable[Ticket]) -> int:
    """Write tickets as one JSON object a line, unknown values left out. Returns the number of lines."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for ticket in tickets:
            known = {name: value for name, value in as_row(ticket).items() if value is not None}
            file.write(json.dumps(known, ensure_ascii=False) + "\n")
            count += 1
    return count


def as_row(ticket: Ticket) -> dict[str, Scalar]:
    """A ticket under the field names of files: times in ISO 8601, the given department as `department`."""
    facts = ticket.facts
    own: dict[str, Scalar] = {
        "id": ticket.id,
        "source": ticket.source,
        "text": ticket.text,
        "department": facts.given_department,
    }
    for name in COLUMNS:
        if name not in own:
            value = getattr(facts, name)
            own[name] = value.isoformat() if isinstance(value, datetime) else value
    return own
