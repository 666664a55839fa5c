"""Reads an online source into a real store, as a night does, and can be broken off like one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cxtext.jobs import visits
from cxtext.jobs.progress import Silent
from cxtext.jobs.sharing import Crew
from cxtext.settings import Settings
from cxtext.store import Store, cases, runs

NOW = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)


@dataclass
class Reader:
    """Reads the desk into a store, as a night would."""

    store: Store
    hands: Crew
    settings: Settings
    now: datetime = NOW
    zone: str = "Europe/Berlin"
    run_id: int = 0
    before: Callable[[], object] = lambda: (
        None
    )  # brings the place up to date, where it does not look at the desk itself

    def read(self, *, fail_after: int | None = None) -> Any:
        self.before()
        with self.night() as stay:
            if fail_after is None:
                return visits.read_online("desk", self.settings, stay)
            seen = 0
            real = visits._keep

            def breaking(*args: Any, **options: Any) -> Any:
                nonlocal seen
                seen += 1
                if seen > fail_after:
                    raise KeyboardInterrupt
                return real(*args, **options)

            visits._keep = breaking
            try:
                return visits.read_online("desk", self.settings, stay)
            finally:
                visits._keep = real

    @contextmanager
    def night(self) -> Iterator[visits.Stay]:
        """One run; a broken one is taken up again, as the nightly job does."""
        with self.store.write() as connection:
            run = runs.begin(connection, kind="ingest", now=self.now, as_of=None)
            self.run_id = run.id
        zone = ZoneInfo(self.zone)
        yield visits.Stay(
            store=self.store,
            crew=self.hands,
            run_id=run.id,
            as_of=None,
            zone=zone,
            now=lambda: self.now,
            progress=Silent(),
        )
        with self.store.write() as connection:
            runs.publish(connection, run.id, now=self.now, counts={})

    def kept(self) -> list[Any]:
        with self.store.read() as connection:
            numbers = cases.everything(connection, self.run_id)
            return [case for _, case in cases.load(connection, numbers, self.run_id)]
