"""Messages reach a real mail server and a real receiver, once per episode, whatever dies in between."""

import base64
import hashlib
import hmac
import http.server
import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from functools import partial
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from cxtext.alerts.deliver import WAITS, deliver
from cxtext.alerts.message import Language, of_relapse, of_run, of_signal, of_test
from cxtext.jobs.alerts import message_id_of
from cxtext.settings import Alert
from cxtext.store import Store, outbox
from cxtext.store.read_fixes import FixRow
from cxtext.store.read_signals import Signal
from cxtext.store.runs import Run

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret, as long as the one").decode()
pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


def a_signal(**changed: Any) -> Signal:
    facts: dict[str, Any] = {
        "signal_id": "S-1", "kind": "new", "topic_id": "T-0007", "label": "Paket & <b>Zoll</b>\nBcc: x@evil.example",
        "slice_": ("product", "X200"), "day": date(2026, 11, 21), "onset": date(2026, 11, 15), "until": None,
        "window": 7, "count": 41, "expected": 12.3, "lower": 6.0, "upper": 19.0, "ratio": 3.3, "ratio_low": 2.4,
        "ratio_high": 4.4, "evidence_strength": 6.1, "chance_share": 0.02, "course": "open", "state": "open",
        "quiet": "", "language": "de", "why_de": "Dreimal so viele wie sonst.", "why_en": "Three times as many as usual.",
        "examples": (), "per_thousand": None, "per_thousand_units": None,
    }  # fmt: skip
    return Signal(**facts | changed)


class Post:
    """A mail server that keeps what it gets, or says no."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 – its name
        if self.answer.startswith("250"):
            self.mails.append(envelope.content)
        return self.answer


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = Post()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, port
    controller.stop()


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what is posted; answers with the statuses it was given, then 204."""

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.got.append((dict(self.headers), body))
        status = server.statuses.pop(0) if server.statuses else 204
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        if status == 429:
            self.send_header("Retry-After", "3600")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def receiver() -> Iterator[Any]:
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.statuses = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def hook(server: Any, **more: Any) -> Alert:
    url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    return Alert(kind="webhook", url=url, allow_private=True, secrets=[SecretStr(SECRET)], **more)


def put(store: Store, channel: str, signal: Signal | None = None) -> bool:
    content = of_signal(signal or a_signal(), 1, "de", NOW).content()
    with store.write() as connection:
        return outbox.put(connection, channel, content, message_id_of(channel, content["episode"]), now=NOW)


def states(store: Store) -> list[tuple[str, int]]:
    with store.read() as connection:
        return [(one.state, one.attempts) for one in outbox.messages(connection)]


