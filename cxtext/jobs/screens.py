"""The stages that prepare what screens read."""

from collections.abc import Callable
from datetime import datetime

from cxtext.jobs.map import draw_map
from cxtext.settings import Settings
from cxtext.store import Store, tally
from cxtext.store.runs import Run


def add_up(store: Store, run: Run, _settings: Settings, _now: Callable[[], datetime]) -> dict[str, int]:
    """Sums per topic and facet, for what this run touched."""
    with store.write() as connection:
        return {"sums": tally.update(connection, run.id)}


def draw(store: Store, run: Run, _settings: Settings, _now: Callable[[], datetime]) -> dict[str, int]:
    """Where topics lie on the map, and which are alike."""
    return {"places": draw_map(store, run.id)}
