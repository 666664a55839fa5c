"""What was just done, as a line that offers to take it back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from api.dashboard.view import View
from cxtext.errors import NotFound
from cxtext.store import runs

FRESH = timedelta(seconds=30)  # the address of a page that says so may be loaded late; older acts are in the history
LIGHT = ("check",)  # nothing to take back in one step


def just_done(seen: View) -> Mapping[str, Any] | None:
    """Words and the way back for the act named in the address; None where there is none or it is long past."""
    asked = seen.request.query_params.get("done", "")
    if not asked.isdecimal() or not seen.may_act:
        return None
    try:
        run = runs.get(seen.connection, int(asked))
    except NotFound:
        return None
    if run.kind != "act" or run.finished_at is None or datetime.now(UTC) - run.finished_at > FRESH:
        return None
    back = str(seen.request.url.path) + seen.here() if seen.here().startswith("?") else seen.here()
    return {
        "run_id": run.id, "words": seen.speech.say("done", what=seen.speech.word("act", run.note)), "back": back,
        "undo": run.id == seen.run_id and run.note not in ("undo", "unfix", *LIGHT),
    }  # fmt: skip
