"""The first page: what is different since last night, what costs most, and what the numbers rest on."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.dashboard import lately
from api.dashboard.done import just_done
from api.dashboard.figures import interval
from api.dashboard.issue_rows import Issue, issues
from api.dashboard.pages.review import quality
from api.dashboard.sentences import ALIKE, about_signal, kind_of, ratio_of, size_of, volume_of
from api.dashboard.view import Names, Seen, View, names
from cxtext.store import read_fixes, read_metrics, read_signals, read_tally, read_tickets, runs
from cxtext.store.read_signals import Signal

router = APIRouter()
CARDS, LISTED, LEADS = 6, 10, 2
URGENT = ("new", "back", "rising", "spike")
AGE = timedelta(days=2)  # of the last night, from which on the page says that it is old
Facts = dict[str, Any]


@router.get("/", response_class=HTMLResponse)
def morning(seen: Seen) -> HTMLResponse:
    """One minute with the first coffee."""
    last_night = runs.last_done(seen.connection, "night")
    totals = read_tally.by_topic(seen.connection, seen.run_id)
    tickets = sum(one.count for one in totals.values())
    if not tickets:
        waiting = read_tickets.totals(seen.connection, seen.run_id)["tickets"] if seen.run_id else 0
        return seen.show("empty.html", {"waiting": waiting})
    known = names(seen)
    found = issues(seen, known)
    by_id = {one.id: one for one in found}
    news = read_signals.morning(seen.connection, seen.run_id)
    open_ones = read_signals.signals(seen.connection, seen.run_id, open_only=True)
    told = _newest_first([*news.signals, *open_ones])
    urgent = [one for one in told if kind_of(one) in URGENT and one.topic_id and one.state == "open"]
    period = lately.lately(seen, read_signals.night_before(seen.connection, seen.run_id))
    across = [one for one in told if one.topic_id is None]  # of all tickets, or of several issues
    needing = len(urgent) + sum(kind_of(one) in URGENT and one.state == "open" for one in across)
    attention = seen.speech.say("attention", n=needing) if needing else seen.speech.say("calm")
    costly = _costly(seen, found)
    facts = {
        "sentence": lately.size(seen, period, attention), "peak": lately.peak(seen, period), "cards": _cards(seen, urgent[:CARDS], by_id, known),
        "more_signals": max(len(urgent) - CARDS, 0), "resolved": _resolved(seen, told, found),
        "seasonal": [one for one in told if one.kind == "seasonal" and one.topic_id],
        "costly": costly, "any_cost": any(row["weekly"] is not None for row in costly),
        "any_csat": any(row["csat"] for row in costly), "number": len(found), "run": last_night, "quality": _quality(seen, totals, tickets),
        "stale": _stale(seen, last_night), "done": just_done(seen),
        "all_signals": [
            (one, about_signal(seen.speech, one, known), volume_of(seen.speech, one), seen.speech.one_in(one.chance_share))
            for one in across[:LEADS]
        ],
    }  # fmt: skip
    return seen.show("morning.html", facts)


def _newest_first(told: Sequence[Signal]) -> list[Signal]:
    """Each signal once; of one topic and kind only the whole issue, not its slices too."""
    found: dict[tuple[str | None, str], Signal] = {}
    for one in sorted(told, key=lambda one: (one.slice_ is not None, -one.day.toordinal(), -one.evidence_strength)):
        beside = one.signal_id if one.slice_ and one.slice_[0] == ALIKE else one.topic_id
        found.setdefault((beside, kind_of(one)), one)
    order = {kind: place for place, kind in enumerate(URGENT)}
    return sorted(
        found.values(),
        key=lambda one: (-one.day.toordinal(), order.get(kind_of(one), 9), -one.evidence_strength, one.signal_id),
    )


def _cards(seen: View, urgent: Sequence[Signal], by_id: dict[str, Issue], known: Names) -> list[Facts]:
    keys = {one.topic_id: _example(one, by_id.get(one.topic_id or "")) for one in urgent}
    quotes = read_tickets.texts(seen.connection, seen.run_id, [key for key in keys.values() if key])
    return [
        {
            "signal": one, "kind": kind_of(one), "issue": by_id.get(one.topic_id or ""), "label": one.label or one.topic_id,
            "part": known.of(*one.slice_) if one.slice_ else None, "size": size_of(seen.speech, one),
            "ratio": ratio_of(seen.speech, one), "quote": quotes.get(keys[one.topic_id] or ""),
            "why": one.why_de if seen.speech.language == "de" else one.why_en,
            "chance": seen.speech.one_in(one.chance_share), "volume": volume_of(seen.speech, one),
        }
        for one in urgent
    ]  # fmt: skip


def _example(one: Signal, issue: Issue | None) -> str | None:
    if one.examples:
        return one.examples[0]
    return next(iter(issue.topic["quotes"]), None) if issue else None


def _resolved(seen: View, told: Sequence[Signal], found: Sequence[Issue]) -> list[Facts]:
    """What is over: by a signal, by a fix that worked, or because nobody has written about it for long."""
    fixes = {fix.topic_id: fix for fix in reversed(read_fixes.fixes(seen.connection, seen.run_id)) if fix.change}
    over = {one.topic_id for one in told if one.kind == "resolved"}
    return [
        {"issue": one, "fix": fixes.get(one.id)}
        for one in found
        if one.id in over
        or one.topic["status"] == "resolved"
        or (one.id in fixes and fixes[one.id].state == "resolved")
    ][:5]


def _costly(seen: View, found: Sequence[Issue]) -> list[Facts]:
    """The issues of the last 28 days by what they cost a week; by size where no ticket says what it costs."""
    csat = {one.topic_id: one for one in read_metrics.drivers(seen.connection, seen.run_id, "csat")}
    rows: list[Facts] = []
    for one in found:
        mean = one.total.cost / one.total.priced if one.total and one.total.priced else None
        effect = csat.get(one.id)
        rows.append(
            {
                "issue": one, "weekly": mean * one.recent / 4 if mean is not None else None,
                "priced": one.total.priced if one.total else 0, "csat": effect if effect and effect.effect is not None else None,
            }
        )  # fmt: skip
    return sorted(rows, key=lambda row: (-(row["weekly"] or 0.0), -row["issue"].recent, row["issue"].id))[:LISTED]


def _quality(seen: View, totals: dict[str, read_tally.Sum], tickets: int) -> Facts:
    """What the numbers rest on."""
    with_topic = tickets - (totals[""].count if "" in totals else 0)
    return {
        "tickets": tickets, "share": with_topic / tickets, "bounds": interval(with_topic / tickets, tickets),
        "precision": quality(seen),
    }  # fmt: skip


def _stale(seen: View, last_night: runs.Run | None) -> str | None:
    """How old the last good night is, once that is too old to be this morning's."""
    if seen.as_of is not None or last_night is None or last_night.finished_at is None:
        return None
    age = datetime.now(UTC) - last_night.finished_at
    return seen.speech.say("stale", n=age.days, day=last_night.finished_at.date()) if age > AGE else None
