"""Topics: list, look, and what people do with them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse

from api import schemas, schemas_acts
from api.accounts.principal import Who, needs
from api.asking import carry_out
from api.deps import Cursor, Limit, Moment, Now, Present, fresh, only_known
from api.errors import Forbidden
from api.interface import described
from api.paging import paged
from cxtext.store import read_tally, read_tickets, read_topics
from cxtext.store.scope import scope_of

router = APIRouter(prefix="/api/v1/topics", tags=["topics"], dependencies=[Depends(only_known)])
TopicId = Annotated[str, Path(max_length=20, examples=["T-0001"])]
Status = Literal["new", "rising", "recurring", "seasonal", "steady", "fading", "resolved"]
EDITORS = [Depends(needs("editor"))]


@router.get("", dependencies=[Depends(fresh)], responses=described(304, 403, 404))
def list_topics(
    now: Now,
    department: Annotated[str | None, Query(max_length=120, description="That owns tickets of theirs.")] = None,
    status: Annotated[Status | None, Query()] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words in name or keywords.")] = None,
) -> schemas.Topics:
    """All topics, largest first; groups of topics have others below them."""
    rows = read_topics.topics(now.connection, now.run_id)
    if department is not None:
        rows = [row for row in rows if department in {key for key, _ in row["departments"]}]
    if status is not None:
        rows = [row for row in rows if row["status"] == status]
    if q:
        rows = [row for row in rows if q.casefold() in " ".join([row["label"], *row["keywords"]]).casefold()]
    return schemas.Topics(items=[schemas.TopicOut(**row) for row in rows])


@router.get(
    "/{topic_id}",
    dependencies=[Depends(fresh)],
    responses=described(304, 308, 403, 404),
    response_model=schemas.TopicDetail,
)
def one_topic(now: Now, topic_id: TopicId) -> schemas.TopicDetail | RedirectResponse:
    """One topic with quotes and days. The id of a merged topic leads to the one it became part of."""
    row = read_topics.topic(now.connection, now.run_id, topic_id)
    if row["topic_id"] != topic_id:
        return RedirectResponse(f"/api/v1/topics/{row['topic_id']}", status_code=308)
    quotes = read_tickets.texts(now.connection, now.run_id, row["quotes"])
    below = read_topics.below(now.connection, now.run_id, row["topic_id"])
    sums = read_tally.by_value(now.connection, now.run_id, "day", below)
    days = sorted(({"day": one.key, "count": one.count} for one in sums if one.key), key=lambda day: str(day["day"]))
    return schemas.TopicDetail(**row | {"quotes": list(quotes.values()), "days": days})


@router.get("/{topic_id}/history", dependencies=[Depends(fresh)], responses=described(304, 403, 404))
def history(now: Now, topic_id: TopicId, cursor: Cursor = None, limit: Limit = 50) -> schemas_acts.History:
    """What people did with a topic, and every ticket that moved into it or out of it, oldest first."""
    topic_id = str(read_topics.topic(now.connection, now.run_id, topic_id)["topic_id"])
    moves = list(read_topics.ledger(now.connection, now.run_id, topic_id))
    page, following = paged(
        moves, lambda row: (str(row["run_id"]), row["source"], row["ticket_id"], str(row["to_topic"])), cursor, limit
    )
    acts = read_topics.acts(now.connection, now.run_id, topic_id)
    return schemas_acts.History(
        acts=[schemas_acts.ActOut(**{name: row[name] for name in schemas_acts.ActOut.model_fields}) for row in acts],
        items=[schemas_acts.MoveOut(**row) for row in page],
        next_cursor=following,
    )


@router.patch("/{topic_id}", dependencies=EDITORS, responses=described(403, 404, 409))
def change(
    request: Request, now: Present, who: Who, topic_id: TopicId, body: schemas_acts.TopicChange
) -> schemas_acts.DoneAll:
    """Rename, pin or mute a topic; each becomes a run of its own. A person's name is never overwritten."""
    may_change(now, topic_id)
    acts: list[dict[str, Any]] = []
    if body.label is not None:
        acts.append({"act": "rename", "label": body.label})
    if body.pinned is not None:
        acts.append({"act": "pin", "on": body.pinned})
    if body.muted is not None:
        acts.append({"act": "mute", "on": body.muted})
    return schemas_acts.DoneAll(
        run_ids=[_do(request, who, act | {"topic_id": topic_id, "why": body.why}) for act in acts]
    )


@router.post("/{topic_id}/merge", dependencies=EDITORS, responses=described(403, 404, 409))
def merge(request: Request, now: Present, who: Who, topic_id: TopicId, body: schemas_acts.Merge) -> schemas_acts.Done:
    """Make other topics part of this one, for the whole history; their ids lead here for ever."""
    for one in (topic_id, *body.from_ids):
        may_change(now, one)
    act = {"act": "merge", "from_ids": body.from_ids, "into_id": topic_id, "why": body.why}
    return schemas_acts.Done(run_id=_do(request, who, act))


@router.post("/{topic_id}/split", dependencies=EDITORS, responses=described(403, 404, 409))
def split(request: Request, now: Present, who: Who, topic_id: TopicId, body: schemas_acts.Split) -> schemas_acts.Done:
    """Divide a topic; the largest part keeps id and name."""
    may_change(now, topic_id)
    return schemas_acts.Done(
        run_id=_do(request, who, {"act": "split", "topic_id": topic_id, "parts": body.parts, "why": body.why})
    )


def may_change(now: Moment, topic_id: str) -> None:
    """Refuse what is not theirs to change: those who see some departments change topics that are mostly theirs.

    Raises:
        NotFound: there is no such topic, or they do not see it.
        Forbidden: it is mostly about other departments.
    """
    found = str(read_topics.topic(now.connection, now.run_id, topic_id)["topic_id"])
    scope = scope_of(now.connection)
    if scope is not None and not scope.cuts[found].owned:
        raise Forbidden(f"topic {found} is mostly about other departments: somebody who sees all may change it")


def _do(request: Request, who: Who, act: dict[str, Any]) -> int:
    return int(carry_out(request, {"do": "act", "act": act | {"by": who.name}})["run_id"])
