"""What people do with topics, carried out at once, for the whole history, with a line in the log."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from cxtext.jobs.recount import recount
from cxtext.jobs.topics import find_topics
from cxtext.settings import Settings
from cxtext.store import Store, cases, read_topics, results, runs
from cxtext.topics.acts import Act, Split, describe


def act_on_topics(store: Store, settings: Settings, act: Act, *, now: Callable[[], datetime]) -> int:
    """Do it, log it, publish it; returns the number of the run that it became.

    Raises:
        Locked: a run is writing at this moment.
        NotFound: there is no such topic or ticket.
    """
    told = describe(act)
    topic_id = told.get("topic_id") or told.get("into_id")
    with store.lock():
        with store.write() as connection:
            if topic_id is not None:
                topic_id = read_topics.topic(connection, runs.current(connection), topic_id)["topic_id"]
            day = now().astimezone(ZoneInfo(settings.timezone)).date()
            run = runs.begin(connection, kind="act", now=now(), as_of=day, recipe=settings.recipe)
            divided = cases.in_topics(connection, run.id, [topic_id]) if isinstance(act, Split) and topic_id else []
        try:
            counts = find_topics(store, run.id, settings, [act], as_of=None, now=now, divided=divided, fresh=False)
            counts |= recount(store, run, settings, now)
            with store.write() as connection:
                results.save_act(connection, told, topic_id=topic_id, run_id=run.id)
                runs.publish(connection, run.id, now=now(), counts=counts, note=told["act"])
        except Exception as error:  # whatever it is: an act that failed leaves nothing behind
            with store.write() as connection:
                runs.discard(connection, run.id, now=now(), note=type(error).__name__)
            raise
    return run.id
