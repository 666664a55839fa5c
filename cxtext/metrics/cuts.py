"""Every metric of every cut: by topic, cause, department, product, channel, language, version; by week, month and more."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from cxtext.metrics.columns import NO_DAY, Columns, Integers
from cxtext.metrics.definitions import METRICS, WHOLE
from cxtext.metrics.measure import Figures, Groups, measure
from cxtext.metrics.periods import Period, before_them, last_28_days, period_index, period_of
from cxtext.metrics.standing import Entries, Spans, Standing, backlog, customers, standing

DIGITS = 4  # more would be noise that changes from one processor to the next
TIE = 1e-9  # sends exact halves one way, in whatever order the tickets were added up
MOST_KEYS = 2000  # of one scope, the largest: nobody looks at the two thousand and first version

Figure = tuple[float | None, float | None, float | None, int]  # value, lower, upper, n


@dataclass(frozen=True, slots=True)
class Cut:
    """All metrics of one key in one period; metrics that rest on nothing are left out."""

    scope: str
    key: str
    period: Period
    figures: Mapping[str, Figure]


def all_cuts(
    columns: Columns,
    parents: Mapping[str, str | None],
    *,
    since: date | None = None,
    scopes: Sequence[str] | None = None,
) -> Iterator[Cut]:
    """Measure all cuts that a change since a day can have touched; all if it is None.

    The last 28 days, those before them and the whole are measured always; weeks and months from the one that holds `since`.

    Args:
        columns: all tickets, since backlog and retention rest on what came before.
        parents: topic -> topic above it; a topic's metrics hold those of its subtopics.
        since: first day that a ticket changed on.
        scopes: which ones; default all.
    """
    if columns.size == 0:
        return
    for scope in scopes or (WHOLE, *columns.codes):
        keys, entries = scope_entries(columns, parents, scope)
        stood = standing(columns, entries)
        yield from _whole(columns, scope, keys, entries, stood)
        if columns.last_day > NO_DAY:
            for period in _recent_periods(columns):
                yield from _recent(columns, scope, keys, entries, stood, period)
            for kind in ("week", "month"):
                yield from _periods(columns, scope, keys, entries, stood, kind, since)


def scope_entries(columns: Columns, parents: Mapping[str, str | None], scope: str) -> tuple[tuple[str, ...], Entries]:
    """The keys of a scope, largest first, and which tickets stand under each."""
    if scope == WHOLE:
        rows = np.arange(columns.size)
        return (WHOLE,), Entries(rows, np.zeros(columns.size, dtype=np.int64), 1)
    codes = columns.codes[scope]
    rows = np.flatnonzero(codes >= 0)
    names, key = columns.keys[scope], codes[rows]
    if scope == "topic":
        names, rows, key = _with_ancestors(names, rows, key, parents)
    sizes = np.bincount(key, minlength=len(names))
    order = sorted(range(len(names)), key=lambda place: (-sizes[place], names[place]))[:MOST_KEYS]
    place = np.full(len(names), -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    kept = place[key] >= 0
    return tuple(names[old] for old in order), Entries(rows[kept], place[key[kept]], len(order))


def ancestors(names: Sequence[str], parents: Mapping[str, str | None]) -> Mapping[str, tuple[str, ...]]:
    """Every topic with itself and all that stands above it; a circle ends where it closes."""
    found = {}
    for name in names:
        chain: list[str] = []
        above: str | None = name
        while above is not None and above not in chain:
            chain.append(above)
            above = parents.get(above)
        found[name] = tuple(chain)
    return found


def _with_ancestors(
    names: tuple[str, ...], rows: Integers, key: Integers, parents: Mapping[str, str | None]
) -> tuple[tuple[str, ...], Integers, Integers]:
    chains = ancestors(names, parents)
    known = tuple(sorted({name for chain in chains.values() for name in chain}))
    places = {name: place for place, name in enumerate(known)}
    all_rows, all_keys = [], []
    for level in range(max((len(chain) for chain in chains.values()), default=0)):
        above = np.array([places[chains[name][level]] if level < len(chains[name]) else -1 for name in names])
        lifted = above[key]
        all_rows.append(rows[lifted >= 0])
        all_keys.append(lifted[lifted >= 0])
    if not all_rows:
        return known, rows, key
    return known, np.concatenate(all_rows), np.concatenate(all_keys)


def _whole(columns: Columns, scope: str, keys: Sequence[str], entries: Entries, stood: Standing) -> Iterator[Cut]:
    end = max(columns.last_day, 1)
    spans = Spans(np.array([1]), np.array([end]))
    found = dict(measure(columns, Groups(entries.rows, entries.key, entries.keys)))
    found["backlog"] = backlog(stood, spans)  # there is no retention: nobody was a customer before it began
    period = Period("all", WHOLE, None, date.fromordinal(end))
    yield from _cuts(scope, [(key, period) for key in keys], found)


def _recent_periods(columns: Columns) -> list[Period]:
    """The last 28 days, and the 28 before them if the tickets reach back that far."""
    end = date.fromordinal(columns.last_day)
    first = int(columns.day[columns.day > NO_DAY].min())
    last, before = last_28_days(end), before_them(end)
    assert before.first is not None
    return [last, before] if before.first.toordinal() >= first else [last]


def _recent(
    columns: Columns, scope: str, keys: Sequence[str], entries: Entries, stood: Standing, period: Period
) -> Iterator[Cut]:
    assert period.first is not None
    first, last = period.first.toordinal(), period.last.toordinal()
    spans = Spans(np.array([first]), np.array([last]))
    days = columns.day[entries.rows]
    inside = (days >= first) & (days <= last)
    found = dict(measure(columns, Groups(entries.rows[inside], entries.key[inside], entries.keys)))
    found["backlog"] = backlog(stood, spans)
    found["retention"], found["churn"] = customers(stood, spans)
    yield from _cuts(scope, [(key, period) for key in keys], found)


def _periods(
    columns: Columns,
    scope: str,
    keys: Sequence[str],
    entries: Entries,
    stood: Standing,
    kind: Literal["week", "month"],
    since: date | None,
) -> Iterator[Cut]:
    days = columns.day[entries.rows]
    touched = days > NO_DAY
    index = period_index(days, kind)
    if since is not None:
        touched &= index >= period_index(np.array([since.toordinal()]), kind)[0]
    if not touched.any():
        return
    lowest, highest = int(index[touched].min()), int(index[touched].max())
    periods = [period_of(number, kind) for number in range(lowest, highest + 1)]
    flat = entries.key[touched] * len(periods) + index[touched] - lowest
    groups, of = np.unique(flat, return_inverse=True)
    found = dict(measure(columns, Groups(entries.rows[touched], of, len(groups))))
    spans = Spans(*(np.array([day.toordinal() for day in days]) for days in _ends(periods)))
    at_the_end = {"backlog": backlog(stood, spans)}
    at_the_end["retention"], at_the_end["churn"] = customers(stood, spans)
    for name, figures in at_the_end.items():
        found[name] = Figures(figures.value[groups], figures.lower[groups], figures.upper[groups], figures.n[groups])
    places = [(keys[number // len(periods)], periods[number % len(periods)]) for number in groups.tolist()]
    yield from _cuts(scope, places, found)


def _ends(periods: Sequence[Period]) -> tuple[list[date], list[date]]:
    return [period.first or period.last for period in periods], [period.last for period in periods]


def _cuts(scope: str, places: Sequence[tuple[str, Period]], found: Mapping[str, Figures]) -> Iterator[Cut]:
    columns = {name: _rounded(found[name]) for name in METRICS if name in found}
    for place, (key, period) in enumerate(places):
        figures = {name: column[place] for name, column in columns.items() if column[place][3]}
        if figures:
            yield Cut(scope, key, period, figures)


def _rounded(figures: Figures) -> list[Figure]:
    parts = [np.round(part + TIE, DIGITS).tolist() for part in (figures.value, figures.lower, figures.upper)]
    return [
        (None if value != value else value, None if lower != lower else lower, None if upper != upper else upper, n)  # noqa: PLR0124 – NaN
        for value, lower, upper, n in zip(*parts, figures.n.tolist(), strict=True)
    ]
