"""After rows are deleted: their bytes out of the files of the database, of its log and of its statistics."""

import time
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from cxtext.errors import StoreError
from cxtext.store import tables as t
from cxtext.store.connect import Store

PATIENCE = 30.0  # seconds to wait for readers who still hold an older state
PAUSE = 0.2


def wipe(store: Store) -> list[str]:
    """Rewrite what held deleted rows; returns what is left to others, in words.

    Costs as much as copying the database once, and as much free disk. Only while no run is writing.

    Raises:
        StoreError: a reader kept an older state open all the time; the rows are gone, their bytes not yet.
    """
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return _sqlite(connection, store) if store.is_sqlite else _postgresql(connection)


def rebuild_words(connection: Connection) -> None:
    """Make the word index anew from its table: SQLite's keeps deleted words until it merges."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("insert into search_index(search_index) values ('rebuild')")


def _sqlite(connection: Connection, store: Store) -> list[str]:
    if connection.in_transaction():  # our own events begin one; VACUUM wants none
        connection.commit()
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("pragma secure_delete = on")
    driver.execute("vacuum")
    deadline = time.monotonic() + PATIENCE
    while store.file is not None:
        busy, *_ = driver.execute("pragma wal_checkpoint(truncate)").fetchone()
        if not busy:
            break
        if time.monotonic() > deadline:
            raise StoreError(
                f"{store.url}: somebody reads an older state all the time. The rows are gone; for their bytes in the "
                "log, stop `cxtext serve` and give the same command again"
            )
        time.sleep(PAUSE)
    return []


def _postgresql(connection: Connection) -> list[str]:
    quote = connection.dialect.identifier_preparer.format_table
    for table in t.metadata.sorted_tables:
        connection.exec_driver_sql(f"vacuum (full, analyze) {quote(table)}")
    left = ["the server's write-ahead log and backups: they hold older states until the server recycles them"]
    with suppress(DBAPIError):  # only the database's owner may
        connection.execute(sa.text("vacuum (full) pg_catalog.pg_statistic"))
        return left
    return [*left, "pg_statistic: its owner runs VACUUM FULL pg_catalog.pg_statistic"]
