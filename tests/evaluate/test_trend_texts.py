"""Facts about the replay of texts: what counts as told in time, and what surges are made of."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from cxtext.evaluate.trend_replay import Told
from cxtext.evaluate.trend_texts import (
    EXTRA,
    SURGES,
    WITHIN_DAYS,
    Event,
    Row,
    _surges,
    flagged,
    generated,
    injected,
    known_waves,
)

FIRST = date(2021, 6, 28)
WAVE = Event("storm", "drain", FIRST)
ROWS = [Row(f"file:{n}", "Gully verstopft", FIRST + timedelta(n // 3), "drain") for n in range(30)]
GOLD = {row.key: row.category for row in ROWS} | {"file:x": "lamp", "file:y": "lamp"}


def told(days: int, *keys: str, kind: str = "rising") -> Told:
    row: dict[str, Any] = {"kind": kind, "topic_id": "T-0001", "value": ""}
    return Told(FIRST + timedelta(days), row, keys)


def test_a_line_about_the_wave_counts_from_its_first_day() -> None:
    found = flagged(WAVE, [told(1, "file:0", "file:1", "file:x")], ROWS, GOLD)
    assert found == {"in_time": True, "days": 1, "tickets": 6, "kind": "rising", "topic": "T-0001", "share": 0.67}


def test_a_line_about_something_else_or_before_the_wave_does_not_count() -> None:
    others = [told(1, "file:0", "file:x", "file:y"), told(-1, "file:0")]
    assert flagged(WAVE, others, ROWS, GOLD)["days"] is None


def test_late_is_late() -> None:
    found = flagged(WAVE, [told(WITHIN_DAYS + 1, "file:0")], ROWS, GOLD)
    assert (found["in_time"], found["days"]) == (False, WITHIN_DAYS + 1)


def test_surges_are_real_texts_of_another_year() -> None:
    donors = [Row(f"d{c}-{n}", f"text {n}", date(2022, 3, 1), f"c{c}") for c in range(SURGES + 2) for n in range(EXTRA)]
    extra, events = _surges(donors, np.random.default_rng(1))
    assert len(events) == len({event.category for event in events}) == SURGES
    assert len(extra) == SURGES * EXTRA
    for event in events:
        mine = [row for row in extra if row.category == event.category]
        assert min(row.day for row in mine) == event.first
        assert max(row.day for row in mine) < event.first + timedelta(4)
        assert {row.text for row in mine} <= {row.text for row in donors}


def test_missing_data_is_said(tmp_path: Path) -> None:
    assert "is not here" in str(known_waves(tmp_path / "none.parquet"))
    assert "is not here" in str(injected(tmp_path / "none.parquet"))


def test_surges_among_the_demos_own_tickets_are_told_in_time() -> None:
    found = generated()
    assert found["surges"] == 3
    assert found["told_in_time"] >= 2, found  # type: ignore[operator]
    # Seeds 500 to 504 give 3 to 7 lines, the surges' own among them; twenty texts read otherwise move one by two.
    assert found["alarms"] <= 8  # type: ignore[operator]
