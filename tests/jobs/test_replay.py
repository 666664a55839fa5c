"""A replay is many nights, none of which knows a later one."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cxtext.errors import ConfigurationError, SourceError
from cxtext.jobs.nightly import Order, run_night
from cxtext.jobs.progress import Silent
from cxtext.jobs.replay import Backfill, replay
from cxtext.settings import Settings
from cxtext.store import Store, read_tickets, runs

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
FIRST = date(2026, 10, 1)


@pytest.fixture
def settings(store: Store) -> Settings:
    return Settings.load(db=store.url)


def tickets(folder: Path, days: int = 20) -> str:
    path = folder / "tickets.csv"
    lines = [
        f"{n},{FIRST + timedelta(n)},Das Paket {n} ist nicht angekommen und niemand antwortet" for n in range(days)
    ]
    path.write_text("id,created_at,text\n" + "\n".join(reversed(lines)) + "\nx,,Ohne Datum\n", encoding="utf-8")
    return str(path)


def ids(store: Store, day: date) -> set[str]:
    with store.read() as connection:
        return {row["id"] for row in read_tickets.tickets(connection, runs.at(connection, day))}


def test_every_night_knows_the_tickets_up_to_its_day_and_no_more(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    asked = Backfill(sources=[tickets(tmp_path)], mapping={}, every="week")
    outcomes = replay(store, settings, asked, now=lambda: NOW, progress=Silent())
    assert [outcome.counts["new"] for outcome in outcomes] == [8, 7, 6]
    assert ids(store, FIRST + timedelta(6)) == {str(n) for n in range(7)} | {"x"}
    assert ids(store, FIRST + timedelta(13)) == {str(n) for n in range(14)} | {"x"}


def test_replayed_again_it_changes_nothing(store: Store, settings: Settings, tmp_path: Path) -> None:
    asked = Backfill(sources=[tickets(tmp_path, days=5)], mapping={})
    replay(store, settings, asked, now=lambda: NOW, progress=Silent())
    with store.read() as connection:
        before = list(read_tickets.tickets(connection, runs.current(connection)))
    again = replay(store, settings, asked, now=lambda: NOW, progress=Silent())
    with store.read() as connection:
        assert list(read_tickets.tickets(connection, runs.current(connection))) == before
    assert again[-1].counts["new"] == 0


def test_a_run_after_a_replay_goes_on(store: Store, settings: Settings, tmp_path: Path) -> None:
    source = tickets(tmp_path)
    asked = Backfill(sources=[source], mapping={}, last=FIRST + timedelta(9), every="week")
    replay(store, settings, asked, now=lambda: NOW, progress=Silent())
    outcome = run_night(store, settings, Order(sources=[source]), now=lambda: NOW)
    assert outcome.counts["new"] == 10
    assert outcome.counts["unchanged"] == 11


def test_what_cannot_be_replayed_says_so(store: Store, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\nDas Paket fehlt\n")
    with pytest.raises(SourceError, match="no ticket has one"):
        replay(
            store, settings, Backfill(sources=[str(tmp_path / "a.csv")], mapping={}), now=lambda: NOW, progress=Silent()
        )
    late = Backfill(sources=[tickets(tmp_path)], mapping={}, first=date(2027, 1, 1))
    with pytest.raises(ConfigurationError, match="is after"):
        replay(store, settings, late, now=lambda: NOW, progress=Silent())
