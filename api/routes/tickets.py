"""Tickets: list, look, take in."""

import hashlib
import json
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Header, Path, Request

from api import schemas
from api.accounts.principal import Who, needs
from api.deps import Chosen, Cursor, Limit, Now, fresh, only_known
from api.errors import Conflict
from api.interface import described
from api.paging import from_cursor, to_cursor
from cxtext.store import Store, read_answers, read_tickets, requests

router = APIRouter(prefix="/api/v1/tickets", tags=["tickets"])
Source = Annotated[str, Path(max_length=500, examples=["file"])]
TicketId = Annotated[str, Path(max_length=500, examples=["1000"])]


@router.get("", dependencies=[Depends(only_known), Depends(fresh)], responses=described(304, 404))
def list_tickets(now: Now, chosen: Chosen, cursor: Cursor = None, limit: Limit = 50) -> schemas.TicketPage:
    """Tickets by source and id, page by page."""
    place = from_cursor(cursor)
    after = (place[0], place[1]) if place else None
    rows = list(read_tickets.tickets(now.connection, now.run_id, chosen, after=after, limit=limit + 1))
    page = rows[:limit]
    following = to_cursor(page[-1]["source"], page[-1]["id"]) if len(rows) > limit else None
    return schemas.TicketPage(items=[schemas.TicketOut(**row) for row in page], next_cursor=following)


@router.get(
    "/{source}/{ticket_id:path}",
    dependencies=[Depends(only_known), Depends(fresh)],
    responses=described(404),
)
def one_ticket(request: Request, now: Now, source: Source, ticket_id: TicketId) -> schemas.TicketDetail:
    """One ticket by source and id; both may hold colons and, written as %2F, slashes."""
    source, ticket_id = _as_written(request, source, ticket_id)
    row = read_tickets.ticket(now.connection, now.run_id, source, ticket_id)
    found = read_answers.of_ticket(now.connection, now.run_id, source, ticket_id)
    answers = [
        schemas.AnswerOut(at=one.at, csat=one.csat, nps=one.nps, ces=one.ces, comment=one.comment) for one in found
    ]
    return schemas.TicketDetail(**row, answers=answers)


@router.post(
    "",
    status_code=202,
    dependencies=[Depends(only_known), Depends(needs("analyst", whole=True))],
    responses=described(403, 409, 413),
)
def take_in(
    request: Request,
    who: Who,
    body: schemas.TicketsIn,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> schemas.Taken:
    """Take in up to 10,000 tickets: cleaned, redacted, stored. The next run analyses them.

    A ticket that is none (no text, an impossible date) goes to quarantine and is counted; the others are kept. The
    same `Idempotency-Key` with the same body gets the first answer again, and nothing is done twice.
    """
    tickets = [ticket.model_dump(exclude_unset=True) for ticket in body.tickets]
    digest = hashlib.sha256(json.dumps(tickets, sort_keys=True).encode()).hexdigest()
    if idempotency_key is not None and who.via != "local":  # two callers may have had the same idea
        idempotency_key = hashlib.sha256(f"{who.name}\0{idempotency_key}".encode()).hexdigest()
    first = _first_answer(request.app.state.store, idempotency_key)
    if first is None:
        question = {"do": "ingest", "tickets": tickets, "key": idempotency_key, "digest": digest}
        answer = request.app.state.analyst.ask(question)
        first = requests.Answered(answer["digest"], answer["taken"])
    if first.digest != digest:
        raise Conflict("this Idempotency-Key came with another body before: use a new key")
    return schemas.Taken(**first.answer)


def _first_answer(store: Store, key: str | None) -> requests.Answered | None:
    if key is None:
        return None
    with store.read() as connection:
        return requests.recall(connection, key)


def _as_written(request: Request, source: str, ticket_id: str) -> tuple[str, str]:
    """Source and id where the address was cut before %2F became a slash."""
    raw: bytes = request.scope.get("raw_path") or b""
    parts = raw.decode("ascii", "replace").partition("?")[0].removeprefix(f"{router.prefix}/").partition("/")
    return (unquote(parts[0]), unquote(parts[2])) if parts[1] else (source, ticket_id)
