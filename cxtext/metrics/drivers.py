"""What each issue does to satisfaction, effort, time and money: effects per ticket, and the value without the issue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cxtext.metrics.columns import NO_DAY, Columns, Floats, Integers
from cxtext.metrics.cuts import ancestors
from cxtext.metrics.definitions import THIN
from cxtext.metrics.factors import Factor, Fit, fit
from cxtext.metrics.intervals import log_shape, positive_mean
from cxtext.metrics.periods import RECENT, period_index

WINDOW = 365  # days that effects are learned from: older ones say little about today
ENOUGH = 50  # tickets with a known outcome before anything is said about it
FEW = 20  # tickets of an issue under which its effect is marked as thin
MOST_TOPICS, MOST_VALUES = 1000, 200  # levels kept apart, the largest; the rest stand together
LONGEST = 0.99  # share of hours below the cap: one forgotten ticket must not outweigh a hundred

WORSE: Mapping[str, int] = {  # which direction harms: +1 where more is worse
    "csat": -1, "nps": -1, "ces": -1, "reopened": 1, "churned": 1, "hours": 1, "sentiment": -1, "cost": 1,
}  # fmt: skip
OUTCOMES = tuple(WORSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one issue does to one outcome; the fields are those of `store.read_metrics.Driver`."""

    outcome: str
    topic_id: str
    n: int
    others: int
    effect: float | None = None
    lower: float | None = None
    upper: float | None = None
    harm: float | None = None
    overall: float | None = None
    without: float | None = None
    without_lower: float | None = None
    without_upper: float | None = None
    thin: bool = True
    rank: int = 0


def all_effects(
    columns: Columns, parents: Mapping[str, str | None], *, cost_per_ticket: float | None = None
) -> list[Effect]:
    """Effects of all topics on all outcomes that are known of enough tickets, ranked by the harm that is certain.

    Args:
        columns: the tickets; the last `WINDOW` days count, and those without a date.
        parents: topic -> topic above it.
        cost_per_ticket: what a ticket costs where its source does not say.
    """
    recent = (columns.day == NO_DAY) | (columns.day > columns.last_day - WINDOW)
    found: list[Effect] = []
    for outcome, values in _outcomes(columns).items():
        rows = np.flatnonzero(recent & ~np.isnan(values))
        if len(rows) >= ENOUGH:
            found += ranked(effects(columns, parents, outcome, values, rows))
    return found + ranked(weekly_costs(columns, parents, cost_per_ticket))


def _outcomes(columns: Columns) -> dict[str, Floats]:
    nps, hours = columns.nps, columns.resolution
    known = hours[~np.isnan(hours)]
    longest = np.quantile(known, LONGEST) if len(known) else np.nan
    return {
        "csat": np.clip(columns.csat, 1, 5),
        "nps": np.where(np.isnan(nps), np.nan, 100.0 * (nps >= 9) - 100.0 * (nps <= 6)),
        "ces": np.clip(columns.ces, 1, 7),
        "reopened": np.where(columns.resolved, 100.0 * (columns.reopened > 0) + 0 * columns.reopened, np.nan),
        "churned": 100.0 * columns.churned,
        "hours": np.minimum(hours, longest),
        "sentiment": columns.sentiment,
    }


def effects(
    columns: Columns, parents: Mapping[str, str | None], outcome: str, values: Floats, rows: Integers
) -> list[Effect]:
    """Effects on one outcome, channel, product and month being equal; `rows` are the tickets whose outcome is known.

    An effect is the mean of the issue's tickets minus that of all others, both as if they had come through the same
    channels, for the same products, in the same months. Parents take their subtopics' tickets together.
    """
    topics, levels = _largest(columns.codes["topic"][rows], MOST_TOPICS)
    factors = [
        Factor(topics, len(levels) + 1),
        *(
            Factor(codes, len(kept) + 1)
            for codes, kept in (_largest(columns.codes[by][rows], MOST_VALUES) for by in ("channel", "product"))
        ),
        _months(columns.day[rows]),
    ]
    known = values[rows]
    fitted = fit(known, factors)
    counts = np.bincount(topics, minlength=len(levels) + 1)
    names = [columns.keys["topic"][level] for level in levels]
    members = _members(names, parents)
    overall = float(known.mean())
    return [
        _effect(outcome, name, np.array(places), counts, fitted, overall) for name, places in sorted(members.items())
    ]


