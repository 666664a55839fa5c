"""A person's check is kept: who said of which value, when, whether it is right."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from cxtext.settings import Settings
from cxtext.store import Store, runs
from cxtext.store.metrics import save_check
from cxtext.store.read_checks import Asked


def record_check(
    store: Store,
    settings: Settings,
    asked: Asked,
    *,
    verdict: bool,
    right_value: str | None = None,
    by: str,
    now: Callable[[], datetime],
) -> int:
    """Keep one answer; returns the number of the run that it became. Said again, the newer answer counts.

    Args:
        store: where.
        settings: for the time zone.
        asked: one of `read_checks.sample_of_week`.
        verdict: what was shown is right.
        right_value: what is right instead, if the person says so; it counts for the share of that topic or cause.
            To show it on the ticket too: `jobs.corrections.correct`.
        by: who.
        now: the clock.

    Raises:
        Locked: a run is writing at this moment.
    """
    with store.lock():
        day = now().astimezone(ZoneInfo(settings.timezone)).date()
        with store.write() as connection:
            run = runs.begin(connection, kind="act", now=now(), as_of=day, recipe=settings.recipe)
            values = {name: getattr(asked, name) for name in ("week", "no", "field", "shown", "confidence", "weight")}
            said = {"verdict": verdict, "right_value": None if verdict else right_value, "by": by}
            save_check(connection, values | said, at=now(), run_id=run.id)
            runs.publish(connection, run.id, now=now(), counts={"checks": 1}, note="check")
    return run.id
