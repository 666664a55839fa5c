"""SQLite as it is opened here: pragmas, transactions of our own, and the library versions that damage files."""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from cxtext.errors import Locked, StoreError

FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))  # releases without the WAL-reset defect (sqlite.org/wal.html)
LARGEST_JOURNAL = 64_000_000  # bytes that the WAL keeps on disk once its content is in the database
SINGLE_WRITER = "single_writer"  # in the URL: a rollback journal in place of the WAL, which cannot meet the defect


def has_wal_defect(version: tuple[int, ...]) -> bool:
    """True where two connections that checkpoint at the same moment can damage the file (SQLite 3.7.0 to 3.51.2)."""
    return not any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED) and version < FIXED[0]


def check_place(database: str | None, *, create: bool) -> None:
    """Raise a StoreError where no database is, or can be made."""
    if not database or database == ":memory:":
        return
    path = Path(database)
    if not create and not path.exists():
        raise StoreError(f"no database {path}: `cxtext run FILE` makes one, --db names another")
    if not path.parent.is_dir():
        raise StoreError(f"no folder {path.parent} for the database: create it or choose another with --db")


def engine_of(url: URL, serializer: Callable[[object], str]) -> sa.Engine:
    """An engine on a SQLite file or on memory.

    Raises:
        StoreError: the library can damage files that two processes write, and the URL does not ask for single-writer
            mode (`?single_writer=true`), in which readers wait for the writer.
    """
    driver = _driver()
    alone = str(url.query.get(SINGLE_WRITER, "")).lower() in {"1", "true", "yes"}
    _check_library(driver, alone=alone)
    options: dict[str, Any] = {"module": driver} if driver else {}
    if url.database in (None, "", ":memory:"):
        options |= {"poolclass": sa.StaticPool, "connect_args": {"check_same_thread": False}}
    engine = sa.create_engine(url.difference_update_query([SINGLE_WRITER]), json_serializer=serializer, **options)
    journal = "DELETE" if alone else "WAL"

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, so that schema changes roll back too
        for pragma in (f"journal_mode={journal}", "synchronous=NORMAL", "busy_timeout=15000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA journal_size_limit={LARGEST_JOURNAL}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get("cxtext_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@contextmanager
def hold(file: Path) -> Iterator[None]:
    """The run lock of a file: the operating system gives it back when the process ends, however it ends."""
    with Path(f"{file}.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Locked(f"another run is writing to {file}: wait for it to end, then try again") from error
        yield


def _check_library(driver: ModuleType | None, *, alone: bool) -> None:
    words = driver.sqlite_version if driver else sqlite3.sqlite_version
    version = tuple(int(part) for part in words.split("."))
    if has_wal_defect(version) and not alone:
        raise StoreError(
            f"SQLite {words} can damage a database that two processes write (its WAL-reset defect): "
            f"pip install pysqlite3, or add ?{SINGLE_WRITER}=true to the database URL, or use PostgreSQL"
        )


def _driver() -> ModuleType | None:
    try:
        import pysqlite3  # noqa: PLC0415 – a newer SQLite than the system's, where a wheel exists
    except ImportError:
        return None
    return pysqlite3  # type: ignore[no-any-return]
