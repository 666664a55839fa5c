"""The client reaches public servers only, whatever a URL pretends."""

import http.server
import socket
import threading
from collections.abc import Iterator

import httpx2
import pytest

from cxtext.network import Blocked, guarded_client
from cxtext.network.guard import is_public

PRIVATE = [
    "127.0.0.1",
    "127.1.2.3",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.254",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:192.168.1.1",
    "::ffff:0:0",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2001:10::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2002:a9fe:a9fe::",
    "fc00::1",
    "fd00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff05::2",
    "2001:0:7f00:1::1",
    "::10.0.0.1",
    "::169.254.169.254",
    "192.88.99.1",
    "localhost",
    "0x7f.1",
    "2130706433",
    "017700000001",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_of_the_open_internet_is_none(address):
    assert not is_public(address)


def test_at_least_sixty_addresses_are_tried():
    assert len(PRIVATE) >= 60


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "193.99.144.80", "2a02:2e0:3fe:1001:302::", "2606:4700::1111"]
)
def test_public_addresses_are_reached(address):
    assert is_public(address)


@pytest.mark.network
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://2130706433:{port}/",
        "http://0x7f.0.0.1:{port}/", "http://0177.0.0.1:{port}/", "http://127.1:{port}/", "http://0:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
    ],
)  # fmt: skip
def test_no_spelling_of_this_machine_gets_through(url, web):
    with guarded_client(timeout=5) as client, pytest.raises((Blocked, httpx2.TransportError, httpx2.InvalidURL)):
        client.get(url.format(port=web))
    assert not _Server.seen


@pytest.mark.network
def test_who_allows_private_addresses_reaches_them_and_redirects_are_not_followed(web):
    with guarded_client(allow_private=True, timeout=5) as client:
        assert client.get(f"http://127.0.0.1:{web}/").json() == {"ok": True}
        assert client.get(f"http://127.0.0.1:{web}/away").status_code == 302
    assert _Server.seen == ["/", "/away"]


@pytest.mark.network
def test_a_name_is_resolved_once_and_the_checked_address_is_used(web, monkeypatch):
    asked = []
    real = socket.getaddrinfo

    def twice(host, *args, **options):
        asked.append(host)
        return real("127.0.0.1" if host == "rebinding.example" else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", twice)
    with guarded_client(timeout=5) as client, pytest.raises(Blocked, match="rebinding.example is no public server"):
        client.get(f"http://rebinding.example:{web}/")
    assert asked.count("rebinding.example") == 1
    with guarded_client(allow_private=True, timeout=5) as client:
        assert client.get(f"http://rebinding.example:{web}/").status_code == 200
    assert asked.count("rebinding.example") == 2


def test_other_schemes_are_refused():
    with guarded_client() as client, pytest.raises((Blocked, httpx2.UnsupportedProtocol)):
        client.get("file:///etc/passwd")


class _Server(http.server.BaseHTTPRequestHandler):
    seen: list[str] = []  # noqa: RUF012 – emptied by the fixture

    def do_GET(self):
        self.seen.append(self.path)
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"ok": true}')

    def log_message(self, *_args):
        pass


@pytest.fixture
def web(socket_enabled) -> Iterator[int]:
    _Server.seen.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.server_port
        running.shutdown()
