"""Defects: what is peculiar to a product or version."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from api import schemas_watch as schemas
from api.deps import Cursor, Limit, Now, fresh, only_known
from api.interface import described
from api.paging import paged
from cxtext.store import read_defects

router = APIRouter(prefix="/api/v1/defects", tags=["defects"], dependencies=[Depends(only_known), Depends(fresh)])


@router.get("", responses=described(304, 403, 404))
def list_defects(
    now: Now,
    product: Annotated[str | None, Query(max_length=400)] = None,
    topic: Annotated[str | None, Query(max_length=20)] = None,
    state: Annotated[Literal["signal", "watch"] | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> schemas.Defects:
    """Products and versions that have an issue more often than their family, surest first."""
    found = read_defects.defects(now.connection, now.run_id, state=state, product=product, topic=topic)
    page, following = paged(found, lambda one: (one.id,), cursor, limit)
    return schemas.Defects(items=[schemas.DefectOut.model_validate(one) for one in page], next_cursor=following)
