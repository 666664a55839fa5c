"""What a person says counts more than what cxtext says, at once and for ever."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxtext.errors import ConfigurationError, NotFound
from cxtext.jobs.corrections import correct
from cxtext.jobs.nightly import Order, run_night
from cxtext.settings import Settings
from cxtext.store import Store, read_tickets, read_topics, runs

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(demo_store: Store) -> Settings:
    return Settings.load(db=demo_store.url)


def ticket(store: Store, number: str = "D-00005") -> dict[str, object]:
    with store.read() as connection:
        return read_tickets.ticket(connection, runs.current(connection), "demo", number)


def test_a_correction_is_shown_at_once_and_outlives_the_next_run(
    demo_store: Store, settings: Settings, demo_folder: Path
) -> None:
    wanted = {"sentiment": "positive", "cause": "billing/wrong-invoice", "department": "none"}
    correct(demo_store, settings, "demo:D-00005", wanted, by="anna", now=lambda: NOW)  # type: ignore[arg-type]
    expected = ("positive", "billing/wrong-invoice", None)
    assert tuple(ticket(demo_store)[name] for name in ("sentiment_label", "cause", "department")) == expected
    own = demo_folder / "own" / "lexicons"
    own.mkdir(parents=True)
    (own / "anything.tsv").write_text("# a changed file makes the next run read everything again\n")
    changed = Settings.load(db=demo_store.url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CXTEXT_MODELS", str(demo_folder / "own"))
        outcome = run_night(demo_store, changed, Order(), now=lambda: NOW)
    assert outcome.counts["readings"] == 0
    assert tuple(ticket(demo_store)[name] for name in ("sentiment_label", "cause", "department")) == expected


def test_a_ticket_moved_by_a_person_is_a_line_of_the_ledger(demo_store: Store, settings: Settings) -> None:
    with demo_store.read() as connection:
        topics = read_topics.topics(connection, runs.current(connection))
    groups = {topic["parent_id"] for topic in topics}
    leaves = [topic["topic_id"] for topic in topics if topic["topic_id"] not in groups]
    before = ticket(demo_store)["topic_id"]
    target = next(name for name in leaves if name != before)
    correct(demo_store, settings, "demo:D-00005", {"topic": target}, by="anna", now=lambda: NOW)
    assert ticket(demo_store)["topic_id"] == target
    with demo_store.read() as connection:
        lines = list(read_topics.ledger(connection, runs.current(connection)))
    assert [(line["ticket_id"], line["from_topic"], line["to_topic"], line["actor"]) for line in lines] == [
        ("D-00005", before, target, "anna")
    ]


@pytest.mark.parametrize(
    ("key", "wanted", "error", "words"),
    [
        ("demo:nobody", {"sentiment": "positive"}, NotFound, "no ticket"),
        ("demo:D-00005", {"sentiment": "angry"}, ConfigurationError, "negative, neutral or positive"),
        ("demo:D-00005", {"cause": "nonsense"}, NotFound, "known: billing/"),
        ("demo:D-00005", {"topic": "T-9999"}, NotFound, "no topic"),
        ("demo:D-00005", {}, ConfigurationError, "nothing to put right"),
    ],
)
def test_a_wrong_correction_changes_nothing(
    demo_store: Store, settings: Settings, key: str, wanted: dict[str, str], error: type[Exception], words: str
) -> None:
    before = json.dumps(ticket(demo_store), default=str)
    with pytest.raises(error, match=words):
        correct(demo_store, settings, key, wanted, by="anna", now=lambda: NOW)  # type: ignore[arg-type]
    assert json.dumps(ticket(demo_store), default=str) == before
