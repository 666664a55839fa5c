"""Addresses that lead into one's own network, however they are written; none may be reached."""

import socket
from collections.abc import Callable
from typing import Any

from cxtext.network import Blocked, guarded_client

URLS = (
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://0/", "http://0.0.0.0/", "http://2130706433/",
    "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/", "http://127.0.0.1.:80/",
    "http://localhost/", "http://LOCALHOST./", "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::a00:1]/", "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::1]/", "http://[fe80::1]/",
    "http://[fe80::1%25lo]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[fec0::1]/", "http://[ff02::1]/",
    "http://10.0.0.1/", "http://10.255.255.255/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://169.254.170.2/", "http://2852039166/", "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/", "http://[::ffff:169.254.169.254]/", "http://100.64.0.1/", "http://100.100.100.200/",
    "http://192.0.0.170/", "http://192.0.2.1/", "http://198.18.0.1/", "http://198.51.100.1/", "http://203.0.113.7/",
    "http://192.88.99.1/", "http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/", "http://255.255.255.255/",
    "http://①②⑦.⓪.⓪.①/", "http://１２７.０.０.１/", "http://127。0。0。1/", "http://ｌｏｃａｌｈｏｓｔ/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://user@127.0.0.1/", "http://example.com@127.0.0.1/", "http://127.0.0.1#@example.com/", "http://127.0.0.1\\@example.com/",
    "http://example.com:80@[::1]/", "https://127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/_",
    "dict://127.0.0.1:11211/", "http+unix://%2Fvar%2Frun%2Fdocker.sock/", "http:///etc/passwd", "http://127.0.0.1%00.example.com/",
)  # fmt: skip


def reached() -> dict[str, object]:
    """Ask for every address; `wrong` counts the ones for which a connection was even tried."""
    tried: list[tuple[Any, ...]] = []
    through: list[str] = []
    real = socket.socket.connect

    def connect(one: socket.socket, address: Any) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    socket.socket.connect = connect  # type: ignore[method-assign, assignment]
    try:
        with guarded_client(timeout=2) as client:
            for url in URLS:
                before = len(tried)
                answered = _asked(lambda url=url: client.get(url))  # type: ignore[misc]
                if answered or len(tried) > before:
                    through.append(url)
    finally:
        socket.socket.connect = real  # type: ignore[method-assign]
    return {"addresses": len(URLS), "wrong": len(through), "examples": through}


def _asked(ask: Callable[[], Any]) -> bool:
    import httpx2

    try:
        ask()
    except (Blocked, httpx2.TransportError, httpx2.InvalidURL, UnicodeError, ValueError):
        return False
    return True
