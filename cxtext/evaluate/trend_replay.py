"""From texts to lines, night by night: own topics, own counts, nothing known of the days to come."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.assemble import Parts
from cxtext.domain import Case, Ticket
from cxtext.text.prepare import prepare_all
from cxtext.text.repeats import fold_repeats
from cxtext.topics.memory import Memory
from cxtext.topics.night import Night, night
from cxtext.topics.points import name_group, points
from cxtext.topics.space import encode
from cxtext.trends.alike import Field, Mention, tickets_of
from cxtext.trends.detect import Rules
from cxtext.trends.episodes import LEAST_TICKETS, RECENT
from cxtext.trends.lines import Names, Row
from cxtext.trends.panel import ALIKE, EVERYTHING, SLICES, Node, build_panel
from cxtext.trends.tonight import Lines, View, changed_enough, tell
from cxtext.trends.watch import LOOK_BACK

Cell = tuple[Node, date]
OTHERS = 1_000  # texts that a name is held against
NEWS = 50  # nights from one word on progress to the next


@dataclass(slots=True)
class Diary:
    """All that is known while the nights go by."""

    where: dict[str, str | None] = field(default_factory=dict)
    cells: defaultdict[Cell, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    lines: dict[str, Row] = field(default_factory=dict)
    first_told: dict[str, Row] = field(default_factory=dict)  # every line as it was on the night it was told
    told_on: dict[str, date] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)  # keys of the tickets a line rested on that night
    status: dict[str, str] = field(default_factory=dict)
    words: list[tuple[date, str, str]] = field(default_factory=list)  # every change of a topic's status
    rows: dict[str, NDArray[np.float32]] = field(
        default_factory=dict
    )  # of tickets without a topic, in the space of `space`
    space: object = None


@dataclass(frozen=True, slots=True)
class Told:
    """A line as it stood on the night it was told, and the tickets it rested on."""

    night: date
    row: Row
    keys: tuple[str, ...]


def replay_lines(
    tickets: Iterable[Ticket],
    parts: Parts,
    *,
    holidays: Collection[date] = (),
    budget: float | None = 5.0,
    seed: int = 0,
    until: date | None = None,
    tell_progress: Callable[[str], None] = lambda _line: None,
) -> tuple[list[Told], Diary]:
    """Run every night from the first to the last ticket; returns the lines in the order they were told, quiet ones too.

    `tell_progress` hears of every fiftieth night.
    """
    cases = fold_repeats(list(prepare_all(tickets, languages=parts.languages, redactor=parts.redactor)))
    by_day: defaultdict[date, list[Case]] = defaultdict(list)
    for case in cases:
        if case.facts.created_at is not None:
            by_day[case.facts.created_at.date()].append(case)
    known: dict[str, Case] = {}
    owner = dict(zip((case.key for case in cases), _departments(cases, parts), strict=True))
    diary, memory = Diary(), None
    begin, end = min(by_day), until or max(by_day)
    for offset in range((end - begin).days + 1):
        tonight = begin + timedelta(offset)
        if offset and offset % NEWS == 0:
            tell_progress(f"night {offset} of {(end - begin).days + 1}, {tonight}")
        fresh = by_day.get(tonight, [])
        if not fresh:
            continue  # a night without a ticket changes no count; the next one looks at its day too
        known |= {case.key: case for case in fresh}
        waiting = [known[key] for key, topic in diary.where.items() if topic is None]
        found = night(fresh, waiting, memory, (), recipe=parts.recipe, today=tonight, seed=seed, kept=parts.kept)
        memory = found.memory
        before = max((day for day in by_day if day < tonight), default=None)
        changed = _count(diary, found, known, owner, tonight)
        view = _view(diary, memory, begin, tonight, before, changed, holidays)
        view = replace(view, texts=_field(diary, memory, known, parts, view.first))
        _keep(diary, tell(view, budget), known, owner, view)
    told = [Told(diary.told_on[name], row, tuple(diary.members[name])) for name, row in diary.first_told.items()]
    return told, diary


def _departments(cases: Sequence[Case], parts: Parts) -> list[str | None]:
    return [diagnosis.department.value for diagnosis in parts.tagger.tag(cases)]


def _nodes(case: Case, topic: str | None, department: str | None) -> list[Node]:
    nodes = [Node(EVERYTHING)]
    if topic is not None:
        nodes.append(Node(topic))
        values: Mapping[str, Any] = {
            "department": department, "language": case.language,
            **{name: getattr(case.facts, name) for name in SLICES if name not in ("department", "language")},
        }  # fmt: skip
        nodes += [Node(topic, name, str(value)) for name, value in values.items() if value]
    return nodes


def _count(
    diary: Diary, found: Night, known: Mapping[str, Case], owner: Mapping[str, str | None], tonight: date
) -> dict[str, tuple[int, int, int]]:
    """Count tonight's tickets and all that moved; returns (changed, before, now) of every topic's past."""
    past: dict[str, dict[date, int]] = {}
    goal = {one.key: one.topic_id for one in found.assignments} | {one.key: one.to_topic for one in found.moves}
    for key, topic in goal.items():
        case = known[key]
        assert case.facts.created_at is not None
        day = case.facts.created_at.date()
        was = diary.where.get(key, "") if key in diary.where else ""
        if key in diary.where and was == topic:
            continue
        if key in diary.where:
            _add(diary, past, case, was, owner[key], day, -1)
        _add(diary, past, case, topic, owner[key], day, +1)
        diary.where[key] = topic
    changed = {}
    for topic_id, days in past.items():
        until = tonight - timedelta(RECENT)
        now = {day: len(+who) for (node, day), who in diary.cells.items() if node == Node(topic_id)}
        if sum(now.values()) == sum(days.values()):
            until = tonight  # nobody knew this topic before
        old = {day: change for day, change in days.items() if day <= until}
        count = sum(count for day, count in now.items() if day <= until)
        if old:
            changed[topic_id] = (sum(map(abs, old.values())), count - sum(old.values()), count)
    return changed


def _add(
    diary: Diary,
    past: dict[str, dict[date, int]],
    case: Case,
    topic: str | None,
    owner: str | None,
    day: date,
    sign: int,
) -> None:
    who = case.facts.customer_id or case.fold or case.key
    for node in _nodes(case, topic, owner):
        cell = diary.cells[node, day]
        before = len(+cell)
        cell[who] += sign
        if node.topic_id and node.dimension == "all":
            days = past.setdefault(node.topic_id, {})
            days[day] = days.get(day, 0) + len(+cell) - before


def _view(
    diary: Diary,
    memory: Memory,
    begin: date,
    tonight: date,
    before: date | None,
    changed: Mapping[str, tuple[int, int, int]],
    holidays: Collection[date],
) -> View:
    first = max(before + timedelta(1) if before else begin, tonight - timedelta(LOOK_BACK - 1))
    renewed = {one: figures[1] == 0 for one, figures in changed.items() if before and changed_enough(*figures)}
    told = sorted(
        (
            row for row in diary.lines.values()
            if row["day"] >= tonight - timedelta(LOOK_BACK) or row["state"] == "open" or row["until"] is None
        ),
        key=lambda row: (row["day"], row["id"]),
    )  # fmt: skip
    topics = {known.topic.id: known.topic.parent_id for known in memory.known}
    labels = {known.topic.id: known.topic.label for known in memory.known}
    wanted = _busy(diary, first - timedelta(RECENT)) | {_node(row) for row in told if row["until"] is None}
    if renewed:
        wanted |= {node for node in _busy(diary, tonight - timedelta(LOOK_BACK + RECENT)) if node.topic_id in renewed}
    rows = ((node, day, len(+who)) for (node, day), who in diary.cells.items()
            if node.dimension == "all" or node in wanted)  # fmt: skip
    return View(
        tonight=tonight, first=first, fresh_start=before is None,
        panel=build_panel(rows, topics, begin, tonight, holidays), rules=Rules(holidays=frozenset(holidays)),
        renewed=renewed, told=told,
        names=Names(labels=labels, departments={}, muted=frozenset(), language="de"),
        status={
            known.topic.id: diary.status.get(known.topic.id, "steady")
            for known in memory.known if known.topic.merged_into is None
        },
    )  # fmt: skip


def _field(diary: Diary, memory: Memory, known: Mapping[str, Case], parts: Parts, first: date) -> Field:
    """Tonight's texts as points, as `cxtext.jobs.signals` lays them out."""
    waiting = [known[key] for key, topic in diary.where.items() if topic is None and not known[key].auto_reply]
    laid = points(memory, waiting, partial(_rows, diary, memory, parts))
    parents = {one.topic.id: one.topic.parent_id for one in memory.known}
    mentions = {key: _mention(case) for key, case in known.items() if not case.auto_reply}
    begin = first - timedelta(RECENT - 1)

    def above(key: str) -> list[str]:
        found: list[str] = []
        topic = diary.where.get(key)
        while topic is not None and topic not in found:
            found.append(topic)
            topic = parents.get(topic)
        return found

    def name(keys: Sequence[str]) -> str:
        others = sorted(known.keys() - {*keys})[:: max(len(known) // OTHERS, 1)]
        here, there = (((known[key].text, known[key].language) for key in some) for some in (keys, others))
        return name_group(here, there)

    return Field(
        keys=laid.keys, rows=laid.rows, near=laid.near, above=above, name=name,
        recent=[one for one in mentions.values() if one.day >= begin],
        dated=lambda keys: [mentions[key] for key in keys if key in mentions],
    )  # fmt: skip


def _rows(diary: Diary, memory: Memory, parts: Parts, cases: Sequence[Case]) -> NDArray[np.float32]:
    """Rows of texts; those of the nights before are kept while the space is the same."""
    if diary.space is not memory.space:
        diary.rows, diary.space = {}, memory.space
    fresh = [case for case in cases if case.key not in diary.rows]
    if fresh:
        diary.rows |= dict(
            zip((case.key for case in fresh), encode(memory, parts.recipe, fresh, parts.kept), strict=True)
        )
    return np.stack([diary.rows[case.key] for case in cases])


def _mention(case: Case) -> Mention:
    assert case.facts.created_at is not None
    return Mention(case.key, case.facts.created_at.date(), case.facts.customer_id or case.fold or case.key)


def _node(row: Row) -> Node:
    return Node(row["topic_id"], row["dimension"], row["value"])


def _busy(diary: Diary, since: date) -> set[Node]:
    sums: Counter[Node] = Counter()
    for (node, day), who in diary.cells.items():
        if day >= since:
            sums[node] += len(+who)
    return {node for node, count in sums.items() if count >= LEAST_TICKETS}


def _keep(diary: Diary, lines: Lines, known: Mapping[str, Case], owner: Mapping[str, str | None], view: View) -> None:
    tonight = view.tonight
    for name in lines.gone:
        diary.lines.pop(name, None)
    for row in (*lines.carried, *lines.fresh):
        diary.lines[row["id"]] = row
    for row in lines.fresh:
        if row["id"] not in diary.first_told:
            diary.first_told[row["id"]] = row
            diary.told_on[row["id"]] = tonight
            node = _node(row)
            if node.dimension == ALIKE:
                assert view.texts is not None
                diary.members[row["id"]] = tickets_of(view.texts, view.panel.days, row)
                continue
            diary.members[row["id"]] = [
                key for key, topic in diary.where.items()
                if node in _nodes(known[key], topic, owner[key]) and _within(known[key], row["onset"], tonight)
            ]  # fmt: skip
    for topic, word in lines.status.items():
        if diary.status.get(topic, "steady") != word:
            diary.words.append((tonight, topic, word))
    diary.status = dict(lines.status)


def _within(case: Case, first: date, last: date) -> bool:
    return case.facts.created_at is not None and first <= case.facts.created_at.date() <= last
