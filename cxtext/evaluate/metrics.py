"""How often 95 % intervals hold the truth: metrics, effects of issues, precision from checks, arrows. All simulated."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

from cxtext.evaluate.metric_worlds import WORLDS, blank, draw_confounded, draw_tickets, true_contrast, truths
from cxtext.evaluate.review_world import draw_review
from cxtext.metrics.arrows import arrow_of_counts, arrow_of_values
from cxtext.metrics.columns import Columns, Floats, Integers
from cxtext.metrics.definitions import THIN
from cxtext.metrics.drivers import effects
from cxtext.metrics.intervals import wilson
from cxtext.metrics.measure import Groups, measure
from cxtext.metrics.precision import precision_of
from cxtext.metrics.standing import Entries, Spans, backlog, customers, standing

SIZES = (8, 15, 30, 100, 400)  # mean tickets in a group
KINDS = ("scale", "percent", "hours")


def evaluate_metrics(*, small: bool = False, seed: int = 0) -> dict[str, Any]:
    """Coverage of every kind of interval; the full form takes about two CPU-minutes, the small one ten seconds."""
    groups, worlds, weeks = (300, 12, 40) if small else (4000, 200, 400)
    return {
        "metrics": metric_coverage(groups, seed),
        "drivers": driver_coverage(worlds, seed),
        "checks": check_coverage(weeks, seed),
        "arrows": arrow_coverage(groups * 5, seed),
    }


def metric_coverage(groups: int, seed: int) -> dict[str, dict[str, float]]:
    """Coverage by metric: the mean over worlds and group sizes, and the extremes of the single cases."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for number, (size, world) in enumerate((size, world) for size in SIZES for world in WORLDS.values()):
        random = np.random.default_rng([seed, number])
        of = np.repeat(np.arange(groups), random.poisson(size, groups))
        columns = draw_tickets(world, len(of), random)
        truth = truths(world, size)
        for name, figures in measure(columns, Groups(np.arange(len(of)), of, groups)).items():
            shown = ~np.isnan(figures.value)
            if shown.sum() >= groups / 2:
                found[name].append(_held(figures.lower[shown], figures.upper[shown], truth[name]))
        for name, share in _standing(groups, size, world.churned, random).items():
            found[name].append(share)
        for name, share in _student(columns, of, groups, truth).items():
            found[f"{name} by Student's interval"].append(share)
    return {name: _summary(shares) for name, shares in sorted(found.items())}


def _standing(groups: int, size: int, rate: float, random: np.random.Generator) -> dict[str, float]:
    """Retention and churn of groups with so many customers, backlog of groups with so many open tickets."""
    of = np.repeat(np.arange(groups), random.poisson(size, groups))
    left = random.random(len(of)) < rate
    spans = Spans(np.array([100]), np.array([199]))
    twice = blank(
        2 * len(of),
        day=np.concatenate([np.full(len(of), 50), np.full(len(of), 150)]),
        customer=np.tile(np.arange(len(of)), 2),
        churned=np.concatenate([np.zeros(len(of)), left.astype(float)]),
    )
    entries = Entries(np.arange(2 * len(of)), np.tile(of, 2), groups)
    kept, lost = customers(standing(twice, entries), spans)
    shown = ~np.isnan(kept.value)
    waiting = blank(len(of), day=np.full(len(of), 150), tracked=np.ones(len(of), dtype=bool))
    open_ = backlog(standing(waiting, Entries(np.arange(len(of)), of, groups)), spans)
    there = ~np.isnan(open_.value)
    return {
        "retention": _held(kept.lower[shown], kept.upper[shown], 100 * (1 - rate)),
        "churn": _held(lost.lower[shown], lost.upper[shown], 100 * rate),
        "backlog": _held(open_.lower[there], open_.upper[there], size),
    }


def _student(columns: Columns, of: Integers, groups: int, truth: dict[str, float]) -> dict[str, float]:
    """The comparator: mean ± t × standard error, as textbooks and most tools have it."""
    from scipy.special import stdtrit  # noqa: PLC0415 – SciPy costs start-up time that few need

    recommends = np.where(np.isnan(columns.nps), np.nan, 100.0 * (columns.nps >= 9) - 100.0 * (columns.nps <= 6))
    found = {}
    for name, values in (("csat_mean", columns.csat), ("nps", recommends), ("ttr_mean", columns.resolution)):
        known = ~np.isnan(values)
        n, total = np.bincount(of[known], minlength=groups), np.bincount(of[known], values[known], groups)
        squares = np.bincount(of[known], values[known] ** 2, groups)
        chosen = n >= THIN
        if chosen.sum() < groups / 2:
            continue
        n, mean = n[chosen], total[chosen] / n[chosen]
        error = np.sqrt(np.maximum(squares[chosen] - n * mean**2, 0) / (n - 1) / n)
        half = stdtrit(n - 1, 0.975) * error
        found[name] = _held(mean - half, mean + half, truth[name])
    return found


