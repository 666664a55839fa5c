"""Fixes: what was done about an issue, and whether it worked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from api import schemas_acts, schemas_watch
from api.accounts.principal import Who, needs
from api.asking import carry_out
from api.deps import Cursor, Limit, Now, Present, fresh, only_known
from api.interface import described
from api.paging import paged
from api.routes.topics import may_change
from cxtext.store import read_fixes

router = APIRouter(prefix="/api/v1/fixes", tags=["fixes"], dependencies=[Depends(only_known)])
FixId = Annotated[str, Path(max_length=20, examples=["F-0001"])]


@router.get("", dependencies=[Depends(fresh)], responses=described(304, 403, 404))
def list_fixes(
    now: Now, topic: Annotated[str | None, Query(max_length=20)] = None, cursor: Cursor = None, limit: Limit = 50
) -> schemas_watch.Fixes:
    """Fixes with their verdicts, newest first."""
    found = read_fixes.fixes(now.connection, now.run_id, topic=topic)
    page, following = paged(found, lambda one: (one.id,), cursor, limit)
    return schemas_watch.Fixes(items=[schemas_watch.FixOut.model_validate(one) for one in page], next_cursor=following)


@router.post("", status_code=201, dependencies=[Depends(needs("analyst"))], responses=described(403, 404, 409))
def record(request: Request, now: Present, who: Who, body: schemas_watch.FixIn) -> schemas_acts.FixDone:
    """Record what was done; it is judged after 14 and 28 days against issues that nobody touched."""
    may_change(now, body.topic_id)
    question = {"do": "fix", "by": who.name, **body.model_dump(mode="json")}
    return schemas_acts.FixDone(**carry_out(request, question))


@router.delete("/{fix_id}", dependencies=[Depends(needs("analyst"))], responses=described(403, 404, 409))
def take_back(request: Request, now: Present, who: Who, fix_id: FixId) -> schemas_acts.Done:
    """Take a fix back; it stays in the history."""
    may_change(now, read_fixes.one_fix(now.connection, now.run_id, fix_id).topic_id)
    return schemas_acts.Done(**carry_out(request, {"do": "unfix", "fix": fix_id, "by": who.name}))
