"""The API described for people: rendered here from OpenAPI, because the usual viewers load scripts from elsewhere."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from api.dashboard.render import page
from api.deps import only_known

router = APIRouter(include_in_schema=False, dependencies=[Depends(only_known)])

EXAMPLES = {
    ("post", "/api/v1/tickets"): '{"tickets": [{"id": "4711", "text": "Das Paket ist nicht angekommen.", '
    '"created_at": "2026-05-03"}]}',
    ("post", "/api/v1/analyze"): '{"text": "Sie haben zweimal abgebucht!"}',
}


@router.get("/docs", response_class=HTMLResponse)
def documentation(
    request: Request, _lang: Annotated[str | None, Query(alias="lang", max_length=5)] = None
) -> HTMLResponse:
    """All routes with their parameters and answers; the same as a file: /openapi.json."""
    described = request.app.openapi()
    operations = [
        {"verb": verb.upper(), "path": path, "example": EXAMPLES.get((verb, path)), **operation}
        for path, verbs in described["paths"].items()
        for verb, operation in verbs.items()
    ]
    schemas = described.get("components", {}).get("schemas", {})
    facts = {"operations": operations, "schemas": schemas, "info": described["info"], "kind": kind}
    return page(request, "documentation.html", facts)


def kind(schema: dict[str, Any]) -> str:
    """A JSON schema in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")
