"""What single customers say by themselves: why they leave, what they wish for, what they keep asking."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends

from api import schemas_voices as schemas
from api.deps import Now, fresh, only_known
from api.interface import described
from cxtext.store import read_voices

router = APIRouter(prefix="/api/v1", tags=["voices"], dependencies=[Depends(only_known), Depends(fresh)])
ANSWERS = described(304, 403, 404)


@router.get("/churn", responses=ANSWERS)
def churn(now: Now) -> schemas.Churn:
    """Why customers leave. Readers of some departments get none: reasons are counted over all of them."""
    found = read_voices.listed(now.connection, now.run_id, "leaving")
    return schemas.Churn(items=[schemas.Reason(**_row(one)) for one in found])


@router.get("/wishes", responses=ANSWERS)
def wishes(now: Now) -> schemas.Wishes:
    """What customers wish for; readers of some departments get the topics that are mostly theirs."""
    found = read_voices.listed(now.connection, now.run_id, "wish")
    return schemas.Wishes(items=[schemas.WishOut(**_row(one)) for one in found])


@router.get("/knowledge", responses=ANSWERS)
def knowledge(now: Now) -> schemas.Knowledge:
    """Questions worth an article; readers of some departments get the topics that are mostly theirs."""
    found = read_voices.listed(now.connection, now.run_id, "question")
    return schemas.Knowledge(items=[schemas.QuestionOut(**_row(one)) for one in found])


def _row(one: read_voices.Listed) -> dict[str, Any]:
    counted = {
        name: [{"key": key, "tickets": count} for key, count in getattr(one, name)] for name in ("causes", "products")
    }
    return asdict(one) | counted
