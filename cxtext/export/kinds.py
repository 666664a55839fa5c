"""What can be exported, and the columns of each kind. Rows come sorted, so the same state gives the same bytes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from cxtext.store import read_answers, read_metrics, read_signals, read_tally, read_tickets, read_topics, read_trends

Row = dict[str, Any]
Type = Literal["text", "integer", "number", "date", "moment", "texts"]
NAMED = 5  # topics or causes named in one cell


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of export: its columns with their types, and where its rows come from."""

    title: str
    columns: Mapping[str, Type]
    rows: Callable[[Connection, int], Iterable[Row]]


def _tickets(connection: Connection, run_id: int) -> Iterator[Row]:
    yield from read_tickets.tickets(connection, run_id)


def _assignments(connection: Connection, run_id: int) -> Iterator[Row]:
    for row in read_tickets.tickets(connection, run_id):
        yield {
            "ticket_id": row["id"],
            "source": row["source"],
            "topic_id": row["topic_id"],
            "confidence": row["topic_confidence"],
            "run_id": row["run_id"],
        }


def _answers(connection: Connection, run_id: int) -> Iterator[Row]:
    for one in read_answers.answers(connection, run_id):
        yield asdict(one) | {"known": "yes" if one.known else "no"}


def _topics(connection: Connection, run_id: int) -> Iterator[Row]:
    for row in read_topics.topics(connection, run_id):
        quotes = read_tickets.texts(connection, run_id, row["quotes"])
        yield row | {
            "departments": [key for key, _ in row["departments"]],
            "causes": [key for key, _ in row["causes"]],
            "quotes": [quote["text"] for quote in quotes.values()],
        }


def _signals(connection: Connection, run_id: int) -> Iterator[Row]:
    for one in read_signals.signals(connection, run_id):
        yield {
            "signal_id": one.signal_id,
            "kind": one.kind,
            "topic_id": one.topic_id,
            "day": one.day,
            "count": one.count,
            "expected": one.expected,
            "evidence_strength": one.evidence_strength,
            "why": one.why,
            "state": one.state,
            "chance_share": one.chance_share,
            "per_thousand": one.per_thousand,
            "per_thousand_units": one.per_thousand_units,
        }


def _causes(connection: Connection, run_id: int) -> Iterator[Row]:
    known = {row["key"]: row for row in read_topics.causes(connection, run_id)}
    topics = _topics_by(connection, run_id, "cause")
    rows = _sizes(connection, run_id, "cause")
    total = sum(row["size"] for row in rows)
    for row in rows:
        if row["key"] is None:
            continue
        cause = known.get(row["key"], {"titles": {}, "department": None, "dimension": None, "touchpoint": None})
        yield row | {
            "cause": row["key"],
            "title": cause["titles"].get("de", row["key"]),
            "title_en": cause["titles"].get("en", row["key"]),
            "department": cause["department"],
            "dimension": cause["dimension"],
            "touchpoint": cause["touchpoint"],
            "share": round(row["size"] / total, 4),
            "topics": topics[row["key"]],
        }


def _departments(connection: Connection, run_id: int) -> Iterator[Row]:
    known = {row["key"]: row["titles"] for row in read_topics.departments(connection, run_id)}
    topics = _topics_by(connection, run_id, "department")
    rows = _sizes(connection, run_id, "department")
    total = sum(row["size"] for row in rows)
    for row in rows:
        if row["key"] is None:
            continue
        titles = known.get(row["key"], {})
        yield row | {
            "department": row["key"],
            "title": titles.get("de", row["key"]),
            "title_en": titles.get("en", row["key"]),
            "share": round(row["size"] / total, 4),
            "topics": topics[row["key"]],
        }


def _metrics(connection: Connection, run_id: int) -> Iterator[Row]:
    for one in read_metrics.metrics(connection, run_id):
        yield {
            name: getattr(one, name) for name in ("scope", "key", "period", "metric", "value", "lower", "upper", "n")
        }


def _sizes(connection: Connection, run_id: int, facet: str) -> list[Row]:
    """Size and mood per value, largest first: from the sums that a night keeps; counted where an old night kept none."""
    kept = read_tally.by_value(connection, run_id, facet)
    if not kept:
        return read_tickets.grouped(connection, run_id, facet)
    return [
        {"key": one.key or None, "size": one.count, "sentiment": one.sentiment}
        | {"negative_share": round(one.negative_share, 4)}
        for one in kept
    ]


