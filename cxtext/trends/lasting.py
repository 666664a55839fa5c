"""How long an episode goes on: measured against the forecast made before it, which the surge could not train."""

from collections.abc import Sequence

import numpy as np

from cxtext.trends.calendar import Floats
from cxtext.trends.episodes import CALM, QUIET_NIGHTS, Alarm
from cxtext.trends.forecast import WEEK, Block, project
from cxtext.trends.scan import Scores, tail

FROZEN = 56  # days a forecast is trusted to outlive a surge; what still stands then is the new normal


def prolong(
    found: Sequence[Alarm], counts: Floats, rows: Floats, blocks: Sequence[Block], scores: Scores
) -> list[Alarm]:
    """Extend every alarm while the level stands, and swallow the alarms of the same node that fall into it.

    Args:
        found: sorted by start.
        counts: (days, series), NaN where nothing is known.
        rows: of `calendar.features` for all days.
        blocks: of `forecast.forecasts`.
        scores: of `scan.scan`.
    """
    kept: list[Alarm] = []
    busy: dict[int, int] = {}  # column: last night of its running alarm
    known, expected = -1, np.zeros((0, 0))  # one week at a time: each is as large as all the counts
    for alarm in found:
        if alarm.start <= busy.get(alarm.column, -1):
            continue
        week = alarm.start // WEEK
        if week != known:
            known, expected = week, project(blocks[week], rows)[scores.first_night :]
        longer = _prolonged(alarm, counts[scores.first_night :, alarm.column], expected[:, alarm.column], scores)
        busy[alarm.column] = (len(scores.rising) if longer.end is None else longer.end) + QUIET_NIGHTS
        kept.append(longer)
    return kept


def _prolonged(alarm: Alarm, counts: Floats, expected: Floats, scores: Scores) -> Alarm:
    if alarm.kind != "rising" or alarm.end is None:
        return alarm
    at = (alarm.start, alarm.column)
    wide = max(float(scores.variance[at] / max(scores.expected[at], 1e-9)), 1.0)
    seen = ~np.isnan(counts)
    last = min(alarm.start + FROZEN, len(counts) - 1)
    end = alarm.end
    for night in range(alarm.end + 1, last + 1):
        week = slice(max(night - WEEK + 1, 0), night + 1)
        mean = np.array(expected[week][seen[week]].sum())
        if float(tail(np.array(counts[week][seen[week]].sum()), mean, wide * mean)) >= CALM:
            end = night
        elif night - end >= QUIET_NIGHTS:
            break
    still = last < alarm.start + FROZEN and len(counts) - 1 - end < QUIET_NIGHTS
    return Alarm(alarm.column, alarm.kind, alarm.start, None if still else end)
