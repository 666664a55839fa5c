"""Many new tickets at once: topics come from a sample, the rest is placed in parts, whatever the order of the rows."""

import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cxtext.demo.generate import generate
from cxtext.demo.sample_file import write_jsonl
from cxtext.jobs import topics
from cxtext.jobs.nightly import Order, run_night
from cxtext.settings import Settings
from cxtext.store import open_store, read_tickets, read_topics, runs
from cxtext.store.check import check_store

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
LAST = date(2026, 10, 31)


def places(folder: Path, given: list[Any]) -> tuple[dict[str, str | None], list[str], int]:
    """Topic by ticket, names of the topics, lines of the ledger after one night."""
    folder.mkdir()
    write_jsonl(folder / "tickets.jsonl", given)
    settings = Settings.load(db=f"sqlite:///{folder / 'cxtext.db'}", secret="the same for all", workers=1)
    store = open_store(settings.db)
    run_night(store, settings, Order(sources=[str(folder / "tickets.jsonl")], as_of=LAST), now=lambda: NOW)
    with store.read() as connection:
        shown = runs.current(connection)
        found = {row["id"]: row["topic_id"] for row in read_tickets.tickets(connection, shown)}
        names = [row["topic_id"] for row in read_topics.topics(connection, shown)]
        sizes = {row["topic_id"]: row["size"] for row in read_topics.topics(connection, shown)}
        moves = len(list(read_topics.ledger(connection, shown)))
    assert check_store(store) == []
    store.close()
    leaves = {name for name in found.values() if name}
    assert all(sizes[name] == list(found.values()).count(name) for name in leaves)
    return found, names, moves


def test_a_first_night_in_parts_gives_every_ticket_one_place_whatever_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = list(generate(600, 30, until=LAST))
    monkeypatch.setattr(topics, "AT_ONCE", 250)
    found, names, moves = places(tmp_path / "one", given)
    assert len(found) == 600
    assert sum(name is not None for name in found.values()) > 300
    assert moves == 0  # nobody has seen a ticket anywhere else yet
    random.Random(1).shuffle(given)
    assert places(tmp_path / "other", given) == (found, names, moves)
