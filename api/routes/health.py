"""Is the process alive, is there something to show."""

from fastapi import APIRouter, Depends, Response

from api import schemas
from api.deps import Now, only_known
from api.errors import problem

router = APIRouter(tags=["health"], dependencies=[Depends(only_known)])


@router.get("/healthz")
def alive() -> schemas.Alive:
    """The process answers."""
    return schemas.Alive(status="ok")


@router.get("/readyz", response_model=schemas.Ready)
def ready(now: Now) -> schemas.Ready | Response:
    """The store answers and a run is published."""
    if now.run_id == 0:
        return problem("NotReady", 503, "nothing has run yet: cxtext run tickets.csv", headers={"Retry-After": "60"})
    return schemas.Ready(status="ready", run_id=now.run_id)
