"""Runs: what was done when."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api import schemas
from api.deps import Limit, Now, only_known
from api.interface import described
from cxtext.store import runs

router = APIRouter(prefix="/api/v1/runs", tags=["runs"], dependencies=[Depends(only_known)])
MOST = 2**31 - 1  # the largest number that every database knows


@router.get("")
def list_runs(now: Now, before: Annotated[int | None, Query(ge=1, le=MOST)] = None, limit: Limit = 50) -> schemas.Runs:
    """Runs, newest first."""
    found = runs.latest(now.connection, limit=limit + 1, before=before)
    page = [schemas.RunOut(**asdict(run)) for run in found[:limit]]
    return schemas.Runs(items=page, next_before=page[-1].id if len(found) > limit else None)


@router.get("/{run_id}", responses=described(404))
def one_run(now: Now, run_id: Annotated[int, Path(ge=1, le=MOST)]) -> schemas.RunOut:
    """One run."""
    return schemas.RunOut(**asdict(runs.get(now.connection, run_id)))
