"""Corrections: what people put right."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from api import schemas_acts as schemas
from api.accounts.principal import Who, needs
from api.asking import carry_out
from api.deps import Cursor, Limit, Now, Present, fresh, only_known
from api.interface import described
from api.paging import from_cursor, to_cursor
from cxtext.errors import NotFound
from cxtext.store import read_corrections, read_tickets, read_topics

router = APIRouter(prefix="/api/v1/corrections", tags=["corrections"], dependencies=[Depends(only_known)])


@router.get("", dependencies=[Depends(fresh)], responses=described(304, 403, 404))
def list_corrections(
    now: Now, topic: Annotated[str | None, Query(max_length=20)] = None, cursor: Cursor = None, limit: Limit = 50
) -> schemas.Corrections:
    """What people put right, newest first."""
    after = from_cursor(cursor, 1)
    if after is not None and not (after[0].isascii() and after[0].isdecimal() and len(after[0]) < 10):
        raise NotFound("no page begins at that cursor: take `next_cursor` of the page before, unchanged")
    before = int(after[0]) if after else None
    rows = read_corrections.corrections(now.connection, now.run_id, limit=limit + 1, before=before, topic=topic)
    page = [schemas.CorrectionOut(**row) for row in rows[:limit]]
    return schemas.Corrections(items=page, next_cursor=to_cursor(str(page[-1].number)) if len(rows) > limit else None)


@router.post("", status_code=201, dependencies=[Depends(needs("analyst"))], responses=described(403, 404, 409))
def correct(request: Request, now: Present, who: Who, body: schemas.CorrectionIn) -> schemas.Done:
    """Put right what cxtext said of one ticket: shown at once, kept through every later run, learned from at training."""
    read_tickets.ticket(now.connection, now.run_id, body.source, body.id)
    wanted = {
        name: "none" if value is None else value
        for name, value in body.model_dump(exclude_unset=True).items()
        if name in ("topic", "cause", "department") or (name == "sentiment" and value is not None)
    }
    if wanted.get("topic", "none") != "none":
        read_topics.topic(now.connection, now.run_id, wanted["topic"])
    question = {"do": "correct", "key": f"{body.source}:{body.id}", "wanted": wanted, "by": who.name}
    return schemas.Done(**carry_out(request, question))
