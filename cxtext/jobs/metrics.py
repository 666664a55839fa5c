"""The stage of a night that measures: metrics of every cut that changed, and what each issue does to customers."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from cxtext.metrics.cuts import all_cuts
from cxtext.metrics.definitions import WHOLE
from cxtext.metrics.drivers import all_effects
from cxtext.settings import Settings
from cxtext.store import Store, runs
from cxtext.store.columns import changed_since, read_columns, read_dimensions
from cxtext.store.metrics import all_there, is_measured, save_cuts, save_effects, topic_parents, topic_places
from cxtext.store.runs import Run


def measure_all(store: Store, run: Run, settings: Settings, now: Callable[[], datetime]) -> dict[str, int]:
    """Measure what a change since the last night can have touched; returns how many cuts and effects were written.

    One pass over all tickets, since backlog, retention and the whole rest on all of them; weeks and months that ended
    before the first changed ticket stand as they are. Where tickets were erased since, everything is measured.
    """
    with store.read() as connection:
        erased = not all_there(connection, runs.current(connection))
        if run.kind == "act" and not erased and not _moved(connection, run.id):
            return {}
        columns = read_columns(connection, run.id, ZoneInfo(settings.timezone))
        parents = topic_parents(connection, run.id)
        since = None if erased else _since(connection, run.id, parents, columns_end=columns.last_day)
    effects = all_effects(columns, parents, cost_per_ticket=settings.cost_per_ticket)
    with store.write() as connection:
        cuts = 0
        for scope in (WHOLE, *columns.codes):
            measured = all_cuts(columns, parents, since=since, scopes=(scope,))
            cuts += save_cuts(connection, scope, measured, run.id, since=since)
        drivers = save_effects(connection, effects, run.id)
        runs.heartbeat(connection, run.id, now=now())
    return {"metrics": cuts, "drivers": drivers}


def _moved(connection: Connection, run_id: int) -> bool:
    """True if an act gave whole topics another place; a single corrected ticket waits for the night."""
    shown = runs.current(connection)
    return topic_places(connection, shown) != topic_places(connection, run_id)


def _since(connection: Connection, run_id: int, parents: dict[str, str | None], *, columns_end: int) -> date | None:
    """First day that has to be measured again; None for all days."""
    before = runs.last_done(connection, "night")
    if before is None or not is_measured(connection, before.id):
        return None
    old = topic_parents(connection, before.id)
    if any(parents.get(topic) != above for topic, above in old.items()):
        return None  # whole topics stand somewhere else now
    if read_dimensions(connection, before.id) != read_dimensions(connection, run_id):
        return None  # causes mean something else now
    return changed_since(connection, before.id, run_id) or date.fromordinal(max(columns_end, 1))
