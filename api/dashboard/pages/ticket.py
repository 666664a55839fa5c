"""One ticket: its text with the words that decided, what was made of it, and how to put that right."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from api.dashboard.done import just_done
from api.dashboard.marks import marked, places
from api.dashboard.sentences import about_event
from api.dashboard.view import Names, Seen, View, names
from cxtext.store import read_answers, read_history, read_tickets, read_topics

router = APIRouter()
MOODS = ("negative", "neutral", "positive")


@router.get("/tickets/{source}/{ticket_id:path}", response_class=HTMLResponse)
def ticket(
    seen: Seen, source: Annotated[str, Path(max_length=500)], ticket_id: Annotated[str, Path(max_length=500)]
) -> HTMLResponse:
    """Source and id name it."""
    row = read_tickets.ticket(seen.connection, seen.run_id, source, ticket_id)
    known = names(seen)
    topics = read_topics.topics(seen.connection, seen.run_id)
    labels = {one["topic_id"]: one["label"] for one in topics}
    groups = {one["parent_id"] for one in topics}
    words = [*(row["evidence"] or ()), *(row["urgency_evidence"] or ())]
    history = read_history.changes_of_ticket(seen.connection, seen.run_id, source, ticket_id)
    facts = {
        "row": row, "known": known, "labels": labels, "text": marked(row["text"], places(row["text"], words), most=None),
        "topics": sorted((one["label"], one["topic_id"]) for one in topics if one["topic_id"] not in groups and one["size"]),
        "causes": sorted((words, key) for key, words in known.causes.items()),
        "departments": sorted((words, key) for key, words in known.departments.items()), "moods": [(seen.speech.word("mood", key), key) for key in MOODS],
        "suggested": _suggested(seen, row, known), "done": just_done(seen),
        "answers": read_answers.of_ticket(seen.connection, seen.run_id, source, ticket_id),
        "history": [(one, about_event(seen.speech, one, labels, known)) for one in history],
    }  # fmt: skip
    return seen.show("ticket.html", facts)


def _suggested(seen: View, row: dict[str, Any], known: Names) -> str:
    """What the product would guess where it does not know, said as a guess."""
    offered = (row["suggestions"] or {}).get("cause", []) if row["cause"] is None else []
    return ", ".join(f"{known.of('cause', key)} {seen.speech.percent(share)}" for key, share in offered[:3])
