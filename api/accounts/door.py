"""The door: every request passes here, and here alone it is decided who asks, and written down who changed what.

It also answers "nothing has changed" (304) before anything else is done, because that is what most requests ask, and gives
sums out again that it has given out before.
"""

import ipaddress
import logging
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.accounts.csrf import COOKIE, HEADER
from api.errors import problem
from api.etag import seen, tag
from api.guard import LOCAL_NAMES, host_name
from api.kept import Kept, holds_sums
from cxtext.errors import StoreError
from cxtext.store import Store, accounts, runs, sessions
from cxtext.store.accounts import Principal

LOG = logging.getLogger("cxtext.api")
OPEN = ("/login", "/logout", "/healthz", "/readyz")  # asked before anybody has logged in
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
CHANGES_NOTHING = ("/api/v1/analyze",)
HERE = Principal(name="this machine", role="admin", via="local")
ELSEWHERE = "this was sent by a page of another site; pages of others may not change anything here"
SCRIPTED = f"a browser that is logged in sends the header {HEADER}; programs use an API key"
WHO = "say who you are: log in at /login, or send an API key as `Authorization: Bearer cxt_…` (`cxtext keys create`)"


class Door:
    """Lets in users, keys, and on this machine everybody until a user or key exists."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept = Kept()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it."""
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            who, run_id = await run_in_threadpool(_look, scope, headers)
        except (SQLAlchemyError, StoreError):
            refused = problem(
                "StoreError", 503, "the database does not answer: `cxtext doctor` says why", {"Retry-After": "30"}
            )
            await refused(scope, receive, send)
            return
        scope["principal"] = who
        if (answer := _answer(scope, headers, who, run_id)) is not None:
            await answer(scope, receive, send)
        elif scope["method"] in UNSAFE and scope["path"] not in CHANGES_NOTHING:
            await self._written_down(scope, receive, send)
        elif who is not None and holds_sums(scope) and headers.get("if-none-match") != "*":
            current = tag(scope, who, run_id)
            known = self.kept.find(run_id, current)
            await (known or self.app)(scope, receive, send if known else self.kept.listening(run_id, current, send))
        else:
            await self.app(scope, receive, send)

    async def _written_down(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            await run_in_threadpool(_note, scope, scope.get("principal"), status)


def _look(scope: Scope, headers: Headers) -> tuple[Principal | None, int]:
    """Who asks, and which run is published."""
    store: Store = scope["app"].state.store
    now = datetime.now(UTC)
    key, cookie = _key(headers), _cookie(headers)
    with store.read() as connection:
        run_id = runs.current(connection)
        found = accounts.find_key(connection, key, now=now) if key is not None else None
        if key is not None:
            who, to_note = found or (None, False)
        elif cookie is not None and (user := sessions.whose(connection, cookie, now=now)) is not None:
            who, to_note = user, False
        else:
            who, to_note = (HERE if _is_here(scope, headers) and not accounts.anybody(connection) else None), False
    if to_note and key is not None:
        with store.write() as connection:
            accounts.note_use(connection, key, now=now)
    return who, run_id


def _answer(scope: Scope, headers: Headers, who: Principal | None, run_id: int) -> Response | None:
    """What the door says itself; None where the request goes in."""
    unsafe = scope["method"] in UNSAFE
    if unsafe and (who is None or who.via != "key") and _from_elsewhere(headers):
        return problem("Forbidden", 403, ELSEWHERE)
    if scope["path"] in OPEN:
        return None
    if who is None:
        return _who_are_you(scope, headers)
    if unsafe and who.via == "session" and scope["path"].startswith("/api/") and HEADER not in headers:
        return problem("Forbidden", 403, SCRIPTED)
    asked = headers.get("if-none-match")
    if asked and scope["method"] == "GET":
        current = tag(scope, who, run_id)
        if seen(asked, current):
            return Response(status_code=304, headers={"ETag": current})
    return None


def _who_are_you(scope: Scope, headers: Headers) -> Response:
    path = scope["path"]
    if "text/html" in headers.get("accept", "") and not path.startswith("/api/") and scope["method"] == "GET":
        query = scope.get("query_string", b"").decode("latin-1")
        return RedirectResponse(f"/login?next={quote(path + ('?' + query if query else ''), safe='')}", status_code=303)
    return problem("Unauthorized", 401, WHO, {"WWW-Authenticate": 'Bearer realm="cxtext"'})


def _note(scope: Scope, who: Principal | None, status: int) -> None:
    route = scope.get("route")
    what = f"{scope['method']} {getattr(route, 'path', '(no such route)')}"
    store: Store = scope["app"].state.store
    via = who.via if who else "none"
    if who is None and status in (401, 404, 405):
        return  # strangers who try addresses would fill the table; failed log-ins are counted elsewhere
    try:
        with store.write() as connection:
            sessions.note(connection, who, via=via, what=what, path=scope["path"], status=status, now=datetime.now(UTC))
    except (SQLAlchemyError, StoreError) as error:
        LOG.error("the audit could not be written: %s", type(error).__name__)  # noqa: TRY400 – the trace might hold texts


def _key(headers: Headers) -> str | None:
    word, _, rest = headers.get("authorization", "").partition(" ")
    if word.casefold() == "bearer":
        return rest.strip()
    return headers.get("x-api-key")


def _cookie(headers: Headers) -> str | None:
    cookies: Mapping[str, str] = cookie_parser(headers.get("cookie", ""))
    return cookies.get(COOKIE)


def _is_here(scope: MutableMapping[str, Any], headers: Headers) -> bool:
    """True for a request from this machine to this machine; a proxy that passes others on names them."""
    client = scope.get("client")
    if client is None or "x-forwarded-for" in headers or "forwarded" in headers:
        return False
    try:
        near = ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
    return near and host_name(headers.get("host", "")) in LOCAL_NAMES


def _from_elsewhere(headers: Headers) -> bool:
    """True where a browser says that a page of another origin sent this."""
    if (said := headers.get("sec-fetch-site")) is not None:
        return said not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.casefold() != headers.get("host", "").casefold()
