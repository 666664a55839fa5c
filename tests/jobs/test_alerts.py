"""The stage that tells people: once per event, never of the past, and never at the cost of the night."""

import socket
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cxtext.jobs.alerts import NEWS, tell, tell_failure
from cxtext.settings import Alert, Settings
from cxtext.store import Store, outbox, runs
from cxtext.store.defect_tables import fix, fix_check
from cxtext.store.signal_tables import signal
from cxtext.store.tables import run as run_table

NIGHT = date(2026, 11, 1)
NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


def clock() -> datetime:
    return NOW


@pytest.fixture
def settings(store: Store) -> Settings:
    """Two channels to a port where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hook = {"kind": "webhook", "url": f"http://127.0.0.1:{port}/", "allow_private": True}
    alerts = {
        "all": hook | {"about": ["new", "rising", "failed", "done"]},
        "logistics": hook | {"departments": ["logistics"]},
    }
    return Settings.load(db=store.url, alerts=alerts)


def a_night(store: Store, **changed: Any) -> runs.Run:
    """A published night with one new signal about all tickets."""
    facts: dict[str, Any] = {
        "id": "S-1", "from_run": 1, "to_run": None, "kind": "new", "topic_id": "", "dimension": "all", "value": "",
        "day": NIGHT, "onset": NIGHT - timedelta(6), "until": None, "window": 7, "count": 41, "expected": 12.0,
        "lower": 6.0, "upper": 19.0, "ratio": 3.0, "ratio_low": 2.0, "ratio_high": 4.0, "evidence_strength": 6.0,
        "chance_share": 0.02, "course": "open", "state": "open", "quiet": "", "language": "de", "why_de": "Viele.",
        "why_en": "Many.", "examples": [],
    }  # fmt: skip
    with store.write() as connection:
        if connection.execute(run_table.select()).first() is None:
            begun = runs.begin(connection, kind="night", now=NOW, as_of=NIGHT)
            runs.publish(connection, begun.id, now=NOW, counts={"new": 3, "quarantined": 0})
        connection.execute(signal.insert().values(**facts | changed))
        return runs.get(connection, 1)


def waiting(store: Store) -> list[tuple[str, str]]:
    with store.read() as connection:
        return sorted((one.channel, one.episode) for one in outbox.messages(connection))


def test_every_event_is_told_once_even_by_a_night_that_is_repeated(store: Store, settings: Settings) -> None:
    run = a_night(store)
    assert tell(store, run, settings, clock)["alerts"] == 2
    assert waiting(store) == [("all", "run:1:done"), ("all", "signal:S-1")]
    assert tell(store, run, settings, clock)["alerts"] == 0


def test_a_receiver_that_is_down_costs_the_night_nothing(store: Store, settings: Settings) -> None:
    counts = tell(store, a_night(store), settings, clock)
    assert (counts["alerts_later"], counts["alerts_sent"]) == (2, 0)


def test_departments_hear_what_concerns_them(store: Store, settings: Settings) -> None:
    tell(store, a_night(store, dimension="department", value="logistics"), settings, clock)
    assert ("logistics", "signal:S-1") in waiting(store)


@pytest.mark.parametrize("changed", [{"quiet": "budget"}, {"kind": "seasonal"}, {"day": NIGHT - NEWS - timedelta(1)}])
def test_what_is_quiet_unwanted_or_old_is_not_told(store: Store, settings: Settings, changed: dict[str, Any]) -> None:
    tell(store, a_night(store, **changed), settings, clock)
    assert waiting(store) == [("all", "run:1:done")]


def test_what_is_muted_is_not_told(store: Store, settings: Settings) -> None:
    run = a_night(store)
    with store.write() as connection:
        outbox.mute(connection, "kind", "new", by="anna", why="", now=NOW)
        outbox.mute(connection, "kind", "done", by="anna", why="", now=NOW)
    tell(store, run, settings, clock)
    assert waiting(store) == []
    with store.write() as connection:
        outbox.unmute(connection, "kind", "new", now=NOW)
    tell(store, run, settings, clock)
    assert waiting(store) == [("all", "signal:S-1")]


def a_relapse(store: Store, **changed: Any) -> runs.Run:
    """A published night on which an issue is back that had been mended seven weeks before."""
    done: dict[str, Any] = {
        "id": "F-0001", "from_run": 1, "to_run": None, "topic_id": "T-0007", "day": NIGHT - timedelta(49),
        "what": "Code korrigiert", "product": "X200", "version": None, "department": "logistics", "by": "anna", "at": NOW,
    }  # fmt: skip
    check: dict[str, Any] = {
        "fix_id": "F-0001", "from_run": 1, "to_run": None, "state": "regressed", "judged_day": NIGHT - timedelta(21),
        "onset": None, "before": 120, "after": 30, "days_before": 30, "days_after": 60, "change": -70.0, "lower": -80.0,
        "upper": -60.0, "placebo": None, "controls": [], "relapsed_on": NIGHT - timedelta(1), "saved": {},
    }  # fmt: skip
    run = a_night(store, kind="seasonal")
    with store.write() as connection:
        connection.execute(fix.insert().values(**done))
        connection.execute(fix_check.insert().values(**check | changed))
    return run


def test_an_issue_that_comes_back_after_its_fix_is_told_once(store: Store, settings: Settings) -> None:
    settings.alerts["english"] = settings.alerts["logistics"].model_copy(update={"language": "en"})
    run = a_relapse(store)
    tell(store, run, settings, clock)
    assert ("logistics", "relapse:F-0001") in waiting(store)
    assert ("all", "relapse:F-0001") not in waiting(store)  # it asked for other kinds
    with store.read() as connection:
        told = {one.channel: one.content for one in outbox.messages(connection) if one.kind == "relapse"}
    assert (told["logistics"]["title"], told["english"]["title"]) == ("Kommt wieder: T-0007", "Back again: T-0007")
    assert told["logistics"]["why"] == (
        "Die Maßnahme vom 13.9.2026 (Code korrigiert) galt als wirksam. Seit dem 31.10.2026 ist das Anliegen wieder da. "
        "Vor der Maßnahme waren es 4 Kunden am Tag, danach 0,5."
    )
    assert "Since 2026-10-31 the issue is back." in told["english"]["why"]
    assert told["english"]["where"] == "Concerns: X200 · logistics"
    assert told["english"]["facts"]["state"] == "regressed"
    before = waiting(store)
    tell(store, run, settings, clock)
    assert waiting(store) == before


@pytest.mark.parametrize("muted", [("topic", "T-0007"), ("kind", "relapse")])
def test_a_relapse_can_be_muted(store: Store, settings: Settings, muted: tuple[str, str]) -> None:
    run = a_relapse(store)
    with store.write() as connection:
        outbox.mute(connection, *muted, by="anna", why="", now=NOW)
    tell(store, run, settings, clock)
    assert waiting(store) == [("all", "run:1:done")]


@pytest.mark.parametrize(
    "changed", [{"state": "resolved", "relapsed_on": None}, {"relapsed_on": NIGHT - NEWS - timedelta(1)}]
)
def test_what_works_or_came_back_long_ago_is_no_news(store: Store, settings: Settings, changed: dict[str, Any]) -> None:
    tell(store, a_relapse(store, **changed), settings, clock)
    assert waiting(store) == [("all", "run:1:done")]


def test_nights_of_the_past_tell_nobody(store: Store, settings: Settings) -> None:
    run = a_night(store)
    assert tell(store, run, settings, lambda: NOW + timedelta(days=30)) == {}
    tell_failure(store, run, settings, lambda: NOW + timedelta(days=30))
    assert waiting(store) == []


def test_a_run_that_failed_is_told(store: Store, settings: Settings) -> None:
    with store.write() as connection:
        begun = runs.begin(connection, kind="night", now=NOW, as_of=NIGHT)
        runs.discard(connection, begun.id, now=NOW, note="SourceError")
        failed = runs.get(connection, begun.id)
    tell_failure(store, failed, settings, clock)
    assert waiting(store) == [("all", "run:1:failed"), ("logistics", "run:1:failed")]
    with store.read() as connection:
        assert "SourceError" in outbox.messages(connection)[0].content["why"]


def test_without_channels_nothing_is_kept(store: Store) -> None:
    assert tell(store, a_night(store), Settings.load(db=store.url), clock) == {}
    assert waiting(store) == []


def test_a_channel_says_what_it_lacks() -> None:
    for wrong in ({"kind": "email"}, {"kind": "webhook"}):
        with pytest.raises(ValueError, match="needs"):
            Alert.model_validate(wrong)
