"""Search by words."""

from dataclasses import replace
from datetime import date

from fastapi import APIRouter, Depends

from api import schemas, schemas_acts
from api.deps import Chosen, Cursor, Limit, Now, fresh, only_known
from api.interface import described
from api.paging import NO_PAGE, from_cursor, to_cursor
from cxtext.errors import NotFound
from cxtext.store.search import search_tickets

router = APIRouter(prefix="/api/v1/search", tags=["search"], dependencies=[Depends(only_known), Depends(fresh)])


@router.get("", responses=described(304, 403, 404))
def search(
    now: Now,
    chosen: Chosen,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> schemas_acts.Hits:
    """Tickets that hold every word of `q` in any inflection, newest day first, with the places of the words.

    German and English; ß and ss, ä and ae are alike; `liefer*` finds what begins so. No word finds nothing.
    """
    place = from_cursor(cursor)
    if place is not None and not _is_place(place):
        raise NotFound(NO_PAGE)
    after = (place[0], place[1]) if place else None
    hits = search_tickets(
        now.connection, now.run_id, chosen.q or "", replace(chosen, q=None), after=after, limit=limit + 1
    )
    page = [schemas_acts.Hit(ticket=schemas.TicketOut(**hit.ticket), marks=list(hit.marks)) for hit in hits[:limit]]
    return schemas_acts.Hits(items=page, next_cursor=to_cursor(*hits[limit - 1].place) if len(hits) > limit else None)


def _is_place(place: tuple[str, ...]) -> bool:
    day, number = place
    try:
        fits = not day or date.fromisoformat(day) is not None
    except ValueError:
        return False
    return fits and number.isascii() and number.isdecimal() and len(number) < 10
