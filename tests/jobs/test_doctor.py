"""Every mistake that the doctor knows is planted here, and found; a healthy store has none."""

import os
import string
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cxtext.connectors.source import open_source
from cxtext.domain import Case, Rejected
from cxtext.jobs import doctor_place
from cxtext.jobs.doctor import _pdf, examine, store_findings
from cxtext.jobs.doctor_visits import source_findings
from cxtext.jobs.finding import PARTS, Finding, words
from cxtext.settings import Settings
from cxtext.store import Store, cases, open_store, results, runs, sources
from cxtext.store import tables as t
from cxtext.store.alert_tables import outbox
from cxtext.store.migrate import downgrade
from tests.builders import case

NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
THINGS = ("Waschmaschine", "Rechnung", "Lieferung", "Rückgabe", "Paketbox", "Hotline", "Kaffeemaschine", "Gutschrift")
ENDS = ("seit gestern", "schon zum dritten Mal", "trotz Ihrer Zusage", "nach dem Update", "ohne jeden Grund")


def healthy(count: int = 240) -> list[Case]:
    """Tickets as a good export has them: dated, varied, with customers, departments and answers to surveys."""
    found = []
    for n in range(count):
        moment = datetime(2026, 1, 3, 7, tzinfo=UTC) + timedelta(days=n * 300 / count, minutes=37 * n % 600)
        text = f"Meine {THINGS[n % 8]} mit der Nummer {n} macht {ENDS[n % 5]} Ärger{' und noch mehr' * (n % 7)}. Bitte helfen Sie."
        facts: dict[str, Any] = {"created_at": moment, "customer_id": f"k{n % 90}", "given_department": "Technik", "given_category": "Defekt",
                 "csat": float(n % 5 + 1), "nps": n % 11, "first_response_at": moment + timedelta(hours=3)}  # fmt: skip
        found.append(case(n, text, **facts))
    return found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    backup = tmp_path / "backup"
    backup.mkdir()
    copy = backup / "cxtext.db"
    copy.write_text("a copy")
    os.utime(copy, (NOW.timestamp() - 3600, NOW.timestamp() - 3600))
    return Settings(db=f"sqlite:///{tmp_path / 'cxtext.db'}", backup=backup)


@pytest.fixture
def file(settings: Settings, tmp_path: Path) -> Iterator[Store]:
    """A database with its key, and no run yet."""
    key = tmp_path / "cxtext.db.key"
    key.write_text("ab" * 32)
    key.chmod(0o600)
    store = open_store(settings.db)
    yield store
    store.close()


def fill(
    store: Store, found: list[Case], rejected: list[Rejected] | None = None, *, day: int = 0, **counts: int
) -> int:
    """One published night, so many days before NOW."""
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=NOW - timedelta(days=day, hours=1), as_of=None)
        cases.keep(connection, found, run_id=run.id, zone=ZONE)
        results.save_rejected(connection, rejected or [], run.id)
        told = {"read": len(found), "new": len(found), "changed": 0, "unchanged": 0, "older": 0} | counts
        runs.publish(connection, run.id, now=NOW - timedelta(days=day, hours=1), counts=told)
        return run.id


def wrong(settings: Settings) -> dict[str, Finding]:
    return {finding.key: finding for finding in store_findings(settings, NOW) if finding.grade != "ok"}


def test_a_healthy_store_has_no_finding(file: Store, settings: Settings) -> None:
    fill(file, healthy())
    assert wrong(settings) == {}
    told = examine(None, settings.db, now=NOW)  # as a user calls it, without a configuration
    assert {finding.key for finding in told if finding.grade == "mend"} == set()


def every(**changes: Any) -> Callable[[int, Case], Case]:
    """All tickets with other facts; what is callable gets the number and the moment of the ticket."""

    def changed(n: int, one: Case) -> Case:
        moment = one.facts.created_at
        facts = {name: value(n, moment) if callable(value) else value for name, value in changes.items()}
        return replace(one, facts=replace(one.facts, **facts))

    return changed


def text(write: Callable[[int, str], str], language: str = "de") -> Callable[[int, Case], Case]:
    def changed(n: int, one: Case) -> Case:
        new = write(n, one.text)
        return case(
            n,
            new,
            language,
            **{name: getattr(one.facts, name) for name in ("created_at", "customer_id", "given_department")},
        )

    return changed


