"""A backup that is put back shows every export as it was; the commands are those of docs/operations.md."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from cxtext.export import KINDS
from cxtext.store import Store, open_store, runs
from cxtext.store.check import check_store
from tests import postgresql

OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


def test_what_is_put_back_is_what_was_there(
    demo_store: Store, database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = shown(demo_store)
    assert len(before["tickets"]) > 100
    put_back = (
        copy_of_a_file(demo_store, tmp_path)
        if database == "sqlite"
        else dump_of_a_server(demo_store, tmp_path, request)
    )
    with put_back as url:
        restored = open_store(url, create=False)
        assert (shown(restored), check_store(restored)) == (before, [])
        restored.close()


def shown(store: Store) -> dict[str, list[str]]:
    with store.read() as connection:
        run = runs.current(connection)
        return {name: [repr(row) for row in kind.rows(connection, run)] for name, kind in KINDS.items()}


@contextmanager
def copy_of_a_file(store: Store, folder: Path) -> Iterator[str]:
    assert "vacuum into 'backup.db'" in OPERATIONS
    place = folder / "restored" / "cxtext.db"
    place.parent.mkdir()
    with store.read(), closing(sqlite3.connect(str(store.file), isolation_level=None)) as connection:
        connection.execute(f"vacuum into '{place}'")  # while somebody reads
    shutil.copy(f"{store.file}.key", f"{place}.key")
    yield f"sqlite:///{place}"


@contextmanager
def dump_of_a_server(store: Store, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    assert "pg_dump --format=custom" in OPERATIONS
    server: postgresql.Server = request.getfixturevalue("server")
    if not all((server.programs / name).is_file() for name in ("pg_dump", "pg_restore")):
        assert "CI" not in os.environ, "pg_dump is missing"
        pytest.skip("no pg_dump beside this PostgreSQL")
    at, dump = ["--host", str(server.folder), "--username", "cxtext"], str(folder / "cxtext.dump")
    postgresql.create_database(server, "restored")
    words = [str(server.programs / "pg_dump"), *at, "--format=custom", "--file", dump, str(store.engine.url.database)]
    subprocess.run(words, check=True)
    subprocess.run([str(server.programs / "pg_restore"), *at, "--dbname", "restored", dump], check=True)
    yield server.url("restored")
    postgresql.drop_database(server, "restored")
