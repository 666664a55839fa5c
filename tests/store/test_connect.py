"""Opening: which databases are refused, who may write, what a lost lock costs."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from cxtext.errors import ConfigurationError, Locked, StoreError
from cxtext.store import Store, open_store, sqlite
from cxtext.store.connect import tenant_key
from tests import postgresql


def test_an_unsafe_sqlite_is_refused_unless_one_process_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "FIXED", ((99, 0, 0),))  # as if the library in use were one with the defect
    url = f"sqlite:///{tmp_path / 'cxtext.db'}"
    with pytest.raises(StoreError, match=r"pip install pysqlite3, or add \?single_writer=true"):
        open_store(url)
    alone = open_store(f"{url}?single_writer=true")
    with alone.read() as connection:
        assert connection.scalar(sa.text("pragma journal_mode")) == "delete"
    alone.close()


def test_readers_see_one_moment_and_cannot_write(store: Store) -> None:
    with store.read() as reader:
        before = reader.scalar(sa.text("select count(*) from request"))
        with store.write() as writer:
            writer.execute(sa.text("insert into request (key, digest, answer) values ('a', 'b', '{}')"))
        assert reader.scalar(sa.text("select count(*) from request")) == before
    with store.read() as reader:
        assert reader.scalar(sa.text("select count(*) from request")) == before + 1


def test_a_run_that_lost_its_lock_writes_no_more(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        return  # the operating system gives the lock back with the process and not before
    one, other = open_store(database_url), open_store(database_url)
    with one.lock():
        with pytest.raises(Locked, match="another run is writing"), other.lock():
            pass
        with other.write() as connection:
            connection.execute(sa.text(f"select pg_terminate_backend({one.held[0]})"))
        with other.lock(), pytest.raises(StoreError, match="has lost its lock"), one.write():
            pass
    with one.lock(), one.write() as connection:
        assert connection.scalar(sa.text("select 1")) == 1
    one.close()
    other.close()


def test_an_error_of_the_database_quotes_no_row(store: Store) -> None:
    row = {"key": "a secret text", "digest": "x", "answer": json.dumps({})}
    twice = sa.text("insert into request (key, digest, answer) values (:key, :digest, :answer)")
    with pytest.raises(StoreError) as caught, store.write() as connection:
        connection.execute(twice, [row, row])
    assert "a secret text" not in str(caught.value)


def test_a_server_needs_a_secret_for_pseudonyms(server: postgresql.Server, tmp_path: Path) -> None:
    store = open_store(server.url("empty"))
    with pytest.raises(ConfigurationError, match="Set CXTEXT_SECRET"):
        tenant_key(store, None)
    beside = open_store(f"sqlite:///{tmp_path / 'cxtext.db'}")
    made = tenant_key(beside, None)
    assert tenant_key(store, f"key:{(tmp_path / 'cxtext.db.key').read_text()}\n") == made
    with pytest.raises(ConfigurationError, match="not hexadecimal"):
        tenant_key(store, "key:word")
    store.close()
    beside.close()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "postgresql+psycopg2://localhost/x", "nothing at all"])
def test_other_databases_are_named_as_such(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"postgresql://|a URL looks like"):
        open_store(url)


def test_names_sort_by_their_bytes_everywhere(store: Store) -> None:
    words = ["a", "B", "ä", "Z", "_", "é", "ß", "10", "9", "a b", "a-b"]
    with store.write() as connection:
        connection.execute(
            sa.text("insert into request (key, digest, answer) values (:key, 'x', '{}')"),
            [{"key": word} for word in words],
        )
        found = connection.scalars(sa.text("select key from request order by key")).all()
    assert found == sorted(words, key=str.encode)
