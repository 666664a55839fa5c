"""That a form was sent from a page of ours (CSRF): one value for templates, one dependency for routes.

Templates: `<input type="hidden" name="csrf" value="{{ csrf }}">`, where `csrf` is `token(request)`; scripts send the
same value in the header `X-CSRF-Token`. Routes that take forms: `dependencies=[Depends(checked)]`. Requests with an API
key need none: no browser sends a key by itself.
"""

import hashlib
import hmac
from typing import Annotated

from fastapi import Form, Header, Request

from api.errors import Forbidden
from cxtext.store.accounts import Principal

COOKIE = "cxtext_session"
FIELD, HEADER = "csrf", "X-CSRF-Token"


def token(request: Request) -> str:
    """The value that every form of this reader must send back; it changes with the session."""
    secret: bytes = request.app.state.csrf_key
    return hmac.new(secret, b"csrf " + request.cookies.get(COOKIE, "").encode(), hashlib.sha256).hexdigest()


def checked(
    request: Request,
    csrf: Annotated[str, Form(max_length=200)] = "",
    x_csrf_token: Annotated[str, Header(max_length=200)] = "",
) -> None:
    """Refuse a form that no page of ours has made for this reader.

    Raises:
        Forbidden: the value is missing or another one.
    """
    given = x_csrf_token or csrf
    if not by_key(request) and not hmac.compare_digest(given.encode(), token(request).encode()):
        raise Forbidden(
            "this form is out of date or came from another page: load the page again, then send it once more"
        )


def by_key(request: Request) -> bool:
    """True where an API key opened the door."""
    found: Principal | None = request.scope.get("principal")
    return found is not None and found.via == "key"
