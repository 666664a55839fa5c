"""Similar cases: nearest by meaning, only what may be seen, added to night after night."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from cxtext.errors import ModelError, NotFound
from cxtext.jobs.similar import add_new, answer, similar_tickets
from cxtext.settings import Settings
from cxtext.store import Store, cases, read_tickets, runs, shelf
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
    found = shelf.nearest(opened, rows[8].astype(np.float32), shelf.pack(allowed), 10)
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
