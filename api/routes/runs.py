"""Runs: what was done when."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from api import schemas, schemas_acts
from api.accounts.principal import Who, needs
from api.asking import carry_out
from api.deps import MOST, Limit, Now, Present, only_known
from api.errors import Conflict
from api.interface import described
from cxtext.store import runs

router = APIRouter(prefix="/api/v1/runs", tags=["runs"], dependencies=[Depends(only_known)])


@router.get("", responses=described(403, 404))
def list_runs(now: Now, before: Annotated[int | None, Query(ge=1, le=MOST)] = None, limit: Limit = 50) -> schemas.Runs:
    """Runs, newest first."""
    found = runs.latest(now.connection, limit=limit + 1, before=before)
    page = [schemas.RunOut(**asdict(run)) for run in found[:limit]]
    return schemas.Runs(items=page, next_before=page[-1].id if len(found) > limit else None)


@router.get("/{run_id}", responses=described(404))
def one_run(now: Now, run_id: Annotated[int, Path(ge=1, le=MOST)]) -> schemas.RunOut:
    """One run."""
    return schemas.RunOut(**asdict(runs.get(now.connection, run_id)))


@router.post("/{run_id}/undo", dependencies=[Depends(needs("editor", whole=True))], responses=described(403, 404, 409))
def undo(request: Request, now: Present, who: Who, run_id: Annotated[int, Path(ge=1, le=MOST)]) -> schemas_acts.Done:
    """Take an act of a person back, while nothing else has happened since; both stay in the history."""
    if runs.get(now.connection, run_id).kind != "act" or run_id != now.run_id:
        raise Conflict(f"run {run_id} cannot be taken back: it is no act, or something has happened since")
    return schemas_acts.Done(**carry_out(request, {"do": "undo", "run_id": run_id, "by": who.name}))
