"""Sources into the store: read, clean, redact, keep. Reading a source again changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cxtext.assemble import Parts
from cxtext.batches import batches
from cxtext.domain import Rejected, Ticket
from cxtext.jobs.progress import Progress
from cxtext.store import Store, cases, results, runs
from cxtext.text.prepare import prepare_all

BATCH = 1000  # tickets in one transaction: a kill costs at most these


@dataclass(frozen=True, slots=True)
class Taken:
    """What ingest took in, counted."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    undated: int = 0
    later: int = 0  # after the date of the run: not yet known that night
    quarantined: int = 0
    newly_quarantined: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        names = self.__slots__
        return Taken(**{name: getattr(self, name) + getattr(other, name) for name in names})


def take_in(
    store: Store,
    rows: Iterable[Ticket | Rejected],
    parts: Parts,
    *,
    run_id: int,
    as_of: date | None,
    zone: ZoneInfo,
    now: Callable[[], datetime],
    progress: Progress,
    boilerplate: frozenset[str] = frozenset(),
) -> Taken:
    """Keep the tickets of one source, batch by batch, and quarantine its bad rows with their reasons."""
    taken = Taken()
    for batch in batches(rows, BATCH):
        tickets = [row for row in batch if isinstance(row, Ticket)]
        rejected = [_redacted(row, parts) for row in batch if isinstance(row, Rejected)]
        known = [ticket for ticket in tickets if not _is_later(ticket, as_of, zone)]
        prepared = list(prepare_all(known, languages=parts.languages, redactor=parts.redactor, boilerplate=boilerplate))
        with store.write() as connection:
            kept = cases.keep(connection, prepared, run_id=run_id, zone=zone)
            fresh = results.save_rejected(connection, rejected, run_id)
            runs.heartbeat(connection, run_id, now=now())
        taken += Taken(
            read=len(batch),
            new=kept.new,
            changed=kept.changed,
            unchanged=kept.unchanged,
            older=kept.older,
            undated=sum(ticket.facts.created_at is None for ticket in known),
            later=len(tickets) - len(known),
            quarantined=len(rejected),
            newly_quarantined=fresh,
        )
        progress.advance(len(batch))
    return taken


def limited(rows: Iterable[Ticket | Rejected], limit: int | None) -> Iterator[Ticket | Rejected]:
    """The first `limit` rows."""
    for number, row in enumerate(rows):
        if limit is not None and number >= limit:
            return
        yield row


def _is_later(ticket: Ticket, as_of: date | None, zone: ZoneInfo) -> bool:
    created = ticket.facts.created_at
    return as_of is not None and created is not None and created.astimezone(zone).date() > as_of


def _redacted(row: Rejected, parts: Parts) -> Rejected:
    language = parts.languages[0]
    raw = parts.redactor.redact(row.raw, language).text
    return replace(row, raw=raw[:2000], reason=parts.redactor.redact(row.reason, language).text)


def names(sources: Sequence[str]) -> str:
    """The sources in words, for a log or a note."""
    return ", ".join(sources) if sources else "no new source"
