"""Open the database: pragmas, transactions, schema version and the lock that lets one run write at a time."""

import fcntl
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from cxtext.errors import ConfigurationError, Locked, StoreError

HEAD = "0003"  # the schema this code speaks; a test holds it against the migrations
FIXED_SQLITE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))  # releases without the WAL-reset defect (sqlite.org/wal.html)


@dataclass(frozen=True, slots=True)
class Store:
    """An open database: `read()` sees one moment, `write()` is one transaction."""

    engine: sa.Engine
    url: str

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that sees one state of the database and changes nothing."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: everything or nothing. It takes the write lock at once, so that it cannot fail half way."""
        try:
            with self.engine.connect().execution_options(cxtext_write=True) as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise StoreError(f"{self.url}: {error.orig}. Check free disk space and permissions") from error

    @property
    def file(self) -> Path | None:
        """The database file, None for a server or a database in memory."""
        name = self.engine.url.database
        return Path(name) if self.engine.dialect.name == "sqlite" and name and name != ":memory:" else None

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the right to write results. It ends with the process, however that ends.

        Raises:
            Locked: another run holds it.
        """
        if self.file is None:
            yield
            return
        with Path(f"{self.file}.lock").open("a+") as handle:
            _take(handle, self.file)
            yield

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_store(url: str, *, create: bool = True) -> Store:
    """Open the database and bring its schema up to date.

    Raises:
        ConfigurationError: the URL is none.
        StoreError: the database cannot be opened, or a newer cxtext has written it.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            _check_place(parsed.database, create=create)
            engine = _sqlite(url)
        else:
            engine = sa.create_engine(url, json_serializer=_dumps)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise ConfigurationError(f"database {url!r}: {error}; a URL looks like sqlite:///cxtext.db") from error
    store = Store(engine, parsed.render_as_string(hide_password=True))
    try:
        _upgrade(store)
    except DBAPIError as error:
        engine.dispose()
        raise StoreError(f"{store.url}: {error.orig}. Is this a cxtext database, and may you write there?") from error
    return store


def tenant_key(store: Store, configured: str | None) -> bytes:
    """The key of the pseudonyms: the configured secret, else one made once and kept beside the database (mode 0600)."""
    if configured:
        return hashlib.sha256(configured.encode()).digest()
    if store.file is None:
        return hashlib.sha256(store.url.encode()).digest()
    path = Path(f"{store.file}.key")
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())


def sqlite_version(store: Store) -> tuple[int, ...] | None:
    """Version of the SQLite library in use, None on another database."""
    if store.engine.dialect.name != "sqlite":
        return None
    with store.read() as connection:
        return tuple(int(part) for part in connection.scalar(sa.text("select sqlite_version()")).split("."))


def has_wal_defect(version: tuple[int, ...]) -> bool:
    """True where two connections that checkpoint at the same moment can damage the file (SQLite 3.7.0 to 3.51.2)."""
    return (
        not any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED_SQLITE) and version < FIXED_SQLITE[0]
    )


def _take(handle: IO[Any], file: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Locked(f"another run is writing to {file}: wait for it to end, then try again") from error


def _check_place(database: str | None, *, create: bool) -> None:
    if not database or database == ":memory:":
        return
    path = Path(database)
    if not create and not path.exists():
        raise StoreError(f"no database {path}: `cxtext run FILE` makes one, --db names another")
    if not path.parent.is_dir():
        raise StoreError(f"no folder {path.parent} for the database: create it or choose another with --db")


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _driver() -> ModuleType | None:
    try:
        import pysqlite3  # noqa: PLC0415 – a newer SQLite than the system's, where a wheel exists
    except ImportError:
        return None
    return pysqlite3  # type: ignore[no-any-return]


def _sqlite(url: str) -> sa.Engine:
    driver = _driver()
    options: dict[str, Any] = {"module": driver} if driver else {}
    if make_url(url).database in (None, "", ":memory:"):
        options |= {"poolclass": sa.StaticPool, "connect_args": {"check_same_thread": False}}
    engine = sa.create_engine(url, json_serializer=_dumps, **options)

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, so that schema changes roll back too
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get("cxtext_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _upgrade(store: Store) -> None:
    with store.engine.connect() as connection, connection.begin():
        known = sa.inspect(connection).has_table("alembic_version")
        version = connection.scalar(sa.text("select version_num from alembic_version")) if known else None
    if version == HEAD:
        return
    from cxtext.store.migrate import upgrade  # noqa: PLC0415 – Alembic costs start-up time that only a change of schema needs

    with store.lock():
        upgrade(store)
