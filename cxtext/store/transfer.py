"""A whole store from one database into another, such as from SQLite to PostgreSQL, checked row by row."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from cxtext.errors import StoreError
from cxtext.store import tables as t
from cxtext.store.bulk import insert_rows, restart_numbers
from cxtext.store.schema import open_store

PAGE = 2_000  # rows fetched at a time


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: rows per table, and one SHA-256 over all of them that is the same on both sides."""

    rows: Mapping[str, int]
    digest: str


def copy_store(source_url: str, target_url: str) -> Copied:
    """Copy everything; the target must not hold a run yet. It gets all rows or, if anything fails, none.

    What lies beside a SQLite file (the key of the pseudonyms, trained models) is not in the database and stays there.

    Raises:
        StoreError: the target is in use, or what arrived is not what was sent.
        Locked: a run is writing to one of the two.
    """
    source, target = open_store(source_url, create=False), open_store(target_url)
    try:
        with source.lock(), target.lock(), source.read() as given, target.write() as taken:
            if taken.scalar(sa.select(t.run.c.id).limit(1)) is not None:
                raise StoreError(f"{target.url} holds runs already: copy into a new database")
            rows = {}
            for table in t.metadata.sorted_tables:
                rows[table.name] = insert_rows(taken, table, _rows(given, table))
                restart_numbers(taken, table)
            sent, arrived = fingerprint(given), fingerprint(taken)
            if sent != arrived:
                raise StoreError(f"{target.url}: what arrived differs from what was sent; nothing was kept")
        return Copied(rows, arrived)
    finally:
        source.close()
        target.close()


def fingerprint(connection: Connection) -> str:
    """SHA-256 (hexadecimal) over all rows of all tables, equal on every database that holds the same."""
    digest = hashlib.sha256()
    for table in sorted(t.metadata.tables.values(), key=lambda table: table.name):
        digest.update(table.name.encode())
        for row in _rows(connection, table):
            digest.update(json.dumps(row, sort_keys=True, default=_plain).encode())
    return digest.hexdigest()


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    query = sa.select(table).order_by(*table.primary_key.columns).execution_options(yield_per=PAGE)
    return (dict(row) for row in connection.execute(query).mappings())


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    assert isinstance(value, (date, datetime))
    return value.isoformat()
