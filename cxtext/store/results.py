"""What a run found, written so that old answers stay readable: a changed row is closed, not overwritten."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from cxtext.domain import Assignment, Department, Move, Reading, Rejected, RootCause, Topic
from cxtext.store import tables as t

Row = dict[str, Any]
FEW = 400
DIGITS = 4  # of every figure that is kept: more would only be noise that changes from one processor to the next


def save_readings(connection: Connection, readings: Mapping[int, Reading], run_id: int, *, always: bool) -> int:
    """Keep what single tickets say; returns how many answers were written.

    `always` writes equal answers too, so that a ticket whose text changed counts as read.
    """
    rows = [_reading_row(no, reading) for no, reading in sorted(readings.items())]
    return replace_rows(
        connection, t.reading, "no", rows, run_id, always={row["no"] for row in rows} if always else set()
    )


def save_assignments(
    connection: Connection,
    assignments: Sequence[Assignment],
    numbers: Mapping[str, int],
    run_id: int,
    *,
    always: set[int],
) -> int:
    """Keep which topic tickets belong to; returns how many were written. `always`: numbers written even if equal."""
    rows = [
        {"no": numbers[a.key], "topic_id": a.topic_id, "confidence": round(a.confidence, DIGITS)}
        for a in sorted(assignments, key=lambda a: a.key)
    ]
    return replace_rows(connection, t.assignment, "no", rows, run_id, always=always)


def save_topics(connection: Connection, topics: Sequence[Topic], figures: Sequence[Row], run_id: int) -> int:
    """Keep the topics and their figures as they are after this run; topics that are gone are closed."""
    by_id = {row["topic_id"]: row for row in figures}
    rows = []
    for topic in topics:
        row = asdict(topic) | {name: value for name, value in by_id[topic.id].items() if name != "topic_id"}
        row |= {name: list(row[name]) for name in ("keywords", "languages", "quotes")}
        rows.append(row | {name: [list(pair) for pair in row[name]] for name in ("departments", "causes")})
    ids = [topic.id for topic in topics]
    gone = sa.and_(t.seen_at(t.topic, run_id), t.topic.c.id.not_in(ids))
    connection.execute(t.topic.delete().where(gone, t.topic.c.from_run == run_id))
    connection.execute(t.topic.update().where(gone).values(to_run=run_id))
    return replace_rows(connection, t.topic, "id", rows, run_id, always=set())


def save_taxonomy(
    connection: Connection, causes: Sequence[RootCause], departments: Sequence[Department], run_id: int
) -> None:
    """Keep the names of causes and departments as they were this night, so that an old report prints as it was."""
    named = [
        {
            "key": cause.key,
            "department": cause.department,
            "titles": dict(cause.titles),
            "dimension": cause.dimension,
            "touchpoint": cause.touchpoint,
        }
        for cause in causes
    ]
    replace_rows(connection, t.cause, "key", named, run_id, always=set())
    owners = [{"key": owner.key, "titles": dict(owner.titles)} for owner in departments]
    replace_rows(connection, t.department, "key", owners, run_id, always=set())


def save_moves(
    connection: Connection, moves: Sequence[Move], numbers: Mapping[str, int], *, run_id: int, now: datetime
) -> None:
    """Write the ledger: one line for every change of a ticket's topic."""
    rows = [
        {
            "run_id": run_id,
            "at": now,
            "no": numbers[move.key],
            "from_topic": move.from_topic,
            "to_topic": move.to_topic,
            "reason": move.reason,
            "actor": move.actor,
        }
        for move in moves
    ]
    if rows:
        connection.execute(t.ledger.insert(), rows)


def save_act(connection: Connection, told: Mapping[str, Any], *, topic_id: str | None, run_id: int) -> None:
    """Log what a person did: who, when, why, and all that it takes to do it again."""
    row = {"kind": told["act"], "topic_id": topic_id, "payload": dict(told), "by": told["by"], "why": told["why"]}
    connection.execute(t.act.insert().values(**row, at=datetime.fromisoformat(told["at"]), run_id=run_id))


