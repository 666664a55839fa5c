"""Logging in and out, for people."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.csrf import COOKIE, checked
from api.dashboard.render import page
from api.dashboard.words import speech_for
from api.deps import only_known
from cxtext.store import Store, sessions

router = APIRouter(include_in_schema=False, dependencies=[Depends(only_known)])
SAFE = "https"
WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "title": "Anmelden", "name": "Name", "password": "Passwort", "enter": "Anmelden",
        "wrong": "Name oder Passwort stimmt nicht. Bitte prüfen Sie beides.",
        "later": "Zu viele Versuche. Bitte warten Sie {minutes} Minuten, dann geht es weiter.",
        "help": "Sie haben noch keinen Zugang? Die Verwaltung legt ihn an: cxtext users add NAME",
    },
    "en": {
        "title": "Log in", "name": "Name", "password": "Password", "enter": "Log in",
        "wrong": "Name or password is wrong. Please check both.",
        "later": "Too many attempts. Please wait {minutes} minutes, then try again.",
        "help": "No access yet? An administrator gives it: cxtext users add NAME",
    },
}  # fmt: skip
Lang = Annotated[str | None, Query(alias="lang", max_length=5)]


@router.get("/login", response_class=HTMLResponse)
def ask(
    request: Request, following: Annotated[str, Query(alias="next", max_length=2000)] = "/", _lang: Lang = None
) -> Response:
    """The form."""
    return _form(request, following)


@router.post("/login", response_class=HTMLResponse, dependencies=[Depends(checked)])
def enter(
    request: Request,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=2000)],
    following: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Hold name and password against what is kept; then on to the page that was asked for."""
    store: Store = request.app.state.store
    now, address = datetime.now(UTC), request.client.host if request.client else ""
    with store.read() as connection:
        wait = sessions.slowed(connection, name, address, now=now)
        number = None if wait else sessions.matches(connection, name.strip(), password)
    if wait:
        return _form(request, following, problem="later", wait=wait)
    if number is None:
        with store.write() as connection:
            sessions.failed(connection, name, address, now=now)
        return _form(request, following, problem="wrong")
    with store.write() as connection:
        token = sessions.begin(connection, number, now=now)
        request.scope["principal"] = sessions.whose(connection, token, now=now)  # the audit says who came in
    answer = RedirectResponse(inside(following), status_code=303)
    seconds = int(sessions.LASTS.total_seconds())
    answer.set_cookie(
        COOKIE, token, max_age=seconds, httponly=True, samesite="lax", secure=request.url.scheme == SAFE, path="/"
    )
    return answer


@router.post("/logout", dependencies=[Depends(checked)])
def leave(request: Request) -> Response:
    """End the session here and on the server."""
    if (cookie := request.cookies.get(COOKIE)) is not None:
        store: Store = request.app.state.store
        with store.write() as connection:
            sessions.end(connection, cookie)
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def inside(following: str) -> str:
    """A page of ours to go on to; addresses of others, however written, lead to the first page."""
    plain = following.startswith("/") and not following.startswith(("//", "/\\"))
    return following if plain and following.isprintable() and "\\" not in following else "/"


def _form(request: Request, following: str, *, problem: str = "", wait: int = 0) -> HTMLResponse:
    words = WORDS[speech_for(request).language]
    told = words[problem].format(minutes=-(-wait // 60)) if problem else ""
    status = 429 if wait else 401 if problem else 200
    answer = page(request, "login.html", {"words": words, "problem": told, "next": inside(following)}, status=status)
    answer.headers["Cache-Control"] = "no-store"
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer
