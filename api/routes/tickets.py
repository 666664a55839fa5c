"""Tickets: list, look, take in."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request

from api import schemas
from api.deps import Chosen, Cursor, Limit, Now, fresh, from_cursor, only_known, to_cursor
from api.errors import Conflict
from cxtext.store import Store, read_tickets, requests

router = APIRouter(prefix="/api/v1/tickets", tags=["tickets"])


@router.get("", dependencies=[Depends(only_known), Depends(fresh)])
def list_tickets(now: Now, chosen: Chosen, cursor: Cursor = None, limit: Limit = 50) -> schemas.TicketPage:
    """Tickets by source and id, page by page."""
    after = from_cursor(cursor)
    rows = list(read_tickets.tickets(now.connection, now.run_id, chosen, after=after, limit=limit + 1))
    page = rows[:limit]
    following = to_cursor(page[-1]["source"], page[-1]["id"]) if len(rows) > limit else None
    return schemas.TicketPage(items=[schemas.TicketOut(**row) for row in page], next_cursor=following)


@router.get("/{source}/{ticket_id:path}", dependencies=[Depends(only_known), Depends(fresh)])
def one_ticket(now: Now, source: str, ticket_id: Annotated[str, Path(max_length=400)]) -> schemas.TicketOut:
    """One ticket by source and id."""
    return schemas.TicketOut(**read_tickets.ticket(now.connection, now.run_id, source, ticket_id))


@router.post("", status_code=202, dependencies=[Depends(only_known)])
def take_in(
    request: Request,
    body: schemas.TicketsIn,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> schemas.Taken:
    """Take in up to 10,000 tickets: cleaned, redacted, stored. The next run analyses them.

    The same `Idempotency-Key` with the same body is answered with the first answer; nothing is done again.
    """
    store: Store = request.app.state.store
    tickets = [ticket.model_dump(exclude_unset=True) for ticket in body.tickets]
    digest = hashlib.sha256(repr(tickets).encode()).hexdigest()
    if idempotency_key is not None and (first := _first_answer(store, idempotency_key, digest)) is not None:
        return schemas.Taken(**first)
    answer = request.app.state.analyst.ask({"do": "ingest", "tickets": tickets})
    taken = schemas.Taken(**answer)
    if idempotency_key is not None:
        with store.write() as connection:
            requests.remember(connection, idempotency_key, digest, taken.model_dump())
    return taken


def _first_answer(store: Store, key: str, digest: str) -> dict[str, Any] | None:
    with store.read() as connection:
        known = requests.recall(connection, key)
    if known is None:
        return None
    if known.digest != digest:
        raise Conflict("this Idempotency-Key came with another body before: use a new key")
    return known.answer
