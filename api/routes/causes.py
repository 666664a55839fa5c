"""Root causes."""

from fastapi import APIRouter, Depends

from api import schemas
from api.deps import Now, fresh, only_known
from api.interface import described
from cxtext.export import KINDS

router = APIRouter(prefix="/api/v1/causes", tags=["causes"], dependencies=[Depends(only_known), Depends(fresh)])


@router.get("", responses=described(304, 403, 404))
def list_causes(now: Now) -> schemas.Causes:
    """Causes that were found, most frequent first."""
    rows = KINDS["causes"].rows(now.connection, now.run_id)
    return schemas.Causes(items=[schemas.CauseOut(**row) for row in rows])
