"""One night over the whole tree: what was expected of the new days, and the events that nobody has told yet."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from cxtext.trends.calendar import Floats
from cxtext.trends.detect import Rules, find, since_birth, worth_a_look
from cxtext.trends.episodes import Episode
from cxtext.trends.evidence import band
from cxtext.trends.forecast import GUARD, SHORTEST, WEEK, Block, forecasts
from cxtext.trends.panel import Node, Panel
from cxtext.trends.scan import DRIFT
from cxtext.trends.tree import parent_columns

LOOK_BACK = 180  # days for which the first night, and a topic whose past has changed, are told afterwards
APART = 7  # days by which the same episode may begin earlier or later once more tickets are known


@dataclass(frozen=True, slots=True)
class Band:
    """What was expected of one node on one day, with 95 % limits."""

    node: Node
    day: date
    expected: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Known:
    """An episode that was told before: where, when it was told, and its last day (None: it goes on)."""

    id: str
    node: Node
    day: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """One night's bands, and the episodes since its first new day by node."""

    bands: tuple[Band, ...]
    episodes: tuple[tuple[Node, Episode], ...]


def look(panel: Panel, first: date, rules: Rules) -> Found:
    """Look at the days from `first` on, as each of their nights could have known them.

    What began earlier and goes on is found too: tickets that came late, or late to their topic, may have made it.
    """
    days, told = panel.days, max((first - panel.days[0]).days, 0)
    start = max(told, GUARD + SHORTEST - 1)
    if start >= len(days):
        return Found((), ())
    rules = _of_panel(panel, replace(rules, from_day=first, ongoing=True))
    above = parent_columns(panel.names, rules.parents)
    known = since_birth(panel.counts)
    blocks = forecasts(days, known, first_night=start, holidays=rules.holidays, parents=np.array(above))
    columns = worth_a_look(days, known, told, above, rules, blocks)
    episodes = find(days, panel.counts, panel.names, rules, columns)
    return Found(tuple(_bands(panel, known, blocks, start)), _by_node(panel, episodes))


def again(panel: Panel, nodes: Collection[Node], first: date, rules: Rules) -> tuple[tuple[Node, Episode], ...]:
    """Look at some nodes once more, each for itself: how their episodes since `first` go on."""
    part = panel.only(nodes)
    if not part.nodes:
        return ()
    rules = _of_panel(part, replace(rules, from_day=first, one_line=False))
    wanted = frozenset(nodes)
    found = find(part.days, part.counts, part.names, rules)
    return tuple((node, episode) for node, episode in _by_node(part, found) if node in wanted)


def same(known: Known, node: Node, episode: Episode, tonight: date) -> bool:
    """Say whether an episode is one that was told before: the same node, overlapping days."""
    begins = known.day - timedelta(APART)
    ends = (known.until or tonight) + timedelta(APART)
    return node == known.node and episode.day <= ends and (episode.until or tonight) >= begins


def told_already(node: Node, episode: Episode, known: Iterable[Known], tonight: date) -> bool:
    """Say whether an open line about the same topic tells this event already, as a whole or as another slice."""
    return any(
        one.node.topic_id == node.topic_id and one.day <= episode.day and (one.until or tonight) >= episode.day
        for one in known
    )


def _of_panel(panel: Panel, rules: Rules) -> Rules:
    slices = ["" if node.dimension == "all" else node.dimension for node in panel.nodes]
    return replace(rules, parents=panel.parents, slices=slices)


def _by_node(panel: Panel, episodes: Sequence[Episode]) -> tuple[tuple[Node, Episode], ...]:
    by_name = {node.name: node for node in panel.nodes}
    return tuple((by_name[episode.series], episode) for episode in episodes)


def _bands(panel: Panel, known: Floats, blocks: Sequence[Block], first: int) -> Iterable[Band]:
    """Every day's band from the fit of its own week, which saw nothing of the two weeks before it."""
    for block in blocks:
        for index in range(max(block.first, first), min(block.first + WEEK, len(panel.days))):
            row = index - block.first + GUARD - 1
            for column in np.flatnonzero(block.ready & ~np.isnan(known[index])).tolist():
                mean = float(block.mean[row, column])
                doubt = mean * float(block.uncertainty[row, column])
                variance = float(block.dispersion[column]) * mean + doubt**2 + (DRIFT * mean) ** 2
                lower, upper = band(mean, variance)
                day = panel.days[index]
                yield Band(panel.nodes[column], day, round(mean, 2), round(lower, 2), round(upper, 2))
