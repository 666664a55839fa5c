"""A night is done whole or not at all, goes on where it was killed, and loses no row."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cxtext.errors import ConfigurationError, Locked, SourceError
from cxtext.jobs.nightly import Order, run_night
from cxtext.jobs.recount import Stage
from cxtext.settings import Settings
from cxtext.store import Store, open_store, read_tickets, read_topics, runs

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(store: Store) -> Settings:
    return Settings.load(db=store.url)


def tickets_file(folder: Path, count: int = 30, name: str = "tickets.csv") -> str:
    path = folder / name
    lines = [
        f'{n},2026-10-{n % 28 + 1:02d},"Das Paket {n} ist nicht angekommen, wo bleibt die Lieferung?"'
        for n in range(count)
    ]
    path.write_text("id,created_at,text\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def rows(store: Store) -> list[dict[str, object]]:
    with store.read() as connection:
        return list(read_tickets.tickets(connection, runs.current(connection)))


def test_bad_rows_go_to_quarantine_and_good_ones_are_kept(store: Store, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text(
        "id,created_at,text\n1,2026-10-01,Paket fehlt\n2,gestern,Paket fehlt auch\n3,2026-10-02,\n", encoding="utf-8"
    )
    outcome = run_night(store, settings, Order(sources=[str(path)]), now=lambda: NOW)
    assert outcome.quarantined == 2
    assert [row["id"] for row in rows(store)] == ["1"]
    with store.read() as connection:
        reasons = [(row["line"], row["reason"]) for row in read_tickets.quarantined(connection, outcome.run_id)]
    assert [line for line, _ in reasons] == [3, 4]
    assert "gestern" in reasons[0][1]


def test_what_fails_after_publishing_takes_nothing_of_the_night(
    store: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_given: object) -> dict[str, int]:
        raise SourceError("the mail server is on fire")

    monkeypatch.setattr("cxtext.jobs.nightly.AFTER_PUBLISHING", (Stage("stumbling", stumble),))
    with pytest.raises(SourceError, match="on fire"):
        run_night(store, settings, Order(sources=[tickets_file(tmp_path)]), now=lambda: NOW)
    assert len(rows(store)) == 30
    with store.read() as connection:
        assert runs.get(connection, runs.current(connection)).state == "done"


def test_strict_keeps_nothing_if_a_row_is_bad(store: Store, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text("id,text\n1,Paket fehlt\n2,\n", encoding="utf-8")
    with pytest.raises(SourceError, match="1 rows are no tickets"):
        run_night(store, settings, Order(sources=[str(path)], strict=True), now=lambda: NOW)
    assert rows(store) == []


def test_a_failing_source_leaves_nothing_of_the_others(store: Store, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises((SourceError, ConfigurationError)):
        run_night(
            store, settings, Order(sources=[tickets_file(tmp_path), str(tmp_path / "missing.csv")]), now=lambda: NOW
        )
    assert rows(store) == []
    with store.read() as connection:
        assert runs.latest(connection)[0].state == "failed"


def test_ingested_tickets_are_analysed_by_the_next_run(store: Store, settings: Settings, tmp_path: Path) -> None:
    run_night(store, settings, Order(sources=[tickets_file(tmp_path)], only_ingest=True), now=lambda: NOW)
    assert {row["sentiment"] for row in rows(store)} == {None}
    run_night(store, settings, Order(), now=lambda: NOW)
    assert all(row["sentiment_label"] for row in rows(store))


def test_as_of_knows_nothing_of_later_days(store: Store, settings: Settings, tmp_path: Path) -> None:
    order = Order(sources=[tickets_file(tmp_path)], as_of=date(2026, 10, 10))
    outcome = run_night(store, settings, order, now=lambda: NOW)
    assert outcome.counts["later"] == 30 - len(rows(store)) > 0
    assert max(row["day"] for row in rows(store)) == date(2026, 10, 10)  # type: ignore[type-var]


def test_an_old_night_is_not_run_again(store: Store, settings: Settings, tmp_path: Path) -> None:
    source = tickets_file(tmp_path)
    for day in (10, 20):
        run_night(store, settings, Order(sources=[source], as_of=date(2026, 10, day)), now=lambda: NOW)
    before = rows(store)
    outcome = run_night(store, settings, Order(sources=[source], as_of=date(2026, 10, 15)), now=lambda: NOW)
    assert "has already run (run 1)" in outcome.lines[0]
    assert rows(store) == before


def test_changed_words_of_a_lexicon_are_applied_to_all_history(
    store: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_night(store, settings, Order(sources=[tickets_file(tmp_path)]), now=lambda: NOW)
    before = {row["cause"] for row in rows(store)}
    own = tmp_path / "own" / "taxonomy"
    own.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "jobs" / "logistics.toml", own)
    monkeypatch.setenv("CXTEXT_MODELS", str(tmp_path / "own"))
    run_night(store, settings, Order(), now=lambda: NOW)
    assert {row["cause"] for row in rows(store)} == {"logistics/parcel-riddle"} != before


def test_two_runs_at_once_are_refused(store: Store, settings: Settings) -> None:
    other = open_store(store.url)
    with other.lock(), pytest.raises(Locked):
        run_night(store, settings, Order(), now=lambda: NOW)
    other.close()


def test_a_killed_run_goes_on_and_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    source = tickets_file(tmp_path, count=4000)
    command = [sys.executable, "-m", "cxtext", "ingest", source, "--json", "--db"]
    calm, killed = f"sqlite:///{tmp_path / 'calm.db'}", f"sqlite:///{tmp_path / 'killed.db'}"
    subprocess.run([*command, calm], cwd=ROOT, check=True, capture_output=True)
    victim = subprocess.Popen([*command, killed], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _wait_for_first_rows(tmp_path / "killed.db")
    os.kill(victim.pid, signal.SIGKILL)
    victim.communicate()
    store = open_store(killed)
    assert rows(store) == []
    done = subprocess.run([*command, killed], cwd=ROOT, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    expected = open_store(calm)
    assert told["resumed"]
    assert told["unchanged"] > 0
    ignored = {"customer_id", "assignee"}
    plain = [{name: value for name, value in row.items() if name not in ignored} for row in rows(store)]
    assert plain == [{name: value for name, value in row.items() if name not in ignored} for row in rows(expected)]
    assert len(plain) == 4000
    store.close()
    expected.close()


def _wait_for_first_rows(path: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if path.exists():
            try:
                store = open_store(f"sqlite:///{path}")
                with store.read() as connection:
                    if connection.exec_driver_sql("select count(*) from version").scalar():
                        return
            except Exception:  # noqa: BLE001 – the victim is still making its tables
                pass
            finally:
                store.close()
        time.sleep(0.02)
    pytest.fail("the run never wrote a row")


def test_lines_that_all_mails_carry_are_no_part_of_a_complaint(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "mails.jsonl"
    mails = [
        {
            "id": n,
            "text": f"Das Paket Nummer {n} fehlt mir seit Tagen.\nGesendet über das Serviceportal der Muster GmbH",
        }
        for n in range(40)
    ]
    path.write_text("\n".join(json.dumps(mail) for mail in mails), encoding="utf-8")
    run_night(store, settings, Order(sources=[str(path)]), now=lambda: NOW)
    assert not [row for row in rows(store) if "Serviceportal" in str(row["text"])]


@pytest.mark.enable_socket
def test_an_endpoint_out_of_reach_is_reported_and_costs_no_name(demo_folder: Path) -> None:
    changed = Settings.load(
        db=f"sqlite:///{demo_folder / 'cxtext.db'}", naming={"url": "http://127.0.0.1:9/v1", "model": "none"}
    )
    opened = open_store(changed.db)
    outcome = run_night(opened, changed, Order(sources=[tickets_file(demo_folder)]), now=lambda: NOW)
    assert outcome.counts["naming_problems"]
    with opened.read() as connection:
        assert all(topic["label"] for topic in read_topics.topics(connection, runs.current(connection)))
    opened.close()


@pytest.mark.parametrize(
    ("trends", "told"), [({"region": "DE-XX"}, "no such region"), ({"units": "nowhere.csv"}, "not a readable CSV")]
)
def test_trends_that_cannot_be_looked_at_stop_a_night_before_it_begins(
    store: Store, trends: dict[str, str], told: str
) -> None:
    settings = Settings.load(db=store.url, trends=trends)
    with pytest.raises(ConfigurationError, match=told):
        run_night(store, settings, Order(given=[]), now=lambda: datetime(2026, 11, 2, tzinfo=UTC))
    with store.write() as connection:
        first = runs.begin(connection, kind="night", now=datetime(2026, 11, 2, tzinfo=UTC), as_of=None)
    assert first.id == 1  # there was none before
