"""An HTTP client safe against server-side request forgery (CWE-918).

A name is resolved once, every address it stands for is checked, and the connection goes to a checked address: what the
name says a moment later (DNS rebinding) does not matter. Redirects are not followed, proxies of the environment not used.
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore2
import httpx2

from cxtext.errors import CxtextError
from cxtext.network.cap import Capped

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_WRAPPED = tuple(
    map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96"))
)  # IPv4 inside IPv6


_RELAYS = ipaddress.ip_network("192.88.99.0/24")  # of 6to4, given up by RFC 7526


class Blocked(CxtextError):
    """An address that this client must not reach."""


def guarded_client(
    *, allow_private: bool = False, timeout: float = 30.0, in_all: float | None = None, most: int | None = None
) -> httpx2.Client:
    """A client for addresses that users configure.

    Args:
        allow_private: reach addresses of one's own network and of this machine too.
        timeout: seconds for connecting, and for each piece that is sent or received.
        in_all: seconds that a connection may last: a server that drips is given up.
        most: bytes that a connection may receive.
    """
    return httpx2.Client(
        transport=_Transport(_Backend(allow_private=allow_private, in_all=in_all, most=most)),
        timeout=timeout,
        follow_redirects=False,
        headers={"User-Agent": "cxtext"},
    )


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet; those that carry a private IPv4 address inside are not."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        elif any(parsed in network for network in _WRAPPED) or parsed.teredo is not None or parsed.is_site_local:
            return False
    return parsed.is_global and not parsed.is_multicast and parsed not in _RELAYS


def public_addresses(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The addresses of a host that may be reached, in the order of the system.

    Raises:
        Blocked: one of them is not public; a name that mixes both is a trick.
        OSError: nobody knows the name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and any(not is_public(address) for address in addresses):
        raise Blocked(
            f'{host} is no public server. If it belongs to you, say so in the configuration: allow_private = "yes"'
        )
    return addresses


class _Backend(httpcore2.NetworkBackend):
    """Opens connections to checked addresses; the certificate is still that of the name."""

    def __init__(self, *, allow_private: bool, in_all: float | None = None, most: int | None = None) -> None:
        self._allow_private = allow_private
        self._in_all, self._most = in_all, most
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address that answers."""
        try:
            addresses = public_addresses(host, port, allow_private=self._allow_private)
        except OSError as error:
            raise httpcore2.ConnectError(str(error)) from error
        problem: Exception | None = None
        for address in addresses:
            try:
                stream = self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
                return stream if self._in_all is None else Capped(stream, self._in_all, self._most)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                problem = error
        raise problem or httpcore2.ConnectError(f"no address for {host}")

    def connect_unix_socket(  # the pool's interface asks for it
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        """Never: a URL must not reach sockets of this machine."""
        raise Blocked("no connections to sockets of this machine")

    def sleep(self, seconds: float) -> None:
        """Wait between two tries."""
        self._inner.sleep(seconds)


class _Transport(httpx2.BaseTransport):
    """The client's requests through a pool that uses our way of connecting."""

    def __init__(self, backend: _Backend) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=ssl.create_default_context(), max_connections=10, keepalive_expiry=5.0, network_backend=backend
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        if request.url.scheme not in ("http", "https"):
            raise Blocked(f"{request.url.scheme}:// is not reached")
        asked = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _in_our_words():
            answer = self._pool.handle_request(asked)
        return httpx2.Response(
            status_code=answer.status, headers=answer.headers, stream=_Stream(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        """Give all connections back."""
        self._pool.close()


class _Stream(httpx2.SyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _in_our_words():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Errors of the pool as those of the client, so that callers know one family."""
    try:
        yield
    except httpcore2.TimeoutException as error:
        raise httpx2.ReadTimeout(str(error)) from error
    except (
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.ProxyError,
        httpcore2.UnsupportedProtocol,
    ) as error:
        raise httpx2.NetworkError(str(error)) from error
