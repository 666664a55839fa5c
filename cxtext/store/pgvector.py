"""Vectors of ticket texts in the database itself, where PostgreSQL has the extension `vector` (pgvector 0.7 or newer).

What `shelf` keeps in a folder lies here in two tables: what the vectors were made with, and a float16 row for every version
of a ticket. No migration makes them, because most databases cannot: the first question does, and an erasure drops them.
No text is in them.
"""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import Connection

from cxtext.array_file import load_arrays
from cxtext.errors import ModelError, StoreError
from cxtext.store import search, shelf
from cxtext.store import tables as t
from cxtext.store.connect import Store
from cxtext.store.read_tickets import Filter
from cxtext.store.shelf import Key

FILLING = 8_124_710_003  # advisory lock: one process at a time adds rows
INLINE = 4_000  # numbers; such a row still fits into a page of PostgreSQL, and needs no second place to be fetched from
COPY_HEAD, COPY_TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"  # PostgreSQL 15, COPY, "Binary Format"
MAY = """
select to_regtype('halfvec') is not null or (
    not exists (select 1 from pg_extension where extname = 'vector')
    and exists (select 1 from pg_available_extension_versions where name = 'vector'
        and string_to_array(version, '.')::int[] >= '{0,7}'
        and (trusted and has_database_privilege(current_database(), 'CREATE')
            or current_setting('is_superuser') = 'on')))"""
TABLES = (
    "create extension if not exists vector",
    "create table similar_space (signature text, fitted_on int, run_id int, rows int, space bytea not null)",
    "create table similar_row (from_run int, no int, row halfvec({width}) not null, primary key (from_run, no))",
    "alter table similar_row alter row set storage {storage}, alter row set statistics 0",
)
SPACE = sa.table("similar_space", *map(sa.column, ("signature", "fitted_on", "run_id", "rows", "space")))
ROW = sa.table("similar_row", *map(sa.column, ("from_run", "no", "row")))
MADE = sa.text("select to_regclass('similar_space')::oid::bigint")  # another number whenever they are made anew


@dataclass(frozen=True, slots=True)
class Kept:
    """The vectors that a database holds at this moment: what they were made with and how many there are."""

    store: Store
    made: int
    signature: str  # of the embedding
    fitted_on: int  # tickets there were when the space was taken
    space: Mapping[str, NDArray[Any]]
    run: int  # every version that this run saw has a row
    rows: int

    def __len__(self) -> int:
        """How many rows there are."""
        return self.rows

    def without_row(self, wanted: Sequence[Key]) -> list[Key]:
        """Those keys, of versions written after `run`, that have no row yet."""
        with self.store.read() as connection:
            rows = connection.execute(sa.select(ROW.c.no, ROW.c.from_run).where(ROW.c.from_run > self.run))
            there = {(no, begun) for no, begun in rows}
        return [key for key in wanted if key not in there]


@dataclass(frozen=True, slots=True)
class Server:
    """The place in a database where vectors lie, as `shelf.Folder` is one on a disk."""

    store: Store

    def opened(self) -> Kept | None:
        """What lies there; None where nothing does."""
        with self.store.read() as connection:
            made = connection.scalar(MADE)
            row = None if made is None else connection.execute(sa.select(SPACE)).one()
        if row is None:
            return None
        try:
            space = load_arrays(bytes(row.space))
        except ValueError as error:
            raise ModelError(
                f"similar_space in {self.store.url} is damaged ({error}): drop the table, it is made again"
            ) from error
        return Kept(self.store, int(made), row.signature, row.fitted_on, space, row.run_id, row.rows)

    @contextmanager
    def filling(self) -> Iterator[None]:
        """One process at a time may change the rows; others wait."""
        with self.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"select pg_advisory_lock({FILLING})")
            try:
                yield
            finally:
                connection.exec_driver_sql(f"select pg_advisory_unlock({FILLING})")

    def start(self, signature: str, space: Mapping[str, NDArray[Any]], *, width: int, fitted_on: int) -> None:
        """Begin anew: no rows, another space."""
        packed = io.BytesIO()
        np.savez(packed, allow_pickle=False, **{name: space[name] for name in sorted(space)})
        storage = "plain" if width <= INLINE else "external"
        remove(self.store)
        with self.store.write() as connection:
            for statement in TABLES:
                connection.exec_driver_sql(statement.format(width=width, storage=storage))
            told = {"signature": signature, "fitted_on": fitted_on, "run_id": 0, "rows": 0, "space": packed.getvalue()}
            connection.execute(SPACE.insert().values(told))

    def append(self, keys: Sequence[Key], rows: NDArray[Any]) -> None:
        """Add rows, all or none."""
        content = _copied(keys, rows)
        with self.store.write() as connection:
            driver: Any = connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy("copy similar_row from stdin (format binary)") as copy:
                copy.write(content)
            connection.execute(SPACE.update().values(rows=SPACE.c.rows + len(keys)))

    def complete(self, run_id: int) -> None:
        """Note that every version that a run saw has a row."""
        with self.store.write() as connection:
            connection.execute(SPACE.update().values(run_id=run_id))


