"""What one night hands to the next: the space, a sample of every topic's tickets, who is where, what people did."""

import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.array_file import load_arrays, load_json
from cxtext.domain import Case, Topic
from cxtext.errors import ModelError, NotFound
from cxtext.text.fold import fold
from cxtext.topics.places import Place, Places

VERSION = 2  # version 1 held places as JSON; it is still read
MOST_JSON = 500_000_000  # bytes; no longer grows with the tickets but with topics
PIECE = 50_000  # places of version 1 turned into columns at a time
MEMBERS_PER_TOPIC = 200  # enough for a vote of neighbours; more only costs space and time
_MAGIC = b"cxtext-memory"
_NOWHERE: Mapping[str, NDArray[Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Member:
    """One ticket of the sample that stands for its topic."""

    key: str
    mark: str
    text: str
    language: str
    topic_id: str
    confidence: float
    since: int = 0  # the night in which it came
    category: str | None = None  # that its source gave it
    stands_for: str | None = None  # the topic that it speaks for, where it may not be moved out of its own

    @property
    def voice(self) -> str:
        """The topic that this ticket speaks for when a new one asks its neighbours."""
        return self.stands_for or self.topic_id


@dataclass(frozen=True, slots=True)
class Known:
    """A topic and what only the next night needs to know about it."""

    topic: Topic
    level: int = 0  # 0 holds tickets; 1 and 2 group topics
    size: int = 0
    size_when_named: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Everything a night needs to know about all nights before; grows by some 30 bytes a ticket, not by its vectors."""

    recipe: str  # the embedding's name and options
    space: Mapping[str, NDArray[Any]] = field(default_factory=lambda: _NOWHERE)
    fitted_on: int = 0  # texts the space was fitted on
    known: tuple[Known, ...] = ()
    members: tuple[Member, ...] = ()  # sorted by key
    vectors: NDArray[np.float16] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float16))
    places: Places = field(default_factory=Places)
    calibration: tuple[float, ...] = ()
    next_number: int = 1
    nights: int = 0
    moved: int = 0  # tickets that cxtext itself moved from one topic to another, over all nights
    acts: tuple[Mapping[str, Any], ...] = ()  # what people did, as they did it
    named: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # content of a topic -> name

    def resolve(self, topic_id: str) -> str:
        """The id under which a topic lives today; merged ids lead on for ever.

        Raises:
            NotFound: there never was such a topic.
        """
        by_id = {known.topic.id: known.topic for known in self.known}
        seen: set[str] = set()
        while topic_id not in seen:
            seen.add(topic_id)
            if topic_id not in by_id:
                raise NotFound(f"no topic {topic_id!r}: `cxtext topics list` shows the ids")
            topic_id = by_id[topic_id].merged_into or topic_id
        return topic_id

    def find(self, topic_id: str) -> Known:
        """What is known about a topic, under its id of today."""
        living = self.resolve(topic_id)
        return next(known for known in self.known if known.topic.id == living)

    def leaves(self) -> tuple[Known, ...]:
        """The topics that hold tickets today."""
        return tuple(known for known in self.known if known.level == 0 and known.topic.merged_into is None)

    def with_topic(self, topic_id: str, **changes: Any) -> "Memory":
        """The same memory in which one topic is described differently."""
        return replace(
            self,
            known=tuple(
                replace(known, topic=replace(known.topic, **changes)) if known.topic.id == topic_id else known
                for known in self.known
            ),
        )

    def to_bytes(self) -> bytes:
        """One line with version and SHA-256, then numpy arrays and JSON; the same memory gives the same bytes."""
        arrays: dict[str, NDArray[Any]] = {f"space/{name}": array for name, array in self.space.items()}
        arrays["vectors"] = self.vectors
        places, names = self.places.to_arrays()
        arrays |= {f"places/{name}": column for name, column in places.items()}
        arrays["json"] = np.frombuffer(zlib.compress(_as_json(self, names), 6), dtype=np.uint8)
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **{name: arrays[name] for name in sorted(arrays)})
        body = buffer.getvalue()
        return b"%s %d %s\n" % (_MAGIC, VERSION, hashlib.sha256(body).hexdigest().encode()) + body

    @classmethod
    def from_bytes(cls, content: bytes) -> "Memory":
        """Read what `to_bytes` wrote.

        Raises:
            ModelError: it is something else, damaged, or of another version.
        """
        head, _, body = content.partition(b"\n")
        words = head.split(b" ")
        if len(words) != 3 or words[0] != _MAGIC:
            raise ModelError("the topics' memory is not one that cxtext wrote: restore the database from a backup")
        if words[1] not in (b"1", str(VERSION).encode()):
            raise ModelError(f"the topics' memory is of version {words[1].decode()!r}, not {VERSION}: update cxtext")
        if hashlib.sha256(body).hexdigest().encode() != words[2]:
            raise ModelError("the topics' memory is damaged (its checksum differs): restore the database from a backup")
        try:
            arrays = load_arrays(body)
            return _from_json(load_json(_inflated(arrays["json"].tobytes())), arrays)
        except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
            raise ModelError(f"the topics' memory is damaged ({error}): restore the database from a backup") from error


def _inflated(packed: bytes) -> bytes:
    """What `zlib` packed, as far as a memory may go."""
    unpack = zlib.decompressobj()
    content = unpack.decompress(packed, MOST_JSON)
    if unpack.unconsumed_tail:
        raise ValueError(f"more than {MOST_JSON:,} bytes of JSON")
    return content


def mark_of(case: Case) -> str:
    """A short hash of the text's fold: equal for near-identical texts, and says nothing about them."""
    return hashlib.blake2b((case.fold or fold(case.text)).encode(), digest_size=8).hexdigest()


def with_members(memory: Memory, members: Iterable[Member], vectors: NDArray[Any]) -> Memory:
    """The same memory with another sample: at most `MEMBERS_PER_TOPIC` a topic, chosen by the hash of their texts.

    The smallest hashes are a uniform sample that does not depend on order and changes little from night to night.
    """
    everyone = list(members)
    seen: set[tuple[str, str]] = set()
    count: dict[str, int] = {}
    kept: list[int] = []
    for row in sorted(range(len(everyone)), key=lambda row: (everyone[row].mark, everyone[row].key)):
        member = everyone[row]
        twin = (member.topic_id, member.mark)
        if twin in seen or count.get(member.topic_id, 0) >= MEMBERS_PER_TOPIC:
            continue
        seen.add(twin)
        count[member.topic_id] = count.get(member.topic_id, 0) + 1
        kept.append(row)
    kept.sort(key=lambda row: everyone[row].key)
    return replace(
        memory, members=tuple(everyone[row] for row in kept), vectors=np.asarray(vectors)[kept].astype(np.float16)
    )


def forget(memory: Memory, keys: Iterable[str]) -> Memory:
    """The memory as if these tickets' texts had never stood in it: vectors, texts, quotes and places are gone.

    Topic centres are means of the remaining vectors, so nothing of an erased text stays in them. The space keeps
    its word statistics until it is fitted anew; `refit_space` does that at once.
    """
    gone = frozenset(keys)
    kept = [row for row, member in enumerate(memory.members) if member.key not in gone]
    lost: dict[str, int] = {}
    for place in map(memory.places.get, sorted(gone)):
        if place is not None and place.topic_id is not None:
            lost[place.topic_id] = lost.get(place.topic_id, 0) + 1
    known = tuple(
        replace(
            one,
            size=one.size - lost.get(one.topic.id, 0),
            topic=replace(one.topic, quotes=tuple(key for key in one.topic.quotes if key not in gone)),
        )
        for one in memory.known
    )
    acts = tuple(act for act in memory.acts if act.get("key") not in gone)
    return replace(
        memory,
        members=tuple(memory.members[row] for row in kept),
        vectors=memory.vectors[kept],
        places=memory.places.without(gone),
        known=known,
        acts=acts,
    )


def _as_json(memory: Memory, names: list[str]) -> bytes:
    content = {
        "recipe": memory.recipe,
        "fitted_on": memory.fitted_on,
        "known": [asdict(known) for known in memory.known],
        "members": [[getattr(member, one.name) for one in fields(member)] for member in memory.members],
        "names": names,
        "calibration": list(memory.calibration),
        "next_number": memory.next_number,
        "nights": memory.nights,
        "moved": memory.moved,
        "acts": [dict(act) for act in memory.acts],
        "named": dict(sorted(memory.named.items())),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=date.isoformat).encode()


def _from_json(told: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Memory:
    columns, space = (
        {name.removeprefix(part): arrays[name] for name in arrays if name.startswith(part)}
        for part in ("places/", "space/")
    )
    return Memory(
        recipe=told["recipe"],
        space=space,
        fitted_on=told["fitted_on"],
        known=tuple(_known(one) for one in told["known"]),
        members=tuple(Member(*values) for values in told["members"]),
        vectors=arrays["vectors"],
        places=_of_version_1(told.pop("places")) if "places" in told else Places.from_arrays(columns, told["names"]),
        calibration=tuple(told["calibration"]),
        next_number=told["next_number"],
        nights=told["nights"],
        moved=told["moved"],
        acts=tuple(told["acts"]),
        named=told["named"],
    )


def _of_version_1(rows: list[Any]) -> Places:
    """Places as lists, which are let go piece by piece: a million of them and their columns never stand side by side."""
    places = Places()
    while rows:
        part = rows[-PIECE:]
        del rows[-PIECE:]
        places = places.changed({key: Place(*values) for key, *values in part})
    return places


def _known(told: dict[str, Any]) -> Known:
    topic = told.pop("topic")
    for name in ("keywords", "languages", "quotes"):
        topic[name] = tuple(topic[name])
    for name in ("first_seen", "last_seen"):
        topic[name] = date.fromisoformat(topic[name]) if topic[name] else None
    return Known(topic=Topic(**topic), **told)
