"""Templates filled in, and the page that explains what went wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from api.accounts.csrf import token
from api.dashboard.words import COOKIE, LANGUAGES, speech_for

FOLDER = Path(__file__).parent / "templates"
templates = Jinja2Templates(
    env=Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
)


def page(request: Request, name: str, facts: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """One page in the reader's language; a language chosen in the address is remembered."""
    speech = speech_for(request)
    content = templates.get_template(name).render(
        {"t": speech, "path": request.url.path, "csrf": token(request), "user": request.scope.get("principal"), **facts}
    )
    response = HTMLResponse(content, status_code=status)
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Cache-Control"] = "private, no-cache"
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, speech.language, max_age=31_536_000, samesite="lax", httponly=True)
    return response


def error_page(request: Request, status: int, detail: str) -> HTMLResponse:
    """What happened and what next, for people."""
    return page(request, "error.html", {"code": status, "detail": detail if status != 404 else ""}, status=status)
