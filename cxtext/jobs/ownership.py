"""A person makes a department responsible for an issue."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from cxtext.errors import NotFound
from cxtext.settings import Settings
from cxtext.store import Store, read_topics, results, runs


def own(
    store: Store,
    settings: Settings,
    topic_id: str,
    department: str | None,
    *,
    by: str,
    now: Callable[[], datetime],
    why: str = "",
) -> int:
    """Make a department responsible for a topic (None: what its tickets say counts again); returns the act's run.

    Raises:
        NotFound: there is no such topic or department.
        Locked: a run is writing at this moment.
    """
    with store.lock(), store.write() as connection:
        current = runs.current(connection)
        topic_id = read_topics.topic(connection, current, topic_id)["topic_id"]
        known = [row["key"] for row in read_topics.departments(connection, current)]
        if department is not None and department not in known:
            raise NotFound(f"no department called {department!r}; known: {', '.join(known)}")
        at = now()
        day = at.astimezone(ZoneInfo(settings.timezone)).date()
        run = runs.begin(connection, kind="act", now=at, as_of=day, recipe=settings.recipe)
        told = {"act": "own", "department": department, "by": by, "why": why, "at": at.isoformat()}
        results.save_act(connection, told, topic_id=topic_id, run_id=run.id)
        runs.publish(connection, run.id, now=at, counts={}, note="own")
    return run.id
