"""One issue: what is going on, since when, where, what customers say, what was done, and what one can do."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse, Response

from api.dashboard.charts import lines
from api.dashboard.done import just_done
from api.dashboard.figures import FEW, interval
from api.dashboard.issue_rows import leading
from api.dashboard.sentences import about_event, about_signal, about_topic, volume_of
from api.dashboard.trend import Range, Unit, course
from api.dashboard.view import Names, Seen, View, names
from cxtext.store import (
    read_fixes,
    read_history,
    read_metrics,
    read_owners,
    read_signals,
    read_tally,
    read_tickets,
    read_topics,
)

router = APIRouter()
FACETS = ("product", "version", "channel", "language", "cause", "department")
LONGEST = 6  # values of a facet
QUOTES = 5
MOOD_WEEKS = 53
RANGES: tuple[Range, ...] = ("30d", "90d", "1y", "all")
UNITS: tuple[Unit, ...] = ("counts", "rate")
MARKED = {"merge": "mark_merge", "split": "mark_split"}
Facts = dict[str, Any]


@router.get("/issues/{topic_id}")
def issue(
    seen: Seen, topic_id: Annotated[str, Path(max_length=20)], span: Range = "90d", unit: Unit = "counts"
) -> Response:
    """One issue. The id of a merged one leads to what it became part of."""
    topic = read_topics.topic(seen.connection, seen.run_id, topic_id)
    if topic["topic_id"] != topic_id:
        return RedirectResponse(seen.link(f"/issues/{topic['topic_id']}"), status_code=308)
    known = names(seen)
    below = read_topics.below(seen.connection, seen.run_id, topic_id)
    labels = {row["topic_id"]: row["label"] for row in read_topics.topics(seen.connection, seen.run_id)}
    signals = read_signals.signals(seen.connection, seen.run_id, topic=topic_id)
    fixes = read_fixes.fixes(seen.connection, seen.run_id, topic=topic_id)
    history = read_history.history(seen.connection, seen.run_id, topic_id)
    drawn = course(seen, topic_id, span, unit, _marks(seen, fixes, history))
    told = next((one for one in signals if one.state == "open"), None)
    facts = {
        "topic": topic, "labels": labels, "known": known, "course": drawn, "span": span, "unit": unit,
        "ranges": [(one, seen.here(span=one)) for one in RANGES], "units": [(one, seen.here(unit=one)) for one in UNITS],
        "finding": _finding(seen, topic, signals, known), "course_finding": _course_finding(seen, drawn, unit),
        "open": told, "volume": volume_of(seen.speech, told) if told else "",
        "parents": _parents(seen, topic), "facts": _facts(seen, topic, below, known),
        "facets": _facets(seen, topic_id, below, known), "mood": _mood(seen, topic_id),
        "quotes": list(read_tickets.texts(seen.connection, seen.run_id, topic["quotes"][:QUOTES]).values()),
        "alike": _alike(seen, topic_id, labels), "fixes": fixes, "parts": _parts(seen, topic_id),
        "history": [(one, about_event(seen.speech, one, labels, known)) for one in history],
        "others": _others(seen, topic), "done": just_done(seen), "departments": sorted(known.departments.items()),
        "products": [one.key for one in read_tally.by_value(seen.connection, seen.run_id, "product", below) if one.key],
    }  # fmt: skip
    return seen.show("issue.html", facts)


def _finding(seen: View, topic: Facts, signals: Sequence[read_signals.Signal], known: Names) -> str:
    """The newest open signal about the whole issue, else where it stands."""
    told = [one for one in signals if one.state == "open" and one.topic_id == topic["topic_id"]]
    whole = [one for one in told if one.slice_ is None] or told
    return about_signal(seen.speech, whole[0], known) if whole else about_topic(seen.speech, topic)


def _course_finding(seen: View, drawn: Any, unit: Unit) -> str:
    """What the trend chart shows, as its title."""
    if drawn is None:
        return ""
    speech = seen.speech
    if unit == "rate":
        if drawn.limits is None:
            return speech.say("course_rate_short")
        outside = [row for at, row in enumerate(drawn.rows) if at in drawn.limits.outside]
        if not outside:
            return speech.say("course_rate_inside", center=speech.round(drawn.limits.center * 1000, 1))
        return speech.say("course_rate_outside", n=len(outside), last=outside[-1]["day"])
    total = sum(row["count"] for row in drawn.rows)
    period = {"start": drawn.rows[0]["day"], "end": seen.last}
    above = drawn.spec.get("outside")
    if above is None:
        return speech.say("course_counts", size=speech.say("customers", n=total), **period)
    key = "course_above_weeks" if drawn.weekly else "course_above"
    judged = sum(row["expected"] is not None for row in drawn.rows)
    return speech.say(key, n=len(above), many=judged) if above else speech.say("course_within", **period)


def _marks(
    seen: View, fixes: Sequence[read_fixes.FixRow], history: Sequence[read_history.Event]
) -> list[tuple[date, str]]:
    marks = [(fix.day, seen.speech.say("mark_fix")) for fix in fixes]
    return marks + [(one.at.date(), seen.speech.say(MARKED[one.kind])) for one in history if one.kind in MARKED]


def _parents(seen: View, topic: Facts) -> list[tuple[str, str]]:
    """The nearest group that holds more than this issue's own group, for the breadcrumb."""
    if not topic["parent_id"]:
        return []
    parent = read_topics.topic(seen.connection, seen.run_id, topic["parent_id"])
    return [(parent["label"], seen.link(f"/issues/{parent['topic_id']}"))]


