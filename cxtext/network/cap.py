"""A connection that lasts so long and receives so much, whatever the other side does."""

import ssl
import time
from typing import Any

import httpcore2


class Capped(httpcore2.NetworkStream):
    """One connection; every step gets what is left of its time."""

    def __init__(self, inner: httpcore2.NetworkStream, in_all: float, most: int | None, until: float = 0.0) -> None:
        self._inner = inner
        self._in_all = in_all
        self._until = until or time.monotonic() + in_all
        self._most = most
        self._received = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next piece."""
        content = self._inner.read(max_bytes, self._left(timeout))
        self._received += len(content)
        if self._most is not None and self._received > self._most:
            raise httpcore2.ReadError(f"the answer is larger than {self._most:,} bytes")
        return content

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send a piece."""
        self._inner.write(buffer, self._left(timeout))

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same connection, encrypted; its time goes on."""
        inner = self._inner.start_tls(ssl_context, server_hostname, self._left(timeout))
        return Capped(inner, self._in_all, self._most, self._until)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._inner.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout(f"no end after {self._in_all:g} seconds")
        return left if timeout is None else min(left, timeout)
