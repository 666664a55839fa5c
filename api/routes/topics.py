"""Topics: list and look."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import RedirectResponse

from api import schemas
from api.deps import Now, fresh, only_known
from api.interface import described
from cxtext.store import read_tickets, read_topics

router = APIRouter(prefix="/api/v1/topics", tags=["topics"], dependencies=[Depends(only_known), Depends(fresh)])
TopicId = Annotated[str, Path(max_length=20, examples=["T-0001"])]


@router.get("", responses=described(304))
def list_topics(now: Now) -> schemas.Topics:
    """All topics, largest first; groups of topics have others below them."""
    return schemas.Topics(items=[schemas.TopicOut(**row) for row in read_topics.topics(now.connection, now.run_id)])


@router.get("/{topic_id}", responses=described(304, 308, 404), response_model=schemas.TopicDetail)
def one_topic(now: Now, topic_id: TopicId) -> schemas.TopicDetail | RedirectResponse:
    """One topic with quotes and days. The id of a merged topic leads to the one it became part of."""
    row = read_topics.topic(now.connection, now.run_id, topic_id)
    if row["topic_id"] != topic_id:
        return RedirectResponse(f"/api/v1/topics/{row['topic_id']}", status_code=308)
    quotes = read_tickets.texts(now.connection, now.run_id, row["quotes"])
    counts: dict[object, int] = {}
    for cell in read_topics.daily(
        now.connection, now.run_id, read_topics.below(now.connection, now.run_id, row["topic_id"])
    ):
        counts[cell["day"]] = counts.get(cell["day"], 0) + cell["count"]
    days = [{"day": day, "count": count} for day, count in sorted(counts.items(), key=lambda item: str(item[0]))]
    return schemas.TopicDetail(**row | {"quotes": list(quotes.values()), "days": days})
