"""All metrics of many groups of tickets at once: sums by group, then values with intervals."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cxtext.metrics.columns import Booleans, Columns, Floats, Integers
from cxtext.metrics.definitions import RATER, THIN
from cxtext.metrics.intervals import log_shape, median, poisson, positive_mean, scale_mean, wilson

MOST = 2**62  # that a number of two parts may count to
SMALLEST = 1e-3  # of the mean: what a zero counts as where logarithms are taken


@dataclass(frozen=True, slots=True)
class Figures:
    """One metric of every group: values and bounds are NaN where `n` is too small to show them."""

    value: Floats
    lower: Floats
    upper: Floats
    n: Integers


@dataclass(frozen=True, slots=True)
class Groups:
    """Which tickets belong to which group; a ticket may stand in several (a topic and its parent).

    `rows` are places in the columns, `of` the group of each, `count` how many groups there are.
    """

    rows: Integers
    of: Integers
    count: int


def measure(columns: Columns, groups: Groups) -> Mapping[str, Figures]:
    """Metrics that need nothing but a group's own tickets. Costs about 0.15 CPU-seconds per 100,000 entries."""
    sums = _Sums(columns, groups)
    counts = sums.count(np.ones(len(groups.rows), dtype=bool))
    found = {"tickets": _counted(counts, counts)}
    found |= _answers(sums) | _times(sums) | _shares(sums) | _costs(sums)
    return {name: hidden(figures) for name, figures in found.items()}


class _Sums:
    """Columns as the groups see them, and their sums by group."""

    def __init__(self, columns: Columns, groups: Groups) -> None:
        self.columns, self.groups = columns, groups

    def seen(self, column: Floats | Booleans | Integers) -> Floats:
        seen: Floats = np.asarray(column, dtype=np.float64)[self.groups.rows]
        return seen

    def count(self, chosen: Booleans) -> Integers:
        return np.bincount(self.groups.of[chosen], minlength=self.groups.count)

    def total(self, values: Floats, chosen: Booleans) -> Floats:
        summed = np.bincount(self.groups.of[chosen], weights=values[chosen], minlength=self.groups.count)
        return summed.astype(np.float64, copy=False)


def _answers(sums: _Sums) -> dict[str, Figures]:
    csat, nps = sums.seen(sums.columns.csat), sums.seen(sums.columns.nps)
    recommends = np.where(np.isnan(nps), np.nan, 100.0 * (nps >= 9) - 100.0 * (nps <= 6))
    return {
        "csat": _share(sums, csat >= 4, ~np.isnan(csat)),
        "csat_mean": _mean(sums, csat, 1, 5),
        "nps": _mean(sums, recommends, -100, 100),
        "ces": _mean(sums, sums.seen(sums.columns.ces), 1, 7),
        "sentiment": _mean(sums, sums.seen(sums.columns.sentiment), -1, 1),
    }


def _times(sums: _Sums) -> dict[str, Figures]:
    found = {}
    for name, column in (("frt", sums.columns.first_response), ("ttr", sums.columns.resolution)):
        hours = sums.seen(column)
        found[f"{name}_median"] = _median(sums, hours)
        found[f"{name}_mean"] = _amount(sums, hours)
    return found


def _shares(sums: _Sums) -> dict[str, Figures]:
    columns = sums.columns
    tracked, resolved = sums.seen(columns.tracked) > 0, sums.seen(columns.resolved) > 0
    reopened, sentiment = sums.seen(columns.reopened), sums.seen(columns.sentiment)
    complaint = sums.seen(columns.complaint)
    found = {
        "resolution_rate": _share(sums, resolved, tracked),
        "reopen_rate": _share(sums, reopened > 0, resolved & ~np.isnan(reopened)),
        "negative_share": _share(sums, sums.seen(columns.negative) > 0, ~np.isnan(sentiment)),
        "churned": _churned(sums),
    }
    for place, dimension in enumerate(RATER):
        found[f"servqual_{dimension}"] = _share(sums, complaint == place, complaint >= 0)
    return found


