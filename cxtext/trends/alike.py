"""Tickets that come at once and are about the same thing, whatever their topics: the scan on neighbourhoods of texts.

A topic is found late where its tickets are few or lie scattered. Every ticket of the last two weeks is the centre of
a neighbourhood; how many tickets a day fell into it is a series like any other, and is looked at like any other
(the space-time scan of Kulldorff et al., PLoS Medicine 2 (2005) e59, with texts in the place of a map).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from cxtext.trends.calendar import Floats
from cxtext.trends.detect import Rules, find
from cxtext.trends.episodes import LEAST_DAYS, LEAST_TICKETS, RECENT, Episode
from cxtext.trends.evidence import SPIKE_THRESHOLD, THRESHOLD
from cxtext.trends.forecast import GUARD
from cxtext.trends.lines import Names, Row, carried_on, line
from cxtext.trends.panel import ALIKE, EVERYTHING, Node
from cxtext.trends.watch import APART

# A neighbourhood is chosen after its tickets were seen, so its bar is higher. On texts of a bank, of an assistant and of
# a support desk at made-up days one unit more leaves a false line in about one and a half years (models/cards/trends.md).
TOLL = 1.0
MOST_CENTRES = 1_000  # newest texts around which is looked
SHARED = 0.5  # of the tickets of an event that make another one the same, and a line about a topic one about the event
SHOWN = 5
TOTAL = Node(EVERYTHING).name


@dataclass(frozen=True, slots=True)
class Mention:
    """One ticket: its day and its customer (where nobody knows the customer, its text)."""

    key: str
    day: date
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Texts as points.

    Attributes:
        keys: per point, the tickets with that text.
        rows: (points, dimensions) of length 1.
        near: cosine from which on two points are about the same thing.
        recent: the tickets since two weeks before the first day that is looked at.
        dated: day and customer of those of these keys that have both.
        above: the topics that a ticket belongs to, their groups included.
        name: what sets some tickets apart from all others.
    """

    keys: Sequence[Sequence[str]]
    rows: NDArray[np.float32]
    near: float
    recent: Sequence[Mention]
    dated: Callable[[Collection[str]], Iterable[Mention]]
    above: Callable[[str], Collection[str]]
    name: Callable[[Sequence[str]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """What else is known tonight: `total` counts the customers of all tickets per day, NaN where data is missing."""

    first: date
    days: Sequence[date]
    total: Floats
    rules: Rules
    told: Sequence[Row]
    names: Names


@dataclass(frozen=True, slots=True)
class Event:
    """Neighbours that came at once: the episode, and their keys, the centre first, then the nearest."""

    episode: Episode
    keys: tuple[str, ...]
    again: bool  # an earlier line was about the same


def alike_lines(field: Field, sky: Sky, lines: Sequence[Row]) -> list[Row]:
    """New lines for the events that none of tonight's lines about topics holds already."""
    about = {row["topic_id"] for row in lines if _covers(row, sky.days[-1])}
    fresh: list[Row] = []
    for event in alike_events(field, sky):
        held = sum(not about.isdisjoint(field.above(key)) for key in event.keys)
        if held >= SHARED * len(event.keys):
            continue
        node = Node(EVERYTHING, ALIKE, (field.name(event.keys) or event.keys[0])[:400])
        episode = replace(event.episode, state="recurring") if event.again else event.episode
        row = line(node, episode, sky.names, day=max(episode.day, sky.first))
        fresh.append(row | {"examples": list(event.keys[:SHOWN])})
    return fresh


def alike_events(field: Field, sky: Sky) -> list[Event]:
    """Events since `sky.first`, strongest first. What an earlier line has told is not counted again."""
    atlas = _Atlas(field, sky.days)
    told = atlas.told(sky.told)
    centres = atlas.centres(sky.first, told)
    rules = replace(sky.rules, from_day=sky.first, ongoing=False)
    found = _find(sky, [atlas.series(centre, told) for centre in centres], rules)
    events: list[Event] = []
    for number, episode in sorted(found, key=lambda one: (-one[1].evidence_strength, centres[one[0]])):
        keys = atlas.event(centres[number], episode.onset, episode.day, told)
        if keys and not any(_overlap(keys, other.keys) for other in events):
            events.append(Event(episode, keys, atlas.known_before(centres[number], sky.told)))
    return events


def carried_alike(field: Field | None, sky: Sky) -> list[Row]:
    """Earlier lines of this kind as they stand tonight; one whose centre is gone ends."""
    tonight = sky.days[-1]
    mine = [row for row in sky.told if row["dimension"] == ALIKE]
    going_on = [row for row in mine if row["until"] is None or row["until"] > tonight]
    courses: dict[str, Episode] = {}
    if field is not None and going_on:
        atlas = _Atlas(field, sky.days)
        told = atlas.told([row for row in mine if row not in going_on])
        placed = [(row, place) for row in going_on if (place := atlas.place(row)) is not None]
        first = min(row["day"] for row in going_on) - timedelta(GUARD)
        rules = replace(sky.rules, from_day=first, ongoing=True, one_line=False)
        for number, episode in _find(sky, [atlas.series(place, told) for _, place in placed], rules):
            row = placed[number][0]
            if abs((episode.day - row["day"]).days) <= APART:
                courses.setdefault(row["id"], episode)
    return [
        carried_on(row, courses.get(row["id"]), sky.names, tonight=tonight)
        if row in going_on
        else carried_on(row, None, sky.names, tonight=tonight)
        for row in mine
    ]


def told_beside(field: Field, sky: Sky, lines: Sequence[Row], beside: Sequence[Row]) -> frozenset[str]:
    """Those of tonight's new lines about topics whose tickets an event of `beside` has told before."""
    atlas = _Atlas(field, sky.days)
    events = [
        atlas.told([row])
        for row in beside
        if row["day"] < sky.days[-1] and (row["until"] or sky.days[-1]) >= sky.first - timedelta(APART)
    ]
    found: set[str] = set()
    for row in lines if events else ():
        keys = {
            one.key for one in field.recent
            if row["onset"] <= one.day <= row["day"] and row["topic_id"] in field.above(one.key)
        }  # fmt: skip
        if keys and any(len(keys & event) >= SHARED * len(keys) for event in events):
            found.add(row["id"])
    return frozenset(found)


def tickets_of(field: Field, days: Sequence[date], row: Row) -> list[str]:
    """The tickets that a line of this kind rests on."""
    atlas = _Atlas(field, days)
    place = atlas.place(row)
    return [] if place is None else list(atlas.event(place, row["onset"], row["day"], ()))


class _Atlas:
    """The tickets of a field by point; those of the past are asked for only around the points that are looked at."""

    def __init__(self, field: Field, days: Sequence[date]) -> None:
        self._field, self._days = field, days
        self._point = {key: point for point, keys in enumerate(field.keys) for key in keys}
        self._known: dict[int, list[Mention]] = {}

    def place(self, row: Row) -> int | None:
        """The centre of an earlier line, if it is still there."""
        return self._point.get(row["examples"][0]) if row["examples"] else None

    def told(self, rows: Sequence[Row]) -> frozenset[str]:
        """The tickets that earlier lines of this kind were about, up to the end of their episodes."""
        keys: set[str] = set()
        for row in rows:
            place = self.place(row) if row["dimension"] == ALIKE else None
            if place is not None:
                end = row["until"] or self._days[-1]
                keys |= {one.key for one in self._around(place) if row["onset"] <= one.day <= end}
        return frozenset(keys)

    def known_before(self, centre: int, rows: Sequence[Row]) -> bool:
        """Whether an earlier line of this kind was about the same."""
        places = [place for row in rows if row["dimension"] == ALIKE and (place := self.place(row)) is not None]
        return bool(places) and bool((self._cosines(places, [centre]) >= self._field.near).any())

    def centres(self, first: date, told: Collection[str]) -> list[int]:
        """Points with a ticket in the two weeks before `first` or later, and enough for an alarm around them."""
        begin, tonight = first - timedelta(RECENT - 1), self._days[-1]
        lately: dict[int, list[Mention]] = {}
        for one in self._field.recent:
            if begin <= one.day <= tonight and one.key not in told and one.key in self._point:
                lately.setdefault(self._point[one.key], []).append(one)
        newest = sorted(lately, key=lambda point: (max(one.day for one in lately[point]), -point), reverse=True)
        chosen = newest[:MOST_CENTRES]
        near = self._cosines(chosen, chosen) >= self._field.near
        return sorted(
            point
            for row, point in enumerate(chosen)
            if _enough([one for column in np.flatnonzero(near[row]) for one in lately[chosen[column]]])
        )

    def series(self, centre: int, told: Collection[str]) -> Floats:
        """Customers per day around a point."""
        counts = np.zeros(len(self._days))
        for day, _ in {(one.day, one.who) for one in self._around(centre) if one.key not in told}:
            if 0 <= (place := (day - self._days[0]).days) < len(counts):
                counts[place] += 1
        return counts

    def event(self, centre: int, first: date, last: date, told: Collection[str]) -> tuple[str, ...]:
        """One ticket of each customer around a point in a period, the centre first, then the nearest.

        None where the centre itself came later: that night could not know of it.
        """
        around = [one for one in self._around(centre) if first <= one.day <= last and one.key not in told]
        cosines = self._cosines([centre], [self._point[one.key] for one in around])[0] if around else ()
        own = [(one.day, one.key, one.who) for one in self._known[centre] if one.day <= last]
        if not own:
            return ()
        kept = {max(own)[2]: max(own)[1]}
        for _, key, who in sorted((-float(near), one.key, one.who) for near, one in zip(cosines, around, strict=True)):
            kept.setdefault(who, key)
        return tuple(kept.values())

    def _around(self, centre: int) -> list[Mention]:
        near = np.flatnonzero(self._cosines([centre])[0] >= self._field.near).tolist()
        missing = [point for point in near if point not in self._known]
        if missing:
            self._known |= {point: [] for point in missing}
            for one in self._field.dated([key for point in missing for key in self._field.keys[point]]):
                self._known[self._point[one.key]].append(one)
        return [one for point in near for one in self._known[point]]

    def _cosines(self, some: Sequence[int], others: Sequence[int] | None = None) -> NDArray[np.float32]:
        """How alike some points are to others, to all if none are named: those are not copied."""
        rows = self._field.rows
        return np.round(rows[list(some)] @ (rows if others is None else rows[list(others)]).T, 5)


def _find(sky: Sky, series: Sequence[Floats], rules: Rules) -> list[tuple[int, Episode]]:
    """Return (number of the series, episode) of all that rises more than everything does."""
    if not series:
        return []
    names = [str(number) for number in range(len(series))]
    lost = np.isnan(sky.total)
    counts = np.stack([sky.total, *(np.where(lost, np.nan, one) for one in series)], axis=1)
    strict = replace(
        rules, parents=dict.fromkeys(names, TOTAL), slices=["", *(ALIKE for _ in names)], silent=True,
        threshold=THRESHOLD + TOLL, spike_threshold=SPIKE_THRESHOLD + TOLL,
    )  # fmt: skip
    found = find(sky.days, counts, [TOTAL, *names], strict)
    return [(int(one.series), one) for one in found if one.series != TOTAL]


def _enough(mentions: Sequence[Mention]) -> bool:
    return (
        len({(one.day, one.who) for one in mentions}) >= LEAST_TICKETS
        and len({one.day for one in mentions}) >= LEAST_DAYS
    )


def _overlap(some: Sequence[str], others: Sequence[str]) -> bool:
    return len({*some} & {*others}) >= SHARED * min(len(some), len(others))


def _covers(row: Mapping[str, object], tonight: date) -> bool:
    """Whether a line is about a topic and goes on, or ended not long ago."""
    until = row["until"]
    going_on = until is None or (isinstance(until, date) and until >= tonight - timedelta(APART))
    return row["topic_id"] != EVERYTHING and row["kind"] != "resolved" and row["quiet"] != "history" and going_on
