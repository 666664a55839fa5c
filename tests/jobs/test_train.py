"""Learning on site: measured, never a step back, applied by the next run."""

from datetime import UTC, datetime, timedelta

import pytest

from cxtext.assemble import artefact_folder
from cxtext.causes.artefact import load_model
from cxtext.errors import ConfigurationError, ModelError
from cxtext.jobs.nightly import Order, run_night
from cxtext.jobs.train import History, history_from, history_of, train
from cxtext.settings import Settings
from cxtext.store import Store, read_tickets, runs

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
OWN = {
    "Stadtwerke": (
        "Die Laterne in der Gasse {} ist dunkel.",
        "Straßenlampe {} flackert seit Tagen, bitte Birne tauschen.",
    ),
    "Bauhof": ("Der Müll am Platz {} wird nicht geleert.", "Schlagloch in der Straße {} wird immer tiefer."),
}


@pytest.fixture
def settings(demo_store: Store) -> Settings:
    return Settings.load(db=demo_store.url)


def own_history() -> History:
    rows = [
        (text.format(number), "de", label, NOW + timedelta(days=number), 1.0)
        for number in range(60)
        for label, texts in OWN.items()
        for text in texts
    ]
    return History(*zip(*rows, strict=True))


def test_own_departments_are_learned_and_applied_by_the_next_run(demo_store: Store, settings: Settings) -> None:
    card = train(demo_store, settings, "departments", history=own_history())
    assert card["split"] == "time"
    assert card["measured"]["accuracy"]["value"] > 0.9
    run_night(demo_store, settings, Order(), now=lambda: NOW)
    with demo_store.read() as connection:
        rows = list(read_tickets.tickets(connection, runs.current(connection)))
    assert {row["department"] for row in rows} <= {"Stadtwerke", "Bauhof", None}


def test_a_worse_model_replaces_nothing(demo_store: Store, settings: Settings) -> None:
    train(demo_store, settings, "departments", history=own_history())
    before = {path: path.read_bytes() for path in (artefact_folder(demo_store.file) / "departments").iterdir()}
    given = own_history()
    shuffled = History(given.texts, given.languages, given.labels[1:] + given.labels[:1], given.dates, given.weights)
    noise = History(
        shuffled.texts,
        shuffled.languages,
        tuple(list(OWN)[hash_bit(text, number)] for number, text in enumerate(given.texts)),
        given.dates,
        given.weights,
    )
    with pytest.raises(ModelError, match="nothing was replaced"):
        train(demo_store, settings, "departments", history=noise)
    assert {path: path.read_bytes() for path in before} == before


def hash_bit(text: str, number: int) -> int:
    import hashlib

    return hashlib.sha256(f"{text}{number}".encode()).digest()[0] % 2


def test_sentiment_learns_words_that_no_lexicon_knows(demo_store: Store, settings: Settings) -> None:
    moods = {
        "positive": "Der Monteur war flurpig",
        "negative": "Der Monteur war grumzig",
        "neutral": "Der Monteur war da",
    }
    rows = [
        (f"{text}, Termin {number} in der Gasse", "de", label, NOW + timedelta(days=number), 1.0)
        for number in range(40)
        for label, text in moods.items()
    ]
    card = train(demo_store, settings, "sentiment", history=History(*zip(*rows, strict=True)))
    assert card["macro_f1"]["new"] > 0.9 > card["macro_f1"]["present"]
    assert run_night(demo_store, settings, Order(), now=lambda: NOW).counts["readings"] > 0


def test_ratings_are_labels_where_nobody_said_otherwise(demo_store: Store) -> None:
    given = history_of(demo_store, "sentiment")
    assert len(given.texts) > 300
    assert set(given.labels) == {"negative", "neutral", "positive"}
    assert set(given.weights) == {0.3}


def test_too_little_history_says_so(store: Store) -> None:
    settings = Settings.load(db=store.url)
    with pytest.raises(ModelError, match="nobody has labelled a ticket yet"):
        train(store, settings, "causes")
    few = History(("gut",) * 5, ("de",) * 5, ("positive",) * 5, (None,) * 5, (1.0,) * 5)
    with pytest.raises(ModelError, match="5 labelled texts; 60 are the least"):
        train(store, settings, "sentiment", history=few)
    odd = History(("gut",) * 5, ("de",) * 5, ("lovely",) * 5, (None,) * 5, (1.0,) * 5)
    with pytest.raises(ConfigurationError, match="not negative, neutral or positive"):
        train(store, settings, "sentiment", history=odd)


def test_columns_known_at_arrival_are_learned_too(demo_store: Store, settings: Settings) -> None:
    rows = [(f"Bitte kümmern ({number}).", f"{'Nord' if number % 3 else 'Süd'}") for number in range(90)]
    history = history_from({
        "texts": [text for text, _ in rows],
        "languages": ["de"] * len(rows),
        "gold": ["Nordamt" if place == "Nord" else "Südamt" for _, place in rows],
        "dates": [NOW + timedelta(days=number) for number in range(len(rows))],
        "facts": [{"district": place} for _, place in rows],
    })  # fmt: skip
    assert train(demo_store, settings, "departments", history=history)["measured"]["accuracy"]["value"] == 1.0
    model, _ = load_model(artefact_folder(demo_store.file) / "departments")
    assert model.features.fact_fields == ("district",)