def remove(store: Store) -> None:
    """Take everything away; the server gives the bytes back to the disk when the transaction ends."""
    if not store.is_sqlite:
        with store.write() as connection:
            connection.exec_driver_sql("drop table if exists similar_row, similar_space")


def usable(store: Store) -> bool:
    """Whether the database can keep vectors: pgvector is there, or this user may put it there."""
    if store.is_sqlite:
        return False
    with store.read() as connection:
        return bool(connection.scalar(sa.text(MAY)))


def nearest(
    connection: Connection,
    kept: Kept,
    question: NDArray[Any],
    run_id: int,
    chosen: Filter | None,
    departments: Collection[str] | None,
    most: int,
) -> list[tuple[Key, float]]:
    """The `most` texts nearest to a vector of length 1 among those that filters and permission let through, as `shelf` has it.

    One exact scan; nothing else is compared, so that an answer is full wherever there is enough. The server sums in another
    order than NumPy, so it picks a few more than wanted, and `shelf.ranked` decides. Takes 0.6 CPU-seconds for 200,000 rows
    of 606 numbers; the server shares them among processes where it has some to spare.

    Raises:
        StoreError: the vectors were made anew at this very moment.
    """
    wanted = np.asarray(question, dtype=np.float32)
    distance = sa.text("row::vector <#> cast(:question as vector)").bindparams(question=str(wanted.tolist()))
    allowed = search.seen(connection, run_id, chosen, departments)
    query: sa.Select[Any] = allowed.join(
        ROW, sa.and_(ROW.c.no == t.version.c.no, ROW.c.from_run == t.version.c.from_run)
    )
    columns: list[Any] = [t.version.c.no, t.version.c.from_run, sa.text("halfvec_send(row) as sent")]
    query = (
        query.with_only_columns(*columns)
        .order_by(distance, t.version.c.no, t.version.c.from_run)
        .limit(most + shelf.SPARE)
    )
    found = connection.execute(query).all()
    if connection.scalar(MADE) != kept.made:
        raise StoreError("the vectors of similar cases were made anew at this very moment: ask again")
    rows = [np.frombuffer(bytes(one.sent), dtype=">f2", offset=4) for one in found]
    return shelf.ranked([(one.no, one.from_run) for one in found], np.array(rows), question, most) if rows else []


def _copied(keys: Sequence[Key], rows: NDArray[Any]) -> bytes:
    """Rows as COPY takes them: counts and lengths before the values, all of them big-endian."""
    width = rows.shape[1]
    kind = np.dtype(
        [("fields", ">i2"), ("a", ">i4"), ("run", ">i4"), ("b", ">i4"), ("no", ">i4"), ("c", ">i4"), ("width", ">i2"),
         ("unused", ">i2"), ("row", ">f2", (width,))]
    )  # fmt: skip
    made = np.zeros(len(keys), kind)
    made["fields"], made["a"], made["b"], made["c"], made["width"] = 3, 4, 4, 4 + 2 * width, width
    made["no"], made["run"] = np.asarray(keys, dtype=np.int64).reshape(-1, 2).T
    made["row"] = rows.astype(np.float16)
    return COPY_HEAD + made.tobytes() + COPY_TAIL
