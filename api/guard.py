"""What every request passes first: host, size, HEAD and OPTIONS; and the headers that every answer carries."""

import os
from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
ALL = "*"
MOST_BYTES = 20_000_000  # of one body
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TOO_LARGE = f"a body holds at most {MOST_BYTES:,} bytes: send the tickets in parts"


class Guard:
    """Refuses foreign hosts (DNS rebinding) and bodies that are too large, before anything is read into memory."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.casefold() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        answer = _Answer(send, silent=head)
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if ALL not in self.hosts and host_name(headers.get("host", "")) not in self.hosts:
            refused = problem("UnknownHost", 400, "this server does not answer to that name in the Host header")
            await refused(scope, receive, answer)
        elif length.isdecimal() and int(length) > MOST_BYTES:
            await problem("TooLarge", 413, TOO_LARGE, headers={"Connection": "close"})(scope, receive, answer)
        elif scope["method"] == "OPTIONS" and (verbs := allowed(scope)):
            await answer({"type": "http.response.start", "status": 204, "headers": [(b"allow", verbs.encode())]})
            await answer({"type": "http.response.body", "body": b""})
        else:
            await self.app({**scope, "method": "GET", "head_only": True} if head else scope, _limited(receive), answer)


class _Answer:
    """Adds the headers; for HEAD it leaves the body out."""

    def __init__(self, send: Send, *, silent: bool) -> None:
        self.send = send
        self.silent = silent

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        if message["type"] == "http.response.body" and self.silent:
            message = {**message, "body": b""}
        await self.send(message)


def _limited(receive: Receive) -> Receive:
    """Count a body that does not say how long it is."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BYTES:
            raise HTTPException(413, TOO_LARGE)
        return message

    return counted


def hosts_for(address: str) -> Sequence[str]:
    """The names in the Host header to answer to: those configured, or all where everybody has to log in anyway."""
    named = [host.strip() for host in os.environ.get("CXTEXT_API_HOSTS", "").split(",") if host.strip()]
    return named or (LOCAL_NAMES if address in ("localhost", "127.0.0.1", "::1") else (ALL,))


def host_name(header: str) -> str:
    """The name in a Host header, without its port."""
    name, sign, port = header.rpartition(":")
    return (name if sign and port.isdecimal() else header).casefold()


def allowed(scope: Scope) -> str:
    """The verbs that the path of a request knows, as a header says it; empty where there is no such path."""
    routes: Any = scope["app"].routes
    known = {verb for verb in VERBS for route in routes if _knows(route, scope, "GET" if verb == "HEAD" else verb)}
    return ", ".join(sorted(known | {"OPTIONS"})) if known else ""


def _knows(route: Any, scope: Scope, verb: str) -> bool:
    if isinstance(route, Mount) and verb != "GET":
        return False
    return bool(route.matches({**scope, "method": verb})[0] is Match.FULL)