def driver_coverage(worlds: int, seed: int) -> dict[str, dict[str, float]]:
    """Coverage of effects in worlds where product and channel harm too; beside it that of raw differences."""
    found: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        held: defaultdict[str, list[bool]] = defaultdict(list)
        for number in range(worlds):
            random = np.random.default_rng([seed, 7, number])
            size = int(random.choice([300, 1000, 4000]))
            made = draw_confounded(kind, size, 15, random)
            topic = made.columns.codes["topic"]
            told = effects(made.columns, {}, "csat" if kind == "scale" else "hours", made.outcome, np.arange(size))
            for one in told:
                if one.effect is None or one.lower is None or one.upper is None:
                    continue
                code = int(one.topic_id.removeprefix("topic-"))
                truth = true_contrast(made.effects, topic, code)
                inside = one.lower <= truth <= one.upper
                held["thin" if one.thin else "enough"].append(inside)
                held["all"].append(inside)
                held["raw difference"].append(_raw(made.outcome, topic == code, truth))
                if one.harm:
                    worse = -1 if kind == "scale" else 1
                    held["harm claimed, and true"].append(worse * truth > 0)
        found[kind] = {name: round(float(np.mean(values)), 4) for name, values in sorted(held.items())}
        found[kind]["effects"] = len(held["all"])
    return found


def _raw(outcome: Floats, mine: np.ndarray[Any, np.dtype[np.bool_]], truth: float) -> bool:
    """What most tools do: the difference of two averages, with Welch's interval."""
    own, rest = outcome[mine], outcome[~mine]
    error = np.sqrt(own.var(ddof=1) / len(own) + rest.var(ddof=1) / len(rest))
    return bool(abs(own.mean() - rest.mean() - truth) <= 1.96 * error)


def check_coverage(reviews: int, seed: int) -> dict[str, dict[str, float]]:
    """Coverage of precision and share from weekly samples of 15 checks a field, with mean widths in points."""
    held: defaultdict[str, list[bool]] = defaultdict(list)
    widths: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(reviews):
        made = draw_review(np.random.default_rng([seed, 11, number]), seed=number)
        for one in precision_of("topic", made.answers, made.shown):
            if one.precision is None or one.lower is None or one.upper is None:
                continue
            name = "precision of all" if one.key == "all" else "precision"
            held[name].append(one.lower <= made.precision[one.key] <= one.upper)
            widths[name].append(one.upper - one.lower)
            if one.share_lower is not None and one.share_upper is not None:
                held["share"].append(one.share_lower <= made.share[one.key] <= one.share_upper)
                widths["share"].append(one.share_upper - one.share_lower)
    return {
        name: {"coverage": round(float(np.mean(held[name])), 4), "width": round(float(np.mean(widths[name])), 2)}
        for name in sorted(held)
    }


def arrow_coverage(pairs: int, seed: int) -> dict[str, dict[str, float]]:
    """How often an arrow is shown though nothing has changed, and though a count has doubled."""
    random = np.random.default_rng([seed, 13])
    found = {}
    for size in SIZES:
        same = random.poisson(size, (pairs, 2)), random.poisson([2 * size, size], (pairs, 2))
        burst = 2 * random.poisson(size / 2, (pairs, 2))  # two tickets an event: dispersion 2
        hits = random.binomial(size, 0.7, (pairs, 2))
        found[f"about {size}"] = {
            "false": _arrows(same[0], 1.0),
            "false, overdispersed": _arrows(burst, 2.0),
            "doubled, seen": _arrows(same[1], 1.0),
            "false, of shares": _share_arrows(hits, size),
        }
    return found


def _arrows(counts: Integers, dispersion: float) -> float:
    shown = [arrow_of_counts(now, before, dispersion=dispersion).direction != "flat" for now, before in counts.tolist()]
    return round(float(np.mean(shown)), 4)


def _share_arrows(hits: Integers, size: int) -> float:
    lower, upper = wilson(hits, np.full(hits.shape, size))
    parts = np.stack([hits / size, lower, upper], axis=-1).tolist()
    shown = [arrow_of_values(tuple(now), tuple(before)).direction != "flat" for now, before in parts]
    return round(float(np.mean(shown)), 4)


def _held(lower: Floats, upper: Floats, truth: float) -> float:
    return float(np.mean((lower <= truth + 1e-9) & (truth <= upper + 1e-9)))


def _summary(shares: Iterable[float]) -> dict[str, float]:
    found = list(shares)
    return {
        "coverage": round(float(np.mean(found)), 4), "lowest": round(min(found), 4),
        "highest": round(max(found), 4), "cases": len(found),
    }  # fmt: skip
