"""Where a node stands: one word from its episodes, its decline and, where something was done, the verdict on the fix.

The one place that owns these words: what the detector says of a node, and what screens and exports show of a topic.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, Protocol

from cxtext.trends.decline import Course
from cxtext.trends.episodes import NEWNESS
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

Status = Literal["new", "rising", "recurring", "seasonal", "steady", "fading", "resolved"]
STATUS_OF: Mapping[NodeState, Status] = MappingProxyType(
    {
        "quiet": "steady",
        "new": "new",
        "spike": "steady",  # a one-off until it is confirmed
        "rising": "rising",
        "one-off": "steady",
        "recurring": "recurring",
        "chronic": "recurring",  # a symptom that stays is no anomaly any more
        "seasonal": "seasonal",
        "improved": "fading",
        "resolved": "resolved",
        "regressed": "rising",
    }
)
CALM: frozenset[NodeState] = frozenset({"quiet", "one-off", "recurring", "seasonal"})  # nothing is going on tonight


class Told(Protocol):
    """What is known of an episode that was told; `cxtext.trends.episodes.Episode` is one."""

    @property
    def day(self) -> date:
        """The night it was told."""

    @property
    def until(self) -> date | None:
        """Its last day, None while it goes on."""

    @property
    def kind(self) -> str:
        """new, rising, spike, seasonal."""

    @property
    def state(self) -> str:
        """open, one-off, closed, recurring, chronic."""


HALF_A_YEAR, RELAPSE = timedelta(180), timedelta(90)


def topic_status(
    episodes: Sequence[Told],
    today: date,
    course: Course,
    *,
    fix: FixCheck | None = None,
    fixed_on: date | None = None,
    before: str | None = None,
) -> Status:
    """Say where a topic stands on the evening of `today`, in the words of `export topics`.

    Args:
        episodes: of the topic as a whole.
        today: the last day of the counts.
        course: whether it goes down, of `cxtext.trends.decline`.
        fix: the verdict on what was done, if anything.
        fixed_on: the day it was done.
        before: its status the night before: what is resolved stays so until something happens.
    """
    state = node_state(episodes, today, fix=fix, fixed_on=fixed_on)
    if state not in CALM or any(_goes_on(one, today) for one in episodes if one.day <= today):
        return STATUS_OF[state]
    if course != "level":
        return course
    if before == "resolved" and not any((today - one.day).days <= NEWNESS for one in episodes if one.day <= today):
        return "resolved"
    return STATUS_OF[state]


def node_state(
    episodes: Sequence[Told], today: date, *, fix: FixCheck | None = None, fixed_on: date | None = None
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


def _by_episodes(recent: Sequence[Told], today: date) -> NodeState:
    """Return the word for the episodes of the last half year, oldest first."""
    if not recent:
        return "quiet"
    last = recent[-1]
    going_on = _goes_on(last, today)
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


def _goes_on(episode: Told, today: date) -> bool:
    return episode.until is None or episode.until >= today
