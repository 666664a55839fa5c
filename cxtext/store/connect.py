"""The connection to a database: transactions, the lock that lets one run write at a time, the key of the pseudonyms."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from cxtext.errors import ConfigurationError, StoreError
from cxtext.store import postgresql, sqlite
from cxtext.store.sqlite import has_wal_defect

__all__ = ["Store", "connect", "has_wal_defect", "reason", "sqlite_version", "tenant_key"]

KEY = "key:"  # before a secret that is the key itself, as another cxtext made it


@dataclass(frozen=True, slots=True)
class Store:
    """An open database: `read()` sees one moment, `write()` is one transaction."""

    engine: sa.Engine
    url: str
    held: list[int] = field(default_factory=list, compare=False, repr=False)  # on a server: who holds the run lock

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that sees one state of the database and changes nothing."""
        try:
            with self.engine.connect() as connection:
                seen = connection if self.is_sqlite else postgresql.reading(connection)
                with seen.begin():
                    yield seen
        except DBAPIError as error:
            raise StoreError(f"{self.url}: {reason(error)}") from error

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: everything or nothing. It takes the write lock at once, so that it cannot fail half way."""
        try:
            with self.engine.connect().execution_options(cxtext_write=True) as connection, connection.begin():
                if not self.is_sqlite:
                    postgresql.begin_writing(connection, self.held)
                yield connection
        except DBAPIError as error:
            raise StoreError(f"{self.url}: {reason(error)}. Check free disk space and permissions") from error

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file (or memory) and no server."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The database file, None for a server or a database in memory."""
        name = self.engine.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the right to write results. It ends with the process, however that ends.

        Raises:
            Locked: another run holds it.
        """
        if self.file is not None:
            with sqlite.hold(self.file):
                yield
        elif self.is_sqlite:
            yield
        else:
            with postgresql.hold(self.engine, self.held, self.url):
                yield

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def connect(url: str, *, create: bool = True) -> Store:
    """The store behind a URL, whatever its schema is."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            sqlite.check_place(parsed.database, create=create)
            engine = sqlite.engine_of(parsed, _dumps)
        else:
            engine = postgresql.engine_of(parsed, _dumps)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise ConfigurationError(f"database {url!r}: {error}; a URL looks like sqlite:///cxtext.db") from error
    return Store(engine, parsed.render_as_string(hide_password=True))


def tenant_key(store: Store, configured: str | None) -> bytes:
    """The key of the pseudonyms: the configured secret, else one made once and kept beside the database (mode 0600).

    Raises:
        ConfigurationError: the database is on a server, beside which no key can be kept, and no secret is configured.
    """
    if configured and configured.startswith(KEY):
        return _key(configured.removeprefix(KEY))
    if configured:
        return hashlib.sha256(configured.encode()).digest()
    if store.file is None and store.is_sqlite:
        return hashlib.sha256(store.url.encode()).digest()
    if store.file is None:
        raise ConfigurationError(
            f"{store.url}: pseudonyms need a secret key. Set CXTEXT_SECRET to a long random word and keep it safe; after "
            f"`cxtext db copy` from SQLite: {KEY}, then what is in cxtext.db.key"
        )
    path = Path(f"{store.file}.key")
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return _key(path.read_text())


def sqlite_version(store: Store) -> tuple[int, ...] | None:
    """Version of the SQLite library in use, None on another database."""
    if not store.is_sqlite:
        return None
    with store.read() as connection:
        return tuple(int(part) for part in connection.scalar(sa.text("select sqlite_version()")).split("."))


def _key(text: str) -> bytes:
    try:
        return bytes.fromhex(text.strip())
    except ValueError as error:
        raise ConfigurationError("the key of the pseudonyms is not hexadecimal: restore it from a backup") from error


def reason(error: DBAPIError) -> str:
    """What the database says, in one line. Its second line may quote a row, and with it a ticket."""
    return str(error.orig).split("\n", 1)[0].strip()


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
