"""What people do on the pages: forms in, one job in the analysis process, back to the page with a way to undo it."""

import os
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import RedirectResponse

from api.accounts.csrf import checked
from api.accounts.principal import Who, needs
from cxtext.store.accounts import Principal

router = APIRouter(dependencies=[Depends(checked), Depends(needs("editor", whole=True))])
TopicId = Annotated[str, Path(max_length=20)]
On = Annotated[Literal["0", "1"], Form()]
NOTHING = "none"  # what a correction says where a ticket belongs nowhere


@router.post("/issues/{topic_id}/rename")
def rename(
    request: Request, who: Who, topic_id: TopicId, label: Annotated[str, Form(max_length=200)]
) -> RedirectResponse:
    """A name that cxtext never overwrites."""
    return _done(request, who, {"act": "rename", "topic_id": topic_id, "label": label}, f"/issues/{topic_id}")


@router.post("/issues/{topic_id}/merge")
def merge(
    request: Request,
    who: Who,
    topic_id: TopicId,
    near: Annotated[str, Form(max_length=20)] = "",
    other: Annotated[str, Form(max_length=20)] = "",
) -> RedirectResponse:
    """Another issue becomes part of this one, for the whole history; the list counts more than the likely ones."""
    told = {"act": "merge", "from_ids": [other or near or topic_id], "into_id": topic_id}
    return _done(request, who, told, f"/issues/{topic_id}")


@router.post("/issues/{topic_id}/split")
def split(
    request: Request, who: Who, topic_id: TopicId, parts: Annotated[int, Form(ge=2, le=9)] = 2
) -> RedirectResponse:
    """One issue becomes several."""
    return _done(request, who, {"act": "split", "topic_id": topic_id, "parts": parts}, f"/issues/{topic_id}")


@router.post("/issues/{topic_id}/pin")
def pin(request: Request, who: Who, topic_id: TopicId, on: On) -> RedirectResponse:
    """Nothing moves out of it any more, or again."""
    return _done(request, who, {"act": "pin", "topic_id": topic_id, "on": on == "1"}, f"/issues/{topic_id}")


@router.post("/issues/{topic_id}/mute")
def mute(request: Request, who: Who, topic_id: TopicId, on: On) -> RedirectResponse:
    """No messages about it, or again."""
    return _done(request, who, {"act": "mute", "topic_id": topic_id, "on": on == "1"}, f"/issues/{topic_id}")


@router.post("/issues/{topic_id}/own")
def own(
    request: Request, who: Who, topic_id: TopicId, department: Annotated[str, Form(max_length=120)] = ""
) -> RedirectResponse:
    """A department is responsible; empty: what the tickets say counts again."""
    told = {"do": "own", "topic_id": topic_id, "department": department or None}
    return _done(request, who, told, f"/issues/{topic_id}")


@router.post("/issues/{topic_id}/fix")
def fix(
    request: Request,
    who: Who,
    topic_id: TopicId,
    day: Annotated[date, Form()],
    what: Annotated[str, Form(max_length=300)] = "",
    product: Annotated[str, Form(max_length=400)] = "",
) -> RedirectResponse:
    """Something was done about it on that day; the nights to come say whether it worked."""
    told = {"do": "fix", "topic_id": topic_id, "day": day.isoformat(), "what": what, "product": product or None}
    return _done(request, who, told, f"/issues/{topic_id}")


@router.post("/correct/{source}/{ticket_id:path}")
def correct(
    request: Request,
    who: Who,
    source: Annotated[str, Path(max_length=500)],
    ticket_id: Annotated[str, Path(max_length=500)],
    field: Annotated[Literal["topic", "cause", "department", "sentiment"], Form()],
    value: Annotated[str, Form(max_length=200)],
    back: Annotated[str, Form(max_length=2000)] = "",
) -> RedirectResponse:
    """What cxtext said of a ticket is put right."""
    told = {"do": "correct", "key": f"{source}:{ticket_id}", "wanted": {field: value or NOTHING}}
    return _done(request, who, told, _own_page(back) or f"/tickets/{source}/{ticket_id}")


@router.post("/undo/{run_id}")
def undo(
    request: Request,
    who: Who,
    run_id: Annotated[int, Path(ge=1, le=2**31 - 1)],
    back: Annotated[str, Form(max_length=2000)] = "",
) -> RedirectResponse:
    """The newest act is taken back."""
    return _done(request, who, {"do": "undo", "run_id": run_id}, _own_page(back) or "/")


def _done(request: Request, who: Principal, told: dict[str, Any], back: str) -> RedirectResponse:
    by = who.name if who.via != "local" else os.environ.get("LOGNAME") or os.environ.get("USER") or who.name
    question = {**told, "by": by} if "do" in told else {"do": "act", "act": {**told, "by": by}}
    answer = request.app.state.analyst.ask(question)
    sign = "&" if "?" in back else "?"
    return RedirectResponse(f"{back}{sign}done={answer['run_id']}", status_code=303)


def _own_page(back: str) -> str:
    """The way back, if it is one of our own pages: a path, no other server."""
    parts = urlsplit(back)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or back.startswith(("//", "/\\")):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
