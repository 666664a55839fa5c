"""One line per event: where a topic and its parts rise together, the one that explains the most is told."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from cxtext.errors import ConfigurationError
from cxtext.trends.calendar import Floats
from cxtext.trends.episodes import CALM, Alarm
from cxtext.trends.scan import Scores, tail

TOGETHER = 14  # nights: alarms of a node and its parent that start this close are one event
HOLDS = 0.7  # share of the excess that makes a part the headline
PART = 0.5  # share of the expected from which on a part is as good as the whole


def parent_columns(names: Sequence[str], parents: Mapping[str, str] | None) -> list[int]:
    """Return the column of the parent of each series, -1 for none.

    Raises:
        ConfigurationError: a parent or child that is no series, or a circle.
    """
    columns = {name: index for index, name in enumerate(names)}
    above = [-1] * len(names)
    for child, parent in (parents or {}).items():
        for name in (child, parent):
            if name not in columns:
                raise ConfigurationError(f"the tree names '{name}', but there is no such series")
        above[columns[child]] = columns[parent]
    for column, name in enumerate(names):
        if len(list(upwards(column, above))) > len(names):
            raise ConfigurationError(f"'{name}' stands above itself in the tree")
    return above


def one_line_per_event(
    found: Sequence[Alarm], above: list[int], counts: Floats, scores: Scores, slices: Sequence[str] | None = None
) -> list[Alarm]:
    """Keep one alarm per event.

    Where a node and one of its parts raise an alarm within a fortnight, or the part while the node's episode goes on,
    the part is told if it holds 70 % of the excess and little of what was expected, else the node. A part is kept
    beside its node only if the node's own rise does not explain it; the more parts, the more that takes. Of slices
    that are cut out of one node by different words (they share tickets) only the strongest is told.

    Args:
        found: the alarms, by start.
        above: (series,) column of the parent, -1 for none.
        counts: (days, series).
        scores: of `scan.scan`.
        slices: (series,) what cuts a series out of its parent, "" for none; None: nothing does.
    """
    kept = set(range(len(found)))
    for child in sorted(kept, key=lambda index: -len(list(upwards(found[index].column, above)))):
        ancestors = list(upwards(found[child].column, above))
        for parent in sorted(kept):
            if parent == child or found[parent].column not in ancestors or child not in kept:
                continue
            if not _at_once(found[parent], found[child]):
                continue
            night = max(found[parent].start, found[child].start)
            pair = (found[parent].column, found[child].column)
            if _is_headline(*pair, night, counts, scores):
                kept.discard(parent)
            elif _beyond(*pair, night, counts, scores) < CALM + np.log10(above.count(pair[0]) or 1):
                kept.discard(child)
    if slices is not None:
        kept -= _overlapping(found, kept, above, slices, scores)
    return [alarm for index, alarm in enumerate(found) if index in kept]


def _at_once(parent: Alarm, child: Alarm) -> bool:
    going_on = parent.start <= child.start and (parent.end is None or child.start <= parent.end)
    return going_on or abs(parent.start - child.start) <= TOGETHER


def _is_headline(parent: int, child: int, night: int, counts: Floats, scores: Scores) -> bool:
    """Say whether the part is the event: nearly all of the excess, and not because it is nearly all of the node."""
    much = _excess(child, night, counts, scores) >= HOLDS * _excess(parent, night, counts, scores)
    usual, of = scores.fortnight[night, child], scores.fortnight[night, parent]
    return much and bool(usual <= PART * of)


def _overlapping(
    found: Sequence[Alarm], kept: set[int], above: Sequence[int], slices: Sequence[str], scores: Scores
) -> set[int]:
    """Return the alarms of slices that share their tickets with a stronger slice of the same node."""

    def evidence(index: int) -> tuple[float, int]:
        alarm = found[index]
        return max(scores.rising[alarm.start, alarm.column], scores.spike[alarm.start, alarm.column]), -index

    dropped: set[int] = set()
    ranked = sorted((index for index in kept if slices[found[index].column]), key=evidence, reverse=True)
    for place, weaker in enumerate(ranked):
        one = found[weaker]
        for stronger in ranked[:place]:
            other = found[stronger]
            related = above[one.column] == above[other.column] and slices[one.column] != slices[other.column]
            if stronger not in dropped and related and (_at_once(other, one) or _at_once(one, other)):
                dropped.add(weaker)
                break
    return dropped


def upwards(column: int, above: Sequence[int]) -> Iterator[int]:
    """Yield the columns above this one, the nearest first."""
    parent = above[column]
    for _ in range(len(above) + 1):
        if parent < 0:
            return
        yield parent
        parent = above[parent]


def _excess(column: int, night: int, counts: Floats, scores: Scores) -> float:
    """Return the tickets above the forecast in the fortnight to that night."""
    expected = scores.fortnight[night, column]
    day = scores.first_night + night
    return float(np.nansum(counts[max(day - TOGETHER + 1, 0) : day + 1, column]) - expected)


def _beyond(parent: int, child: int, night: int, counts: Floats, scores: Scores) -> float:
    """Return the child's score with the rise of all the rest of its parent taken for granted.

    Of the rest: a parent that rises because of this child alone explains nothing.
    """
    window = int(scores.window[night, child])
    day = scores.first_night + night
    came = np.nansum(counts[max(day - window + 1, 0) : day + 1], axis=0)
    usual = scores.means[window][night]
    rest, usual_rest = came[parent] - came[child], usual[parent] - usual[child]
    if usual[child] > PART * usual[parent]:
        return 0.0  # a part that is nearly the whole says nothing that the whole does not say
    ratio = max(rest / usual_rest, 1.0)
    variance = scores.variance[night, child] * ratio**2
    return float(tail(np.array(came[child]), np.array(usual[child] * ratio), np.array(variance)))
