"""Errors on the wire: RFC 9457 problem+json, named after the error type, without a word of anybody's text."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from cxtext.errors import ConfigurationError, CxtextError, Locked, NotFound, SourceError, StoreError

STATUS: dict[type[CxtextError], int] = {
    NotFound: 404, ConfigurationError: 422, SourceError: 422, Locked: 503, StoreError: 503,
}  # fmt: skip


class Unavailable(CxtextError):
    """The analysis process does not answer; the rest of the API goes on."""


class Conflict(CxtextError):
    """The same idempotency key came with another body."""


def install_handlers(app: FastAPI) -> None:
    """Answer every error as a problem."""

    @app.exception_handler(CxtextError)
    async def _ours(_request: Request, error: CxtextError) -> Response:
        known = STATUS | {Unavailable: 503, Conflict: 409}
        status = next((code for kind, code in known.items() if isinstance(error, kind)), 500)
        headers = {"Retry-After": "30"} if status == 503 else None
        return problem(type(error).__name__, status, str(error), headers=headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> Response:
        places = [
            {"where": ".".join(str(part) for part in found["loc"]), "what": found["msg"]} for found in error.errors()
        ]
        return problem("ValidationError", 422, "the request does not fit the interface", errors=places[:20])

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers) if error.headers else None
        return problem("HttpError", error.status_code, str(error.detail), headers=headers)

    @app.exception_handler(Exception)
    async def _unexpected(_request: Request, error: Exception) -> Response:
        return problem("InternalError", 500, f"unexpected {type(error).__name__}; the log of the server says more")


def problem(kind: str, status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """One problem document."""
    content = {"type": f"urn:cxtext:error:{kind}", "title": kind, "status": status, "detail": detail, **more}
    return JSONResponse(content, status_code=status, headers=headers, media_type="application/problem+json")