CHEATING = "Diese Nachricht ist vertraulich und nur für den Empfänger bestimmt, der sie erhalten sollte."
DATA = {
    "encoding": text(lambda n, old: old.replace("Ä", "Ã„") if n % 10 == 0 else old),
    "delimiter": text(lambda n, old: f"{n};2026-01-05;offen;{old};E-Mail"),
    "columns": text(lambda n, _old: THINGS[n % 8] + (" defekt" if n % 3 else "")),
    "no-dates": every(created_at=lambda n, moment: None if n % 2 else moment, first_response_at=None),
    "dates-swapped": every(created_at=lambda n, moment: moment.replace(day=n % 12 + 1), first_response_at=None),
    "future-dates": every(created_at=lambda n, moment: NOW + timedelta(days=400) if n == 7 else moment, first_response_at=None),
    "time-zone": every(created_at=lambda n, moment: NOW + timedelta(hours=2) if n > 230 else moment, first_response_at=None),
    "placeholder-dates": every(created_at=lambda n, moment: datetime(1970, 1, 1, tzinfo=UTC) if n % 9 == 0 else moment),
    "one-day": every(created_at=lambda n, moment: NOW - timedelta(days=30, minutes=n) if n % 4 else moment),
    "short-history": every(created_at=lambda n, _moment: NOW - timedelta(days=n % 10 + 1), first_response_at=None),
    "equal-texts": text(lambda n, old: "Siehe Anhang, bitte dort alles nachlesen." if n % 3 else old),
    "language": text(lambda n, old: f"Moje pračka číslo {n} nefunguje, prosím o pomoc {old}", "cs"),
    "truncated": text(lambda n, old: (old * 4)[: 120 if n % 3 == 0 else 70 + n % 30]),
    "agent-texts": text(lambda n, old: f"Vielen Dank für Ihre Anfrage. {old}" if n % 2 else old),
    "boilerplate": text(lambda n, old: f"{old} {CHEATING}" if n % 2 else old),
    "no-labels": every(given_department=None, given_category=None),
    "csat-scale": every(csat=1.0),
}  # fmt: skip


@pytest.mark.parametrize("key", DATA)
def test_a_mistake_in_the_tickets_is_found(key: str, file: Store, settings: Settings) -> None:
    fill(file, [DATA[key](n, one) for n, one in enumerate(healthy())])
    found = wrong(settings)
    assert key in found, found
    assert set(found) - {key} <= {"columns", "no-labels", "dates-swapped", "doubled-tickets", "short-history"}, found


def test_answers_before_questions_are_exchanged_dates(file: Store, settings: Settings) -> None:
    fill(
        file,
        [
            every(first_response_at=lambda _n, moment: moment - timedelta(days=40))(n, one)
            for n, one in enumerate(healthy())
        ],
    )
    assert set(wrong(settings)) == {"dates-swapped"}


def test_tickets_exported_twice_are_found(file: Store, settings: Settings) -> None:
    fill(file, healthy() + [replace(one, id=f"{one.id}-2") for one in healthy()[:60]])
    assert set(wrong(settings)) == {"doubled-tickets"}


def test_ids_that_come_again_are_found(file: Store, settings: Settings) -> None:
    fill(file, healthy(), read=400, changed=160)
    assert wrong(settings)["repeated-ids"].facts == {"count": 160, "read": 400}


def test_few_tickets_are_a_remark(file: Store, settings: Settings) -> None:
    fill(file, healthy(40))
    assert {key: finding.grade for key, finding in wrong(settings).items()} == {"few-tickets": "look"}


