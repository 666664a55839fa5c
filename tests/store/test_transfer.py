"""A store moves from one database to another as it is; its numbers count on."""

import pytest
import sqlalchemy as sa

from cxtext.errors import StoreError
from cxtext.export import KINDS
from cxtext.store import Store, cases, check, open_store, runs
from cxtext.store import tables as t
from cxtext.store.bulk import insert_rows
from cxtext.store.transfer import copy_store, fingerprint
from tests import postgresql
from tests.builders import DAY, MOMENT, case
from tests.store.test_search import ZONE, night

ODD = ("Tabs\tund\nZeilen \\N \\. ü 😀", "nichts", '{"a": "NULL"}')


@pytest.mark.parametrize("direction", ["there", "and back"])
def test_a_store_is_the_same_on_the_other_database(tmp_path, server: postgresql.Server, direction: str) -> None:  # type: ignore[no-untyped-def]
    name = f"transfer_{direction.replace(' ', '_')}"
    postgresql.create_database(server, name, "empty")
    here, there = f"sqlite:///{tmp_path / 'cxtext.db'}", server.url(name)
    source, target = (here, there) if direction == "there" else (there, here)
    store = open_store(source)
    for number in range(3):
        night(store, *(case(n, f"{ODD[(n + number) % 3]} Paket", extra={"x": n}, tags=("a",)) for n in range(1, 9)))
    store.close()
    copied = copy_store(source, target)
    assert copied.rows["version"] == 24
    one, other = open_store(source), open_store(target)
    with one.read() as left, other.read() as right:
        assert fingerprint(left) == fingerprint(right) == copied.digest
        for kind in KINDS.values():
            for run_id in (1, 2, 3):
                assert list(kind.rows(left, run_id)) == list(kind.rows(right, run_id))
    assert check.check_store(other) == []
    with other.write() as connection:
        run = runs.begin(connection, kind="night", now=MOMENT, as_of=DAY, recipe="fast", models_hash="m")
        assert run.id == 4  # PostgreSQL too counts on from what came
        cases.keep(connection, [case(99, "neu")], run_id=run.id, zone=ZONE)
    with pytest.raises(StoreError, match="holds runs already"):
        copy_store(source, target)
    one.close()
    other.close()
    postgresql.drop_database(server, name)


def test_rows_in_bulk_are_what_rows_one_by_one_are(store: Store) -> None:
    row = {"id": 1, "kind": "night", "as_of": DAY, "recipe": None, "models_hash": None, "state": "done"}
    row |= {
        "started_at": MOMENT,
        "heartbeat_at": MOMENT,
        "finished_at": None,
        "counts": {"ä": [1, None]},
        "note": ODD[0],
    }
    with store.write() as connection:
        assert insert_rows(connection, t.run, (row | {"id": number} for number in range(1, 12))) == 11
        connection.execute(t.run.insert().values(**row | {"id": 12}))
        told = connection.execute(sa.select(t.run).order_by(t.run.c.id)).mappings().all()
    assert [dict(one) | {"id": 1} for one in told] == [row] * 12
