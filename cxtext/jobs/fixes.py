"""Record what was done about an issue, take it back, and judge night by night whether it worked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection

from cxtext.errors import ConfigurationError
from cxtext.settings import Settings
from cxtext.store import Store, read_fixes, read_topics, results, runs
from cxtext.store.defects import close_fix, save_checks, save_fix
from cxtext.store.fix_counts import answers_between, customers_per_day, days_with_tickets, price_of
from cxtext.store.read_fixes import FixRow
from cxtext.store.runs import Run
from cxtext.trends.calendar import Floats, features
from cxtext.trends.controls import BEFORE, TREND, Effect, effect_of_fix, verdict
from cxtext.trends.fixes import GONE, JUDGED, SETTLING, WATCHED, onset_before, relapse
from cxtext.trends.forecast import HISTORY, SHORTEST, forecasts, project

FIRST = date(1970, 1, 1)  # an earlier day is a slip of the pen, and there is no year before the first to compare with
EARLY = 14  # days after a fix from which on there is a first verdict
WEEK = 7  # days of history before a fix under which nothing can be compared

UNKNOWN = ("judged_day", "onset", "change", "lower", "upper", "placebo", "relapsed_on")  # until there is a verdict
WORKED = ("resolved", "improved", "regressed")  # verdicts of fixes that have a return

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What somebody did about an issue: where it took effect is None for everywhere."""

    topic_id: str
    day: date
    what: str = ""
    product: str | None = None
    version: str | None = None
    department: str | None = None
    by: str


def record_fix(store: Store, settings: Settings, done: Done, *, now: Clock) -> tuple[str, int]:
    """Keep a fix, judge it as far as that is possible, publish; returns its id and the number of the run.

    Raises:
        ConfigurationError: its day lies in the future, or before 1970.
        Locked: a run is writing at this moment.
        NotFound: there is no such topic.
    """

    def write(connection: Connection, run: Run) -> str:
        if run.as_of is not None and done.day > run.as_of:
            raise ConfigurationError(f"{done.day} is still to come: record a fix once it has taken effect")
        if done.day < FIRST:
            raise ConfigurationError(f"{done.day} is long ago: is the year right?")
        topic_id = read_topics.topic(connection, run.id, done.topic_id)["topic_id"]
        place = {"product": done.product, "version": done.version, "department": done.department}
        row = {"topic_id": topic_id, "day": done.day, "what": done.what, "by": done.by, "at": now(), **place}
        name = save_fix(connection, row, run.id)
        told = row | {"act": "fix", "fix": name, "why": done.what, "at": now().isoformat(), "day": done.day.isoformat()}
        results.save_act(connection, told, topic_id=topic_id, run_id=run.id)
        return name

    return _act(store, settings, write, note="fix", now=now)


def undo_fix(store: Store, settings: Settings, fix_id: str, *, by: str, now: Clock) -> int:
    """Take a fix back; it stays in the history. Returns the number of the run.

    Raises:
        Locked: a run is writing at this moment.
        NotFound: there is no such fix.
    """

    def write(connection: Connection, run: Run) -> str:
        row = read_fixes.one_fix(connection, run.id, fix_id)
        close_fix(connection, fix_id, run.id)
        told = {"act": "unfix", "fix": fix_id, "by": by, "why": "", "at": now().isoformat()}
        results.save_act(connection, told, topic_id=row.topic_id, run_id=run.id)
        return fix_id

    return _act(store, settings, write, note="unfix", now=now)[1]


def judge_fixes(store: Store, run: Run, _settings: Settings, _now: Clock) -> dict[str, int]:
    """Judge every fix that is young enough to be watched; older verdicts stand."""
    with store.read() as connection:
        known = read_fixes.fixes(connection, run.id)
        days = () if run.as_of is None else tuple(fix for fix in known if _watched(fix, run.as_of))
        rows = [_judged(connection, run.id, fix, known, run.as_of) for fix in days if run.as_of is not None]
    with store.write() as connection:
        save_checks(connection, rows, run.id)
    return {"fixes": len(rows), "relapses": sum(row["state"] == "regressed" for row in rows)}


