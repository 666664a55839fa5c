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
THEMES, THEME_COOKIE = ("light", "dark"), "cxtext_theme"
YEAR = 31_536_000  # seconds
# `/metrics` belongs to Prometheus, so the metrics that people read have another address.
NAVIGATION = ("/", "/issues", "/departments", "/figures", "/cases", "/review", "/runs")
templates = Jinja2Templates(
    env=Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
)


def page(request: Request, name: str, facts: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """One page in the reader's language; a language or theme chosen in the address is remembered."""
    speech = speech_for(request)
    asked = request.query_params.get("theme")
    theme = asked if asked in THEMES else request.cookies.get(THEME_COOKIE)
    known = {
        "t": speech, "path": request.url.path, "navigation": NAVIGATION, "csrf": token(request),
        "theme": theme if theme in THEMES else None, "user": request.scope.get("principal"), "view": None,
    }  # fmt: skip
    response = HTMLResponse(templates.get_template(name).render({**known, **facts}), status_code=status)
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Cache-Control"] = "private, no-cache"
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, speech.language, max_age=YEAR, samesite="lax", httponly=True)
    if asked in THEMES:
        response.set_cookie(THEME_COOKIE, str(asked), max_age=YEAR, samesite="lax", httponly=True)
    return response


def error_page(request: Request, status: int, detail: str) -> HTMLResponse:
    """What happened and what next, for people."""
    return page(request, "error.html", {"code": status, "detail": detail if status != 404 else ""}, status=status)
