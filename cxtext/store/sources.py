"""What online sources need of the store: the cursor, tickets that are gone there, answers that came apart from tickets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.store import tables as t
from cxtext.store.erase import marked
from cxtext.store.results import replace_rows
from cxtext.store.source_tables import survey_answer, watermark

FEW = 400
SCALES = ("csat", "nps", "ces")
GONE = "deleted at the source"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswer:
    """One answer to a survey, fit to be kept: its comment is redacted."""

    source: str
    id: str
    ticket_id: str
    at: datetime | None = None
    csat: float | None = None
    nps: int | None = None
    ces: float | None = None
    comment: str = ""


def cursor_of(connection: Connection, source: str, run_id: int) -> dict[str, Any]:
    """How far a source has been read; {} where it never was."""
    query = sa.select(watermark.c.cursor).where(watermark.c.source == source, t.seen_at(watermark, run_id))
    return dict(connection.scalar(query) or {})


def read_until(connection: Connection, source: str, cursor: Mapping[str, Any], *, run_id: int, now: datetime) -> None:
    """Note how far a source has been read; in the same transaction as what was read."""
    if cursor_of(connection, source, run_id) == dict(cursor):
        return
    row = {"source": source, "cursor": dict(cursor), "at": now}
    replace_rows(connection, watermark, "source", [row], run_id, always=set())


def known_ids(connection: Connection, source: str, run_id: int) -> set[str]:
    """Ids of all tickets of a source that are there."""
    query = (
        sa.select(t.ticket.c.id)
        .join(t.version, t.version.c.no == t.ticket.c.no)
        .where(t.ticket.c.source == source, t.seen_at(t.version, run_id))
    )
    return set(connection.scalars(query))


def remove(connection: Connection, source: str, ids: Sequence[str], *, run_id: int, now: datetime) -> int:
    """Take tickets out that are gone at their source, with a line in the ledger; returns how many there were.

    Older nights still show them, until `cxtext erase` or the time of keeping ends that too.
    """
    removed = 0
    for start in range(0, len(ids), FEW):
        part = sorted(set(ids[start : start + FEW]))
        query = (
            sa.select(t.ticket.c.no, t.assignment.c.topic_id)
            .join(t.version, t.version.c.no == t.ticket.c.no)
            .outerjoin(t.assignment, sa.and_(t.assignment.c.no == t.ticket.c.no, t.seen_at(t.assignment, run_id)))
            .where(t.ticket.c.source == source, t.ticket.c.id.in_(part), t.seen_at(t.version, run_id))
            .order_by(t.ticket.c.no)
        )
        found = connection.execute(query).all()
        numbers = [row.no for row in found]
        lines = [
            {"run_id": run_id, "at": now, "no": row.no, "from_topic": row.topic_id, "to_topic": None, "reason": GONE,
             "actor": "cxtext"}
            for row in found
            if row.topic_id is not None
        ]  # fmt: skip
        if lines:
            connection.execute(t.ledger.insert(), lines)
        for table in (t.version, t.reading, t.assignment):
            own = sa.and_(table.c.no.in_(numbers), table.c.from_run == run_id)
            connection.execute(table.delete().where(own))
            connection.execute(
                table.update().where(table.c.no.in_(numbers), t.seen_at(table, run_id)).values(to_run=run_id)
            )
        removed += len(numbers)
    return removed


def sources_of(connection: Connection, ids: Sequence[str], run_id: int) -> dict[str, str]:
    """Whose ticket an id is, where exactly one source has one of that id."""
    found: dict[str, set[str]] = {}
    for start in range(0, len(ids), FEW):
        query = (
            sa.select(t.ticket.c.id, t.ticket.c.source)
            .join(t.version, t.version.c.no == t.ticket.c.no)
            .where(t.ticket.c.id.in_(ids[start : start + FEW]), t.seen_at(t.version, run_id))
            .order_by(t.ticket.c.no)
        )
        for row in connection.execute(query):
            found.setdefault(row.id, set()).add(row.source)
    return {name: next(iter(sources)) for name, sources in found.items() if len(sources) == 1}


def keep_answers(connection: Connection, answers: Sequence[SurveyAnswer], run_id: int) -> int:
    """Keep answers of surveys, but for those about erased tickets; returns how many are new or changed."""
    changed = 0
    erased = marked(connection, [(answer.source, answer.ticket_id) for answer in answers])
    by_source: dict[str, dict[str, SurveyAnswer]] = {}
    for answer in answers:
        if (answer.source, answer.ticket_id) not in erased:
            by_source.setdefault(answer.source, {})[answer.id] = answer
    for source, rows in sorted(by_source.items()):
        changed += _keep_answers(connection, source, rows, run_id)
    return changed


def join_answers(connection: Connection, run_id: int) -> int:
    """Give tickets the answers that came apart from them, where their own row says nothing; returns how many got one."""
    joined = 0
    for row in list(_unjoined(connection, run_id)):
        found = {
            name: row[f"answer_{name}"] for name in SCALES if row[name] is None and row[f"answer_{name}"] is not None
        }
        if not found:
            continue
        joined += 1
        old = sa.and_(t.version.c.no == row["no"], t.version.c.from_run == row["from_run"])
        if row["from_run"] == run_id:
            connection.execute(t.version.update().where(old).values(**found))
            continue
        copy = {name: row[name] for name in t.version.c.keys()}  # noqa: SIM118 – a collection of columns, no dictionary
        connection.execute(t.version.update().where(old).values(to_run=run_id))
        connection.execute(t.version.insert().values(**copy | found | {"from_run": run_id, "to_run": None}))
    return joined


def _keep_answers(connection: Connection, source: str, rows: Mapping[str, SurveyAnswer], run_id: int) -> int:
    changed, ids = 0, sorted(rows)
    for start in range(0, len(ids), FEW):
        part = ids[start : start + FEW]
        mine = sa.and_(survey_answer.c.source == source, survey_answer.c.id.in_(part))
        seen = sa.select(survey_answer).where(mine, t.seen_at(survey_answer, run_id))
        known = {row["id"]: dict(row) for row in connection.execute(seen).mappings()}
        fresh = [
            asdict(rows[name])
            for name in part
            if name not in known or any(known[name][key] != value for key, value in asdict(rows[name]).items())
        ]
        if fresh:
            these = sa.and_(survey_answer.c.source == source, survey_answer.c.id.in_([row["id"] for row in fresh]))
            connection.execute(survey_answer.delete().where(these, survey_answer.c.from_run == run_id))
            connection.execute(
                survey_answer.update().where(these, t.seen_at(survey_answer, run_id)).values(to_run=run_id)
            )
            connection.execute(survey_answer.insert(), [row | {"from_run": run_id, "to_run": None} for row in fresh])
            changed += len(fresh)
    return changed


def _unjoined(connection: Connection, run_id: int) -> Iterator[Any]:
    """Versions beside an answer, where this run wrote one of the two; the newest answer last."""
    answered = [survey_answer.c[name].label(f"answer_{name}") for name in SCALES]
    query = (
        sa.select(t.version, *answered)
        .join(t.ticket, t.ticket.c.no == t.version.c.no)
        .join(
            survey_answer,
            sa.and_(survey_answer.c.source == t.ticket.c.source, survey_answer.c.ticket_id == t.ticket.c.id),
        )
        .where(
            t.seen_at(t.version, run_id),
            t.seen_at(survey_answer, run_id),
            sa.or_(t.version.c.from_run == run_id, survey_answer.c.from_run == run_id),
        )
        .order_by(t.version.c.no, survey_answer.c.at.desc(), survey_answer.c.id)
    )
    seen: set[int] = set()
    for row in connection.execute(query).mappings():
        if row["no"] not in seen:  # the newest answer counts
            seen.add(row["no"])
            yield row
