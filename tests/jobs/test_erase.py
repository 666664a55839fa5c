"""What is erased is nowhere: no row, no old night, no word, no vector, no byte; and it does not come back."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cxtext.errors import NotFound
from cxtext.jobs.corrections import correct
from cxtext.jobs.erase import erase_customer, erase_old, erase_ticket
from cxtext.jobs.nightly import Order, run_night
from cxtext.jobs.similar import similar_tickets
from cxtext.settings import Settings
from cxtext.store import Store, cases, read_tickets, read_topics, results, runs, search
from cxtext.store import tables as t
from cxtext.store.check import check_store
from cxtext.store.day_tally import _count, _present
from cxtext.store.erase_tables import erasure
from cxtext.store.signal_tables import day_tally, signal
from cxtext.store.tally_tables import tally
from cxtext.topics.memory import Memory

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
MARK = "zwölfzylinderquastenflosser"


def files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every byte beside the database, arrays and memories unpacked."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "tickets.csv":
            yield path, path.read_bytes()


def memory_of(store: Store) -> Memory:
    with store.read() as connection:
        held = connection.scalars(sa.select(t.memory.c.content)).all()
    assert len(held) == 1
    return Memory.from_bytes(held[0])


def chosen(store: Store) -> list[str]:
    """One that a topic quotes, one that a signal shows, and the last one."""
    with store.read() as connection:
        shown = runs.current(connection)
        quoted = [key for topic in read_topics.topics(connection, shown) for key in topic["quotes"][:1]]
        last = list(read_tickets.tickets(connection, shown))[-1]
        example = connection.scalars(sa.select(signal.c.examples).order_by(signal.c.id)).first()
    assert example
    return [quoted[0], example[0], f"{last['source']}:{last['id']}"]


def assert_counted_again(connection: sa.Connection, keys: list[str]) -> None:
    """What stands is what a count of all remaining tickets gives, and no signal shows an erased one."""
    days = [row[0] for row in connection.execute(sa.select(day_tally.c.day).distinct().order_by(day_tally.c.day))]
    topics = {row[0] for row in connection.execute(sa.select(day_tally.c.topic_id).distinct())}
    everything = {day: set(topics) for day in days}
    fresh = _count(connection, everything)
    assert {key: sums for key, (sums, _) in _present(connection, everything).items()} == fresh
    standing = sa.select(tally.c.facet, sa.func.sum(tally.c.count)).where(tally.c.to_run.is_(None))
    tickets = connection.scalar(sa.select(sa.func.count()).where(t.version.c.to_run.is_(None)))
    for facet, count in connection.execute(standing.group_by(tally.c.facet)):
        assert count == tickets, facet
    shown = [key for row in connection.execute(sa.select(signal.c.examples)) for key in row.examples]
    assert shown
    assert not set(shown) & set(keys)


def test_nothing_of_an_erased_ticket_is_left(demo_store: Store, demo_folder: Path) -> None:
    settings = Settings.load(db=demo_store.url)
    keys = chosen(demo_store)
    correct(demo_store, settings, keys[0], {"sentiment": "positive"}, by="anna", now=lambda: NOW)
    similar_tickets(demo_store, settings, "Das Paket ist nicht da")
    with demo_store.read() as connection:
        shown = runs.current(connection)
        texts = [row["text"] for row in read_tickets.texts(connection, shown, keys).values()]
        others = [row["text"] for row in read_tickets.tickets(connection, shown) if row["text"] not in texts]
    assert len(texts) == 3
    lines = [line for text in texts for line in re.findall(r"[^\n]{40}", text)[:2]]
    lines = [line for line in lines if not any(line in other for other in others)]
    for key in keys:
        receipt = erase_ticket(demo_store, settings, key, by="anna", now=lambda: NOW)
        assert receipt.tickets == 1
        assert receipt.rows["version"] >= 1
        assert key.split(":")[1] not in json.dumps(receipt.as_dict())
    assert erase_ticket(demo_store, settings, keys[0], by="anna", now=lambda: NOW).tickets == 0  # once more: only wiped
    assert check_store(demo_store) == []
    memory = memory_of(demo_store)
    assert not {member.key for member in memory.members} & set(keys)
    assert not [one for one in memory.known if set(one.topic.quotes) & set(keys)]
    if demo_store.file is not None:
        words = [*lines, *(f"{key.split(':')[1]}" for key in keys)]
        assert [
            (path.name, word) for path, content in files(demo_folder) for word in words if word.encode() in content
        ] == []
    with demo_store.read() as connection:
        shown = runs.current(connection)
        for run_id in range(1, shown + 1):
            assert not read_tickets.texts(connection, run_id, keys)
            assert not [row for row in read_topics.topics(connection, run_id) if set(row["quotes"]) & set(keys)]
        assert connection.scalar(sa.select(sa.func.count()).select_from(erasure)) == 4
        assert read_tickets.totals(connection, shown)["tickets"] == 1997
        assert sum(row["size"] for row in read_tickets.grouped(connection, shown, "cause")) == 1997
        assert_counted_again(connection, keys)
    with pytest.raises(NotFound, match="no ticket 'file:nobody'"):
        erase_ticket(demo_store, settings, "file:nobody", by="anna", now=lambda: NOW)


def test_a_customer_is_erased_and_the_source_does_not_bring_the_tickets_back(store: Store, tmp_path: Path) -> None:
    settings = Settings.load(db=store.url)
    rows = [
        {
            "id": f"K-{n}",
            "text": f"Das Paket {n} kam nie an, {MARK if n < 3 else 'leider'}.",
            "customer_id": f"C{n // 3}",
        }
        | {"created_at": f"2026-10-{n + 1:02}T08:00:00Z"}
        for n in range(12)
    ]
    rows.append({"id": "bad", "customer_id": "C0", "text": ""})
    path = tmp_path / "given.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    run_night(store, settings, Order(sources=[str(path)]), now=lambda: NOW)
    with store.read() as connection:
        assert len(search.search_tickets(connection, 1, MARK)) == 3
    receipt = erase_customer(store, settings, "C0", by="anna", now=lambda: NOW)
    assert (receipt.tickets, receipt.what) == (3, "customer")
    again = run_night(store, settings, Order(sources=[str(path)]), now=lambda: NOW + timedelta(1))
    assert (again.counts["new"], again.counts["unchanged"]) == (0, 12)
    with store.read() as connection:
        assert search.search_tickets(connection, 1, MARK) == []
        assert [row["id"] for row in read_tickets.tickets(connection, again.run_id)] == sorted(
            f"K-{n}" for n in range(3, 12)
        )
        assert not [row for row in read_topics.topics(connection, again.run_id) if MARK in str(row).lower()]
    assert MARK not in str(memory_of(store)).lower()
    with pytest.raises(NotFound, match="no ticket of that customer"):
        erase_customer(store, settings, "C0", by="anna", now=lambda: NOW)
    kept = Settings.load(db=store.url, privacy={"keep_days": 30})
    with store.read() as connection:
        night = runs.get(connection, again.run_id)
    assert erase_old(store, night, kept, lambda: NOW) == {"erased": 8}  # one is too old, seven would be within a week
    assert erase_old(store, night, kept, lambda: NOW) == {}
    with store.read() as connection:
        assert cases.number_of(connection, ["file:K-3", "file:K-11"]).keys() == {"file:K-11"}
        assert results.newest_memory(connection) is not None
