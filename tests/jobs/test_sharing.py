"""A night is the same night whoever does the work, and whatever happens to the workers."""

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from cxtext.domain import Case, Rejected
from cxtext.engine.job import Died, Done, Job, Shard
from cxtext.engine.serial import Serial
from cxtext.errors import EngineError
from cxtext.jobs.nightly import Order, run_night
from cxtext.jobs.sharing import LITTLE, Crew, crew
from cxtext.settings import Settings
from cxtext.store import Store, open_store, runs
from tests.builders import case, ticket

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
COUNT = 900  # five shards


def a_night(
    folder: Path, sample: Path, workers: int | None, progress: Any = None, engine: str = "local"
) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table after one night."""
    folder.mkdir()
    settings = Settings.load(
        db=f"sqlite:///{folder / 'cxtext.db'}", secret="the same for all", workers=workers, engine=engine
    )
    store = open_store(settings.db)
    try:
        order = Order(sources=[str(sample)], limit=COUNT)
        run_night(store, settings, order, now=lambda: NOW, progress=progress)
        return everything(store)
    finally:
        store.close()


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.read() as connection:
        names = sorted(sa.inspect(connection).get_table_names())
        return {
            name: sorted(tuple(map(repr, row)) for row in connection.execute(sa.text(f'select * from "{name}"')))
            for name in names
        }


class Killer:
    """Progress that kills a worker each time it hears of any."""

    def __init__(self) -> None:
        self.killed: set[int] = set()

    def stage(self, name: str, total: int | None) -> None:
        """Nothing to show."""

    def note(self, what: str, facts: object) -> None:
        """Nothing to remember."""

    def advance(self, steps: int) -> None:  # noqa: ARG002 – the port has it
        for child in multiprocessing.active_children()[:1]:
            if child.pid is not None and child.name.startswith("Spawn"):
                self.killed.add(child.pid)
                os.kill(child.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def alone(night_before: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """What one process writes in a night."""
    return a_night(tmp_path_factory.mktemp("nights") / "alone", night_before / "tickets.csv", 1)


@pytest.mark.network
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of the cluster's own sockets
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:.*port.*is already in use:UserWarning")
def test_a_whole_night_on_a_dask_cluster_of_two_workers_writes_the_same_rows(
    night_before: Path, tmp_path: Path, alone: dict[str, list[tuple[Any, ...]]], socket_enabled: None
) -> None:
    pytest.importorskip("distributed", reason="pip install 'cxtext[dask]'")
    assert alone == a_night(tmp_path / "together", night_before / "tickets.csv", 2, engine="dask")


def test_two_workers_of_which_one_is_killed_write_the_same_rows_as_one_process(
    night_before: Path, tmp_path: Path, alone: dict[str, list[tuple[Any, ...]]]
) -> None:
    killer = Killer()
    together = a_night(tmp_path / "together", night_before / "tickets.csv", 2, killer)
    assert killer.killed
    assert alone == together
    assert not multiprocessing.active_children()


class Gone:
    """An engine whose scheduler dies in the middle of the reading."""

    def __init__(self, models: Any) -> None:
        self.safe, self.left = Serial(models), 8

    def run(self, job: Job, shards: Iterable[Shard]) -> Iterator[Done | Died]:
        for outcome in self.safe.run(job, shards):
            self.left -= 1
            if not self.left:
                raise EngineError("the Dask scheduler is gone")
            yield outcome

    def close(self) -> None:
        """Nothing to end."""


def test_a_run_whose_engine_is_gone_publishes_nothing_and_is_taken_up_by_the_next(
    night_before: Path, tmp_path: Path, alone: dict[str, list[tuple[Any, ...]]]
) -> None:
    settings = Settings.load(db=f"sqlite:///{tmp_path / 'cxtext.db'}", secret="the same for all", workers=1)
    store = open_store(settings.db)
    order = Order(sources=[str(night_before / "tickets.csv")], limit=COUNT)
    with crew(store, settings) as hired:
        hired._serial = Gone(hired.parts)
        with pytest.raises(EngineError, match="scheduler is gone"):
            run_night(store, settings, order, now=lambda: NOW, hired=hired)
    with store.read() as connection:
        assert runs.current(connection) == 0
    outcome = run_night(store, settings, order, now=lambda: NOW)
    assert (outcome.resumed, outcome.run_id, outcome.counts["unchanged"]) == (True, 1, COUNT)
    found = everything(store)
    store.close()
    assert {name: rows for name, rows in found.items() if name != "run"} == {
        name: rows for name, rows in alone.items() if name != "run"
    }


def test_little_work_starts_no_worker(store: Store) -> None:
    with crew(store, Settings.load(db=store.url)) as hired:
        got = prepared(hired, [ticket(1), ticket(2)])
        assert len(got) == 2
        assert not multiprocessing.active_children()
        assert [number for number, _ in hired.read([(7, case(1))], LITTLE)] == [7]
        assert not multiprocessing.active_children()


class Deadly:
    """An engine whose workers die of tickets and cases with the id 3."""

    def __init__(self, models: Any) -> None:
        self.safe = Serial(models)

    def run(self, job: Job, shards: Iterable[Shard]) -> Iterator[Done | Died]:
        for shard in shards:
            ids = [(item[1] if isinstance(item, tuple) else item).id for item in shard]
            yield Died("signal 11") if "3" in ids else next(self.safe.run(job, [shard]))

    def close(self) -> None:
        """Nothing to end."""


@pytest.fixture
def in_danger(store: Store) -> Iterator[Crew]:
    with crew(store, Settings.load(db=store.url)) as hired:
        hired._serial = Deadly(hired.parts)
        yield hired


def test_a_ticket_that_ends_its_workers_goes_to_quarantine_without_its_text(in_danger: Crew) -> None:
    got = prepared(in_danger, [ticket(number, text="Ruf an: 0171 2345678") for number in range(1, 6)])
    assert [type(row) for row in got] == [Case, Case, Rejected, Case, Case]
    bad = got[2]
    assert isinstance(bad, Rejected)
    assert "signal 11" in bad.reason
    assert bad.raw == ""


def test_a_case_that_ends_its_workers_stays_unread(in_danger: Crew) -> None:
    got = list(in_danger.read([(number, case(number)) for number in range(1, 6)], 5))
    assert [number for number, _ in got] == [1, 2, 3, 4, 5]
    assert [number for number, reading in got if reading is None] == [3]


def prepared(hired: Crew, rows: list[Any]) -> list[Case | Rejected | None]:
    return list(hired.prepare(rows, as_of=None, zone=BERLIN, boilerplate=frozenset()))
