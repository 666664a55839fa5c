"""Is the process alive, is there something to show."""

from fastapi import APIRouter, Request

from api.deps import Now
from api.errors import problem

router = APIRouter(tags=["health"])


@router.get("/healthz")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", response_model=None)
def ready(request: Request, now: Now) -> object:  # noqa: ARG001 – FastAPI passes it
    """The store answers and a run is published."""
    if now.run_id == 0:
        return problem("NotReady", 503, "nothing has run yet: cxtext run tickets.csv", headers={"Retry-After": "60"})
    return {"status": "ready", "run_id": now.run_id}
