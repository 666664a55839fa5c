"""What every online source promises: all pages once, resumption, patience, deletions, right letters and times.

One contract for all fifteen kinds: web services against fakes that serve what their documentation describes, Dovecot as it
is, a database, a folder and a dlt resource filled from the same desk. What only a web service can do (ask to wait, stumble,
refuse, loop) is asked of those alone.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from cxtext.connectors import http as http_module
from cxtext.connectors.services import SERVICES, service_of
from cxtext.connectors.shapes import FEW
from cxtext.errors import ConfigurationError, CxtextError, SourceError
from cxtext.jobs import visits
from cxtext.jobs.sharing import Crew
from cxtext.settings import Settings
from cxtext.store import Store, read_answers, sources
from tests.connectors.fakes import helpdesks, places
from tests.connectors.fakes.desk import Desk, Reply, desk_of, serving
from tests.connectors.fakes.kinds import GOOGLE, OTHERS, WEB, Kind
from tests.connectors.reader import NOW, Reader
from tests.connectors.servers import dovecot

pytestmark = pytest.mark.network
COUNT = 250


over_the_web = pytest.mark.parametrize("kind", WEB, ids=lambda kind: kind.name, indirect=True)


@pytest.fixture(params=(*WEB, *OTHERS), ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    if found.name == "dlt":
        pytest.importorskip("dlt", reason="pip install 'cxtext[dlt]'")
    if found.name == "imap":
        request.getfixturevalue("imap_port")  # before any fixture takes the time out of waiting
    return found


@pytest.fixture
def desk(kind: Kind, socket_enabled) -> Iterator[Desk]:
    filled = desk_of(COUNT)
    with serving(filled, kind.fake) if kind.fake else nullcontext():
        yield filled


@pytest.fixture(scope="module")
def imap_port() -> Iterator[int]:
    if reason := dovecot.missing():
        assert "CI" not in os.environ, reason
        pytest.skip(reason)
    import pytest_socket

    pytest_socket.enable_socket()
    with tempfile.TemporaryDirectory() as folder, dovecot.running(Path(folder)) as port:
        yield port


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, without waiting."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


def _settings(kind: Kind, desk: Desk) -> Settings:
    if kind.fake is None:
        return Settings(sources={"desk": {"kind": kind.name}})
    options = {"kind": kind.name, "url": desk.base, "allow_private": "yes"} | kind.options
    if kind.secret:
        options[kind.secret] = desk.password
    if kind.name == "google_play":
        options["key"] = json.dumps(GOOGLE).replace("{base}", desk.base)
    return Settings(sources={"desk": options})


@pytest.fixture
def reader(
    kind: Kind,
    desk: Desk,
    store: Store,
    hands: Crew,
    waits: list[float],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Reader:
    made = Reader(store, hands, _settings(kind, desk))
    options = made.settings.sources["desk"]
    if kind.place is not None:
        monkeypatch.setattr(f"cxtext.connectors.{kind.name}.AT_ONCE", 100)  # so that a visit has several pages
        fill = kind.place
        made.before = lambda: options.update(fill(desk, tmp_path))
    elif kind.name == "imap":
        port = request.getfixturevalue("imap_port")
        made.before = lambda: options.update(places.mailbox(desk, port, tmp_path.name))
    return made


def _texts(desk: Desk) -> set[str]:
    return {f"Nummer {entry.number} " for entry in desk.alive()}


def _numbers(reader: Reader) -> list[int]:
    found = [int(case.text.split("Nummer ")[1].split(" ")[0]) for case in reader.kept() if "Nummer " in case.text]
    return sorted(found)


def test_all_pages_come_once_with_right_letters_and_times(kind, desk, reader):
    reader.read()
    assert _numbers(reader) == list(range(1, COUNT + 1))
    first = next(case for case in reader.kept() if "Nummer 1 " in case.text)
    assert "prüfen" in first.text
    assert "😡" in first.text
    assert "Größe: 5 €" in first.text
    assert first.source == "desk"
    assert first.facts.created_at.astimezone(UTC) == desk.entries[0].created
    assert "Erika" not in first.text + repr(first.facts)
    assert "erika@example.org" not in repr(first)


def test_rows_in_the_wrong_order_and_twice_are_still_each_there_once(desk, reader):
    desk.shuffle = True
    reader.read()
    assert _numbers(reader) == list(range(1, COUNT + 1))


def test_a_broken_visit_goes_on_where_it_stopped(kind, desk, reader):
    with pytest.raises(KeyboardInterrupt):
        reader.read(fail_after=2)
    kept = len(_numbers(reader))
    assert 0 < kept < COUNT
    before = len(desk.asked)
    got = reader.read()
    assert _numbers(reader) == list(range(1, COUNT + 1))
    if kind.resumes:
        assert got.read <= COUNT - kept + 100  # a page, or the day that Jira must read again
        single = [asked for asked in desk.asked[before:] if _of_one_ticket(asked.path)]
        assert len(single) <= 4 * (COUNT - kept + FEW)


def test_a_second_visit_asks_only_for_what_changed(kind, desk, reader):
    reader.read()
    before = len(desk.asked)
    reader.now += timedelta(days=1)
    got = reader.read()
    assert (got.new, got.changed) == (0, 0)
    if not kind.changes:
        return
    assert got.read < COUNT
    single = [asked for asked in desk.asked[before:] if _of_one_ticket(asked.path)]
    assert len(desk.asked) - before - len(single) <= kind.at_rest + 2  # groups, ratings
    assert not single

    entry = desk.entries[40]
    desk.change(entry.number, text=entry.text + " Nachtrag: es eilt.", updated=desk.newest + timedelta(hours=3))
    reader.now += timedelta(days=1)
    got = reader.read()
    assert got.new == 0
    if kind.edits:
        assert got.changed == 1
        assert sum("Nachtrag" in case.text for case in reader.kept()) == 1
    assert len(_numbers(reader)) == COUNT


def _of_one_ticket(path: str) -> bool:
    return (
        any(part in path for part in ("/by_ticket/", "/history", "/attachments", "/conversations/"))
        and "search" not in path
    )


def test_deleted_tickets_go(kind, desk, reader):
    if kind.deletes == "never":
        pytest.skip("this source does not say what was deleted")
    reader.read()
    for number in (3, 77, 200):
        desk.change(number, deleted=True, updated=desk.newest + timedelta(minutes=1))
    reader.now += timedelta(days=8 if kind.deletes == "weekly" else 1)
    got = reader.read()
    assert got.removed == 3
    assert _numbers(reader) == sorted(set(range(1, COUNT + 1)) - {3, 77, 200})
    with reader.store.read() as connection:  # the night before still knows them
        assert len(sources.known_ids(connection, "desk", reader.run_id - 1)) == COUNT + (kind.name == "freshdesk")


@over_the_web
def test_a_server_that_asks_to_wait_is_given_its_time(desk, reader, waits):
    desk.faults = [
        Reply(status=429, headers={"Retry-After": "7"}),
        None,
        Reply(status=429, headers={"Retry-After": "11"}),
    ]
    reader.read()
    assert _numbers(reader) == list(range(1, COUNT + 1))
    assert 7.0 in waits
    assert 11.0 in waits


@over_the_web
def test_a_stumbling_server_is_asked_again(desk, reader, waits):
    desk.faults = [Reply(status=500), Reply(raw=b'{"tickets": [{"id"'), None, Reply(status=503), Reply(raw=b"\xff\xfe")]
    reader.read()
    assert _numbers(reader) == list(range(1, COUNT + 1))
    assert waits == sorted(waits[:2]) + waits[2:]


@over_the_web
def test_a_server_that_stays_broken_is_left_for_the_next_night(desk, reader):
    desk.faults = [Reply(status=502)] * http_module.TRIES
    with pytest.raises(SourceError, match="the next run tries again") as told:
        reader.read()
    assert not told.value.permanent


@over_the_web
def test_a_refusal_is_said_plainly_and_without_the_secret(kind, desk, reader):
    desk.password = "ein-anderes-Geheimnis"
    if kind.name == "app_store":
        desk.faults = [Reply({"errors": []}, status=401)]
    if kind.name == "google_play":
        desk.faults = [Reply({"error": "invalid_grant"}, status=401)]
    with pytest.raises(SourceError, match="does not accept the key or password") as told:
        reader.read()
    assert told.value.permanent
    assert "geheim-4711" not in str(told.value)


@over_the_web
def test_requests_of_a_day_that_are_used_up_are_no_refusal(kind, desk, reader):
    """Salesforce answers 403 to it, with a code; of the text nothing else is told."""
    told = [{"message": "TotalRequests Limit exceeded for Erika", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]
    desk.faults = [Reply(told, status=403)]
    with pytest.raises(SourceError, match="requests of today are used up; the next run tries again") as error:
        reader.read()
    assert not error.value.permanent
    desk.faults = [Reply([{"message": "No such column Erika", "errorCode": "INVALID_FIELD"}], status=400)]
    with pytest.raises(SourceError, match="status 400 INVALID_FIELD: the server does not understand") as error:
        reader.read()
    assert error.value.permanent
    assert "Erika" not in str(error.value)


@over_the_web
def test_a_cursor_that_loops_ends_the_visit_and_keeps_what_came(kind, desk, reader):
    if not kind.loops:
        pytest.skip("this source has no cursor")
    desk.loop = True
    with pytest.raises(SourceError, match="the same cursor twice"):
        reader.read()
    desk.loop = False
    reader.read()
    assert _numbers(reader) == list(range(1, COUNT + 1))


def test_the_connection_can_be_tested_and_shows_ten_rows(desk, reader):
    reader.before()
    tried = visits.try_source("desk", reader.settings, now=lambda: NOW)
    assert tried.said
    assert len(tried.rows) == 10
    assert "prüfen" in tried.rows[0]["text"]
    assert "Erika" not in repr(tried)
    assert "10,000 tickets take about" in tried.estimate
    assert not desk.faults


@over_the_web
def test_a_server_of_the_own_network_needs_a_word_in_the_configuration(desk, reader):
    reader.settings.sources["desk"].pop("allow_private")
    with pytest.raises(CxtextError, match="allow_private"):
        reader.read()


def test_what_is_written_beside_a_rating_stands_with_its_ticket(kind, desk, reader):
    if not kind.comments:
        pytest.skip("this source has no comments beside ratings")
    reader.read()
    with reader.store.read() as connection:
        found = list(read_answers.answers(connection, reader.run_id))
    assert found
    assert all(one.known and one.comment.startswith("danke") and one.csat for one in found)
    assert "Erika" not in repr(found)
    assert "Beispiel" not in repr(found)


@pytest.mark.parametrize(
    "kind",
    [
        Kind("zendesk", helpdesks.zendesk, {"user": "reader@example.com", "comments": "customer"}),
        Kind("freshdesk", helpdesks.freshdesk, {"comments": "customer"}, secret="key"),
    ],
    ids=lambda kind: kind.name,
    indirect=True,
)
def test_what_customers_wrote_later_costs_one_request_each_and_a_kill_few_of_them(kind, desk, reader):
    def asked() -> int:
        return sum("/comments.json" in one.path or one.path.endswith("/conversations") for one in desk.asked)

    with pytest.raises(KeyboardInterrupt):
        reader.read(fail_after=8)
    assert 0 < len(_numbers(reader)) < COUNT
    reader.read()
    assert _numbers(reader) == list(range(1, COUNT + 1))
    assert asked() <= COUNT + 100  # a page is asked for again at most
    texts = [case.text for case in reader.kept() if "Nummer" in case.text]
    assert all("Noch immer kaputt." in text for text in texts)
    assert "nervt" not in repr(reader.kept())
    assert "intern" not in repr(reader.kept())
    before = asked()
    reader.now += timedelta(days=1)
    reader.read()
    assert asked() <= before + 2  # those of the hour that is read again


def test_every_kind_is_under_this_contract():
    assert {kind.name for kind in (*WEB, *OTHERS)} == set(SERVICES)


@pytest.mark.parametrize("name", [kind for kind in SERVICES if kind not in ("folder", "dlt", "sql", "imap")])
def test_what_is_missing_is_named(name):
    with pytest.raises(ConfigurationError, match=r"\[sources\.desk\] .* knows no 'unbekannt'"):
        service_of("desk", {"kind": name, "unbekannt": "1"})
    account, service = service_of("desk", {"kind": name})
    visit = visits._visit(account, visits.client_for(account), cursor={}, now=lambda: NOW)
    with pytest.raises(ConfigurationError, match=r"\[sources\.desk\] needs"):
        service.check()(visit)
