"""The schema of the code, of the migrations and of the database are one."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from cxtext.errors import ConfigurationError, StoreError
from cxtext.store import Store, open_store
from cxtext.store.check import schema_differences
from cxtext.store.connect import HEAD, has_wal_defect, sqlite_version
from cxtext.store.migrate import downgrade, newest, upgrade
from cxtext.store.tables import metadata


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
