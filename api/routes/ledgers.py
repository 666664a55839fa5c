"""What is kept for those who look after the data: rows in quarantine, and who changed what."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api import schemas_watch as schemas
from api.accounts.principal import needs
from api.deps import MOST, Cursor, Limit, Now, fresh, only_known
from api.interface import described
from api.paging import paged
from cxtext.store import read_tickets, sessions

router = APIRouter(prefix="/api/v1", dependencies=[Depends(only_known)])


@router.get(
    "/quarantine",
    tags=["quarantine"],
    dependencies=[Depends(needs("analyst", whole=True)), Depends(fresh)],
    responses=described(304, 403, 404),
)
def quarantine(now: Now, cursor: Cursor = None, limit: Limit = 50) -> schemas.Quarantine:
    """Rows of the sources that are no tickets, with their reasons."""
    rows = [
        (str(place), row) for place, row in enumerate(read_tickets.quarantined(now.connection, now.run_id))
    ]  # they are never taken out, so the place is a name
    page, following = paged(rows, lambda pair: (pair[0],), cursor, limit)
    return schemas.Quarantine(items=[schemas.BadRow(**row) for _, row in page], next_cursor=following)


@router.get("/audit", tags=["audit"], dependencies=[Depends(needs("admin", whole=True))], responses=described(403, 404))
def audit(now: Now, before: Annotated[int | None, Query(ge=1, le=MOST)] = None, limit: Limit = 50) -> schemas.Audit:
    """Who changed what, newest first."""
    rows = sessions.noted(now.connection, limit=limit + 1, before=before)
    page = [schemas.Noted(**row) for row in rows[:limit]]
    return schemas.Audit(items=page, next_before=page[-1].id if len(rows) > limit else None)
