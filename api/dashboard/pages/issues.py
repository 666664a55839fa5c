"""All issues: which few make most of it (Pareto), which matter (impact by volume), how they hang together, what is alike."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.dashboard.charts import pareto, scatter
from api.dashboard.issue_rows import Issue, issues
from api.dashboard.view import Seen, View, names
from cxtext.store import read_metrics, read_tally, read_topics

router = APIRouter()
MEASURES = ("count", "cost", "hours", "negative", "csat")
Measure = Literal["count", "cost", "hours", "negative", "csat"]
DRAWN = 12  # bars of the Pareto chart
SHOWN = 20  # rows of the list
Facts = dict[str, Any]


@router.get("/issues", response_class=HTMLResponse)
def overview(
    seen: Seen, measure: Measure = "count", show: Annotated[Literal["all"] | None, Query()] = None
) -> HTMLResponse:
    """The issues, by one of five measures."""
    known = names(seen)
    found = issues(seen, known)
    ranked = sorted(found, key=lambda one: (-(_value(one, measure) or 0.0), one.id))
    told = [_told(seen, one, measure) for one in ranked]
    whole = sum(row["value"] or 0 for row in told) if measure != "csat" else None
    running = 0.0
    for row in told:
        running += row["value"] or 0
        if whole:
            row.update(share=(row["value"] or 0) / whole, cumulative=running / whole)
    bars = [row for row in told if row["value"]][:DRAWN]
    facts = {
        "measure": measure, "measures": [(name, seen.here(measure=name)) for name in MEASURES],
        "finding": _finding(seen, told, whole, measure), "number": len(ranked),
        "rows": told if show else told[:SHOWN], "more": None if show else len(told) - SHOWN, "whole": whole,
        "chart_spec": pareto(seen.speech, bars, title=seen.speech.say(f"measure_{measure}"), whole=whole) if bars else None,
        "matrix": _matrix(seen, found), "matrix_finding": _matrix_finding(seen, found),
        "tree": _tree(seen), "map": _map(seen, found), "driven": _sure(seen),
    }  # fmt: skip
    return seen.show("issues.html", facts)


def _value(one: Issue, measure: Measure) -> float | None:
    """How much of it; None where nothing is known."""
    if measure == "cost":
        return one.total.cost if one.total and one.total.priced else None
    if measure == "hours":
        return one.total.hours if one.total and one.total.closed else None
    if measure == "negative":
        return one.topic["negative_share"] * one.size if one.topic["negative_share"] is not None else None
    if measure == "csat":  # what the issue takes from the CSAT of all, in points: effect of one ticket times its share
        impact = one.topic["csat_impact"]
        return max(-impact, 0.0) * one.part if impact is not None else None
    return float(one.size)


def _told(seen: View, one: Issue, measure: Measure) -> Facts:
    value = _value(one, measure)
    speech = seen.speech
    written = {
        "count": speech.say("cases", n=one.size),
        "cost": speech.say("euro", sum=speech.round(value, 0)),
        "hours": speech.say("hours", sum=speech.round(value, 0)),
        "negative": speech.say("cases", n=round(value or 0)),
        "csat": speech.say("points", sum=speech.signed(-(value or 0.0), 3)),
    }[measure]
    basis = {"cost": one.total.priced if one.total else 0, "hours": one.total.closed if one.total else 0}
    return {
        "issue": one, "label": one.label, "value": value, "written": written if value is not None else "–",
        "thin": one.thin, "link": seen.link(f"/issues/{one.id}"), "n": basis.get(measure, one.size),
    }  # fmt: skip


def _finding(seen: View, told: Sequence[Facts], whole: float | None, measure: Measure) -> str:
    """How few issues make eighty of a hundred."""
    if not told:
        return seen.speech.say("finding_none")
    if not whole:
        return (
            seen.speech.say("finding_csat", label=told[0]["label"])
            if told[0]["value"]
            else seen.speech.say("finding_no_measure")
        )
    number = next(at for at, row in enumerate(told, start=1) if row["cumulative"] >= 0.8 or at == len(told))
    return seen.speech.say(
        f"finding_{measure}",
        n=number,
        issues=len(told),
        share=seen.speech.percent(told[number - 1]["cumulative"]),
        first=told[0]["label"],
    )


def _matrix(seen: View, found: Sequence[Issue]) -> Facts | None:
    """Impact (share of negative tickets) by volume."""
    shown = [one for one in found if one.topic["negative_share"] is not None]
    if not shown:
        return None
    groups = sorted({one.owner or "" for one in shown})
    points = [
        {
            "x": one.size, "y": round(one.topic["negative_share"] * 100, 1), "n": one.size, "name": one.label,
            "weight": one.size * one.topic["negative_share"],
            "thin": one.thin, "link": seen.link(f"/issues/{one.id}"), "group": groups.index(one.owner or ""),
            "rows": [
                seen.speech.say("cases", n=one.size),
                seen.speech.say("negative_of", share=seen.speech.percent(one.topic["negative_share"])) + " "
                + seen.speech.between(one.bounds),
                one.department or seen.speech.say("nobody"),
            ],
        }
        for one in shown
    ]  # fmt: skip
    middle = (_median([one.size for one in shown]), _median([one.topic["negative_share"] * 100 for one in shown]))
    spec = scatter(
        seen.speech, points, x=seen.speech.say("axis_volume"), y=seen.speech.say("axis_impact"), log=True, unit=" %",
        middle=middle,
    )  # fmt: skip
    return {"spec": spec, "rows": sorted(shown, key=lambda one: (-one.topic["negative_share"] * one.size, one.id))}


def _matrix_finding(seen: View, found: Sequence[Issue]) -> str:
    sure = [one for one in found if one.bounds]
    if not sure:
        return seen.speech.say("matrix_none")
    size, share = _median([one.size for one in sure]), _median([one.topic["negative_share"] for one in sure])
    both = [one for one in sure if one.size >= size and one.bounds and one.bounds[0] > share]
    if not both:
        return seen.speech.say("matrix_even")
    worst = max(both, key=lambda one: (one.topic["negative_share"] * one.size, one.id))
    return seen.speech.say("matrix", n=len(both), label=worst.label)


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _tree(seen: View) -> list[Facts]:
    """Groups, groups in them, issues; a group that holds only one group is passed over."""
    topics = read_topics.topics(seen.connection, seen.run_id)
    children: dict[str | None, list[Facts]] = {}
    alive = {topic["topic_id"] for topic in topics}
    for topic in topics:
        if topic["size"]:
            children.setdefault(topic["parent_id"] if topic["parent_id"] in alive else None, []).append(topic)
    return [_branch(topic, children) for topic in children.get(None, [])]


def _branch(topic: Facts, children: Mapping[str | None, list[Facts]]) -> Facts:
    below = children.get(topic["topic_id"], [])
    while len(below) == 1 and children.get(below[0]["topic_id"]):
        topic, below = below[0], children[below[0]["topic_id"]]
    return {"topic": topic, "below": [_branch(one, children) for one in below]}


def _map(seen: View, found: Sequence[Issue]) -> Facts | None:
    """Where the issues lie; near ones are talked about in like words."""
    by_id = {one.id: one for one in found}
    spots = [spot for spot in read_tally.places(seen.connection, seen.run_id) if spot.topic_id in by_id]
    if len(spots) < 3:
        return None
    parents = sorted({by_id[spot.topic_id].topic["parent_id"] or "" for spot in spots})
    points = [
        {
            "x": spot.x, "y": spot.y, "n": one.size, "weight": one.size, "name": one.label, "thin": one.thin,
            "group": parents.index(one.topic["parent_id"] or ""), "link": seen.link(f"/issues/{one.id}"),
            "rows": [seen.speech.say("cases", n=one.size)],
        }
        for spot in spots
        for one in (by_id[spot.topic_id],)
    ]  # fmt: skip
    pairs = [(spot, *near) for spot in spots for near in spot.neighbours[:1] if near[0] in by_id]
    closest = max(pairs, key=lambda pair: (pair[2], pair[0].topic_id)) if pairs else None
    words = {"one": by_id[closest[0].topic_id].label, "other": by_id[closest[1]].label} if closest else None
    return {
        "spec": scatter(seen.speech, points, square=True),
        "finding": seen.speech.say("map", **words) if words else seen.speech.say("map_plain"),
        "pairs": sorted(
            ((by_id[spot.topic_id], by_id[other], cosine) for spot, other, cosine in pairs), key=lambda row: (-row[2], row[0].id)
        ),
    }  # fmt: skip


def _sure(seen: View) -> Mapping[str, read_metrics.Driver]:
    """What each issue does to satisfaction, where that is known."""
    return {one.topic_id: one for one in read_metrics.drivers(seen.connection, seen.run_id, "csat") if not one.thin}