def _effect(outcome: str, name: str, places: Integers, counts: Integers, fitted: Fit, overall: float) -> Effect:
    n = int(counts[places].sum())
    total = int(counts.sum())
    bare = Effect(outcome=outcome, topic_id=name, n=n, others=total - n, overall=overall)
    if n < THIN or total - n < THIN:
        return bare
    from scipy.special import stdtrit  # noqa: PLC0415 – SciPy costs start-up time that only the night needs

    contrast = -counts / (total - n)
    contrast[places] = counts[places] / n
    estimate = float(contrast @ fitted.coefficients)
    error = float(np.sqrt(contrast @ fitted.covariance @ contrast))
    half = float(stdtrit(fitted.degrees[places].sum(), 0.975)) * error
    share, worse = n / total, WORSE[outcome]
    ends = sorted((overall - share * (estimate - half), overall - share * (estimate + half)))
    return replace(
        bare,
        effect=estimate,
        lower=estimate - half,
        upper=estimate + half,
        harm=max(0.0, share * (worse * estimate - half)),
        without=overall - share * estimate,
        without_lower=ends[0],
        without_upper=ends[1],
        thin=n < FEW,
    )


def weekly_costs(columns: Columns, parents: Mapping[str, str | None], cost_per_ticket: float | None) -> list[Effect]:
    """Cost of each topic per week over the last 28 days, with the interval of a sum of a random number of tickets.

    Tickets without a cost count as `cost_per_ticket`, else as the mean of those that have one; nothing without either.
    """
    known = columns.cost[~np.isnan(columns.cost)]
    each = cost_per_ticket if cost_per_ticket is not None else float(known.mean()) if len(known) else None
    rows = np.flatnonzero(columns.day > max(columns.last_day - RECENT, NO_DAY))
    if each is None or len(rows) == 0:
        return []
    first = int(columns.day[columns.day > NO_DAY].min())
    weeks = min(RECENT, columns.last_day - first + 1) / 7
    cost = np.where(np.isnan(columns.cost[rows]), each, columns.cost[rows]) / weeks
    topic = columns.codes["topic"][rows]
    members = _members(list(columns.keys["topic"]), parents)
    overall = float(cost.sum())
    found = []
    for name, places in sorted(members.items()):
        own = cost[np.isin(topic, places)]
        if len(own):
            bare = Effect(outcome="cost", topic_id=name, n=len(own), others=len(rows) - len(own), overall=overall)
            found.append(bare if len(own) < THIN or own.sum() <= 0 else _cost(bare, own, overall))
    return found


def _cost(bare: Effect, own: Floats, overall: float) -> Effect:
    total = float(own.sum())
    logs = np.log(np.maximum(own, 1e-3 * own.mean()))
    n = np.array([len(own)])
    shape = log_shape(n, np.array([logs.sum()]), np.array([(logs**2).sum()]))
    relative = np.array([np.sqrt((own**2).sum()) / total])
    lower, upper = (float(bound[0]) for bound in positive_mean(n, np.array([total]), relative, shape))
    return replace(
        bare,
        effect=total,
        lower=lower,
        upper=upper,
        harm=lower,
        without=overall - total,
        without_lower=overall - upper,
        without_upper=overall - lower,
        thin=len(own) < FEW,
    )


def ranked(found: Sequence[Effect]) -> list[Effect]:
    """The surest harm first; where nothing is sure the larger estimate; what is hidden last."""

    def key(one: Effect) -> tuple[bool, float, float, str]:
        likely = 0.0 if one.effect is None else WORSE[one.outcome] * one.effect * one.n
        return one.effect is None, -(one.harm or 0.0), -likely, one.topic_id

    return [replace(one, rank=place) for place, one in enumerate(sorted(found, key=key), start=1)]


def _members(names: Sequence[str], parents: Mapping[str, str | None]) -> dict[str, list[int]]:
    """Topic -> places of itself and its subtopics among `names`."""
    members: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        for above in ancestors([name], parents)[name]:
            members.setdefault(above, []).append(place)
    return members


def _largest(codes: Integers, most: int) -> tuple[Integers, list[int]]:
    """Codes of the values that occur most, numbered anew; the last number is for all others and for none."""
    counts = np.bincount(codes[codes >= 0]) if (codes >= 0).any() else np.zeros(0, dtype=np.int64)
    kept = sorted(np.flatnonzero(counts).tolist(), key=lambda code: (-counts[code], code))[:most]
    number = np.full(len(counts) + 1, len(kept), dtype=np.int64)  # code −1 finds the last place
    number[kept] = np.arange(len(kept))
    return number[codes], kept


def _months(days: Integers) -> Factor:
    months = np.where(days > NO_DAY, period_index(np.maximum(days, 1), "month"), -1)
    known, codes = np.unique(months, return_inverse=True)
    return Factor(codes.astype(np.int64), len(known))
