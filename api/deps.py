"""What routes ask for: a connection at one moment, the published run, filters, a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from api import etag
from api.accounts.principal import Who
from api.days import Day
from cxtext.store import Store, runs
from cxtext.store.read_tickets import Filter
from cxtext.store.scope import within

MOST = 2**31 - 1  # the largest number that every database knows


@dataclass(frozen=True, slots=True)
class Moment:
    """One state of the store: a connection and the run that is published there."""

    connection: Connection
    run_id: int


AsOf = Annotated[Day | None, Query(description="Everything as it was shown on the evening of that day.")]


def moment(request: Request, who: Who, as_of: AsOf = None) -> Iterator[Moment]:
    """Read everything for one answer from the same state, confined to what whoever asks may see.

    This is the one place where department scope begins: no route opens a connection of its own.
    """
    store: Store = request.app.state.store
    with store.read() as connection:
        run_id = runs.at(connection, as_of)
        yield Moment(within(connection, run_id, who.departments), run_id)


def present(request: Request, who: Who) -> Iterator[Moment]:
    """The same for those who change something: nobody changes the past."""
    yield from moment(request, who)


Now = Annotated[Moment, Depends(moment)]
Present = Annotated[Moment, Depends(present)]


def only_known(request: Request) -> None:
    """Refuse parameters that the route does not have: a misspelt filter must not answer for everything."""
    route = request.scope["route"]
    known = {field.alias for dependant in _dependants(route.dependant) for field in dependant.query_params}
    if unknown := sorted(set(request.query_params) - known):
        words = f"unknown parameter; known: {', '.join(sorted(known)) or 'none'}"
        raise RequestValidationError([{"loc": ("query", unknown[0]), "msg": words, "type": "extra_forbidden"}])


def _dependants(root: Dependant) -> Iterator[Dependant]:
    yield root
    for child in root.dependencies:
        yield from _dependants(child)


def fresh(request: Request, response: Response, now: Now, who: Who) -> None:
    """Answer 304 where the published run is still the one that the caller has seen."""
    current = etag.tag(request.scope, who, now.run_id)
    asked = request.headers.get("if-none-match", "")
    if etag.seen(asked, current) or asked.strip() == "*":
        raise HTTPException(304, headers={"ETag": current})
    request.state.etag = current  # for routes that answer with a response of their own
    response.headers["ETag"] = current
    response.headers["Cache-Control"] = "private, no-cache"


def chosen(
    *,
    since: Annotated[Day | None, Query(description="First day, such as 2026-05-03.")] = None,
    until: Annotated[Day | None, Query(description="Last day.")] = None,
    language: Annotated[str | None, Query(max_length=8, description="ISO 639-1, such as de.")] = None,
    product: Annotated[str | None, Query(max_length=400)] = None,
    department: Annotated[str | None, Query(max_length=120, description="Its key, such as logistics.")] = None,
    cause: Annotated[str | None, Query(max_length=120, description="Its key, such as logistics/late-delivery.")] = None,
    topic: Annotated[str | None, Query(max_length=20, description="Subtopics are included.")] = None,
    channel: Annotated[str | None, Query(max_length=80)] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words in the text.")] = None,
) -> Filter:
    """The filters that all lists of tickets share."""
    return Filter(
        since=since, until=until, language=language, product=product, department=department, cause=cause, topic=topic,
        channel=channel, q=q,
    )  # fmt: skip


Chosen = Annotated[Filter, Depends(chosen)]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows of one page.")]
Cursor = Annotated[str | None, Query(max_length=1000, description="`next_cursor` of the page before.")]
