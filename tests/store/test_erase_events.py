"""Signals beside the topics are called by words of tickets: words that only erased tickets held must go."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from cxtext.store import Store, erase, runs
from cxtext.store.signal_tables import signal

DAY = date(2026, 11, 1)


def test_an_event_loses_the_words_of_erased_tickets_alone(store: Store) -> None:
    plain: dict[str, Any] = {
        "from_run": 1, "to_run": None, "kind": "spike", "topic_id": "", "day": DAY, "onset": DAY, "until": None,
        "window": 2, "count": 5, "expected": 0.1, "lower": 0.0, "upper": 1.0, "ratio": 9.0, "ratio_low": 5.0,
        "ratio_high": 12.0, "evidence_strength": 7.0, "chance_share": 0.1, "course": "open", "state": "open", "quiet": "",
        "language": "de", "why_de": "Quastenflosser kommt.", "why_en": "Quastenflosser comes.", "examples": [],
    }  # fmt: skip
    kept = {
        "S-1": ("alike", "Quastenflosser"),
        "S-2": ("alike", "Gulli verstopft"),
        "S-3": ("product", "Quastenflosser"),
    }
    with store.write() as connection:
        runs.begin(connection, kind="night", now=datetime(2026, 11, 2, tzinfo=UTC), as_of=DAY)
        for name, (dimension, value) in kept.items():
            connection.execute(signal.insert().values(**plain, id=name, dimension=dimension, value=value))
        gone = erase.Gone(frozenset(), (), frozenset({"quastenflosser"}))
        assert erase.scrub(connection, gone, str.lower)["signal"] == 1
        left = {row.id: (row.value, row.why_de) for row in connection.execute(sa.select(signal).order_by(signal.c.id))}
    assert left["S-1"] == ("", "")
    assert left["S-2"][0] == "Gulli verstopft"
    assert left["S-3"] == ("Quastenflosser", "Quastenflosser kommt.")