def _facts(seen: View, topic: Facts, below: Sequence[str], known: Names) -> Facts:
    """The strip of figures: each with its n and interval."""
    size = topic["size"]
    totals = read_tally.by_topic(seen.connection, seen.run_id)
    held = [totals[one] for one in below if one in totals]
    owner = read_owners.owners(seen.connection, seen.run_id).get(topic["topic_id"])
    shares = {name: dict(topic[name]) for name in ("causes", "departments")}
    cause, department = leading(topic["causes"]), owner.department if owner else leading(topic["departments"])
    drivers = read_metrics.drivers(seen.connection, seen.run_id, "csat", topic_id=topic["topic_id"])
    return {
        "negative": interval(topic["negative_share"], size),
        "cause": known.of("cause", cause) if cause else None,
        "cause_share": (shares["causes"].get(cause), interval(shares["causes"].get(cause), size)) if cause else None,
        "dimension": known.dimensions.get(cause or ""),
        "department": known.of("department", department) if department else None,
        "department_share": (shares["departments"].get(department), interval(shares["departments"].get(department), size)),
        "owner": owner, "owner_key": department,
        "cost": sum(one.cost for one in held), "priced": sum(one.priced for one in held),
        "hours": sum(one.hours for one in held), "closed": sum(one.closed for one in held),
        "csat": drivers[0] if drivers and drivers[0].effect is not None else None,
    }  # fmt: skip


def _facets(seen: View, topic_id: str, below: Sequence[str], known: Names) -> list[Facts]:
    """Where the issue lives: the largest values of each facet, with the share of the issue's tickets that say it."""
    found = []
    for facet in FACETS:
        sums = [one for one in read_tally.by_value(seen.connection, seen.run_id, facet, below) if one.key]
        told = sum(one.count for one in sums)
        if not told:
            continue
        rows = [
            {
                "name": known.of(facet, one.key), "n": one.count, "share": one.count / told,
                "bounds": interval(one.count / told, told), "thin": one.count < FEW,
                "link": seen.link("/cases", topic=topic_id, **{facet: one.key}) if facet != "version" else None,
            }
            for one in sums[:LONGEST]
        ]  # fmt: skip
        found.append({"facet": facet, "rows": rows, "n": told, "more": len(sums) - LONGEST, "top": rows[0]["share"]})
    return found


def _mood(seen: View, topic_id: str) -> Facts | None:
    """Sentiment by the week, with its interval; weeks under n = 5 say nothing."""
    weeks = read_metrics.series(seen.connection, seen.run_id, "sentiment", scope="topic", key=topic_id)[-MOOD_WEEKS:]
    known = [week for week in weeks if week.value is not None]
    if len(known) < 4 or not all(week.first_day for week in weeks):
        return None
    spec = lines(
        seen.speech, [week.first_day for week in weeks if week.first_day], [week.value for week in weeks],
        name=seen.speech.say("mood"), lower=[week.lower for week in weeks], upper=[week.upper for week in weeks],
        sizes=[week.n for week in weeks], zero=True,
    )  # fmt: skip
    return {"spec": spec, "rows": weeks, "finding": _mood_finding(seen, known)}


def _mood_finding(seen: View, weeks: Sequence[read_metrics.Metric]) -> str:
    """Better, worse or neither: a change is only named where the difference of both halves is clear of chance."""
    halves = []
    for half in (weeks[: len(weeks) // 2], weeks[len(weeks) // 2 :]):
        n = sum(week.n for week in half)
        mean = sum((week.value or 0.0) * week.n for week in half) / n
        wide = sum(((week.upper or 0.0) - (week.lower or 0.0)) ** 2 * week.n**2 for week in half) ** 0.5 / n
        halves.append((mean, wide / 2))
    (before, low), (after, high) = halves
    sure = abs(after - before) > (low**2 + high**2) ** 0.5
    word = ("mood_better" if after > before else "mood_worse") if sure else "mood_even"
    return seen.speech.say(word, before=seen.speech.signed(before), after=seen.speech.signed(after))


def _alike(seen: View, topic_id: str, labels: Mapping[str, str]) -> list[tuple[str, str, float]]:
    spots = {spot.topic_id: spot for spot in read_tally.places(seen.connection, seen.run_id)}
    near = spots[topic_id].neighbours if topic_id in spots else ()
    return [(other, labels[other], cosine) for other, cosine in near if other in labels]


def _parts(seen: View, topic_id: str) -> list[Facts]:
    topics = read_topics.topics(seen.connection, seen.run_id)
    return [row for row in topics if row["parent_id"] == topic_id and row["size"]]


def _others(seen: View, topic: Facts) -> list[tuple[str, str]]:
    """Issues that this one can be merged with, by name: those that hold tickets themselves."""
    topics = read_topics.topics(seen.connection, seen.run_id)
    groups = {row["parent_id"] for row in topics}
    if topic["topic_id"] in groups:
        return []
    rows = [row for row in topics if row["topic_id"] not in groups and row["size"] and row is not topic]
    return sorted((row["label"], row["topic_id"]) for row in rows if row["topic_id"] != topic["topic_id"])
