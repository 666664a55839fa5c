"""Who asks, as routes and templates see it: `Who` names them, `needs("editor")` lets only some through."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from api.errors import Forbidden
from cxtext.store.accounts import Principal, Role


def current_user(request: Request) -> Principal:
    """Whom the door let in (`api.accounts.door`): their name, role and departments."""
    found: Principal | None = request.scope.get("principal")
    if found is None:
        raise Forbidden("nobody is logged in")
    return found


Who = Annotated[Principal, Depends(current_user)]


def needs(role: Role, *, whole: bool = False) -> Callable[[Principal], None]:
    """A dependency that lets through whoever has this role or a higher one; `whole`: for all departments.

    Routes without it are for everybody who is let in, that is for viewers.
    """

    def checked(who: Who) -> None:
        if not who.may(role):
            raise Forbidden(f"this needs the role {role}; you have {who.role}")
        if whole and who.departments:
            raise Forbidden("this concerns all departments; you see some of them")

    checked.role = role  # type: ignore[attr-defined]  # what a test of all routes reads
    checked.whole = whole  # type: ignore[attr-defined]
    return checked