def _act(
    store: Store, settings: Settings, write: Callable[[Connection, Run], str], *, note: str, now: Clock
) -> tuple[str, int]:
    with store.lock():
        with store.write() as connection:
            day = now().astimezone(ZoneInfo(settings.timezone)).date()
            run = runs.begin(connection, kind="act", now=now(), as_of=day, recipe=settings.recipe)
        try:
            with store.write() as connection:
                name = write(connection, run)
            counts = judge_fixes(store, run, settings, now)
            with store.write() as connection:
                runs.publish(connection, run.id, now=now(), counts=counts, note=note)
        except Exception as error:  # whatever it is: an act that failed leaves nothing behind
            with store.write() as connection:
                runs.discard(connection, run.id, now=now(), note=type(error).__name__)
            raise
    return name, run.id


def _watched(fix: FixRow, today: date) -> bool:
    return fix.day <= today <= fix.day + timedelta(WATCHED + JUDGED) or fix.state == "recorded"


@dataclass(frozen=True, slots=True)
class _Course:
    """Daily customers of the issue (column 0) and of all topics that may be controls."""

    days: list[date]
    counts: Floats
    names: list[str]
    fix: int
    last: int


def _judged(connection: Connection, run_id: int, fix: FixRow, known: list[FixRow], today: date) -> dict[str, Any]:
    """The row of `fix_check` for one fix as of a night."""
    course = _course(connection, run_id, fix, known, today)
    row: dict[str, Any] = dict.fromkeys(UNKNOWN)
    row |= {"fix_id": fix.id, "state": "too early", "controls": [], "saved": {}}
    row |= {"before": 0, "after": 0, "days_before": 0, "days_after": 0}
    if course.fix < WEEK or course.last < course.fix + SETTLING:
        return row
    own = course.counts[:, 0]
    onset = onset_before(own, course.fix, 1.0)
    since = max(course.fix - BEFORE, 0) if onset is None else max(onset, course.fix - BEFORE)
    expected, dispersion = _expected(course, onset, since)
    columns = range(1, len(course.names))
    at: dict[str, Any] = {"since": since, "fix": course.fix, "dispersion": dispersion}
    so_far = effect_of_fix(course.counts, 0, columns, night=min(course.last, course.fix + WATCHED), **at)
    row |= _figures(course, since, onset, so_far)
    if course.last >= course.fix + EARLY:
        row |= _verdict(course, expected, float(dispersion[0]), at)
        if row["state"] in WORKED:  # what fell by itself, or before the fix, is no return of it
            row["saved"] = _saved(connection, run_id, fix, course, so_far)
    return row


def _verdict(course: _Course, expected: Floats, spread: float, at: dict[str, Any]) -> dict[str, Any]:
    """The verdict of day 14 or 28; where those days brought too few tickets to tell, that of the last day at hand."""
    own, columns = course.counts[:, 0], range(1, len(course.names))
    nights = [course.fix + (JUDGED if course.last >= course.fix + JUDGED else EARLY)]
    nights.append(min(course.last, course.fix + WATCHED))
    for night in nights:
        effect = effect_of_fix(course.counts, 0, columns, night=night, **at)
        state: str = verdict(own, expected, effect, fix=course.fix, night=night, dispersion=spread)[0]
        if state != "too early" or night < course.fix + JUDGED:
            break
    told = {"state": state, "judged_day": course.days[night], "placebo": effect.placebo and round(effect.placebo, 4)}
    back = relapse(own, course.fix, course.last, spread) if state in ("resolved", "improved") else None
    return told if back is None else told | {"state": "regressed", "relapsed_on": course.days[back]}