def save_rejected(connection: Connection, rejected: Sequence[Rejected], run_id: int) -> int:
    """Put bad rows into quarantine; returns how many were not there yet. Their raw text must be redacted already."""
    rows: dict[str, Row] = {}
    for bad in rejected:
        name = hashlib.sha256(repr((bad.source, bad.line, bad.reason, bad.raw)).encode()).hexdigest()
        rows[name] = {"source": bad.source, "line": bad.line, "reason": bad.reason, "raw": bad.raw[:2000], "hash": name}
    known: set[str] = set()
    names = list(rows)
    for start in range(0, len(names), FEW):
        part = names[start : start + FEW]
        known |= set(connection.scalars(sa.select(t.quarantine.c.hash).where(t.quarantine.c.hash.in_(part))))
    fresh = [row | {"run_id": run_id} for name, row in rows.items() if name not in known]
    if fresh:
        connection.execute(t.quarantine.insert(), fresh)
    return len(fresh)


def save_memory(connection: Connection, content: bytes, *, run_id: int, keep: int = 3) -> None:
    """Keep what the topics remember from night to night; only the newest few are needed again."""
    connection.execute(t.memory.delete().where(t.memory.c.run_id == run_id))
    connection.execute(t.memory.insert().values(run_id=run_id, content=content))
    newest = sa.select(t.memory.c.run_id).order_by(t.memory.c.run_id.desc()).limit(keep)
    connection.execute(t.memory.delete().where(t.memory.c.run_id.not_in(list(connection.scalars(newest)))))


def load_memory(connection: Connection, run_id: int) -> bytes | None:
    """What the topics remembered after a run; None before the first night."""
    query = sa.select(t.memory.c.content).where(t.memory.c.run_id <= run_id).order_by(t.memory.c.run_id.desc()).limit(1)
    return connection.scalar(query)


def newest_memory(connection: Connection) -> tuple[int, bytes] | None:
    """The newest memory with the run that it belongs to."""
    query = sa.select(t.memory.c.run_id, t.memory.c.content).order_by(t.memory.c.run_id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.run_id, row.content)


def _reading_row(no: int, reading: Reading) -> Row:
    mood, diagnosis, aim = reading.mood, reading.diagnosis, reading.aim
    cause, department = diagnosis.cause, diagnosis.department
    evidence = dict.fromkeys((*mood.evidence, *cause.evidence, *department.evidence))
    return {
        "no": no,
        "sentiment": round(mood.score, DIGITS),
        "sentiment_label": mood.label,
        "sentiment_confidence": round(mood.confidence, DIGITS),
        "sentiment_evidence": list(mood.evidence),
        "cause": cause.value,
        "cause_confidence": round(cause.confidence, DIGITS),
        "department": department.value,
        "department_confidence": round(department.confidence, DIGITS),
        "evidence": list(evidence),
        "tags": [
            [tag.cause, tag.department, round(tag.confidence, DIGITS), list(tag.evidence)] for tag in diagnosis.tags
        ],
        "suggestions": {
            "cause": [[name, round(p, DIGITS)] for name, p in cause.suggestions],
            "department": [[name, round(p, DIGITS)] for name, p in department.suggestions],
        },
        "intent": aim.intent,
        "urgency": round(aim.urgency, DIGITS),
        "urgency_evidence": list(aim.evidence),
    }


def replace_rows(
    connection: Connection,
    table: Table,
    key: str,
    rows: Sequence[Row],
    run_id: int,
    *,
    always: set[int],
) -> int:
    """Close what is different, insert what is new, leave alone what is the same (unless its key is in `always`).

    Returns the number of rows written. `table` is one with validity; `key` its column besides `from_run`.
    """
    changed = 0
    for start in range(0, len(rows), FEW):
        part = rows[start : start + FEW]
        seen = sa.and_(table.c[key].in_([row[key] for row in part]), t.seen_at(table, run_id))
        old = {row[key]: dict(row) for row in connection.execute(sa.select(table).where(seen)).mappings()}
        fresh = [row for row in part if row[key] in always or row[key] not in old or not _same(row, old[row[key]])]
        if not fresh:
            continue
        keys = [row[key] for row in fresh]
        mine = sa.and_(table.c[key].in_(keys), table.c.from_run == run_id)
        theirs = sa.and_(table.c[key].in_(keys), t.seen_at(table, run_id), table.c.from_run != run_id)
        connection.execute(table.delete().where(mine))
        connection.execute(table.update().where(theirs).values(to_run=run_id))
        connection.execute(table.insert(), [row | {"from_run": run_id, "to_run": None} for row in fresh])
        changed += len(fresh)
    return changed


def _same(row: Row, old: Row) -> bool:
    return all(old[name] == value for name, value in row.items())