def _churned(sums: _Sums) -> Figures:
    """Customers, not tickets: who writes five times before leaving has left once."""
    flag = sums.seen(sums.columns.churned)
    known = ~np.isnan(flag)
    customers = int(sums.columns.customer.max(initial=0)) + 1
    pairs = sums.groups.of[known] * customers + sums.columns.customer[sums.groups.rows[known]]
    told = np.sort(2 * pairs + (flag[known] > 0))  # of one customer's tickets, one that says so comes last
    ends = np.flatnonzero(np.diff(told // 2, append=-1))
    left = told[ends] % 2 > 0
    of = told[ends] // 2 // customers
    n = np.bincount(of, minlength=sums.groups.count)
    return share_figures(np.bincount(of[left], minlength=sums.groups.count), n)


def _costs(sums: _Sums) -> dict[str, Figures]:
    cost = sums.seen(sums.columns.cost)
    known = ~np.isnan(cost)
    n, total = sums.count(known), sums.total(cost, known)
    squares = sums.total(cost**2, known)
    shape = _shape(sums, cost, known, n, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = positive_mean(n, total, np.sqrt(squares) / total, shape)  # the number of tickets varies too
        solved = known & (sums.seen(sums.columns.resolved) > 0)
        resolved, spent = sums.count(solved), sums.total(cost, solved)
        ratio = total / resolved
        # squared deviations of cost from ratio × resolved, summed without a second pass
        scatter = squares - 2 * ratio * spent + ratio**2 * resolved
        error = np.sqrt(np.maximum(scatter, 0.0) * n / np.maximum(n - 1, 1)) / total
        each = positive_mean(resolved, ratio, error, shape)
    return {
        "cost_sum": Figures(total, *whole, n),
        "cost_per_resolution": Figures(ratio, *each, resolved),
    }


def _share(sums: _Sums, hits: Booleans, known: Booleans) -> Figures:
    return share_figures(sums.count(hits & known), sums.count(known))


def share_figures(hits: Integers, n: Integers) -> Figures:
    """A share in percent with Wilson's interval."""
    lower, upper = wilson(hits, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Figures(100.0 * hits / n, 100 * lower, 100 * upper, n)


def count_figures(counts: Integers, n: Integers) -> Figures:
    """A count with the interval of its mean; hidden where `n` is small."""
    return hidden(_counted(counts, n))


def _counted(counts: Integers, n: Integers) -> Figures:
    return Figures(counts.astype(np.float64), *poisson(counts), n)


def _mean(sums: _Sums, values: Floats, low: float, high: float) -> Figures:
    known = ~np.isnan(values)
    values = np.clip(values, low, high)
    n, total, squares = sums.count(known), sums.total(values, known), sums.total(values**2, known)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Figures(total / n, *scale_mean(n, total, squares, low, high), n)


def _amount(sums: _Sums, values: Floats) -> Figures:
    known = ~np.isnan(values)
    n, total, squares = sums.count(known), sums.total(values, known), sums.total(values**2, known)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        error = np.sqrt(np.maximum(squares - n * mean**2, 0.0) / np.maximum(n - 1, 1) / n) / mean
        return Figures(mean, *positive_mean(n, mean, error, _shape(sums, values, known, n, total)), n)


def _shape(sums: _Sums, values: Floats, known: Booleans, n: Integers, total: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        floor = np.nan_to_num(SMALLEST * total / n, nan=SMALLEST, posinf=SMALLEST)
    logs = np.log(np.maximum(values, np.maximum(floor, 1e-12)[sums.groups.of]))
    return log_shape(n, sums.total(logs, known), sums.total(logs**2, known))


def _median(sums: _Sums, values: Floats) -> Figures:
    known = ~np.isnan(values)
    of, chosen = sums.groups.of[known], values[known]
    n = np.bincount(of, minlength=sums.groups.count)
    ordered = _in_order(of, chosen)
    filled = np.flatnonzero(n)
    starts = (np.cumsum(n) - n)[filled]
    found = np.full((3, sums.groups.count), np.nan)
    if len(filled):
        found[:, filled] = median(ordered, starts, n[filled])
    return Figures(found[0], found[1], found[2], n)


def _in_order(of: Integers, hours: Floats) -> Floats:
    """Hours, group by group, in ascending order; whole seconds, which they nearly always are, sort ten times as fast."""
    seconds = np.rint(hours * 3600)
    most = float(seconds.max(initial=0.0)) + 1
    whole = np.array_equal(seconds / 3600, hours) and float(seconds.min(initial=0.0)) >= 0
    if not whole or most * (int(of.max(initial=0)) + 1) >= MOST:
        return hours[np.lexsort((hours, of))]
    both = np.sort(of * np.int64(most) + seconds.astype(np.int64))
    found: Floats = (both % np.int64(most)) / 3600
    return found


def hidden(figures: Figures) -> Figures:
    """Nothing but `n` where it is under five, or where there is no value (0 cost)."""
    shown = (figures.n >= THIN) & np.isfinite(figures.value + figures.lower + figures.upper)
    value, lower, upper = (np.where(shown, part, np.nan) for part in (figures.value, figures.lower, figures.upper))
    return Figures(value, lower, upper, figures.n)