def _topics_by(connection: Connection, run_id: int, column: str) -> defaultdict[str, list[str]]:
    kept = read_tally.crossed(connection, run_id, column)
    pairs = [(-count, topic, key) for topic, row in kept.items() for key, (count, _) in row.items() if topic and key]
    if not kept:
        pairs = [(0, row["topic_id"], row["key"]) for row in read_topics.pairs(connection, run_id, column)]
    found: defaultdict[str, list[str]] = defaultdict(list)
    for _, topic, key in sorted(pairs) if kept else pairs:
        if len(found[key]) < NAMED:
            found[key].append(topic)
    return found


KINDS: Mapping[str, Kind] = {
    "tickets": Kind(
        "one row a ticket",
        {
            "id": "text", "source": "text", "created_at": "moment", "language": "text", "channel": "text",
            "product": "text", "text": "text", "topic_id": "text", "topic_label": "text", "parent_topic_id": "text",
            "topic_confidence": "number", "sentiment": "number", "sentiment_label": "text",
            "sentiment_confidence": "number", "cause": "text", "department": "text",
            "department_confidence": "number", "evidence": "texts", "intent": "text", "urgency": "number",
            "repeats": "integer", "run_id": "integer",
        },
        _tickets,
    ),
    "answers": Kind(
        "answers to surveys that came apart from their tickets, with their comments",
        {
            "source": "text", "ticket_id": "text", "at": "moment", "csat": "number", "nps": "integer", "ces": "number",
            "comment": "text", "known": "text",
        },
        _answers,
    ),
    "topics": Kind(
        "one row a recurring issue",
        {
            "topic_id": "text", "parent_id": "text", "label": "text", "keywords": "texts", "size": "integer",
            "first_seen": "date", "last_seen": "date", "status": "text", "sentiment": "number",
            "csat_impact": "number", "departments": "texts", "causes": "texts", "quotes": "texts",
        },
        _topics,
    ),
    "assignments": Kind(
        "which topic each ticket belongs to",
        {"ticket_id": "text", "source": "text", "topic_id": "text", "confidence": "number", "run_id": "integer"},
        _assignments,
    ),
    "signals": Kind(
        "what is new, rising, jumping, in season or gone: one row an event, newest first",
        {
            "signal_id": "text", "kind": "text", "topic_id": "text", "day": "date", "count": "integer",
            "expected": "number", "evidence_strength": "number", "why": "text", "state": "text",
            "chance_share": "number", "per_thousand": "number", "per_thousand_units": "number",
        },
        _signals,
    ),
    "trends": Kind(
        "customers per day and topic, and of its departments and products, beside what was expected",
        {
            "day": "date", "topic_id": "text", "department": "text", "product": "text", "count": "integer",
            "expected": "number", "lower": "number", "upper": "number", "sentiment": "number",
        },
        read_trends.trends,
    ),
    "causes": Kind(
        "one row a root cause that was found",
        {
            "cause": "text", "title": "text", "title_en": "text", "department": "text", "dimension": "text",
            "touchpoint": "text", "size": "integer", "share": "number", "sentiment": "number",
            "negative_share": "number", "topics": "texts",
        },
        _causes,
    ),
    "departments": Kind(
        "one row a department that owns causes",
        {
            "department": "text", "title": "text", "title_en": "text", "size": "integer", "share": "number",
            "sentiment": "number", "negative_share": "number", "topics": "texts",
        },
        _departments,
    ),
    "metrics": Kind(
        "every metric by cut and period, with its 95 % interval",
        {
            "scope": "text", "key": "text", "period": "text", "metric": "text", "value": "number", "lower": "number",
            "upper": "number", "n": "integer",
        },
        _metrics,
    ),
    "ledger": Kind(
        "every change of a ticket's topic after its first assignment",
        {
            "at": "moment", "run_id": "integer", "ticket_id": "text", "from_topic": "text", "to_topic": "text",
            "reason": "text", "actor": "text", "source": "text",
        },
        read_topics.ledger,
    ),
    "quarantine": Kind(
        "rows that are no tickets, with the reason",
        {"source": "text", "line": "integer", "reason": "text", "raw": "text", "run_id": "integer"},
        read_tickets.quarantined,
    ),
}  # fmt: skip
