"""A store that an older cxtext filled is brought up to date, goes on, and shows what it showed before."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cxtext.demo.generate import generate
from cxtext.demo.sample_file import write_csv
from cxtext.export.files import write_file
from cxtext.export.kinds import KINDS
from cxtext.jobs.nightly import Order, run_night
from cxtext.settings import Settings
from cxtext.store import open_store, runs
from cxtext.store.check import check_store
from cxtext.store.connect import connect
from cxtext.store.migrate import downgrade
from cxtext.store.schema import HEAD, schema_version
from cxtext.store.transfer import copy_store

LATER = "id,text,created_at\n" + "".join(
    f"later-{n},Die Paketbox {n} klemmt und öffnet nicht. Der Abholcode ist falsch.,2026-11-0{n % 3 + 1}\n"
    for n in range(9)
)


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'cxtext.db'}"


def _night(url: str, folder: Path, *names: str, day: int) -> dict[str, int]:
    """One night on the files of a folder; the same moment for all, so that results can be compared."""
    settings = Settings.load(db=url)
    store = open_store(settings.db)
    try:
        asked = Order(sources=[str(folder / name) for name in names])
        return dict(run_night(store, settings, asked, now=lambda: datetime(2026, 11, day, 2, tzinfo=UTC)).counts)
    finally:
        store.close()


def _exports(url: str, folder: Path) -> dict[str, str]:
    store = open_store(url)
    told = {}
    try:
        with store.read() as connection:
            for name, kind in KINDS.items():
                path = folder / f"{name}.jsonl"
                write_file(path, kind.columns, kind.rows(connection, runs.current(connection)))
                told[name] = path.read_text(encoding="utf-8")
    finally:
        store.close()
    return told


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    write_csv(folder / "tickets.csv", generate(400, 40, seed=3, until=date(2026, 10, 31)))
    (folder / "later.csv").write_text(LATER, encoding="utf-8")
    _night(_url(folder), folder, "tickets.csv", day=1)
    return folder


@pytest.fixture(scope="module")
def second_night(first_night: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What comes out where the schema was new all along."""
    folder = _copy(first_night, tmp_path_factory.mktemp("second"))
    _night(_url(folder), folder, "tickets.csv", "later.csv", day=4)
    return _exports(_url(folder), folder)


def _copy(folder: Path, into: Path) -> Path:
    for name in ("cxtext.db", "cxtext.db.key", "tickets.csv", "later.csv"):
        shutil.copy(folder / name, into / name)
    return into


def _counts(name: str, exported: str) -> object:
    """An export; of trends without what was expected, which rests on the nights that looked, and those are fewer here."""
    if name != "trends":
        return exported
    rows = [json.loads(line) for line in exported.splitlines()]
    return [{key: value for key, value in row.items() if key not in ("expected", "lower", "upper")} for row in rows]


def _topics(exported: str) -> list[tuple[object, ...]]:
    """Topics without what they cost, which the first schema had no table for."""
    rows = [json.loads(line) for line in exported.splitlines()]
    return [
        tuple(row[name] for name in ("topic_id", "label", "keywords", "size", "sentiment", "quotes")) for row in rows
    ]


@pytest.mark.parametrize("version", ["0001", "0005", "0008"])
def test_an_old_store_goes_on_and_shows_what_it_showed(
    version, first_night, second_night, database_url, tmp_path, monkeypatch
) -> None:
    folder = _copy(first_night, tmp_path)
    if database_url != _url(folder):  # a server: the same rows, the same pseudonyms
        copy_store(_url(folder), database_url)
        monkeypatch.setenv("CXTEXT_SECRET", f"key:{(folder / 'cxtext.db.key').read_text()}")
    old = connect(database_url, create=False)
    downgrade(old, version)
    assert schema_version(old) == version
    old.close()

    before = _exports(database_url, folder)  # opening it brings it up to date
    now = _exports(_url(first_night), first_night)
    for name in ("tickets", "assignments", "ledger", "causes", "departments", "quarantine"):
        assert before[name] == now[name], name
    assert _topics(before["topics"]) == _topics(now["topics"])

    counts = _night(database_url, folder, "tickets.csv", "later.csv", day=4)
    assert (counts["unchanged"], counts["new"]) == (400, 9)
    again = _exports(database_url, folder)
    wrong = {name for name in again if _counts(name, again[name]) != _counts(name, second_night[name])}
    assert wrong == set()
    assert '"kind"' in again["signals"]
    store = open_store(database_url)
    assert schema_version(store) == HEAD
    assert check_store(store) == []
    store.close()
