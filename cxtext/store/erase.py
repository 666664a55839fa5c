"""Rows of some tickets out of every table and every old night, and what other rows say of them."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from cxtext.batches import batches
from cxtext.store import tables as t
from cxtext.store.erase_tables import erased_ticket, erasure
from cxtext.store.search import occurs
from cxtext.store.signal_tables import signal
from cxtext.store.source_tables import survey_answer

FEW = 400
WHOLE, CUT_OUT = 12, 40  # characters from which a text inside a string, a string inside a text, is a quotation
ALIKE = "alike"  # dimension of signals that are called by words
BY_PEOPLE = frozenset({"account", "api_key", "alert_mute", "audit", "cause", "department", "run", "request", "erasure"})
WORDS = {"topic": ("keywords", "label"), "defect": ("words",)}  # columns of words that were found in texts
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gone:
    """What is to vanish: keys (`source:id`), every text these tickets ever had, words that only they held."""

    names: frozenset[str]
    texts: tuple[str, ...]
    words: frozenset[str]

    def quotes(self, said: str) -> bool:
        """Whether a string names one of the tickets, is one of the texts, holds one or is cut out of one."""
        if any(word.strip('"„“(),.;') in self.names for word in (said, *said.split())):
            return True
        return any(
            said == text
            or (len(text) >= WHOLE and text in said)
            or (len(said) >= CUT_OUT and said.rstrip(" …") in text)
            for text in self.texts
        )


def mark(source: str, ticket_id: str) -> str:
    """By what an erased ticket is known again."""
    return hashlib.sha256(f"cxtext erased\x1f{source}\x1f{ticket_id}".encode()).hexdigest()


def marked(connection: Connection, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of (source, id) that were erased; one short question where nothing ever was."""
    if not keys or connection.scalar(sa.select(erased_ticket.c.mark).limit(1)) is None:
        return set()
    marks = {mark(*key): key for key in keys}
    found: set[tuple[str, str]] = set()
    for part in batches(marks, FEW):
        query = sa.select(erased_ticket.c.mark).where(erased_ticket.c.mark.in_(part))
        found |= {marks[one] for one in connection.scalars(query)}
    return found


def numbers_of_customer(connection: Connection, pseudonym: str) -> list[int]:
    """Tickets that ever carried the pseudonym."""
    query = sa.select(t.version.c.no).where(t.version.c.customer_id == pseudonym).distinct().order_by(t.version.c.no)
    return list(connection.scalars(query))


def numbers_before(connection: Connection, day: date, *, most: int | None = None) -> list[int]:
    """The oldest tickets from before a day; those without a date never grow old."""
    newest = (
        sa.select(t.version.c.no, sa.func.max(t.version.c.day).label("day")).group_by(t.version.c.no).subquery("newest")
    )
    query = sa.select(newest.c.no).where(newest.c.day < day).order_by(newest.c.day, newest.c.no).limit(most)
    return list(connection.scalars(query))


def texts_of(connection: Connection, numbers: Sequence[int]) -> list[tuple[str, str]]:
    """Every text that tickets ever had, what was cut off included, with its language."""
    found: dict[tuple[str, str], None] = {}
    for part in batches(numbers, FEW):
        query = sa.select(t.version.c.text, t.version.c.removed, t.version.c.language).where(t.version.c.no.in_(part))
        for row in connection.execute(query.order_by(t.version.c.no, t.version.c.from_run)):
            found |= dict.fromkeys((text, row.language) for text in (row.text, *row.removed))
    return list(found)