def test_an_e_mail_has_both_bodies_and_no_header_of_others(store: Store, post: tuple[Post, int]) -> None:
    alert = Alert(kind="email", to=["qm@example.org"], sender="cxtext@example.org", host="127.0.0.1", port=post[1],
                  security="none", pages="https://tickets.example")  # fmt: skip
    assert put(store, "team")
    assert deliver(store, {"team": alert}, now=lambda: NOW)["alerts_sent"] == 1
    mail = message_from_bytes(post[0].mails[0], policy=policy.default)
    assert mail["Subject"] == "cxtext: Neu: Paket & <b>Zoll</b> Bcc: x@evil.example"
    assert mail["Bcc"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = (part.get_content() for part in mail.iter_parts())  # type: ignore[attr-defined]
    for said in (
        "Dreimal so viele wie sonst.",
        "41 Kunden in 7 Tagen seit 15.11.2026, erwartet 12 (6 bis 19).",
        "2 Zufall",
        "X200",
    ):
        assert said in text
        assert said in html
    assert "<b>Zoll</b>" not in html
    assert "https://tickets.example/issues/T-0007" in html
    assert deliver(store, {"team": alert}, now=lambda: NOW)["alerts_sent"] == 0
    assert len(post[0].mails) == 1


def test_a_webhook_is_signed_with_every_secret(store: Store, receiver: Any) -> None:
    alert = hook(receiver)
    alert.secrets.append(SecretStr(OTHER))
    assert put(store, "bot")
    assert deliver(store, {"bot": alert}, now=lambda: NOW)["alerts_sent"] == 1
    headers, body = receiver.got[0]
    told = json.loads(body)
    assert told["type"] == "cxtext.new"
    assert told["data"]["facts"]["count"] == 41
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = [
        "v1," + base64.b64encode(hmac.new(base64.b64decode(secret[6:]), signed, hashlib.sha256).digest()).decode()
        for secret in (SECRET, OTHER)
    ]
    assert headers["webhook-signature"].split() == expected
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_a_relapse_reaches_people_and_programs(store: Store, post: tuple[Post, int], receiver: Any) -> None:
    plain = dict.fromkeys(FixRow.__slots__)
    fix = FixRow(**plain | {
        "id": "F-0003", "topic_id": "T-0007", "label": "Paket & Zoll", "day": date(2026, 9, 13), "what": "Code korrigiert",
        "state": "regressed", "before": 120, "days_before": 30, "after": 30, "days_after": 60,
        "relapsed_on": date(2026, 11, 20),
    })  # type: ignore[arg-type]  # fmt: skip
    mailed = Alert(kind="email", to=["qm@example.org"], sender="cxtext@example.org", host="127.0.0.1", port=post[1],
                   security="none")  # fmt: skip
    content = of_relapse(fix, 1, "de", NOW).content()
    with store.write() as connection:
        for channel in ("bot", "team"):
            outbox.put(connection, channel, content, message_id_of(channel, content["episode"]), now=NOW)
    assert deliver(store, {"team": mailed, "bot": hook(receiver)}, now=lambda: NOW)["alerts_sent"] == 2
    mail = message_from_bytes(post[0].mails[0], policy=policy.default)
    assert mail["Subject"] == "cxtext: Kommt wieder: Paket & Zoll"
    assert "Seit dem 20.11.2026 ist das Anliegen wieder da." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr,attr-defined]
    told = json.loads(receiver.got[0][1])
    assert (told["type"], told["data"]["facts"]["relapsed_on"]) == ("cxtext.relapse", "2026-11-20")


def test_an_event_beside_the_topics_is_called_by_its_words() -> None:
    beside = a_signal(kind="spike", topic_id=None, label=None, slice_=("alike", "Gulli verstopft"))
    told = of_signal(beside, 1, "de", NOW)
    assert (told.title, told.where) == ("Sprunghaft mehr: Anliegen um „Gulli verstopft“", "")


@pytest.mark.parametrize("form", ["slack", "teams"])
def test_chat_programs_get_what_they_understand(store: Store, receiver: Any, form: str) -> None:
    assert put(store, "chat")
    deliver(store, {"chat": hook(receiver, form=form, pages="https://t.example")}, now=lambda: NOW)
    body = receiver.got[0][1].decode()
    told = json.loads(body)
    assert "text" in told if form == "slack" else told["attachments"][0]["content"]["type"] == "AdaptiveCard"
    assert "<b>" not in body


def test_one_message_per_episode_and_channel(store: Store) -> None:
    assert put(store, "a")
    assert not put(store, "a")
    assert put(store, "b")
    assert put(store, "a", a_signal(signal_id="S-2"))


def test_what_fails_is_tried_later_and_later_and_then_given_up(store: Store, receiver: Any) -> None:
    receiver.statuses = [500] * 50
    put(store, "bot")
    at, waits = NOW, []
    for _ in range(len(WAITS) + 1):
        deliver(store, {"bot": hook(receiver)}, now=partial(lambda moment: moment, at))
        with store.read() as connection:
            one = outbox.messages(connection)[0]
        waits.append(one.next_at - at)
        assert deliver(store, {"bot": hook(receiver)}, now=partial(lambda moment: moment, at))["alerts_sent"] == 0
        at = one.next_at
    assert one.state == "dead"
    assert "answered 500" in one.problem
    assert all(WAITS[i] <= waits[i] <= WAITS[i] * 1.1 for i in range(len(WAITS)))
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    with store.write() as connection:
        assert outbox.again(connection, one.id, now=at) == 1
    receiver.statuses = []
    assert deliver(store, {"bot": hook(receiver)}, now=lambda: at)["alerts_sent"] == 1


