"""A night names the version that is defective, with its words, and keeps what it said."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from cxtext.jobs.defects import look_for_defects
from cxtext.jobs.nightly import Order, run_night
from cxtext.settings import Settings
from cxtext.store import Store, read_defects, runs

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
USUAL = (
    "Das Paket kam drei Tage zu spät.",
    "Die Rechnung ist falsch.",
    "Das Display ist dunkel.",
    "Wo ist mein Konto?",
)
DEFECT = "Seit dem Update vibriert die Uhr ohne Pause."


def tickets(folder: Path) -> str:
    draw = Random(4)
    lines = ["id,created_at,text,product,version,customer_id"]
    number = 0
    for version, share, first in (("1.0", 0.0, 60), ("1.1", 0.02, 40), ("2.0", 0.4, 14)):
        for _ in range(90):
            number += 1
            day = date(2026, 10, 31) - timedelta(draw.randrange(first))
            text = f"{DEFECT if draw.random() < share else draw.choice(USUAL)} ({number})"
            lines.append(f'{number},{day},"{text}",Uhr,{version},k{number}')
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def told(store: Store, tmp_path: Path) -> tuple[Store, int]:
    settings = Settings.load(db=store.url)
    outcome = run_night(store, settings, Order(sources=[tickets(tmp_path)], as_of=date(2026, 10, 31)), now=lambda: NOW)
    return store, outcome.run_id


def test_the_version_is_named_with_its_words_and_its_voices(told: tuple[Store, int]) -> None:
    store, run_id = told
    with store.read() as connection:
        rows = read_defects.defects(connection, run_id, state="signal")
    assert {(row.product, row.version) for row in rows} == {("Uhr", "2.0")}
    words = {word for row in rows for word in row.words}
    assert {"vibrieren", "update"} & {part for word in words for part in word.split()}
    assert all(row.low >= 1.5 and row.low <= row.ratio <= row.high and row.count >= 5 for row in rows)
    assert all(row.quotes and len(set(row.quotes)) == len(row.quotes) <= 10 for row in rows)


def test_doing_the_stage_again_changes_nothing(told: tuple[Store, int]) -> None:
    store, run_id = told
    with store.read() as connection:
        run, before = runs.get(connection, run_id), read_defects.defects(connection, run_id)
    look_for_defects(store, run, Settings.load(db=store.url), lambda: NOW)
    with store.read() as connection:
        assert read_defects.defects(connection, run_id) == before


def test_what_is_over_leaves_the_table_and_stays_in_the_past(told: tuple[Store, int]) -> None:
    store, run_id = told
    later = Order(as_of=date(2026, 12, 31))
    outcome = run_night(store, Settings.load(db=store.url), later, now=lambda: NOW + timedelta(61))
    with store.read() as connection:
        assert read_defects.defects(connection, outcome.run_id) == []
        assert read_defects.defects(connection, run_id)
