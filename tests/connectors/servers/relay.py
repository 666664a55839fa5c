"""A relay between cxtext and a real server: it counts what is asked, and can hold its breath at a chosen question."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Relay:
    """What clients said, line by line. With `stop_at` nothing passes any more from that line on, until it is released."""

    target: int
    port: int = 0
    lines: list[str] = field(default_factory=list)
    stop_at: tuple[str, int] | None = None  # pattern, and the how-manieth line with it
    held: threading.Event = field(default_factory=threading.Event)
    free: threading.Event = field(default_factory=threading.Event)

    def asked(self, pattern: str) -> list[str]:
        """The lines that hold a pattern."""
        return [line for line in list(self.lines) if re.search(pattern, line)]

    def hold(self, pattern: str, number: int) -> None:
        """Hold the line with the `number`-th occurrence of a pattern from now on, and all that comes after it."""
        self.held.clear()
        self.free.clear()
        self.stop_at = (pattern, len(self.asked(pattern)) + number)

    def release(self) -> None:
        """Let everything pass again."""
        self.stop_at = None
        self.free.set()


@contextmanager
def relaying(target: int) -> Iterator[Relay]:
    """A relay to a port of this machine."""
    relay = Relay(target)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        relay.port = listener.getsockname()[1]
        threading.Thread(target=_accept, args=(listener, relay), daemon=True).start()
        yield relay
        relay.release()
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, relay: Relay) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:  # the block is over
            return
        threading.Thread(target=_serve, args=(client, relay), daemon=True).start()


def _serve(client: socket.socket, relay: Relay) -> None:
    with client, socket.create_connection(("127.0.0.1", relay.target)) as server:
        answers = threading.Thread(target=_back, args=(server, client), daemon=True)
        answers.start()
        _forward(client, server, relay)
        answers.join()


def _forward(client: socket.socket, server: socket.socket, relay: Relay) -> None:
    rest = b""
    while data := _received(client):
        *whole, rest = (rest + data).split(b"\r\n")
        for line in whole:
            relay.lines.append(line.decode("utf-8", "replace"))
            if relay.stop_at is not None and len(relay.asked(relay.stop_at[0])) >= relay.stop_at[1]:
                relay.held.set()
                relay.free.wait()
        _pass_on(server, data)
    _end(server)


def _back(server: socket.socket, client: socket.socket) -> None:
    while data := _received(server):
        _pass_on(client, data)
    _end(client)


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(65_536)
    except OSError:
        return b""


def _pass_on(line: socket.socket, data: bytes) -> None:
    try:
        line.sendall(data)
    except OSError:  # the other side is gone: it was killed
        _end(line)


def _end(line: socket.socket) -> None:
    with suppress(OSError):  # it has ended already
        line.shutdown(socket.SHUT_RDWR)