def keys_of(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """`source:id` by number."""
    found: dict[int, str] = {}
    for part in batches(numbers, FEW):
        query = sa.select(t.ticket).where(t.ticket.c.no.in_(part)).order_by(t.ticket.c.no)
        found |= {row.no: f"{row.source}:{row.id}" for row in connection.execute(query)}
    return found


def erase_rows(connection: Connection, numbers: Sequence[int]) -> dict[str, int]:
    """Delete every row of tickets in every table that refers to tickets; returns rows per table."""
    counts: dict[str, int] = {}
    known = keys_of(connection, numbers)
    identities = [tuple(key.split(":", 1)) for key in known.values()]
    for table in reversed(t.metadata.sorted_tables):
        column = next((c for c in table.c if any(f.target_fullname == "ticket.no" for f in c.foreign_keys)), None)
        if table is t.ticket:
            column = table.c.no
        deleted = 0
        if column is not None:
            for part in batches(numbers, FEW):
                deleted += connection.execute(table.delete().where(column.in_(part))).rowcount
        elif "ticket_id" in table.c and "source" in table.c:
            for pairs in batches(identities, FEW):
                chosen = sa.tuple_(table.c.source, table.c.ticket_id).in_(pairs)
                deleted += connection.execute(table.delete().where(chosen)).rowcount
        if deleted:
            counts[table.name] = deleted
    _remember(connection, identities)
    return counts


def _remember(connection: Connection, keys: Sequence[tuple[str, ...]]) -> None:
    """Note what was erased, by its mark alone, so that it does not come back."""
    marks = {mark(source, name) for source, name in keys}
    there = {one for part in batches(sorted(marks), FEW) for one in connection.scalars(
        sa.select(erased_ticket.c.mark).where(erased_ticket.c.mark.in_(part)))}  # fmt: skip
    if fresh := [{"mark": one} for one in sorted(marks - there)]:
        connection.execute(erased_ticket.insert(), fresh)


def erase_waiting(connection: Connection, keys: Sequence[tuple[str, str]]) -> int:
    """Delete answers to surveys about tickets that never came, and remember not to keep them again; returns how many."""
    if not keys:
        return 0
    own = sa.tuple_(survey_answer.c.source, survey_answer.c.ticket_id).in_(keys)
    deleted = connection.execute(survey_answer.delete().where(own)).rowcount
    _remember(connection, keys)
    return deleted


def waiting(
    connection: Connection, *, keys: Sequence[tuple[str, str]] | None = None, before: datetime | None = None
) -> list[tuple[str, str]]:
    """(source, id) of tickets that never came and are answered about: among keys, or where the answer is older."""
    there = sa.exists().where(t.ticket.c.source == survey_answer.c.source, t.ticket.c.id == survey_answer.c.ticket_id)
    query = sa.select(survey_answer.c.source, survey_answer.c.ticket_id).distinct().where(~there)
    if keys is not None:
        query = query.where(sa.tuple_(survey_answer.c.source, survey_answer.c.ticket_id).in_(keys))
    if before is not None:
        query = query.where(survey_answer.c.at < before)
    return [(row.source, row.ticket_id) for row in connection.execute(query.order_by(*query.selected_columns))]


def erase_quarantined(connection: Connection, words: Collection[str]) -> int:
    """Delete quarantined rows that name one of the words (ticket numbers, customers); returns how many."""
    deleted = 0
    for word in sorted(word for word in words if word):
        named = t.quarantine.c.raw.contains(word, autoescape=True)
        deleted += connection.execute(t.quarantine.delete().where(named)).rowcount
    return deleted


def only_there(connection: Connection, words: Collection[str]) -> frozenset[str]:
    """Those keys of the search index that no ticket holds (any more)."""
    return frozenset(word for word in sorted(words) if not occurs(connection, word))


def scrub(connection: Connection, gone: Gone, key_of: Callable[[str], str]) -> dict[str, int]:
    """Take quotations, names and words of erased tickets out of all rows that were made of them.

    Lists lose the item; a label that holds such a word is told by what is left of the keywords, or by the topic's id.
    """
    counts: dict[str, int] = {}
    for table in t.metadata.sorted_tables:
        if table.name in BY_PEOPLE or any(f.target_fullname == "ticket.no" for c in table.c for f in c.foreign_keys):
            continue
        columns = [c for c in table.c if isinstance(c.type, (sa.JSON, sa.Text)) and not c.primary_key]
        changed = _scrub_table(connection, table, columns, gone, key_of) if columns else 0
        if table is signal:
            changed += _scrub_events(connection, gone, key_of)
        if changed:
            counts[table.name] = changed
    return counts


def record(connection: Connection, *, at: datetime, by: str, what: str, tickets: int, counts: Mapping[str, int]) -> int:
    """Note that something was erased; returns the number of the record."""
    values = {"at": at, "by": by, "what": what, "tickets": tickets, "counts": dict(counts)}
    made = connection.execute(erasure.insert().values(**values)).inserted_primary_key
    assert made is not None
    return int(made[0])


def _scrub_table(
    connection: Connection,
    table: Table,
    columns: Sequence[sa.Column[Any]],
    gone: Gone,
    key_of: Callable[[str], str],
) -> int:
    wordy = WORDS.get(table.name, ())
    changed = 0
    rows = connection.execute(sa.select(*table.primary_key.columns, *columns).order_by(*table.primary_key.columns))
    for row in rows.mappings().all():
        new = {
            column.name: _clean(row[column.name], gone, key_of if column.name in wordy else None) for column in columns
        }
        new = {name: value for name, value in new.items() if value != row[name]}
        if "label" in new and not new["label"]:
            new["label"] = ", ".join(new.get("keywords", row["keywords"])[:3]) or row["id"]
        if new:
            this = sa.and_(*(column == row[column.name] for column in table.primary_key.columns))
            connection.execute(table.update().where(this).values(**new))
            changed += 1
    return changed


def _scrub_events(connection: Connection, gone: Gone, key_of: Callable[[str], str]) -> int:
    """Events beside the topics are called by words of their tickets; one that held a lost word has no name any more."""
    lost = [
        value
        for value in connection.scalars(sa.select(signal.c.value).where(signal.c.dimension == ALIKE).distinct())
        if value and not _clean(value, gone, key_of)
    ]
    changed = 0
    for part in batches(sorted(lost), FEW):
        here = sa.and_(signal.c.dimension == ALIKE, signal.c.value.in_(part))
        changed += connection.execute(signal.update().where(here).values(value="", why_de="", why_en="")).rowcount
    return changed


def _clean(value: Any, gone: Gone, key_of: Callable[[str], str] | None) -> Any:
    if isinstance(value, str):
        lost = key_of is not None and any(key_of(word) in gone.words for word in value.replace("-", " ").split())
        return "" if lost or gone.quotes(value) else value
    if isinstance(value, dict):
        if any(isinstance(one, str) and gone.quotes(one) for one in value.values()):
            return {name: None if isinstance(one, str) and gone.quotes(one) else one for name, one in value.items()}
        return {name: _clean(one, gone, key_of) for name, one in value.items()}
    if isinstance(value, list):
        cleaned = [(_clean(one, gone, key_of), one) for one in value]
        return [new for new, old in cleaned if new == old or not isinstance(old, str)]
    return value
