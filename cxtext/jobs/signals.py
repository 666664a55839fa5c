"""The stage that counts the night, looks for what is new, rising, jumping or gone, and says where every topic stands."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection
from threadpoolctl import threadpool_limits

from cxtext.jobs.field import lay_out
from cxtext.settings import Settings
from cxtext.store import Store, day_tally, read_fixes, read_topics, signals
from cxtext.store import tables as t
from cxtext.store.runs import Run
from cxtext.trends.closing import closing_days
from cxtext.trends.delay import COMPLETE_DAYS, curve
from cxtext.trends.detect import RECORD_NIGHTS, Rules
from cxtext.trends.episodes import LEAST_TICKETS, RECENT
from cxtext.trends.fixes import FixCheck, Verdict
from cxtext.trends.forecast import GUARD, HISTORY
from cxtext.trends.lines import Names, Row
from cxtext.trends.panel import ALIKE, EVERYTHING, Node, Panel, build_panel
from cxtext.trends.shipped import Shipped, read_shipped
from cxtext.trends.tonight import View, changed_enough, tell
from cxtext.trends.watch import LOOK_BACK, Band

VERDICTS: Mapping[str, Verdict] = {"resolved": "resolved", "improved": "improved", "regressed": "resolved"}
MEMORY = HISTORY + RECORD_NIGHTS + LOOK_BACK  # days of counts that a night can make use of


def find_signals(store: Store, run: Run, settings: Settings, _now: Callable[[], datetime]) -> dict[str, int]:
    """Count what this run touched, look at the new days, and write lines, bands and the status of every topic."""
    with store.write() as connection:
        signals.forget(connection, run.id)
        day_tally.update(connection, run.id)
        nights = signals.evenings(connection, run.id)
        signals.note_arrivals(connection, run, nights)
    with store.read() as connection:
        view = _view(connection, run, settings, nights)
        if view is None:
            return {"signals": 0}
        with threadpool_limits(1):  # small equations: threads take three times the processor and save no time
            told = tell(view, settings.trends.alarms_per_week)
    shipped = read_shipped(settings.trends.units)
    with store.write() as connection:
        fresh = [
            row | _rates(row, view, shipped) | {"examples": row["examples"] or _examples(connection, row, view)}
            for row in told.fresh
        ]
        signals.save_signals(connection, [*told.carried, *fresh], told.gone, run.id)
        signals.save_bands(connection, map(_band_row, told.bands), run.id)
        signals.save_status(connection, told.status, run.id)
    return {"signals": sum(not row["quiet"] for row in fresh)}


def check_settings(settings: Settings, today: date) -> None:
    """Refuse a region or a file of units that nobody can use before a night has begun, not at its end.

    Raises:
        ConfigurationError: which of them, and what to write.
    """
    closing_days(settings.trends.region, today, today, settings.trends.closed)
    read_shipped(settings.trends.units)


def _view(connection: Connection, run: Run, settings: Settings, nights: Sequence[date]) -> View | None:
    newest = signals.last_day(connection, run.id)
    oldest = signals.first_day(connection)
    if newest is None or oldest is None or not nights:
        return None
    tonight = min(newest, nights[-1])
    night_before = _night_before(connection, run)
    if night_before is not None and not day_tally.has_begun(connection, run.id):
        night_before = None  # an older cxtext that did not count stopped there: what it saw is looked at now
    before = None if night_before is None else signals.last_day(connection, night_before)
    first = max(before + timedelta(1) if before else oldest, tonight - timedelta(LOOK_BACK - 1))
    if run.kind != "night":
        first = tonight + timedelta(1)
    begin = max(oldest, tonight - timedelta(MEMORY))
    told = signals.told_before(connection, tonight - timedelta(LOOK_BACK))
    renewed = {} if before is None else _renewed(connection, run, tonight)
    topics = {row.id: row for row in connection.execute(sa.select(t.topic).where(t.topic.c.to_run.is_(None)))}
    closed = closing_days(settings.trends.region, begin, tonight, settings.trends.closed)
    parents = {key: row.parent_id for key, row in topics.items()}
    panel = _panel(connection, begin, tonight, first, told, renewed, parents, closed)
    beside = first <= tonight or any(row["dimension"] == ALIKE and row["until"] is None for row in told)
    rules = Rules(lag=_lag(connection, run, tonight, nights[-1]), holidays=closed)
    language = settings.languages[0] if settings.languages[0] == "de" else "en"
    titles = {row["key"]: row["titles"] for row in read_topics.departments(connection, run.id)}
    return View(
        tonight=tonight, first=first, fresh_start=before is None, panel=panel, rules=rules, renewed=renewed, told=told,
        names=Names(
            labels={key: row.label for key, row in topics.items()}, departments=titles, language=language,
            muted=frozenset(key for key, row in topics.items() if row.muted),
        ),
        status={key: row.status for key, row in topics.items() if row.merged_into is None},
        fixes=_fixes(connection, run.id),
        texts=lay_out(connection, run.id, settings, max(first, tonight - timedelta(RECENT - 1)), parents) if beside else None,
    )  # fmt: skip


def _fixes(connection: Connection, run_id: int) -> dict[str, tuple[FixCheck, date]]:
    """The newest verdict on a fix of a whole topic; one that came back was resolved, and its new surge says the rest."""
    found: dict[str, tuple[FixCheck, date]] = {}
    for row in sorted(read_fixes.fixes(connection, run_id), key=lambda row: (row.day, row.id)):
        verdict = VERDICTS.get(row.state)
        if verdict is None or row.change is None or row.product or row.version or row.department:
            continue
        left, low, high = (1 + part / 100 for part in (row.change.value, row.change.lower, row.change.upper))
        found[row.topic_id] = (FixCheck(verdict, left, low, high, peak=1.0), row.day)
    return found


def _lag(connection: Connection, run: Run, tonight: date, evening: date) -> Sequence[float] | None:
    """The reporting curve from the age of the last counted day on; None where tickets come in time."""
    late = signals.lags(connection, run.id, tonight - timedelta(GUARD + COMPLETE_DAYS - 1), tonight - timedelta(GUARD))
    if not sum(late[1:]):
        return None
    return curve(late)[(evening - tonight).days :] or None


def _night_before(connection: Connection, run: Run) -> int | None:
    """The last published night before this run; an act stands on the night itself."""
    query = sa.select(sa.func.max(t.run.c.id)).where(
        t.run.c.kind == "night", t.run.c.state == "done", t.run.c.id < run.id
    )
    if run.kind == "night" and run.as_of is not None:
        query = query.where(t.run.c.as_of < run.as_of)
    found: int | None = connection.scalar(query)
    return found


def _renewed(connection: Connection, run: Run, tonight: date) -> dict[str, bool]:
    """Topics that gained or lost a good part of their past in this run, by whether they are new to us."""
    found = {}
    for topic_id, changed, before, now in signals.changed_pasts(connection, run.id, tonight - timedelta(RECENT)):
        if changed_enough(changed, before, now):
            found[topic_id] = before == 0
    return found


def _panel(
    connection: Connection,
    begin: date,
    tonight: date,
    first: date,
    told: Sequence[Row],
    renewed: Mapping[str, bool],
    parents: Mapping[str, str | None],
    closed: frozenset[date],
) -> Panel:
    recent = signals.busy_slices(connection, min(first, tonight) - timedelta(RECENT), LEAST_TICKETS)
    chosen = set(recent)
    if renewed:
        long_ago = signals.busy_slices(connection, tonight - timedelta(LOOK_BACK + RECENT), LEAST_TICKETS)
        chosen |= {one for one in long_ago if one[0] in renewed}
    chosen |= {(row["topic_id"], row["dimension"], row["value"]) for row in told if row["until"] is None}
    slices = [one for one in chosen if one[1] != "all" and one[0] != EVERYTHING]
    rows = chain(signals.wholes(connection, begin), signals.slices(connection, slices, begin))
    cells = ((Node(row.topic_id, row.dimension, row.value), row.day, row.customers) for row in rows)
    return build_panel(cells, parents, begin, tonight, closed)


def _examples(connection: Connection, row: Row, view: View) -> list[str]:
    children: dict[str, list[str]] = {}
    for child, parent in view.panel.parents.items():
        children.setdefault(parent.split("|")[0], []).append(child.split("|")[0])
    topics, grown = {row["topic_id"]}, True
    while grown and row["topic_id"] != EVERYTHING:
        more = {child for topic in topics for child in children.get(topic, ())} - topics
        grown = bool(more)
        topics |= more
    return signals.examples(connection, sorted(topics), row["dimension"], row["value"], row["onset"], row["day"])


def _rates(row: Row, view: View, shipped: Shipped) -> Row:
    """The line's count per 1,000 tickets and per 1,000 units that were shipped during its window."""
    window = [row["onset"] <= day <= row["day"] for day in view.panel.days]
    total = float(np.nansum(view.panel.counts[window, view.panel.nodes.index(Node(EVERYTHING))]))
    units = shipped.between(row["value"] if row["dimension"] == "product" else None, row["onset"], row["day"])
    return {
        "per_thousand": round(1000 * row["count"] / total, 2) if total else None,
        "per_thousand_units": round(1000 * row["count"] / units, 3) if units else None,
    }


def _band_row(band: Band) -> Row:
    node = band.node
    return {
        "topic_id": node.topic_id, "dimension": node.dimension, "value": node.value, "day": band.day,
        "expected": band.expected, "lower": band.lower, "upper": band.upper,
    }  # fmt: skip
