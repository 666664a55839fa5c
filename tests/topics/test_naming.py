import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from cxtext.domain import Topic
from cxtext.errors import ConfigurationError
from cxtext.topics.memory import Known, Member, Memory
from cxtext.topics.naming import Endpoint, name_by_endpoint

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


@dataclass
class Fake:
    """A chat endpoint on the loopback interface that answers what it is told to."""

    url: str = ""
    said: str = "Dunkle Straßenlaternen"
    status: int = 200
    raw: bytes | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


@pytest.fixture
def fake() -> Iterator[Fake]:
    told = Fake()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            told.keys.append(self.headers["Authorization"])
            body = told.raw or json.dumps({"choices": [{"message": {"content": told.said}}]}).encode()
            self.send_response(told.status)
            if told.status == 302:
                self.send_header("Location", f"{told.url}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    told.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def memory(**topic: Any) -> Memory:
    lamps = Topic(id="T-0001", label="Straßenlaterne", keywords=("Lampe",), languages=("de",), quotes=("x:1",), **topic)
    other = Topic(id="T-0002", label="Doppelte Abbuchung", keywords=(), named_by="Ada", quotes=("x:2",))
    members = (
        Member("x:1", "m1", "<NAME> meldet: Lampe am Weg dunkel", "de", "T-0001", 0.9),
        Member("x:2", "m2", "Zweimal abgebucht", "de", "T-0002", 0.9),
    )
    return Memory(recipe="r", known=(Known(lamps), Known(other)), members=members, vectors=np.eye(2, dtype=np.float16))


def test_a_topic_gets_the_name_that_the_endpoint_says_and_people_keep_theirs(fake: Fake) -> None:
    done = name_by_endpoint(memory(), Endpoint(url=fake.url, model="small", key="secret"))
    assert [known.topic.label for known in done.memory.known] == ["Dunkle Straßenlaternen", "Doppelte Abbuchung"]
    assert done.problems == ()
    assert fake.keys == ["Bearer secret"]
    (asked,) = fake.asked
    assert asked["model"] == "small"
    assert "German" in asked["messages"][0]["content"]
    assert "<NAME> meldet: Lampe am Weg dunkel" in asked["messages"][1]["content"]


def test_the_same_content_is_never_asked_twice(fake: Fake) -> None:
    endpoint = Endpoint(url=fake.url, model="small")
    once = name_by_endpoint(memory(), endpoint)
    again = name_by_endpoint(Memory.from_bytes(once.memory.to_bytes()), endpoint)
    assert len(fake.asked) == 1
    assert again.memory.known == once.memory.known


@pytest.mark.parametrize("said", ["", "   ", "x" * 200, "123", "Doppelte Abbuchung"])
def test_what_is_no_name_or_taken_leaves_the_own_name_and_says_so(fake: Fake, said: str) -> None:
    fake.said = said
    done = name_by_endpoint(memory(), Endpoint(url=fake.url, model="small"))
    assert done.memory.known[0].topic.label == "Straßenlaterne"
    assert "T-0001" in done.problems[0]


@pytest.mark.parametrize("raw", [b"no json", b"[]", b'{"choices": []}', b" " * 200_000])
def test_strange_answers_leave_the_own_name_and_say_so(fake: Fake, raw: bytes) -> None:
    fake.raw = raw
    done = name_by_endpoint(memory(), Endpoint(url=fake.url, model="small"))
    assert done.memory.known[0].topic.label == "Straßenlaterne"
    assert len(done.problems) == 1


@pytest.mark.parametrize("status", [302, 404, 500])
def test_errors_and_redirects_leave_the_own_name_and_say_so(fake: Fake, status: int) -> None:
    fake.status = status
    done = name_by_endpoint(memory(), Endpoint(url=fake.url, model="small", key="secret"))
    assert done.memory.known[0].topic.label == "Straßenlaterne"
    assert str(status) in done.problems[0]
    assert len(fake.asked) == 1


def test_an_endpoint_out_of_reach_is_one_problem(fake: Fake) -> None:
    done = name_by_endpoint(memory(), Endpoint(url="http://127.0.0.1:9/v1", model="small", timeout=2))
    assert len(done.problems) == 1
    assert done.memory.known[0].topic.label == "Straßenlaterne"


@pytest.mark.parametrize("pinned", [True])
def test_pinned_topics_are_not_asked_about(fake: Fake, pinned: bool) -> None:
    name_by_endpoint(memory(pinned=pinned), Endpoint(url=fake.url, model="small"))
    assert fake.asked == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "localhost:11434", "http://"])
def test_only_web_addresses_are_endpoints(url: str) -> None:
    with pytest.raises(ConfigurationError, match="http"):
        Endpoint(url=url, model="small")