@pytest.mark.parametrize(
    ("column", "values", "key"),
    [("csat", "0 1 9 10", "csat-scale"), ("csat", "87 100 55 20", "csat-scale"), ("nps", "-40 55 80 100", "nps-scale")],
)
def test_a_scale_that_is_another_one_is_found_from_the_file_on(
    column: str, values: str, key: str, file: Store, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(
        f"id,text,{column}\n" + "".join(f"{n},Das Paket fehlt,{v}\n" for n, v in enumerate(values.split()))
    )
    rows = open_source(str(tmp_path / "a.csv"), mapping={}, timezone="Europe/Berlin").rows()
    fill(file, healthy(), [row for row in rows if isinstance(row, Rejected)])
    assert set(wrong(settings)) == {key}


def test_much_in_quarantine_is_found(file: Store, settings: Settings) -> None:
    fill(file, healthy(), [Rejected(source="a.csv", line=n, reason=f"no text {n}") for n in range(30)])
    assert wrong(settings)["quarantine"].facts == {"count": 30}


def _open_key(path: Path) -> None:
    Path(f"{path}.key").chmod(0o644)


def _lost_key(path: Path) -> None:
    Path(f"{path}.key").unlink()


def _old_copy(path: Path) -> None:
    os.utime(path.parent / "backup" / "cxtext.db", (NOW.timestamp() - 9 * 86_400,) * 2)


def _no_copy(path: Path) -> None:
    (path.parent / "backup" / "cxtext.db").unlink()


@pytest.mark.parametrize(
    ("key", "plant"), [("key-open", _open_key), ("key-missing", _lost_key), ("backup", _old_copy), ("backup", _no_copy)]
)
def test_a_mistake_beside_the_database_is_found(
    key: str, plant: Callable[[Path], None], file: Store, settings: Settings
) -> None:
    fill(file, healthy())
    assert file.file is not None
    plant(file.file)
    assert {name: finding.grade for name, finding in wrong(settings).items()} == {key: "mend"}
    assert key != "key-missing" or not Path(f"{file.file}.key").exists()  # looking makes no new one


def test_nobody_watches_over_copies_without_a_word_in_the_configuration(file: Store, settings: Settings) -> None:
    fill(file, healthy())
    settings.backup = None
    assert {key: finding.grade for key, finding in wrong(settings).items()} == {"backup": "look"}


def test_an_old_library_a_full_disk_and_a_folder_of_somebody_else_are_found(monkeypatch, tmp_path: Path) -> None:
    assert doctor_place._sqlite((3, 40, 1)).key == "sqlite"
    assert doctor_place._sqlite((3, 40, 1)).grade == "mend"
    assert doctor_place._sqlite((3, 53, 4)).grade == "ok"
    monkeypatch.setattr(doctor_place, "ROOM", 1 << 62)
    assert doctor_place._disk(tmp_path).key == "disk"
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert doctor_place._disk(tmp_path).key == "folder"


def test_an_old_and_a_newer_schema_are_found_and_left_alone(file: Store, settings: Settings) -> None:
    fill(file, healthy())
    downgrade(file, "0005")
    assert wrong(settings)["old-schema"].facts["found"] == "0005"
    assert wrong(settings)["old-schema"].facts["found"] == "0005"
    with file.write() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    assert "newer-schema" in wrong(settings)


def test_a_database_without_a_run_and_no_database_at_all_are_found(
    file: Store, settings: Settings, tmp_path: Path
) -> None:
    assert "no-run" in wrong(settings)
    assert "database" in wrong(Settings(db=f"sqlite:///{tmp_path / 'other.db'}"))


def test_a_job_that_is_no_longer_started_is_found(file: Store, settings: Settings) -> None:
    for day in range(20, 5, -1):
        fill(file, healthy() if day == 20 else [], day=day)
    assert wrong(settings)["overdue"].facts == {"days": 6, "usual": 1}
    fill(file, [], day=0)
    assert wrong(settings) == {}


def test_a_killed_and_a_failed_run_and_a_wrong_clock_are_found(file: Store, settings: Settings) -> None:
    fill(file, healthy(), day=1)
    with file.write() as connection:
        run = runs.begin(connection, kind="night", now=NOW - timedelta(hours=7), as_of=None)
    assert wrong(settings)["stale-run"].facts == {"id": run.id, "hours": 7}
    with file.write() as connection:
        runs.heartbeat(connection, run.id, now=NOW - timedelta(minutes=3))
    assert wrong(settings) == {}  # it is at work
    with file.write() as connection:
        runs.discard(connection, run.id, now=NOW, note="no space left")
    assert wrong(settings)["failed-run"].facts["note"] == "no space left"
    with file.write() as connection:
        connection.execute(t.run.update().where(t.run.c.id == run.id).values(started_at=NOW + timedelta(days=2)))
    assert "clock" in wrong(settings)


def test_a_source_that_nobody_reads_any_more_is_found(file: Store, settings: Settings) -> None:
    settings.sources = {"desk": {"kind": "zendesk"}}
    run = fill(file, healthy(), day=12)
    with file.write() as connection:
        sources.read_until(connection, "desk", {"after": "x"}, run_id=run, now=NOW - timedelta(days=12))
    fill(file, [], day=1)
    assert wrong(settings)["source-behind"].facts == {"name": "desk", "days": 12}


def test_messages_that_never_arrive_are_found(file: Store, settings: Settings) -> None:
    fill(file, healthy())
    rows = [("mail", "dead", 0), ("chat", "waiting", 3), ("chat", "waiting", 0), ("chat", "sent", 9)]
    with file.write() as connection:
        for number, (channel, state, days) in enumerate(rows):
            at = NOW - timedelta(days=days)
            connection.execute(outbox.insert().values(channel=channel, episode=str(number), message_id=str(number), kind="new", run_id=1,
                content={}, created_at=at, state=state, attempts=3, next_at=at, problem=""))  # fmt: skip
    told = [finding.facts for finding in store_findings(settings, NOW) if finding.key == "alerts"]
    assert told == [{"name": "chat", "count": 1}, {"name": "mail", "count": 1}]


def test_a_secret_that_everybody_can_read_is_found(tmp_path: Path) -> None:
    path = tmp_path / "cxtext.toml"
    path.write_text("x")
    options = {"kind": "zendesk", "token": "offen-4711", "user": "a"}
    path.chmod(0o644)
    [found] = doctor_place.secret_findings(Settings(sources={"desk": options}), path)
    assert found.key == "secret-open"
    assert "offen-4711" not in repr(found)
    assert not list(doctor_place.secret_findings(Settings(sources={"desk": options | {"token": "env:TOKEN"}}), path))
    path.chmod(0o640)
    assert not list(doctor_place.secret_findings(Settings(sources={"desk": options}), path))


@pytest.mark.network
def test_a_source_that_is_not_there_or_lets_nobody_in_is_found(socket_enabled, monkeypatch) -> None:
    from tests.connectors.fakes import helpdesks
    from tests.connectors.fakes.desk import desk_of, serving

    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    desk = desk_of(3)
    with serving(desk, helpdesks.zendesk):
        options = {
            "kind": "zendesk",
            "url": desk.base,
            "allow_private": "yes",
            "user": "reader@example.com",
            "token": desk.password,
        }
        keys = {
            "source": source_findings(Settings(sources={"desk": options | {"url": "http://127.0.0.1:1"}}), NOW),
            "token": source_findings(Settings(sources={"desk": options | {"token": "abgelaufen"}}), NOW),
        }
        for key, found in keys.items():
            assert [(one.key, one.grade) for one in found] == [(key, "mend")]
        [fine] = source_findings(Settings(sources={"desk": options}), NOW)
        assert fine.grade == "ok", fine.facts
    missing = Settings(sources={"desk": options | {"token": "env:NOT_SET_ANYWHERE"}})
    assert "NOT_SET_ANYWHERE" in next(iter(source_findings(missing, NOW))).said("found", "en")


def test_a_missing_library_of_the_system_is_a_remark(monkeypatch, capsys) -> None:
    def broken(name: str) -> object:
        sys.stdout.write("WeasyPrint could not import some external libraries")
        raise OSError("cannot load library 'libpango-1.0-0'\nmore")

    monkeypatch.setattr("cxtext.jobs.doctor.importlib.import_module", broken)
    [found] = _pdf()
    assert (found.key, found.grade) == ("pdf", "look")
    assert "libpango-1.0-0" in found.said("found", "de")
    assert capsys.readouterr().out == ""  # or --json would not be JSON


def test_a_wrong_configuration_and_a_wrong_recipe_are_found(tmp_path: Path) -> None:
    for wrong in ('databse = "x"\n', '[trends]\nregion = "Mars"\n'):
        (tmp_path / "cxtext.toml").write_text(wrong)
        [found] = examine(tmp_path / "cxtext.toml", None, now=NOW)
        assert (found.key, found.grade) == ("configuration", "mend")
    (tmp_path / "cxtext.toml").write_text('recipe = "slow"\n')
    told = examine(tmp_path / "cxtext.toml", f"sqlite:///{tmp_path / 'none.db'}", now=NOW)
    assert {one.key for one in told if one.grade == "mend"} == {"recipe", "database"}


def test_every_finding_is_said_in_both_languages_with_the_same_facts() -> None:
    for key, told in words().items():
        assert set(told) == {"de", "en"}, key
        fields = {
            language: {
                name.removesuffix("_de") for line in lines for _, name, _, _ in string.Formatter().parse(line) if name
            }
            for language, lines in told.items()
        }
        assert fields["de"] == fields["en"], key
        assert {len(lines) for lines in told.values()} == {len(PARTS)}
        assert key in ("tickets", "sources") or all(line for lines in told.values() for line in lines), key


def test_a_finding_is_told_with_what_where_and_what_to_do() -> None:
    told = Finding("overdue", "mend", {"days": 6, "usual": 1}).told("de")
    assert told["what"] == "Jede Nacht"
    assert "6 Tage alt" in told["found"]
    assert "cron" in told["do"]
    assert told["healthy"] is False
