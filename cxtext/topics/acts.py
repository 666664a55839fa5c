"""What people do with topics: acts that outlive every run and apply to the whole history at once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.domain import Move, Topic
from cxtext.errors import ConfigurationError
from cxtext.topics.memory import Known, Memory, with_members
from cxtext.topics.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A person's name for a topic; cxtext never overwrites it."""

    topic_id: str
    label: str
    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Several topics are one; their ids lead to it for ever."""

    from_ids: tuple[str, ...]
    into_id: str
    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One topic is several; the largest part keeps id and name, the others get ids of their own."""

    topic_id: str
    parts: int = 2
    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Nothing in this topic moves unless a person moves it (`on=False` lifts that)."""

    topic_id: str
    on: bool = True
    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """No alerts about this topic (`on=False` lifts that)."""

    topic_id: str
    on: bool = True
    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """This ticket belongs there, or to no topic (None); cxtext never moves it again."""

    key: str
    topic_id: str | None
    by: str
    at: datetime
    why: str = ""


Act = Rename | Merge | Split | Pin | Mute | Assign
_KINDS: Mapping[str, type[Any]] = {
    "rename": Rename,
    "merge": Merge,
    "split": Split,
    "pin": Pin,
    "mute": Mute,
    "assign": Assign,
}


def describe(act: Act) -> dict[str, Any]:
    """An act as plain values, for the log and for JSON; `act_from` is the way back."""
    content = asdict(act)
    content["at"] = act.at.isoformat()
    if "from_ids" in content:
        content["from_ids"] = list(content["from_ids"])
    return {"act": type(act).__name__.lower(), **content}


def act_from(told: Mapping[str, Any]) -> Act:
    """Read what `describe` wrote.

    Raises:
        ConfigurationError: there is no such act, or a value is missing or unknown.
    """
    kind = _KINDS.get(str(told.get("act")))
    if kind is None:
        raise ConfigurationError(f"no act called {told.get('act')!r}; known: {', '.join(sorted(_KINDS))}")
    values = {name: value for name, value in told.items() if name != "act"}
    if unknown := values.keys() - {one.name for one in fields(kind)}:
        raise ConfigurationError(f"act {told['act']!r}: unknown value {sorted(unknown)[0]!r}")
    try:
        values["at"] = datetime.fromisoformat(values["at"])
        if "from_ids" in values:
            values["from_ids"] = tuple(values["from_ids"])
        act: Act = kind(**values)
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(f"act {told['act']!r}: {error}") from error
    return act


def apply(act: Act, memory: Memory) -> tuple[Memory, tuple[Move, ...]]:
    """Do what a person decided, to the whole history; an act that was done before changes nothing.

    A `Split` is applied by `split`, which needs the tickets' vectors.

    Raises:
        NotFound: the act names a topic that does not exist.
        ConfigurationError: the act cannot be done, such as merging a topic into itself.
    """
    told = describe(act)
    if told in memory.acts:
        return memory, ()
    moves: tuple[Move, ...] = ()
    match act:
        case Rename():
            if not act.label.strip():
                raise ConfigurationError(f"topic {act.topic_id}: an empty name; give it one word at least")
            memory = memory.with_topic(memory.resolve(act.topic_id), label=act.label.strip(), named_by=act.by)
        case Pin():
            memory = memory.with_topic(memory.resolve(act.topic_id), pinned=act.on)
        case Mute():
            memory = memory.with_topic(memory.resolve(act.topic_id), muted=act.on)
        case Merge():
            memory, moves = _merge(act, memory)
        case Assign():
            memory, moves = _assign(act, memory)
        case Split():
            raise ConfigurationError(
                f"topic {act.topic_id}: a split needs the tickets; call split() with their vectors"
            )
    return replace(memory, acts=(*memory.acts, told)), moves


def split(
    act: Split, memory: Memory, vectors: Mapping[str, NDArray[np.float32]], *, seed: int
) -> tuple[Memory, tuple[Move, ...]]:
    """Divide one topic's tickets into `act.parts` by k-means on their vectors; the largest part keeps the id.

    Args:
        act: which topic, how many parts.
        memory: what is known.
        vectors: the row of every ticket of the topic that is to be divided, by key; tickets of the topic that are
            neither here nor in the memory's sample stay where they are.
        seed: for k-means.
    """
    told = describe(act)
    if told in memory.acts:
        return memory, ()
    topic_id = memory.resolve(act.topic_id)
    rows = {
        member.key: memory.vectors[row].astype(np.float32)
        for row, member in enumerate(memory.members)
        if member.topic_id == topic_id
    }
    rows |= {key: row for key, row in vectors.items() if memory.places[key].topic_id == topic_id}
    if not 2 <= act.parts <= len(rows):
        raise ConfigurationError(f"topic {topic_id}: {len(rows)} tickets cannot be split into {act.parts} parts")
    keys = sorted(rows)
    labels = _parts(np.stack([rows[key] for key in keys]), act.parts, seed)
    sizes = np.bincount(labels, minlength=act.parts)
    order = sorted(range(act.parts), key=lambda part: (-sizes[part], keys[int(np.argmax(labels == part))]))
    parent = memory.find(topic_id)
    destination = {order[0]: topic_id}
    for part in order[1:]:
        if sizes[part]:
            memory, destination[part] = new_topic(memory, parent_id=parent.topic.parent_id)
    goal = {key: destination[label] for key, label in zip(keys, labels.tolist(), strict=True)}
    memory, moves = relocate(memory, goal, reason=_reason("split", act.why), actor=act.by)
    return replace(memory, acts=(*memory.acts, told)), moves


def back_to(before: Memory, since: Memory, *, reason: str, actor: str) -> tuple[Memory, tuple[Move, ...]]:
    """The memory before an act, with a move for every ticket that the act had moved.

    Topics that the act opened lead to the one their tickets go back to, so that every id resolves for ever.
    """
    moves = tuple(
        Move(key, place.topic_id, old.topic_id, reason, actor)
        for key, place in since.places.items()
        if (old := before.places.get(key)) is not None and place.topic_id != old.topic_id
    )
    homes = {move.from_topic: move.to_topic for move in moves}
    ids = {known.topic.id for known in before.known}
    opened = tuple(
        replace(known, size=0, topic=replace(known.topic, merged_into=homes.get(known.topic.id), parent_id=None))
        for known in since.known
        if known.topic.id not in ids and homes.get(known.topic.id) is not None
    )
    return replace(before, known=(*before.known, *opened), next_number=since.next_number), moves


def new_topic(memory: Memory, *, parent_id: str | None = None, level: int = 0) -> tuple[Memory, str]:
    """Open a topic under the next id; ids are never used twice."""
    topic_id = f"T-{memory.next_number:04d}"
    known = Known(Topic(id=topic_id, label=topic_id, keywords=(), parent_id=parent_id), level=level)
    return replace(memory, known=(*memory.known, known), next_number=memory.next_number + 1), topic_id


def relocate(
    memory: Memory, goal: Mapping[str, str | None], *, reason: str, actor: str = "cxtext"
) -> tuple[Memory, tuple[Move, ...]]:
    """Put known tickets elsewhere and say so: one `Move` for each whose topic changes."""
    moves = tuple(
        Move(key, memory.places[key].topic_id, goal[key], reason, actor)
        for key in sorted(goal)
        if memory.places[key].topic_id != goal[key]
    )
    places = memory.places.changed(
        {move.key: replace(memory.places[move.key], topic_id=move.to_topic) for move in moves}
    )
    kept: list[int] = []
    members = []
    for row, member in enumerate(memory.members):
        topic_id = goal.get(member.key, member.topic_id)
        if topic_id is not None:
            kept.append(row)
            members.append(replace(member, topic_id=topic_id, stands_for=None) if member.key in goal else member)
    return with_members(replace(memory, places=places), members, memory.vectors[kept]), moves


def _merge(act: Merge, memory: Memory) -> tuple[Memory, tuple[Move, ...]]:
    into = memory.resolve(act.into_id)
    sources = {memory.resolve(one) for one in act.from_ids} - {into}
    if not sources:
        raise ConfigurationError(f"topic {act.into_id}: it cannot be merged into itself")
    levels = {memory.find(one).level for one in (into, *sources)}
    if len(levels) > 1:
        raise ConfigurationError(f"topics {', '.join(sorted(sources))} and {into} are not of the same level")
    goal = dict.fromkeys(memory.places.in_topics(sources), into)
    memory, moves = relocate(memory, goal, reason=_reason("merged", act.why), actor=act.by)
    for source in sorted(sources):
        memory = memory.with_topic(source, merged_into=into)
    members = [replace(one, stands_for=into) if one.stands_for in sources else one for one in memory.members]
    memory = replace(memory, members=tuple(members))
    known = tuple(
        replace(one, topic=replace(one.topic, parent_id=into)) if one.topic.parent_id in sources else one
        for one in memory.known
    )
    return replace(memory, known=known), moves


def _assign(act: Assign, memory: Memory) -> tuple[Memory, tuple[Move, ...]]:
    target = None if act.topic_id is None else memory.resolve(act.topic_id)
    place = memory.places.get(act.key) or Place(None, 0.0, "")
    places = memory.places.changed({act.key: replace(place, confidence=1.0, by_person=True)})
    memory, moves = relocate(
        replace(memory, places=places), {act.key: target}, reason=_reason("corrected", act.why), actor=act.by
    )
    return memory, moves


def _parts(vectors: NDArray[np.float32], parts: int, seed: int) -> NDArray[np.int64]:
    from sklearn.cluster import KMeans  # noqa: PLC0415 - a second that only a split pays

    labels: NDArray[np.int64] = KMeans(parts, n_init=5, random_state=seed).fit_predict(vectors).astype(np.int64)
    return labels


def _reason(what: str, why: str) -> str:
    return f"{what}: {why}" if why else what
