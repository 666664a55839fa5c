"""One night's lines: what is told for the first time, how told events go on, what a changed past leaves of them, who is gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from cxtext.trends.alike import Field, Sky, alike_lines, carried_alike, told_beside
from cxtext.trends.decline import Decline, decline
from cxtext.trends.detect import Rules
from cxtext.trends.episodes import LEAST_TICKETS, NEWNESS, RECENT, Episode
from cxtext.trends.fixes import FixCheck
from cxtext.trends.forecast import GUARD
from cxtext.trends.lines import Names, Row, carried_on, gone_line, line, node_of, settle
from cxtext.trends.panel import ALIKE, EVERYTHING, Node, Panel
from cxtext.trends.states import topic_status
from cxtext.trends.watch import LOOK_BACK, Band, Known, again, look, same, told_already

CHANGED = 0.2  # share of a topic's past customers that came or went tonight, from which on its past is told anew
LITTLE = 3  # customers; fewer never rewrite a past
TWIN = 0.8  # share of its topic from which on a slice says nothing of its own
WHOLE = 56  # days in which a whole topic with five customers is worth a band


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that one night looks at.

    Attributes:
        tonight: the last day with a ticket, at most the date of the run.
        first: the first day that no night has looked at; after `tonight` where there is none.
        fresh_start: whether there was no night before.
        renewed: topics whose past has changed; True where nobody knew the topic before.
        told: earlier lines, as rows.
        fixes: of whole topics: the newest verdict and the day of the fix.
        texts: as points; None where nobody looks beside the topics.
    """

    tonight: date
    first: date
    fresh_start: bool
    panel: Panel
    rules: Rules
    renewed: Mapping[str, bool]
    told: Sequence[Row]
    names: Names
    status: Mapping[str, str]
    fixes: Mapping[str, tuple[FixCheck, date]] = field(default_factory=dict)
    texts: Field | None = None

    @property
    def of_topics(self) -> list[Row]:
        """The earlier lines that are about topics, or about everything."""
        return [row for row in self.told if row["dimension"] != ALIKE]

    @property
    def sky(self) -> Sky:
        """What a scan beside the topics needs to know; of a long past it looks at the last two weeks, which are news."""
        column = self.panel.nodes.index(Node(EVERYTHING))
        return Sky(
            first=max(self.first, self.tonight - timedelta(RECENT - 1)), days=self.panel.days, total=self.panel.counts[:, column], rules=self.rules,
            told=self.told, names=self.names,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What one night has to say.

    Attributes:
        fresh: new lines, settled: their example tickets are still to be found.
        carried: earlier lines as they stand now.
        gone: ids of lines of a past that is not so any more.
        status: where every topic stands.
    """

    fresh: tuple[Row, ...]
    carried: tuple[Row, ...]
    gone: tuple[str, ...]
    bands: tuple[Band, ...]
    status: Mapping[str, str]


def tell(view: View, budget: float | None) -> Lines:
    """Say what is new since the last night; `budget`: lines a week, None for no limit."""
    fresh, carried, gone, bands = _detect(view)
    declines = _declines(view)
    status = _statuses(view, declines, [*carried.values(), *fresh])
    earlier = carried_alike(view.texts, view.sky)
    if view.texts is not None and view.first <= view.tonight:
        fresh = _beside(view, view.texts, earlier, carried, fresh)
    carried |= {row["id"]: row for row in earlier}
    fresh += _ended(view, declines, status)
    lines = settle(fresh, view.told, view.names, nodes=len(_worth_a_band(view)), budget=budget)
    return Lines(
        fresh=tuple(lines), carried=tuple(carried.values()), gone=tuple(gone), bands=tuple(bands), status=status
    )


def standing(panel: Panel, topics: Sequence[str]) -> Mapping[str, str]:
    """Say where topics stand on the last day of a panel of which nothing was ever told."""
    view = View(
        tonight=panel.days[-1], first=max(panel.days[0], panel.days[-1] - timedelta(LOOK_BACK - 1)), fresh_start=True,
        panel=panel, rules=Rules(), renewed={}, told=(), status=dict.fromkeys(topics, "steady"),
        names=Names(labels={}, departments={}, muted=frozenset(), language="en"),
    )  # fmt: skip
    return tell(view, None).status


def changed_enough(changed: int, before: int, now: int) -> bool:
    """Say whether a topic's past is another one now: so many customers came or went, of those before and now."""
    return changed >= max(LITTLE, CHANGED * max(before, now))


def _detect(view: View) -> tuple[list[Row], dict[str, Row], list[str], list[Band]]:
    """Return new lines, earlier lines as they stand now, ids of lines that are gone, and bands."""
    fresh: list[Row] = []
    carried: dict[str, Row] = {}
    bands: list[Band] = []
    if view.first <= view.tonight:
        found = look(view.panel.only(_worth_a_band(view)), view.first, view.rules)
        bands += [band for band in found.bands if band.node.topic_id not in view.renewed]
        episodes = [pair for pair in found.episodes if pair[0].topic_id not in view.renewed]
        open_lines = [_known(row) for row in view.of_topics if row["quiet"] != "history" and row["kind"] != "resolved"]
        for node, episode in episodes:
            twin = next((row for row in view.told if same(_known(row), node, episode, view.tonight)), None)
            if twin is None and not told_already(node, episode, open_lines, view.tonight):
                row = line(node, episode, view.names, day=max(episode.day, view.first))
                fresh.append(row | {"quiet": "history" if _long_ago(episode, view) else ""})
    for row, course in _continued(view):
        carried[row["id"]] = carried_on(row, course, view.names, tonight=view.tonight)
    gone: list[str] = []
    if view.renewed:
        retold, kept, gone, more = _retell(view)
        fresh, bands = [*fresh, *retold], [*bands, *more]
        carried |= kept
    return fresh, carried, gone, bands


def _worth_a_band(view: View) -> set[Node]:
    """Whole topics, and slices that had five customers lately and say something of their own."""
    panel, new = view.panel, max((view.tonight - view.first).days + 1, 1)
    counts = np.nan_to_num(panel.counts)
    lately = counts[-(RECENT + new) :].sum(axis=0) >= LEAST_TICKETS
    whole = counts[-(WHOLE + new) :].sum(axis=0) >= LEAST_TICKETS
    own = _of_their_own(panel)
    return {
        node
        for column, node in enumerate(panel.nodes)
        if node in own and (lately[column] or (node.dimension == "all" and whole[column]))
    }


def _of_their_own(panel: Panel) -> set[Node]:
    """Whole topics, and slices that are not nearly the whole: twins of their topic would only alarm twice."""
    sums = dict(zip(panel.names, np.nansum(panel.counts, axis=0).tolist(), strict=True))
    return {
        node
        for node in panel.nodes
        if node.dimension == "all" or sums[node.name] < TWIN * sums[panel.parents[node.name]]
    }


def _continued(view: View) -> list[tuple[Row, Episode | None]]:
    """Earlier lines with the episode they have become; those of renewed topics are told elsewhere."""
    rows = [row for row in view.of_topics if row["topic_id"] not in view.renewed]
    going_on = [row for row in rows if row["until"] is None or row["until"] > view.tonight]
    known = {node for node in map(node_of, going_on) if node in set(view.panel.nodes)}
    first = min((row["day"] for row in going_on), default=view.tonight) - timedelta(GUARD)
    found = again(view.panel, known, first, view.rules) if known else ()
    pairs: list[tuple[Row, Episode | None]] = []
    for row in rows:
        if row in going_on:
            matching = [episode for node, episode in found if same(_known(row), node, episode, view.tonight)]
            pairs.append((row, min(matching, key=lambda one: abs((one.day - row["day"]).days), default=None)))
        else:
            pairs.append((row, _as_told(row)))
    return pairs


def _retell(view: View) -> tuple[list[Row], dict[str, Row], list[str], list[Band]]:
    """Tell the past of topics that changed anew: lines that still stand keep their identity, others go."""
    nodes = {node for node in _of_their_own(view.panel) if node.topic_id in view.renewed}
    first = view.tonight - timedelta(LOOK_BACK - 1)
    found = look(view.panel.only(nodes), first, view.rules)
    mine = [row for row in view.told if row["topic_id"] in view.renewed]
    fresh: list[Row] = []
    kept: dict[str, Row] = {}
    for node, episode in found.episodes:
        if node.topic_id not in view.renewed:
            continue
        twin = next((row for row in mine if same(_known(row), node, episode, view.tonight)), None)
        if twin is not None:
            kept.setdefault(twin["id"], carried_on(twin, episode, view.names, tonight=view.tonight))
        else:
            fresh.append(_told_afterwards(view, node, episode))
    kept |= {row["id"]: dict(row) for row in mine if row["kind"] == "resolved" and row["topic_id"] in view.status}
    gone = [row["id"] for row in mine if row["id"] not in kept]
    bands = [band for band in found.bands if band.node.topic_id in view.renewed]
    return fresh, kept, gone, bands


def _told_afterwards(view: View, node: Node, episode: Episode) -> Row:
    """A topic that was found tonight and is rising now is told tonight; whatever else lies back is history."""
    going_on = episode.until is None or episode.until >= view.tonight
    just_found = view.renewed[node.topic_id] and view.first <= view.tonight
    if episode.day >= view.first or (just_found and going_on and (view.tonight - episode.day).days <= NEWNESS):
        return line(node, episode, view.names, day=max(episode.day, view.first))
    return line(node, episode, view.names, day=episode.day) | {"quiet": "history"}


def _long_ago(episode: Episode, view: View) -> bool:
    """On the very first night the past is told too, but is no news."""
    return view.fresh_start and episode.until is not None and episode.until < view.tonight


def _beside(view: View, texts: Field, earlier: list[Row], carried: Mapping[str, Row], fresh: list[Row]) -> list[Row]:
    """The new lines about topics, quiet where an event beside the topics has told them, and the new such events."""
    told = told_beside(texts, view.sky, fresh, earlier)
    fresh = [row | {"quiet": row["quiet"] or "told"} if row["id"] in told else row for row in fresh]
    found = alike_lines(texts, view.sky, [*carried.values(), *fresh])
    over = {row["id"] for row in found if row["until"] is not None and row["until"] < view.tonight}
    return fresh + [row | {"quiet": "history"} if view.fresh_start and row["id"] in over else row for row in found]


def _known(row: Mapping[str, Any]) -> Known:
    return Known(row["id"], node_of(row), row["day"], row["until"])


def _as_told(row: Row) -> Episode:
    names = ("onset", "count", "expected", "lower", "upper", "evidence_strength", "ratio", "ratio_low", "ratio_high")
    return Episode(
        series="", day=row["day"], kind=row["kind"], state=row["course"], until=row["until"], window=row["window"],
        chance_per_year=0.0, why_de="", why_en="", **{name: row[name] for name in names},
    )  # fmt: skip


def _declines(view: View) -> dict[str, Decline]:
    panel = view.panel
    total = panel.counts[:, panel.nodes.index(Node(EVERYTHING))]
    columns = {node.topic_id: column for column, node in enumerate(panel.nodes) if node.dimension == "all"}
    return {
        topic_id: decline(panel.counts[:, columns[topic_id]], total) if topic_id in columns else Decline("level")
        for topic_id in view.status
    }


def _statuses(view: View, declines: Mapping[str, Decline], lines: Sequence[Row]) -> dict[str, str]:
    episodes: dict[str, list[Episode]] = {}
    for row in lines:
        if row["dimension"] == "all" and row["kind"] != "resolved":
            episodes.setdefault(row["topic_id"], []).append(_as_told(row))
    return {
        topic_id: topic_status(
            episodes.get(topic_id, ()), view.tonight, fallen.course,
            before=view.status[topic_id] if fallen.count <= 2 else None,
            fix=view.fixes[topic_id][0] if topic_id in view.fixes else None,
            fixed_on=view.fixes[topic_id][1] if topic_id in view.fixes else None,
        )
        for topic_id, fallen in declines.items()
    }  # fmt: skip


def _ended(view: View, declines: Mapping[str, Decline], status: Mapping[str, str]) -> list[Row]:
    """Lines for topics that are gone since the night before; a group of topics goes with its parts, without a line."""
    parents = view.panel.parents
    groups = {parents[node.name] for node in view.panel.nodes if node.dimension == "all" and node.name in parents}
    return [
        gone_line(topic_id, declines[topic_id], view.names, day=view.tonight)
        for topic_id, word in status.items()
        if word == "resolved" != view.status[topic_id]
        and Node(topic_id).name not in groups
        and view.first <= view.tonight
    ]
