"""Errors on the wire: RFC 9457 problem+json, named after the error type, without a word of anybody's text."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from cxtext.errors import ConfigurationError, CxtextError, Locked, ModelError, NotFound, SourceError, StoreError

LOG = logging.getLogger("cxtext.api")
MEDIA = "application/problem+json"
RETRY = {"Retry-After": "30"}
Page = Callable[[Request, int, str], Response]  # the same for people


class Unavailable(CxtextError):
    """The analysis process does not answer; the rest of the API goes on."""


class Conflict(CxtextError):
    """The same idempotency key came with another body."""


class Unauthorized(CxtextError):
    """Nobody has said who they are, or nobody knows them."""


class Forbidden(CxtextError):
    """Whoever asks may not do that."""


class Unexpected(CxtextError):
    """A defect of cxtext; the log of the server says more."""


STATUS: Mapping[type[CxtextError], int] = {
    Unauthorized: 401, Forbidden: 403, NotFound: 404, Conflict: 409, ConfigurationError: 422, SourceError: 422,
    Locked: 503, StoreError: 503, ModelError: 503, Unavailable: 503,
}  # fmt: skip


def install_handlers(app: FastAPI, page: Page, allowed: Callable[[Any], str], always: Mapping[str, str]) -> None:
    """Answer every error as a problem, or as a page where a browser asks for one; 500 carries the headers `always`."""

    async def shown(request: Request, error: Exception) -> Response:
        kind, status, detail, headers, more = _told(error, request, allowed)
        if status == 304:
            return Response(status_code=304, headers=headers)
        if _for_people(request):
            return page(request, status, detail)
        return problem(kind, status, detail, headers=headers, **more)

    async def unexpected(_request: Request, error: Exception) -> Response:
        detail = f"unexpected {type(error).__name__}; the log of the server says more"
        return problem("InternalError", 500, detail, headers=dict(always))

    for kind in (CxtextError, RequestValidationError, HTTPException, DBAPIError):
        app.add_exception_handler(kind, shown)
    app.add_exception_handler(Exception, unexpected)


Told = tuple[str, int, str, dict[str, str], dict[str, Any]]


def _told(error: Exception, request: Request, allowed: Callable[[Any], str]) -> Told:
    """Type, status, words, headers and more of an error."""
    if isinstance(error, RequestValidationError):
        places = [{"where": _where(found), "what": found["msg"]} for found in error.errors()[:20]]
        return "ValidationError", 422, "the request does not fit the interface, see /docs", {}, {"errors": places}
    if isinstance(error, HTTPException):
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = allowed(request.scope)
        return "HttpError", error.status_code, str(error.detail), headers, {}
    if isinstance(error, DBAPIError):
        LOG.error("the database refused: %s", type(error.orig).__name__)
        return "StoreError", 503, "the database does not answer: `cxtext doctor` says why", RETRY, {}
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    return type(error).__name__, status, str(error), RETRY if status == 503 else {}, {}


def problem(kind: str, status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """One problem document."""
    content = {"type": f"urn:cxtext:error:{kind}", "title": kind, "status": status, "detail": detail, **more}
    return JSONResponse(content, status_code=status, headers=headers, media_type=MEDIA)


def _for_people(request: Request) -> bool:
    path = request.url.path
    return not path.startswith(("/api/", "/static/")) and "text/html" in request.headers.get("accept", "")


def _where(found: Mapping[str, Any]) -> str:
    """The place of a wrong value; names that the caller made up are left out, they may hold anything."""
    parts = list(found["loc"])
    if found["type"] == "extra_forbidden" and parts[0] == "body":
        parts[-1] = "(unknown field)"
    return ".".join(str(part)[:60] for part in parts)
