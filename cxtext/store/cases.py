"""Cases in and out of the store. Reading the same source again is harmless; a newer version replaces an older one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from cxtext.batches import batches
from cxtext.domain import Case, Facts
from cxtext.store import tables as t
from cxtext.store.erase import marked

PLAIN_FACTS = tuple(f.name for f in fields(Facts) if f.name not in ("language", "tags", "extra"))
FEW = 400  # keys in one question; SQLite's limit of variables is 32,766 and a long list is slow to parse


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch of cases."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0  # an older version than the one at hand: ignored


@dataclass(frozen=True, slots=True)
class Known:
    """A stored version, as far as a newer one needs to know it."""

    no: int
    content_hash: str
    updated_at: datetime | None
    from_run: int


def keep(connection: Connection, cases: Sequence[Case], *, run_id: int, zone: ZoneInfo) -> Kept:
    """Store cases; of several versions in the batch the newest counts. A ticket that was erased does not come back."""
    wanted = {case.key: case for case in sorted(cases, key=_age)}
    erased = marked(connection, [(case.source, case.id) for case in wanted.values()])
    wanted = {key: case for key, case in wanted.items() if (case.source, case.id) not in erased}
    known = _known(connection, list(wanted.values()), run_id)
    before = number_of(connection, [key for key in wanted if key not in known])  # removed once, back again
    next_no = (connection.scalar(sa.select(sa.func.max(t.ticket.c.no))) or 0) + 1
    identities, rows, closing = [], [], []
    counts = {"new": 0, "changed": 0, "unchanged": len(erased), "older": 0}
    for key, case in wanted.items():
        old = known.get(key)
        fate = _fate(case, old)
        counts[fate] += 1
        if fate == "new" and key in before:
            rows.append(_row(case, before[key], run_id, zone))
        elif fate == "new":
            identities.append({"no": next_no, "source": case.source, "id": case.id})
            rows.append(_row(case, next_no, run_id, zone))
            next_no += 1
        elif fate == "changed":
            assert old is not None
            if not _reopen(connection, old, case.content_hash, run_id):
                closing.append(old)
                rows.append(_row(case, old.no, run_id, zone))
    _close(connection, closing, run_id)
    if identities:
        connection.execute(t.ticket.insert(), identities)
    if rows:
        connection.execute(t.version.insert(), rows)
    return Kept(**counts)


def pending(connection: Connection, run_id: int, *, since: int = 0) -> list[int]:
    """Numbers of the tickets that are new, or changed, since they were last read; of those written after a run."""
    return _without(connection, t.reading, run_id, since)


def unassigned_versions(connection: Connection, run_id: int, *, since: int = 0) -> list[int]:
    """Numbers of the tickets that no topic step has seen since they were new or changed; of those written after a run."""
    return _without(connection, t.assignment, run_id, since)


def _without(connection: Connection, table: sa.Table, run_id: int, since: int) -> list[int]:
    """Tickets whose text no row of a table answers.

    A night answers to all, so `since` may be the last one: that spares looking at every ticket there is.
    """
    done = sa.exists().where(
        table.c.no == t.version.c.no, t.seen_at(table, run_id), table.c.from_run >= t.version.c.from_run
    )
    query = sa.select(t.version.c.no).where(t.seen_at(t.version, run_id), t.version.c.from_run > since, ~done)
    return list(connection.scalars(query.order_by(t.version.c.no)))


def written(connection: Connection, run_id: int) -> list[int]:
    """Numbers of the tickets whose text this run brought or changed."""
    return list(
        connection.scalars(sa.select(t.version.c.no).where(t.version.c.from_run == run_id).order_by(t.version.c.no))
    )


def everything(connection: Connection, run_id: int) -> list[int]:
    """Numbers of all tickets."""
    return list(
        connection.scalars(sa.select(t.version.c.no).where(t.seen_at(t.version, run_id)).order_by(t.version.c.no))
    )


def in_topics(connection: Connection, run_id: int, topic_ids: Sequence[str]) -> list[int]:
    """Numbers of the tickets of some topics."""
    chosen = sa.and_(t.seen_at(t.assignment, run_id), t.assignment.c.topic_id.in_(topic_ids))
    return list(connection.scalars(sa.select(t.assignment.c.no).where(chosen).order_by(t.assignment.c.no)))


def waiting(connection: Connection, run_id: int, *, limit: int) -> list[int]:
    """Numbers of the newest tickets that were looked at and belong to no topic."""
    query = (
        sa.select(t.assignment.c.no)
        .where(t.seen_at(t.assignment, run_id), t.assignment.c.topic_id.is_(None))
        .order_by(t.assignment.c.no.desc())
        .limit(limit)
    )
    return sorted(connection.scalars(query))


def load(connection: Connection, numbers: Sequence[int], run_id: int) -> Iterator[tuple[int, Case]]:
    """The cases behind numbers, in the order of the numbers."""
    for start in range(0, len(numbers), FEW):
        query = (
            sa.select(t.ticket.c.source, t.ticket.c.id.label("ticket_id"), t.version)
            .join(t.version, t.version.c.no == t.ticket.c.no)
            .where(t.version.c.no.in_(numbers[start : start + FEW]), t.seen_at(t.version, run_id))
            .order_by(t.version.c.no)
        )
        for row in connection.execute(query):
            yield row.no, _case(row)


def number_of(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """Ticket numbers by key (`source:id`); unknown keys are left out."""
    found: dict[str, int] = {}
    for source, ids in _by_source(key.split(":", 1) for key in keys if ":" in key).items():
        for part in batches(ids, FEW):
            query = sa.select(t.ticket.c.id, t.ticket.c.no).where(t.ticket.c.source == source, t.ticket.c.id.in_(part))
            found |= {f"{source}:{row.id}": row.no for row in connection.execute(query)}
    return found


def known_folds(connection: Connection, run_id: int, among: Sequence[str]) -> dict[str, str]:
    """Those of some fold names that are in use, each standing for itself."""
    found: dict[str, str] = {}
    for part in batches(among, FEW):
        query = sa.select(t.version.c.fold).where(t.version.c.fold.in_(part), t.seen_at(t.version, run_id)).distinct()
        found |= {fold: fold for fold in connection.scalars(query)}
    return found


def texts(connection: Connection, numbers: Sequence[int], run_id: int) -> Iterator[tuple[int, str, str]]:
    """Number, text and fold of tickets, in the order of the numbers."""
    for start in range(0, len(numbers), FEW):
        query = sa.select(t.version.c.no, t.version.c.text, t.version.c.fold).where(
            t.version.c.no.in_(numbers[start : start + FEW]), t.seen_at(t.version, run_id)
        )
        yield from (tuple(row) for row in connection.execute(query.order_by(t.version.c.no)))


def folds(connection: Connection, numbers: Sequence[int], run_id: int) -> list[tuple[int, str]]:
    """Number and fold of tickets, by number."""
    query = sa.select(t.version.c.no, t.version.c.fold).where(t.version.c.no.in_(numbers), t.seen_at(t.version, run_id))
    return [(row.no, row.fold) for row in connection.execute(query.order_by(t.version.c.no))]


def assigned_before(connection: Connection, numbers: Sequence[int], run_id: int) -> set[int]:
    """Those of some tickets that an earlier run has looked at."""
    found: set[int] = set()
    for part in batches(numbers, FEW):
        older = sa.and_(t.assignment.c.no.in_(part), t.assignment.c.from_run < run_id)
        found |= set(connection.scalars(sa.select(t.assignment.c.no).where(older)))
    return found


def refold(connection: Connection, folds: Mapping[int, str], run_id: int) -> None:
    """Give tickets that this run wrote the name of the fold they belong to."""
    if folds:
        statement = (
            t.version.update()
            .where(t.version.c.no == sa.bindparam("number"), t.version.c.from_run == run_id)
            .values(fold=sa.bindparam("name"))
        )
        connection.execute(statement, [{"number": no, "name": fold} for no, fold in sorted(folds.items())])


def _age(case: Case) -> tuple[str, str]:
    moment = case.facts.updated_at or case.facts.created_at
    return case.key, moment.isoformat() if moment else ""


def _fate(case: Case, old: Known | None) -> str:
    if old is None:
        return "new"
    if old.content_hash == case.content_hash:
        return "unchanged"
    if case.facts.updated_at and old.updated_at and case.facts.updated_at < old.updated_at:
        return "older"
    return "changed"


def _known(connection: Connection, cases: Sequence[Case], run_id: int) -> dict[str, Known]:
    known = {}
    for source, ids in _by_source((case.source, case.id) for case in cases).items():
        for part in batches(ids, FEW):
            query = (
                sa.select(t.ticket.c.id, t.version.c.no, t.version.c.content_hash)
                .add_columns(t.version.c.updated_at, t.version.c.from_run)
                .join(t.version, t.version.c.no == t.ticket.c.no)
                .where(t.ticket.c.source == source, t.ticket.c.id.in_(part), t.seen_at(t.version, run_id))
            )
            for row in connection.execute(query):
                known[f"{source}:{row.id}"] = Known(row.no, row.content_hash, row.updated_at, row.from_run)
    return known


def _by_source(keys: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """Ids by source: the index of tickets begins with the source, and a question without one reads them all."""
    found: dict[str, list[str]] = {}
    for source, ticket_id in keys:
        found.setdefault(source, []).append(ticket_id)
    return found


def _reopen(connection: Connection, old: Known, content_hash: str, run_id: int) -> bool:
    """True where this run replaced the very text that now comes again: a file that holds a ticket twice, read twice."""
    if old.from_run != run_id:
        return False
    before = sa.and_(t.version.c.no == old.no, t.version.c.to_run == run_id, t.version.c.content_hash == content_hash)
    if connection.scalar(sa.select(t.version.c.no).where(before)) is None:
        return False
    connection.execute(t.version.delete().where(t.version.c.no == old.no, t.version.c.from_run == run_id))
    connection.execute(t.version.update().where(before).values(to_run=None))
    return True


def _close(connection: Connection, old: Sequence[Known], run_id: int) -> None:
    own = [known.no for known in old if known.from_run == run_id]  # written by this very run: nobody has seen it
    theirs = [known.no for known in old if known.from_run != run_id]
    for start in range(0, len(own), FEW):
        part = own[start : start + FEW]
        for table in (t.version, t.reading, t.assignment):  # answers to the text that is now replaced go with it
            connection.execute(table.delete().where(table.c.no.in_(part), table.c.from_run == run_id))
    for start in range(0, len(theirs), FEW):
        part = theirs[start : start + FEW]
        seen = sa.and_(t.version.c.no.in_(part), t.stands(t.version))
        connection.execute(t.version.update().where(seen).values(to_run=run_id))


def _row(case: Case, no: int, run_id: int, zone: ZoneInfo) -> dict[str, Any]:
    facts = {name: getattr(case.facts, name) for name in PLAIN_FACTS}
    created = case.facts.created_at
    return facts | {
        "no": no,
        "from_run": run_id,
        "to_run": None,
        "text": case.text,
        "language": case.language,
        "fold": case.fold,
        "content_hash": case.content_hash,
        "auto_reply": case.auto_reply,
        "removed": list(case.removed),
        "day": created.astimezone(zone).date() if created else None,
        "given_language": case.facts.language,
        "tags": list(case.facts.tags),
        "extra": dict(case.facts.extra),
    }


def _case(row: Any) -> Case:
    facts = {name: getattr(row, name) for name in PLAIN_FACTS}
    return Case(
        id=row.ticket_id,
        source=row.source,
        text=row.text,
        language=row.language,
        facts=Facts(**facts, language=row.given_language, tags=tuple(row.tags), extra=row.extra),
        fold=row.fold,
        content_hash=row.content_hash,
        auto_reply=row.auto_reply,
        removed=tuple(row.removed),
    )
