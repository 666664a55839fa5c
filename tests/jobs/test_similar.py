"""Similar cases: nearest by meaning, only what may be seen, added to night after night."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from cxtext.errors import ModelError, NotFound
from cxtext.jobs.similar import add_new, answer, similar_tickets
from cxtext.settings import Settings
from cxtext.store import Store, cases, read_tickets, runs, shelf
from cxtext.store import tables as t
from cxtext.store.read_tickets import Filter

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def test_the_nearest_are_found_exactly_and_only_where_allowed(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(500, 16))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    folder = tmp_path / "v"
    with shelf.filling(folder):
        shelf.start(folder, "s", {"a": np.arange(3)}, width=16, fitted_on=5)
        shelf.append(folder, [(no, 1) for no in range(300)], rows[:300])
        with (folder / "rows.f16").open("ab") as file:
            file.write(b"torn by a kill")
        shelf.append(folder, [(no, 2) for no in range(300, 500)], rows[300:])
    opened = shelf.open_shelf(folder)
    assert opened is not None
    allowed = [(no, 2 if no >= 300 else 1) for no in range(0, 500, 7)] + [(4, 9)]  # the last one is not there
    found = shelf.nearest(opened, rows[8].astype(np.float32), shelf.among(opened, shelf.pack(allowed)), 10)
    cosines = {no: float(rows[no].astype(np.float32) @ rows[8].astype(np.float32)) for no in range(0, 500, 7)}
    assert [no for (no, _), _ in found] == sorted(cosines, key=lambda no: -cosines[no])[:10]
    (folder / "rows.i64").write_bytes(b"")
    with pytest.raises(ModelError, match="delete the folder, it is made again"):
        shelf.open_shelf(folder)


def test_a_store_without_topics_says_so(store: Store) -> None:
    with pytest.raises(NotFound, match="no night has found topics"):
        similar_tickets(store, Settings.load(db=store.url), "Das Paket ist nicht da")


def test_cases_like_this_one(demo_store: Store) -> None:
    settings = Settings.load(db=demo_store.url)
    with demo_store.read() as connection:
        shown = runs.current(connection)
        asked = read_tickets.ticket(connection, shown, "demo", "D-00005")
        number = cases.number_of(connection, ["demo:D-00005"])["demo:D-00005"]
    assert add_new(demo_store, settings, shown) == 0  # nobody has asked yet: nights pay nothing
    near = similar_tickets(demo_store, settings, asked["text"], limit=10)
    assert number in [one.no for one in near if one.score > 0.98]
    only = "logistics"
    told = answer(demo_store, settings, {"text": asked["text"], "departments": [only], "limit": 50})["hits"]
    with demo_store.read() as connection:
        rows = read_tickets.by_number(connection, shown, [hit["no"] for hit in told])
    assert len(told) == 50
    assert {row["department"] for row in rows.values()} == {only}
    assert similar_tickets(demo_store, settings, asked["text"], departments=[]) == []
    assert similar_tickets(demo_store, settings, asked["text"], Filter(product="none such")) == []
    assert add_new(demo_store, settings, shown) == 0


@pytest.fixture
def crowded(tmp_path: Path) -> shelf.Shelf:
    """300 rows, of which the last 30 are one and the same."""
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(300, 24))
    rows[270:] = rows[270]
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    with shelf.filling(tmp_path / "v"):
        shelf.start(tmp_path / "v", "s", {"a": np.arange(3)}, width=24, fitted_on=5)
        shelf.append(tmp_path / "v", [(no, 1 + no % 2) for no in range(300)], rows)
        shelf.complete(tmp_path / "v", 2)
    opened = shelf.open_shelf(tmp_path / "v")
    assert opened is not None
    return opened


def test_many_rows_are_compared_by_another_program_with_the_same_answer(
    crowded: shelf.Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("usearch", reason="pip install 'cxtext[similar]'")
    seen = np.arange(300) % 3 > 0
    for spare in (0, 50):
        monkeypatch.setattr(shelf, "SPARE", spare)
        for place, most in ((5, 7), (100, 40), (281, 10)):
            asked = np.asarray(crowded.rows[place], dtype=np.float32)
            monkeypatch.setattr(shelf, "LARGEST_PLAIN", 1000)
            plain = shelf.nearest(crowded, asked, seen, most)
            monkeypatch.setattr(shelf, "LARGEST_PLAIN", 10)
            monkeypatch.setattr(shelf, "AT_ONCE", 128)
            assert len(plain) == most
            if spare or place < 270:  # with nothing to spare, which of thirty equal rows come is anybody's guess
                assert shelf.nearest(crowded, asked, seen, most) == plain


def test_an_old_run_and_a_replaced_version_are_told_apart(crowded: shelf.Shelf) -> None:
    assert crowded.run == 2
    assert shelf.until(crowded, 1, shelf.pack([])).sum() == 150
    assert shelf.until(crowded, 2, shelf.pack([(4, 1), (5, 2), (5, 1)])).sum() == 298


def test_a_department_with_a_thousandth_of_the_tickets_gets_a_full_page(
    demo_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.load(db=demo_store.url)
    text = "Meine Lieferung ist nicht angekommen"
    everyone = similar_tickets(demo_store, settings, text, limit=3000)
    rare = [everyone[place].no for place in (0, len(everyone) // 2, -1)]  # of 2,000 tickets
    with demo_store.write() as connection:
        connection.execute(t.reading.update().where(t.reading.c.no.in_(rare)).values(department="museum"))
    told = [
        similar_tickets(demo_store, settings, text, departments=["museum"], limit=3),
        similar_tickets(demo_store, settings, text, Filter(department="museum"), limit=3),
    ]
    monkeypatch.setattr("cxtext.jobs.similar.LITTLE", 10)  # from here on as with very many tickets
    monkeypatch.setattr("cxtext.jobs.similar.ASKED", 2)
    told += [
        similar_tickets(demo_store, settings, text, departments=["museum"], limit=3),
        similar_tickets(demo_store, settings, text, Filter(department="museum"), limit=3),
    ]
    expected = [one for one in everyone if one.no in rare]
    assert len(expected) == 3
    assert told == [expected] * 4
    wide = similar_tickets(demo_store, settings, text, departments=["museum", "logistics"], limit=20)
    monkeypatch.setattr("cxtext.jobs.similar.LITTLE", 1_000_000)
    assert similar_tickets(demo_store, settings, text, departments=["museum", "logistics"], limit=20) == wide
    assert len(wide) == 20
