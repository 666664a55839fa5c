from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cxtext.connectors import Source, describe, open_source
from cxtext.domain import Ticket


def source_of(folder: Path, table: pa.Table, **options: object) -> Source:
    file = folder / "t.parquet"
    pq.write_table(table, file, **options)
    return open_source(str(file), mapping={}, timezone="Europe/Berlin")


def test_types_of_parquet_become_types_of_a_ticket(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [7],
            "date": pa.array([1_777_810_920_000_000_123], pa.timestamp("ns")),
            "text": pa.array(["Hallo"], pa.large_string()),
            "tags": [["a", "b"]],
            "lat": [47.5],
            "customer": [{"name": "Erika Muster", "id": 3}],
            "note": pa.array([b"bytes"], pa.binary()),
        }
    )
    source = source_of(tmp_path, table, compression="zstd")
    [ticket] = source.rows()
    assert isinstance(ticket, Ticket)
    assert (ticket.id, ticket.text, ticket.people, ticket.line) == ("7", "Hallo", ("Erika Muster",), 1)
    assert ticket.facts.created_at == datetime(2026, 5, 3, 10, 22, 0, 123 // 1000, tzinfo=UTC)
    assert (ticket.facts.tags, ticket.facts.customer_id) == (("a", "b"), "3")
    assert dict(ticket.facts.extra) == {"lat": 47.5, "note": "bytes"}
    assert describe(source)[0] == "t.parquet: Parquet, 1 rows"


def test_all_row_groups_are_read_in_order(tmp_path: Path) -> None:
    table = pa.table({"text": [f"Fall {number}" for number in range(5_000)]})
    rows = list(source_of(tmp_path, table, row_group_size=700).rows())
    assert [row.line for row in rows] == list(range(1, 5_001))
    assert isinstance(rows[-1], Ticket)
    assert rows[-1].text == "Fall 4999"


def test_missing_values_say_nothing(tmp_path: Path) -> None:
    table = pa.table(
        {"text": ["x"], "date": pa.array([None], pa.timestamp("us")), "stars": [float("nan")], "x": pa.nulls(1)}
    )
    [ticket] = source_of(tmp_path, table).rows()
    assert isinstance(ticket, Ticket)
    assert (ticket.facts.created_at, ticket.facts.stars, dict(ticket.facts.extra)) == (None, None, {})
