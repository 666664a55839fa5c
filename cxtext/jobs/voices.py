"""The stage of a night that lists why customers leave, what they wish for and what they keep asking."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cxtext.intent.cues import Cues
from cxtext.metrics.voices import Voice, unanswered, why_they_leave, wishes
from cxtext.settings import Settings
from cxtext.store import Store
from cxtext.store.read_voices import DAYS, voices
from cxtext.store.runs import Run
from cxtext.store.voices import save_lists


def listen(store: Store, run: Run, _settings: Settings, _now: Callable[[], datetime]) -> dict[str, int]:
    """Lists of the 90 days up to the run's: the same that `cxtext churn`, `wishes` and `knowledge` print for that day."""
    if run.as_of is None:
        return {}
    since = run.as_of - timedelta(DAYS - 1)
    with store.read() as connection:
        leaving = list(voices(connection, run.id, ("cancellation",), churned=True, since=since, until=run.as_of))
        wished = wishes(voices(connection, run.id, ("wish",), since=since, until=run.as_of))
        asked = unanswered(voices(connection, run.id, ("question",), since=since, until=run.as_of), DAYS)
    cues = Cues()

    def reason(voice: Voice) -> str | None:
        return cues.find_details(voice.text, voice.language).cancellation_reason

    with store.write() as connection:
        written = save_lists(connection, why_they_leave(leaving, reason), wished, asked, run.id)
    return {"voices": written}