def _course(connection: Connection, run_id: int, fix: FixRow, known: list[FixRow], today: date) -> _Course:
    first = fix.day - timedelta(HISTORY)
    topics = read_topics.below(connection, run_id, fix.topic_id)
    alive = days_with_tickets(connection, run_id, first=first, last=today)
    first = min(alive, default=fix.day)
    last = max(alive, default=fix.day)  # nothing is known of the days after the newest ticket
    days = [first + timedelta(offset) for offset in range((max(last, fix.day) - first).days + 1)]
    own = customers_per_day(
        connection, run_id, first=first, last=last, topics=topics, product=fix.product, version=fix.version,
        department=fix.department,
    ).get("", {})  # fmt: skip
    others = customers_per_day(connection, run_id, first=first, last=last)
    touched = {row.topic_id for row in known if abs((row.day - fix.day).days) <= TREND + BEFORE}
    parents = {row["topic_id"]: row["parent_id"] for row in read_topics.topics(connection, run_id)}
    home = parents.get(topics[0]) if len(topics) == 1 else None
    names = [
        name for name in sorted(others)
        if name not in topics and name not in touched and (home is None or parents.get(name) != home)
    ]  # fmt: skip
    columns = [own, *(others[name] for name in names)]
    counts = np.array([[float(column.get(day, 0)) if day in alive else np.nan for column in columns] for day in days])
    at = (fix.day - first).days
    return _Course(days, counts, [fix.topic_id, *names], at, (last - first).days)


def _expected(course: _Course, onset: int | None, since: int) -> tuple[Floats, Floats]:
    """What the issue would have brought without the surge, per day; and the dispersion of every series."""
    level = float(np.nanmean(course.counts[since : course.fix, 0]))
    flat = np.full(len(course.days), GONE * level)
    start = course.fix if onset is None else onset
    if start < SHORTEST + WEEK:
        return flat, np.full(len(course.names), 1.3)
    block = forecasts(course.days[:start], course.counts[:start], first_night=start - 1)[0]
    if onset is None or not block.ready[0]:
        return flat, block.dispersion
    return np.maximum(project(block, features(course.days))[:, 0], flat), block.dispersion


def _figures(course: _Course, since: int, onset: int | None, effect: Effect) -> dict[str, Any]:
    return {
        "onset": None if onset is None else course.days[onset],
        "before": int(effect.before),
        "after": int(effect.after),
        "days_before": course.fix - since,
        "days_after": min(course.last, course.fix + WATCHED) - course.fix - SETTLING + 1,
        "change": round(100 * (effect.factor - 1), 1),
        "lower": round(100 * (effect.low - 1), 1),
        "upper": round(100 * (effect.high - 1), 1),
        "controls": [course.names[column] for column in effect.controls],
    }


def _saved(connection: Connection, run_id: int, fix: FixRow, course: _Course, effect: Effect) -> dict[str, list[float]]:
    """Tickets, hours, satisfaction and money that the fix has saved so far, each with its interval."""
    topics = read_topics.below(connection, run_id, fix.topic_id)
    first, last = course.days[course.fix], course.days[min(course.last, course.fix + WATCHED)]
    price = price_of(connection, run_id, topics, first=first - timedelta(2 * WATCHED), last=last)
    tickets = effect.saved()
    saved = {"tickets": [round(value, 1) for value in tickets]}
    if price.hours is not None:
        saved["hours"] = [round(value * price.hours, 1) for value in tickets]
    if price.cost is not None:
        saved["cost"] = [round(value * price.cost, 2) for value in tickets]
    answers, total = answers_between(connection, run_id, first=first, last=last)
    if price.csat is not None and price.others is not None and answers:
        value, *bounds = (
            round(total / answers - (total + n * price.csat) / (answers + n), 4)
            for n in (max(number, 0.0) * price.answered for number in tickets)
        )
        saved["csat"] = [value, *sorted(bounds)]  # less of an issue whose customers are content lowers the mean
    return saved
