"""Sources into the store: read, clean, redact, keep. Reading a source again changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cxtext.batches import batches
from cxtext.domain import Case, Rejected, Ticket
from cxtext.jobs.progress import Progress
from cxtext.jobs.sharing import Crew
from cxtext.store import Store, cases, results, runs

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
    removed: int = 0  # gone at an online source

    def __add__(self, other: "Taken") -> "Taken":
        names = self.__slots__
        return Taken(**{name: getattr(self, name) + getattr(other, name) for name in names})


def take_in(
    store: Store,
    rows: Iterable[Ticket | Rejected],
    crew: Crew,
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
    for batch in batches(crew.prepare(rows, as_of=as_of, zone=zone, boilerplate=boilerplate), BATCH):
        prepared = [row for row in batch if isinstance(row, Case)]
        rejected = [row for row in batch if isinstance(row, Rejected)]
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
            undated=sum(case.facts.created_at is None for case in prepared),
            later=batch.count(None),
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


def names(sources: Sequence[str]) -> str:
    """The sources in words, for a log or a note."""
    return ", ".join(sources) if sources else "no new source"
