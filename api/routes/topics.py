"""Topics: list and look."""

from fastapi import APIRouter, Depends

from api import schemas
from api.deps import Now, fresh, only_known
from cxtext.store import read_tickets, read_topics

router = APIRouter(prefix="/api/v1/topics", tags=["topics"], dependencies=[Depends(only_known), Depends(fresh)])


@router.get("")
def list_topics(now: Now) -> schemas.Topics:
    """All topics, largest first; groups of topics have others below them."""
    return schemas.Topics(items=[schemas.TopicOut(**row) for row in read_topics.topics(now.connection, now.run_id)])


@router.get("/{topic_id}")
def one_topic(now: Now, topic_id: str) -> schemas.TopicDetail:
    """One topic with quotes and days. The id of a merged topic leads to the one it became part of."""
    row = read_topics.topic(now.connection, now.run_id, topic_id)
    quotes = read_tickets.texts(now.connection, now.run_id, row["quotes"])
    counts: dict[object, int] = {}
    for cell in read_topics.daily(
        now.connection, now.run_id, read_topics.below(now.connection, now.run_id, row["topic_id"])
    ):
        counts[cell["day"]] = counts.get(cell["day"], 0) + cell["count"]
    days = [{"day": day, "count": count} for day, count in sorted(counts.items(), key=lambda item: str(item[0]))]
    return schemas.TopicDetail(**row | {"quotes": list(quotes.values()), "days": days})
