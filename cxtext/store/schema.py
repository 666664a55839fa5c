"""Open a database with the schema that this code speaks; an older one is brought up to date first."""

import time

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from cxtext.errors import Locked, StoreError
from cxtext.store.connect import Store, connect, reason

HEAD = "0010"  # the schema this code speaks; a test holds it against the migrations
TRIES, PAUSE = 100, 0.2  # to wait for another process that brings the schema up to date; seconds


def open_store(url: str, *, create: bool = True) -> Store:
    """Open the database and bring its schema up to date.

    Raises:
        ConfigurationError: the URL is none.
        StoreError: the database cannot be opened, a newer cxtext has written it, or the SQLite library is unsafe.
    """
    store = connect(url, create=create)
    try:
        _upgrade(store)
    except DBAPIError as error:
        store.close()
        raise StoreError(
            f"{store.url}: {reason(error)}. Is this a cxtext database, and may you write there?"
        ) from error
    except Exception:
        store.close()
        raise
    return store


def schema_version(store: Store) -> str | None:
    """The schema that the database has; None while it has none."""
    with store.engine.connect() as connection, connection.begin():
        known = sa.inspect(connection).has_table("alembic_version")
        return connection.scalar(sa.text("select version_num from alembic_version")) if known else None


def _upgrade(store: Store) -> None:
    if schema_version(store) == HEAD:
        return
    from cxtext.store.migrate import upgrade  # noqa: PLC0415 – Alembic costs start-up time that only a change of schema needs

    for attempt in range(TRIES):
        try:
            with store.lock():
                if schema_version(store) != HEAD:
                    upgrade(store)
        except Locked:  # somebody else opened this very database a moment ago and is at it
            if attempt + 1 == TRIES:
                raise
            time.sleep(PAUSE)
        if schema_version(store) == HEAD:
            return
