"""PostgreSQL as it is opened here: psycopg 3, one moment per reader, one writer at a time, text sorted by its bytes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from cxtext.errors import ConfigurationError, Locked, NotInstalled, StoreError

OLDEST = 15
WRITING, RUNNING = 8_124_710_002, 8_124_710_001  # advisory locks, for a transaction and for a run; one pair a database
KEEP_ALIVE = ("tcp_keepalives_idle = 30", "tcp_keepalives_interval = 10", "tcp_keepalives_count = 3")


def engine_of(url: URL, serializer: Callable[[object], str]) -> sa.Engine:
    """An engine on a PostgreSQL database.

    Raises:
        NotInstalled: psycopg is missing.
        ConfigurationError: the URL asks for another driver.
    """
    if url.drivername not in {"postgresql", "postgresql+psycopg", "postgres"}:
        raise ConfigurationError(f"database {url.drivername!r}: cxtext speaks postgresql:// through psycopg 3 alone")
    try:
        import psycopg  # noqa: F401, PLC0415 – an extra
    except ImportError as error:
        raise NotInstalled("PostgreSQL", "postgresql") from error
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        json_serializer=serializer,
        pool_pre_ping=True,  # a server that was restarted meanwhile costs nobody an error
        connect_args={"application_name": "cxtext", "options": "-c timezone=UTC"},
    )


def reading(connection: sa.Connection) -> sa.Connection:
    """A connection that sees one moment and cannot write."""
    return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def begin_writing(connection: sa.Connection, held: list[int]) -> None:
    """Wait for the turn to write. A run whose lock was lost (server gone, connection cut) must not write any more.

    The check is safe against a race: whoever took the run's place cannot write before this transaction has ended.
    """
    connection.exec_driver_sql(f"select pg_advisory_xact_lock({WRITING})")
    if held:
        query = """
            select count(*) from pg_locks where locktype = 'advisory' and granted and objsubid = 1 and pid = %s
                and (classid::bigint << 32) + objid::bigint = %s"""
        if not connection.exec_driver_sql(query, (held[-1], RUNNING)).scalar():
            raise StoreError("the run has lost its lock on the database (was the server restarted?): run it again")


@contextmanager
def hold(engine: sa.Engine, held: list[int], told: str) -> Iterator[None]:
    """The run lock of a database: the server gives it back when the connection ends, however it ends."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in KEEP_ALIVE:  # so that the lock of a machine that died is free within a minute
            connection.exec_driver_sql(f"set {setting}")
        if not connection.exec_driver_sql(f"select pg_try_advisory_lock({RUNNING})").scalar():
            raise Locked(f"another run is writing to {told}: wait for it to end, then try again")
        held.append(int(connection.exec_driver_sql("select pg_backend_pid()").scalar_one()))
        try:
            yield
        finally:
            held.pop()
            with suppress(DBAPIError):  # the server has gone, and the lock with it
                connection.exec_driver_sql(f"select pg_advisory_unlock({RUNNING})")


def check_version(connection: sa.Connection) -> None:
    """Raise a StoreError where the server is too old."""
    number = int(connection.exec_driver_sql("show server_version_num").scalar_one())
    if number < OLDEST * 10_000:
        raise StoreError(f"PostgreSQL {number // 10_000} is too old: {OLDEST} is the oldest that cxtext speaks to")


def sort_by_bytes(connection: sa.Connection) -> None:
    """Give every column of text the collation "C", so that lists and exports come in the same order everywhere."""
    query = """
        select c.table_name, c.column_name, format_type(a.atttypid, a.atttypmod) as kind
        from information_schema.columns c
        join pg_attribute a on a.attrelid = format('%I.%I', c.table_schema, c.table_name)::regclass
            and a.attname = c.column_name
        where c.table_schema = current_schema() and c.data_type in ('character varying', 'text')
            and c.collation_name is distinct from 'C'
        order by c.table_name, c.ordinal_position"""
    wrong: dict[str, list[str]] = {}
    for row in connection.execute(sa.text(query)):
        change = f'alter column "{row.column_name}" type {row.kind} collate "C"'
        wrong.setdefault(row.table_name, []).append(change)
    for table, changes in wrong.items():
        connection.exec_driver_sql(f'alter table "{table}" {", ".join(changes)}')
