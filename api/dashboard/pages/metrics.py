"""Metrics over time with their intervals, for any cut; and which issues pull satisfaction down by how much."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.dashboard.charts import lines
from api.dashboard.view import Names, Seen, View, names
from cxtext.metrics.definitions import METRICS, WHOLE
from cxtext.store import read_metrics, read_tally, read_topics
from cxtext.store.read_metrics import Driver, Metric

router = APIRouter()
SHOWN = (
    "csat",
    "nps",
    "ces",
    "frt_median",
    "ttr_median",
    "reopen_rate",
    "churned",
    "cost_per_resolution",
    "negative_share",
)
CUTS = ("department", "product", "channel", "language", "topic", "cause")
OUTCOMES = ("csat", "nps", "ces", "reopened", "churned", "hours", "sentiment", "cost")
LONGEST, DRIVERS, WEEKS = 12, 15, 53
Outcome = Literal["csat", "nps", "ces", "reopened", "churned", "hours", "sentiment", "cost"]
Cut = Literal["department", "product", "channel", "language", "topic", "cause"]
Facts = dict[str, Any]


@router.get("/figures", response_class=HTMLResponse)
def metrics(
    seen: Seen,
    scope: Cut | None = None,
    key: Annotated[str | None, Query(max_length=620)] = None,
    kind: Literal["week", "month"] = "week",
    outcome: Outcome = "csat",
) -> HTMLResponse:
    """Small multiples of one cut, and the drivers of one outcome."""
    known = names(seen)
    chosen = (scope, key) if scope and key else (WHOLE, WHOLE)
    multiples = [one for name in SHOWN if (one := _multiple(seen, name, chosen, kind)) is not None]
    drivers = read_metrics.drivers(seen.connection, seen.run_id, outcome)
    labels = {row["topic_id"]: row["label"] for row in read_topics.topics(seen.connection, seen.run_id)}
    facts = {
        "multiples": multiples, "chosen": chosen, "kind": kind, "outcome": outcome, "labels": labels,
        "cuts": _cuts(seen, known, labels), "outcomes": [(one, seen.here(outcome=one)) for one in OUTCOMES],
        "kinds": [(one, seen.here(kind=one)) for one in ("week", "month")],
        "drivers": _drivers(seen, drivers, labels), "driver_finding": _driver_finding(seen, drivers, labels, outcome),
        "finding": _finding(seen, multiples, known, labels, chosen), "scope": scope,
    }  # fmt: skip
    return seen.show("metrics.html", facts)


def written(seen: View, name: str, value: float | None) -> str:
    """A value with its unit."""
    unit, speech = METRICS[name].unit, seen.speech
    if value is None:
        return "–"
    if unit == "percent":
        return speech.say("percent", number=speech.round(value, 0))
    if unit == "hours":
        return speech.say("hours", sum=speech.round(value, 1))
    if unit == "money":
        return speech.say("euro", sum=speech.round(value, 2))
    return speech.signed(value, 0) if unit == "points" else speech.round(value, 2)


def _multiple(seen: View, name: str, chosen: tuple[str, str], kind: str) -> Facts | None:
    """One metric: the whole value with its interval, and its course."""
    whole = list(
        read_metrics.metrics(seen.connection, seen.run_id, scope=chosen[0], key=chosen[1], period="all", metric=name)
    )
    if not whole or whole[0].value is None:
        return None
    course = read_metrics.series(seen.connection, seen.run_id, name, scope=chosen[0], key=chosen[1], kind=kind)[-WEEKS:]
    known = [one for one in course if one.value is not None]
    title = METRICS[name].titles[seen.speech.language]
    spec = None
    if len(known) > 1:
        days = [one.first_day or date.min for one in course]
        spec = lines(
            seen.speech, days, [one.value for one in course], name=title, lower=[one.lower for one in course],
            upper=[one.upper for one in course], sizes=[one.n for one in course], size="small",
        )  # fmt: skip
    return {
        "name": name, "title": title, "whole": whole[0], "written": written(seen, name, whole[0].value), "spec": spec,
        "of": METRICS[name].of[seen.speech.language], "course": course, "change": _change(seen, name, known),
    }  # fmt: skip


def _change(seen: View, name: str, known: Sequence[Metric]) -> str:
    """Whether the newest period differs from the ones before: an arrow only where the intervals do not meet."""
    if len(known) < 2:
        return ""
    new, before = known[-1], known[:-1][-8:]
    mean = sum((one.value or 0.0) * one.n for one in before) / max(sum(one.n for one in before), 1)
    if new.lower is None or new.upper is None or new.lower <= mean <= new.upper:
        return seen.speech.say("as_usual")
    return seen.speech.say("higher" if mean < new.lower else "lower", usual=written(seen, name, mean))


def _finding(
    seen: View, multiples: Sequence[Facts], known: Names, labels: dict[str, str], chosen: tuple[str, str]
) -> str:
    if not multiples:
        return seen.speech.say("metrics_none")
    first = multiples[0]
    whole: Metric = first["whole"]
    scale = 1.0
    bounds = seen.speech.between((whole.lower, whole.upper), scale=scale)
    what = {"title": first["title"], "value": first["written"], "bounds": bounds, "n": whole.n}
    if chosen[0] == WHOLE:
        return seen.speech.say("metrics_whole", **what)
    name = labels.get(chosen[1], known.of(chosen[0], chosen[1]))
    return seen.speech.say("metrics_cut", name=name, **what)


def _cuts(seen: View, known: Names, labels: dict[str, str]) -> list[Facts]:
    """What the metrics can be cut by, largest first."""
    found = []
    for cut in CUTS:
        if cut == "topic":
            sums = sorted(
                read_tally.by_topic(seen.connection, seen.run_id).values(), key=lambda one: (-one.count, one.key)
            )
        else:
            sums = read_tally.by_value(seen.connection, seen.run_id, cut)
        values = [(one.key, labels.get(one.key) or known.of(cut, one.key)) for one in sums if one.key]
        found.append(
            {"cut": cut, "values": [(key, words) for key, words in values if cut != "topic" or key in labels][:LONGEST]}
        )
    return found


def _drivers(seen: View, drivers: Sequence[Driver], labels: dict[str, str]) -> Facts | None:
    """The issues that pull down, surest harm first, on one scale."""
    groups = {row["parent_id"] for row in read_topics.topics(seen.connection, seen.run_id)}
    rows = [one for one in drivers if one.effect is not None and one.topic_id in labels and one.topic_id not in groups]
    rows = [one for one in rows if not one.thin][:DRIVERS]
    if not rows:
        return None
    ends = [end for one in rows for end in (one.lower, one.upper, 0.0) if end is not None]
    wide = max(ends) - min(ends)
    return {"rows": rows, "left": min(ends) - 0.04 * wide, "right": max(ends) + 0.04 * wide, "overall": rows[0].overall}


def _driver_finding(seen: View, drivers: Sequence[Driver], labels: dict[str, str], outcome: str) -> str:
    """Without the worst issue the value would be that much better."""
    groups = {row["parent_id"] for row in read_topics.topics(seen.connection, seen.run_id)}
    sure = [one for one in drivers if one.harm and one.without is not None and one.topic_id not in groups]
    sure = [one for one in sure if one.topic_id in labels]
    title = seen.speech.say(f"outcome_{outcome}")
    if not sure:
        return seen.speech.say("drivers_none", title=title)
    one = sure[0]
    digits = 2 if outcome in ("csat", "ces", "sentiment") else 1
    return seen.speech.say(
        "drivers", label=labels[one.topic_id], title=title, without=seen.speech.round(one.without, digits),
        overall=seen.speech.round(one.overall, digits),
    )  # fmt: skip
