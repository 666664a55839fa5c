"""The schema of the code, of the migrations and of the database are one."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from cxtext.errors import ConfigurationError, StoreError
from cxtext.store import Store, cases, open_store
from cxtext.store import tables as t
from cxtext.store.check import check_store, schema_differences
from cxtext.store.connect import has_wal_defect, sqlite_version
from cxtext.store.migrate import configuration, downgrade, newest, upgrade
from cxtext.store.schema import HEAD, schema_version
from cxtext.store.tables import metadata
from tests.builders import MOMENT, case

ZONE = ZoneInfo("Europe/Berlin")


def test_the_code_knows_the_newest_migration() -> None:
    assert newest() == HEAD


def test_migrations_make_the_tables_that_the_code_describes(store: Store) -> None:
    with store.read() as connection:
        assert schema_differences(connection) == []


def test_up_and_down_and_up_again(store: Store) -> None:
    downgrade(store, "base")
    with store.read() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    upgrade(store)
    with store.read() as connection:
        assert set(metadata.tables) <= set(sa.inspect(connection).get_table_names())


def test_a_database_of_a_newer_cxtext_is_left_alone(store: Store) -> None:
    with store.write() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreError, match="written by a newer cxtext"):
        open_store(store.url)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_text("This is a text file, and a rather long one: " * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{tmp_path / 'no.db'}")


def test_a_missing_folder_and_a_strange_url_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="create it or choose another"):
        open_store(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}")
    with pytest.raises(ConfigurationError, match="a URL looks like"):
        open_store("cxtext.db")


@pytest.mark.parametrize(
    ("version", "defect"),
    [
        ((3, 40, 1), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
    ],
)
def test_versions_of_sqlite_with_the_wal_defect_are_known(version: tuple[int, ...], defect: bool) -> None:
    assert has_wal_defect(version) is defect


def test_the_library_in_use_is_a_sound_one(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'cxtext.db'}")
    version = sqlite_version(store)
    store.close()
    assert version is not None
    assert not has_wal_defect(version)


def steps() -> list[str]:
    """All schemas, oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]


def with_data(store: Store) -> list[tuple[object, ...]]:
    """A store of the first schema that holds a run, a ticket and a text; what can be read of them."""
    downgrade(store, "base")
    upgrade(store, "0001")
    with store.write() as connection:
        values = {"id": 1, "kind": "night", "state": "done", "counts": {}, "started_at": MOMENT, "heartbeat_at": MOMENT}
        connection.execute(t.run.insert().values(**values, note=""))
        connection.execute(t.published.insert().values(name="current", run_id=1))
        cases.keep(connection, [case(n, f"Größe {n}", tags=("ä",)) for n in range(1, 30)], run_id=1, zone=ZONE)
    return told(store)


def told(store: Store) -> list[tuple[object, ...]]:
    query = sa.select(t.ticket.c.id, t.version.c.text, t.version.c.tags, t.version.c.created_at)
    with store.read() as connection:
        found = connection.execute(query.join(t.version, t.version.c.no == t.ticket.c.no).order_by(t.ticket.c.id))
        return [tuple(row) for row in found]


def test_every_step_keeps_the_data_up_and_down(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxtext.store.cases.marked", lambda *_: set())  # the first schema knows of no erasure
    before = with_data(store)
    for step in steps():
        upgrade(store, step)
        assert (schema_version(store), told(store)) == (step, before)
    for step in reversed(steps()[:-1]):
        downgrade(store, step)
        assert (schema_version(store), told(store)) == (step, before)
    upgrade(store)
    assert check_store(store) == []


def test_a_migration_that_dies_anywhere_leaves_the_old_schema(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxtext.store.cases.marked", lambda *_: set())
    before = with_data(store)
    tables = names(store)
    done, fatal = 0, 0

    def count(*_: object) -> None:
        nonlocal done
        done += 1
        if done == fatal:
            raise RuntimeError("killed")

    sa.event.listen(store.engine, "before_cursor_execute", count)
    upgrade(store)
    total = done
    downgrade(store, "0001")
    assert total > 60
    for place in (3, total // 4, total // 2, total * 3 // 4, total):
        done, fatal = 0, place
        with pytest.raises(RuntimeError, match="killed"):
            upgrade(store)
        fatal = 0
        assert (schema_version(store), told(store), names(store)) == ("0001", before, tables)
    sa.event.remove(store.engine, "before_cursor_execute", count)
    upgrade(store)
    assert (schema_version(store), told(store)) == (HEAD, before)


def names(store: Store) -> list[str]:
    with store.read() as connection:
        return sorted(sa.inspect(connection).get_table_names())
