"""The description of the interface: OpenAPI 3.1 with the problems that every route can answer."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.accounts.csrf import COOKIE
from api.errors import MEDIA
from api.examples import add_examples
from api.schemas import Problem

WORDS = {
    304: "Nothing has changed since the answer with that ETag.",
    308: "The topic was merged; this is where it is now.",
    401: "Nobody has said who asks, or nobody knows them.",
    403: "Whoever asks may not do that, or not for all departments.",
    404: "There is no such thing.",
    409: "It clashes with what has happened before.",
    413: "The body is larger than 20 MB.",
    503: "Not now: see the header Retry-After.",
    422: "A parameter or a field does not fit.",
}


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route can answer besides success; problems for everything from 400 on."""
    return {status: _answer(status) for status in statuses}


def _answer(status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": WORDS.get(status, HTTPStatus(status).phrase)}
    if status >= 400:
        answer["content"] = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return answer


def describe(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """A function that gives the document, made once."""
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            document = get_openapi(
                title=app.title, version=app.version, description=app.description, summary=app.summary, routes=app.routes,
                tags=app.openapi_tags, license_info=app.license_info,
            )  # fmt: skip
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            _say_who(document)
            add_examples(document)
            made.update(document)
        return made

    return openapi


def _say_who(document: dict[str, Any]) -> None:
    """How programs say who they are; /healthz and /readyz ask nobody."""
    schemes = document["components"].setdefault("securitySchemes", {})
    schemes["key"] = {"type": "http", "scheme": "bearer", "description": "An API key: `cxtext keys create NAME`."}
    schemes["session"] = {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Set by /login."}
    document["security"] = [{"key": []}, {"session": []}]
    for path in ("/healthz", "/readyz"):
        document["paths"][path]["get"]["security"] = []
