"""Any database as a source: its columns are recognised, a cursor column spares what is known, without one deletions show."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cxtext.errors import ConfigurationError, SourceError
from cxtext.settings import Settings
from tests.connectors.reader import NOW, Reader

QUERY = "select nr as id, betreff as subject, nachricht as text, erstellt as created_at, geaendert from faelle"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as database:
        database.execute(
            "create table faelle (nr integer, betreff text, nachricht text, erstellt text, geaendert text)"
        )
        rows = [(n, f"Fall {n}", f"Die Lieferung Nummer {n} fehlt.", f"2026-03-{n % 28 + 1:02d} 08:00:00", f"2026-03-{n % 28 + 1:02d} 09:00:00")
                for n in range(1, 121)]  # fmt: skip
        database.executemany("insert into faelle values (?, ?, ?, ?, ?)", rows)
    return path


def _reader(store, hands, shop: Path, **options: str) -> Reader:
    table = {"kind": "sql", "database": f"sqlite:///{shop}", "query": QUERY} | options
    return Reader(store, hands, Settings(sources={"desk": table}))


def test_rows_become_tickets_and_deleted_ones_go(store, hands, shop):
    reader = _reader(store, hands, shop)
    assert reader.read().new == 120
    assert reader.kept()[0].text == "Fall 1\n\nDie Lieferung Nummer 1 fehlt."
    with sqlite3.connect(shop) as database:
        database.execute("delete from faelle where nr in (4, 5)")
        database.execute("update faelle set nachricht = 'Doch noch gekommen.' where nr = 6")
    got = reader.read()
    assert (got.new, got.changed, got.removed) == (0, 1, 2)


def test_with_a_cursor_only_what_is_newer_is_read(store, hands, shop):
    reader = _reader(
        store, hands, shop, query=f"{QUERY} where geaendert > :since order by geaendert", cursor="geaendert"
    )
    assert reader.read().new == 120
    reader.now += timedelta(days=1)
    assert reader.read().read == 0
    with sqlite3.connect(shop) as database:
        database.execute(
            "insert into faelle values (500, 'Neu', 'Ganz neu', '2026-04-02 08:00:00', '2026-04-02 08:00:00')"
        )
    assert (reader.read().read, len(reader.kept())) == (1, 121)


def test_a_number_as_cursor_grows_by_size_and_not_by_letters(store, hands, shop):
    reader = _reader(store, hands, shop, query=f"{QUERY} where nr > :since order by nr", cursor="id", since="0")
    assert reader.read().new == 120
    reader.now += timedelta(days=1)
    assert reader.read().read == 0  # 120 comes after 99
    with sqlite3.connect(shop) as database:
        database.execute("insert into faelle values (1000, 'Neu', 'Ganz neu', '2026-04-02', '2026-04-02')")
    assert reader.read().read == 1
    assert reader.read().read == 0


@pytest.mark.parametrize(
    "query",
    ["delete from faelle", "select 1; drop table faelle", "update faelle set nr = 1", "pragma user_version = 3"],
)
def test_only_one_select_is_run(store, hands, shop, query):
    with pytest.raises(ConfigurationError, match="one SELECT, nothing else"):
        _reader(store, hands, shop, query=query).read()


def test_a_wrong_query_is_said_plainly_and_without_the_address(store, hands, shop):
    with pytest.raises(SourceError, match="no such column") as told:
        _reader(store, hands, shop, query="select nichts from faelle").read()
    assert str(shop) not in str(told.value)


def test_a_cursor_must_be_a_column(store, hands, shop):
    with pytest.raises(ConfigurationError, match="no column of the query"):
        _reader(store, hands, shop, cursor="updated").read()


@pytest.mark.network
def test_postgresql_with_its_own_types(store, hands, server, socket_enabled):
    """Times with a zone, numbers that are no floats, umlauts, marks of what is gone; killed in the middle, and again."""
    from tests import postgresql

    postgresql.create_database(server, "shop")
    url = server.url("shop")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE faelle (nr numeric, betreff text, nachricht text, eingang timestamptz, geaendert timestamptz, weg boolean)"
        )
        rows = [
            {"nr": n, "text": f"Die Größe von Gerät {n} stimmt nicht. 😡", "at": NOW - timedelta(days=3, minutes=n)}
            for n in range(1, 251)
        ]
        connection.execute(sa.text("INSERT INTO faelle VALUES (:nr, 'Fall', :text, :at, :at, false)"), rows)
    query = "SELECT nr AS id, betreff, nachricht, eingang, geaendert, weg AS deleted FROM faelle WHERE geaendert >= :since ORDER BY geaendert"
    table = {"kind": "sql", "database": url, "query": query, "cursor": "geaendert"}
    reader = Reader(store, hands, Settings(sources={"desk": table}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cxtext.connectors.sql.AT_ONCE", 100)
        with pytest.raises(KeyboardInterrupt):
            reader.read(fail_after=1)
    assert len(reader.kept()) == 100
    assert reader.read().new == 150
    by_id = {case.id: case for case in reader.kept()}
    assert set(by_id) == {str(n) for n in range(1, 251)}
    assert "Größe von Gerät 7 stimmt nicht. 😡" in by_id["7"].text
    assert by_id["7"].facts.created_at == NOW - timedelta(days=3, minutes=7)

    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE faelle SET weg = true, geaendert = :at WHERE nr = 4"), {"at": NOW})
        connection.execute(
            sa.text("UPDATE faelle SET nachricht = 'Doch gut.', geaendert = :at WHERE nr = 5"), {"at": NOW}
        )
    engine.dispose()
    got = reader.read()
    assert (got.new, got.changed, got.removed) == (0, 1, 1)
    assert reader.read().read <= 2
