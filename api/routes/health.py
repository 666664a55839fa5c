"""Is the process alive, is there something to show."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from api import schemas
from api.deps import only_known
from api.errors import problem
from api.meter import MEDIA
from cxtext.store import Store, runs

TEXT: dict[int | str, dict[str, Any]] = {
    200: {"description": "Figures.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
router = APIRouter(tags=["health"], dependencies=[Depends(only_known)])


@router.get("/healthz")
def alive() -> schemas.Alive:
    """The process answers."""
    return schemas.Alive(status="ok")


@router.get("/metrics", response_class=Response, responses=TEXT)
def figures(request: Request) -> Response:
    """Requests, how long they took, the age of the last run: in Prometheus' text format."""
    told = request.app.state.figures.told(request.app.state.store, datetime.now(UTC))
    return Response(told, media_type=MEDIA)


@router.get("/readyz", response_model=schemas.Ready)
def ready(request: Request) -> schemas.Ready | Response:
    """The store answers and a run is published."""
    store: Store = request.app.state.store
    with store.read() as connection:
        run_id = runs.current(connection)
    if run_id == 0:
        return problem("NotReady", 503, "nothing has run yet: cxtext run tickets.csv", headers={"Retry-After": "60"})
    return schemas.Ready(status="ready", run_id=run_id)
