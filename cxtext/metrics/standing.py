"""What is true at the end of a period and depends on all that came before: open tickets, customers kept and lost."""

from dataclasses import dataclass

import numpy as np

from cxtext.metrics.columns import NO_DAY, Columns, Integers
from cxtext.metrics.measure import Figures, count_figures, hidden, share_figures

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Entries:
    """Tickets under the keys of one scope: places in the columns, and the key of each."""

    rows: Integers
    key: Integers
    keys: int


@dataclass(frozen=True, slots=True)
class Spans:
    """Periods by their first and last day (ordinals), in order and without overlap."""

    first: Integers
    last: Integers


def backlog(columns: Columns, entries: Entries, spans: Spans) -> Figures:
    """Tickets open at the end of each period, (keys × periods) flattened; n: tickets whose state is known until then."""
    dated = columns.tracked[entries.rows] & (columns.day[entries.rows] > NO_DAY)
    rows, key = entries.rows[dated], entries.key[dated]
    came = _until(columns.day[rows], key, entries.keys, spans)
    done = columns.resolved_day[rows]
    closed = columns.resolved[rows]
    gone = np.maximum(np.where(done > NO_DAY, done, columns.day[rows]), columns.day[rows])
    went = _until(gone[closed], key[closed], entries.keys, spans)
    return count_figures((came - went).ravel(), came.ravel())


def customers(columns: Columns, entries: Entries, spans: Spans) -> tuple[Figures, Figures]:
    """Retention and churn of each period, (keys × periods) flattened; n: customers at its start.

    A customer is one from the first ticket on and until a ticket says `churned`. Retention is (customers at the end −
    new ones among them) / customers at the start; who comes and goes within the period counts on neither side.
    """
    known = ~np.isnan(columns.churned[entries.rows]) & (columns.day[entries.rows] > NO_DAY)
    rows, key = entries.rows[known], entries.key[known]
    people = int(columns.customer.max(initial=0)) + 1
    once, place = np.unique(key * people + columns.customer[rows], return_inverse=True)
    came = np.full(len(once), NEVER)
    np.minimum.at(came, place, columns.day[rows])
    left = np.full(len(once), NEVER)
    lost = columns.churned[rows] > 0
    np.minimum.at(left, place[lost], columns.day[rows][lost])
    of = once // people
    gone = left < NEVER
    before = Spans(spans.first - 1, spans.first - 1)
    start = _until(came, of, entries.keys, before) - _until(left[gone], of[gone], entries.keys, before)
    old = np.searchsorted(spans.first, left[gone], side="right") - 1  # period in which they left
    inside = (old >= 0) & (left[gone] <= spans.last[np.maximum(old, 0)])
    inside &= came[gone] < spans.first[np.maximum(old, 0)]
    lost_of = of[gone][inside] * len(spans.first) + old[inside]
    losses = np.bincount(lost_of, minlength=entries.keys * len(spans.first))
    at_start = start.ravel()
    return hidden(share_figures(at_start - losses, at_start)), hidden(share_figures(losses, at_start))


def _until(days: Integers, key: Integers, keys: int, spans: Spans) -> Integers:
    """How many of the days lie on or before the end of each period: (keys, periods)."""
    place = np.searchsorted(spans.last, days, side="left")
    width = len(spans.last) + 1
    counts = np.bincount(key * width + place, minlength=keys * width).reshape(keys, width)
    return np.cumsum(counts[:, :-1], axis=1)
