"""The stages that make new and changed tickets findable: by their words, by their meaning."""

from collections.abc import Callable
from datetime import datetime

from cxtext.batches import batches
from cxtext.jobs.similar import add_new
from cxtext.settings import Settings
from cxtext.store import Store, runs, search
from cxtext.store.runs import Run
from cxtext.text.search_words import index_words

BATCH = 2000  # tickets in one transaction


def index_words_of_new(store: Store, run: Run, _settings: Settings, now: Callable[[], datetime]) -> dict[str, int]:
    """Write the words of every version that has none yet; repeated after a kill, it writes the same."""
    with store.write() as connection:
        search.forget_run(connection, run.id)
    with store.read() as connection:
        last = runs.last_done(connection, "night")
        since = last.id if last is not None and search.is_filled(connection) else 0
        fresh = search.unindexed(connection, run.id, since=since)
    for part in batches(fresh, BATCH):
        with store.read() as connection:
            found = search.to_index(connection, part, run.id)
        words = [(one.no, one.version_run, index_words(one.text, one.language)) for one in found]
        with store.write() as connection:
            search.index(connection, words, run.id)
            runs.heartbeat(connection, run.id, now=now())
    return {"findable": len(fresh)}


def add_to_shelf(store: Store, run: Run, settings: Settings, _now: Callable[[], datetime]) -> dict[str, int]:
    """Encode what is new for similar cases, once somebody has asked for such."""
    return {"encoded": add_new(store, settings, run.id)}
