"""What a night hands to its workers: preparing and reading, which need nothing but the ticket and the models."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from cxtext.assemble import Parts, artefact_folder, load_parts
from cxtext.domain import Aim, Case, Diagnosis, Mood, Reading, Rejected, Ticket
from cxtext.engine import ENGINES
from cxtext.engine.job import Engine, Job, Lost
from cxtext.engine.shards import map_shards
from cxtext.pipeline import read
from cxtext.resources import OVERRIDE
from cxtext.settings import Privacy, Settings
from cxtext.store import Store
from cxtext.store.connect import tenant_key
from cxtext.text.prepare import prepare

SHARD: Final = 200  # tickets: a tenth of a second of work, small beside the start of a worker, large beside its sending
LITTLE: Final = 5_000  # tickets; below, starting workers takes longer than they save
MOST_WORKERS: Final = 4  # unless more are asked for: each holds 420 MB
UNREAD: Final = Reading(Mood(0.0, "neutral"), Diagnosis(), Aim())  # of a text that nobody can read: an honest nothing


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a worker must know to load the same parts: plain data, no model."""

    recipe: str
    languages: tuple[str, ...]
    addresses: Literal["full", "house_number", "off"]
    keep: tuple[str, ...]
    key: bytes
    artefacts: str
    models: str  # the company's own models folder, or nothing


class Crew:
    """Who does the work of a night: this process, or workers once there is enough to do.

    The result is the same, byte for byte, whoever does it.
    """

    def __init__(self, settings: Settings, parts: Parts, plan: Plan) -> None:
        self.parts = parts
        self._plan = plan
        self._asked = settings.workers
        self._engine_name, self._scheduler = settings.engine, settings.scheduler
        self._serial: Engine = ENGINES.load("serial")(parts)
        self._pool: Engine | None = None

    def prepare(
        self, rows: Iterable[Ticket | Rejected], *, as_of: date | None, zone: ZoneInfo, boilerplate: frozenset[str]
    ) -> Iterator[Case | Rejected | None]:
        """Rows as they may be kept, in order; None for a ticket that comes after `as_of`."""
        work = partial(prepare_rows, as_of=as_of, zone=zone, boilerplate=boilerplate)
        for answer in self._map(work, rows):
            yield _rejected(answer) if isinstance(answer, Lost) else answer

    def read(self, cases: Iterable[tuple[int, Case]], count: int) -> Iterator[tuple[int, Reading | None]]:
        """Number and reading of each case, in order; None where a text ends every worker that reads it."""
        for answer in self._map(read_cases, cases, count):
            yield (answer.item[0], None) if isinstance(answer, Lost) else answer

    def close(self) -> None:
        """End the workers, if there are any."""
        if self._pool is not None:
            self._pool.close()

    def _map(self, work: Any, items: Iterable[Any], count: int | None = None) -> Iterator[Any]:
        if self._pool is None and self._asked is None and count is None:
            first = list(islice(items := iter(items), LITTLE + 1))
            items, count = chain(first, items), len(first)
        job = Job(work, load, self._plan)
        return map_shards(job, items, engine=self._engine(count or 0), size=SHARD)

    def _engine(self, count: int) -> Engine:
        workers = self._asked or min(os.cpu_count() or 1, MOST_WORKERS)
        wanted = self._scheduler is not None or self._asked or count > LITTLE
        if self._pool is None and wanted and (workers > 1 or self._engine_name == "dask"):
            self._pool = self._hire(workers)
        return self._pool or self._serial

    def _hire(self, workers: int) -> Engine:
        make = ENGINES.load(self._engine_name)
        hired: Engine = make(self._scheduler, workers) if self._engine_name == "dask" else make(workers)
        return hired


@contextmanager
def crew(store: Store, settings: Settings) -> Iterator[Crew]:
    """Workers for one night or for many, with what was trained beside this store; they end with the block."""
    key = tenant_key(store, settings.secret.get_secret_value() if settings.secret else None)
    artefacts = artefact_folder(store.file)
    plan = Plan(
        recipe=settings.recipe,
        languages=tuple(settings.languages),
        addresses=settings.privacy.addresses,
        keep=tuple(settings.privacy.keep),
        key=key,
        artefacts=str(artefacts.resolve()),
        models=os.environ.get(OVERRIDE, ""),
    )
    hired = Crew(settings, load_parts(settings, key, artefacts), plan)
    try:
        yield hired
    finally:
        hired.close()


def load(plan: Plan) -> Parts:
    """The parts of a plan, in a worker."""
    if plan.models:
        os.environ[OVERRIDE] = plan.models
    settings = Settings.model_construct(
        recipe=plan.recipe,
        languages=list(plan.languages),
        privacy=Privacy(addresses=plan.addresses, keep=list(plan.keep)),
    )
    return load_parts(settings, plan.key, Path(plan.artefacts))


def prepare_rows(
    parts: Parts,
    rows: Sequence[Ticket | Rejected],
    *,
    as_of: date | None,
    zone: ZoneInfo,
    boilerplate: frozenset[str],
) -> list[Case | Rejected | None]:
    """Tickets cleaned and redacted, bad rows redacted, tickets of a later day as None."""
    return [_prepared(parts, row, as_of, zone, boilerplate) for row in rows]


def read_cases(parts: Parts, numbered: Sequence[tuple[int, Case]]) -> list[tuple[int, Reading]]:
    """What each case says, under its number."""
    readings = read([case for _, case in numbered], parts)
    return [(number, reading) for (number, _), reading in zip(numbered, readings, strict=True)]


def _prepared(
    parts: Parts, row: Ticket | Rejected, as_of: date | None, zone: ZoneInfo, boilerplate: frozenset[str]
) -> Case | Rejected | None:
    if isinstance(row, Rejected):
        language = parts.languages[0]
        raw = parts.redactor.redact(row.raw, language).text
        return replace(row, raw=raw[:2000], reason=parts.redactor.redact(row.reason, language).text)
    created = row.facts.created_at
    if as_of is not None and created is not None and created.astimezone(zone).date() > as_of:
        return None
    return prepare(row, languages=parts.languages, redactor=parts.redactor, boilerplate=boilerplate)


def _rejected(lost: Lost) -> Rejected:
    """A row that nobody can read goes to quarantine, without its text: nothing could redact it."""
    reason = (
        f"this row ends every worker that reads it ({lost.reason}): please report it, and correct or leave out the row"
    )
    return Rejected(source=lost.item.source, line=lost.item.line, reason=reason)
