"""Where a node stands: one word from its episodes and, where something was done about it, from the verdict on the fix."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from cxtext.trends.episodes import NEWNESS, Episode
from cxtext.trends.fixes import FixCheck

NodeState = Literal[
    "quiet",
    "new",
    "spike",
    "rising",
    "one-off",
    "recurring",
    "chronic",
    "seasonal",
    "improved",
    "resolved",
    "regressed",
]

HALF_A_YEAR, RELAPSE = timedelta(180), timedelta(90)


def node_state(
    episodes: Sequence[Episode], today: date, *, fix: FixCheck | None = None, fixed_on: date | None = None
) -> NodeState:
    """Say where a node stands on the evening of `today`.

    Args:
        episodes: of this node alone; later ones than today are not looked at.
        today: the last day of the counts.
        fix: the verdict on what was done, if anything.
        fixed_on: the day it was done.
    """
    known = sorted((episode for episode in episodes if episode.day <= today), key=lambda episode: episode.day)
    if fix and fixed_on and fix.verdict in ("resolved", "improved"):
        relapse = any(episode.kind == "rising" and fixed_on < episode.day <= fixed_on + RELAPSE for episode in known)
        if not relapse:
            return "resolved" if fix.verdict == "resolved" else "improved"
        if fix.verdict == "resolved":
            return "regressed"
    return _by_episodes([episode for episode in known if today - episode.day <= HALF_A_YEAR], today)


def _by_episodes(recent: Sequence[Episode], today: date) -> NodeState:
    """Return the word for the episodes of the last half year, oldest first."""
    if not recent:
        return "quiet"
    last = recent[-1]
    going_on = last.until is None or last.until >= today
    surges = [episode for episode in recent if episode.kind in ("rising", "spike")]
    if last.kind == "new":
        return "new" if (today - last.day).days <= NEWNESS else "quiet"
    if going_on and last.state == "chronic":
        return "chronic"
    if len(surges) >= 2:
        return "recurring"
    if going_on and last.kind != "seasonal":
        return "spike" if last.kind == "spike" else "rising"
    return "one-off" if surges else "seasonal"