def test_gone_is_gone_and_slow_down_is_heard(store: Store, receiver: Any) -> None:
    receiver.statuses = [410]
    put(store, "bot")
    deliver(store, {"bot": hook(receiver)}, now=lambda: NOW)
    assert states(store) == [("dead", 1)]
    receiver.statuses = [429]
    put(store, "bot", a_signal(signal_id="S-2"))
    deliver(store, {"bot": hook(receiver)}, now=lambda: NOW)
    with store.read() as connection:
        assert outbox.messages(connection)[0].next_at == NOW + timedelta(hours=1)


def test_redirects_are_not_followed(store: Store, receiver: Any) -> None:
    receiver.statuses = [302]
    put(store, "bot")
    deliver(store, {"bot": hook(receiver)}, now=lambda: NOW)
    assert states(store) == [("waiting", 1)]
    assert len(receiver.got) == 1


def test_a_receiver_that_drips_is_given_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from cxtext.alerts import webhook

    monkeypatch.setattr(webhook, "IN_ALL", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                for sign in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000:
                    if done.wait(0.05):
                        return
                    connection.send(bytes([sign]))

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        put(store, "bot")
        deliver(store, {"bot": Alert(kind="webhook", url=url, allow_private=True)}, now=lambda: NOW)
        done.set()
        thread.join()
    assert states(store) == [("waiting", 1)]


def test_a_process_that_died_while_sending_never_mails_twice(
    store: Store, post: tuple[Post, int], receiver: Any
) -> None:
    mail = Alert(kind="email", to=["a@example.org"], host="127.0.0.1", port=post[1], security="none")
    channels = {"mail": mail, "bot": hook(receiver)}
    for channel in channels:
        put(store, channel)
    with store.write() as connection:
        for one in outbox.due(connection, now=NOW):
            assert outbox.claim(connection, one.id, now=NOW)
            assert not outbox.claim(connection, one.id, now=NOW)
    assert deliver(store, channels, now=lambda: NOW)["alerts_sent"] == 0
    later = NOW + outbox.UNSURE_AFTER
    assert deliver(store, channels, now=lambda: later)["alerts_sent"] == 1
    assert post[0].mails == []
    assert len(receiver.got) == 1
    with store.read() as connection:
        assert {one.channel: one.state for one in outbox.messages(connection)} == {"mail": "unsure", "bot": "sent"}


def test_a_mail_server_that_refuses_for_good_is_believed(store: Store, post: tuple[Post, int]) -> None:
    mail = Alert(kind="email", to=["a@example.org"], host="127.0.0.1", port=post[1], security="none")
    for answer, state in (("451 later", "waiting"), ("554 never", "dead")):
        post[0].answer = answer
        put(store, "mail", a_signal(signal_id=answer))
        deliver(store, {"mail": mail}, now=lambda: NOW)
        assert states(store)[0][0] == state


def test_what_nobody_answers_waits(store: Store) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mail = Alert(kind="email", to=["a@example.org"], host="127.0.0.1", port=port, security="none")
    put(store, "mail")
    assert deliver(store, {"mail": mail}, now=lambda: NOW)["alerts_later"] == 1
    put(store, "gone", a_signal(signal_id="S-2"))
    assert deliver(store, {"mail": mail}, now=lambda: NOW)["alerts_dead"] == 1


def test_messages_hold_no_text_of_a_ticket_and_speak_both_languages() -> None:
    run = Run(id=3, kind="night", as_of=NOW.date(), recipe="fast", models_hash=None, state="failed", started_at=NOW,
              finished_at=NOW, counts={"new": 5}, note="SourceError")  # fmt: skip
    languages: tuple[Language, ...] = ("de", "en")
    for language in languages:
        told = (of_run(run, "failed", language, NOW), of_run(run, "done", language, NOW), of_test("x", language, NOW))
        for message in told:
            assert message.title
            assert message.why
            assert "{" not in message.title + message.why
