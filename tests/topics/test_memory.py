import hashlib
import io
import json
import zlib

import numpy as np
import pytest

from cxtext.domain import Case, Topic
from cxtext.errors import ModelError, NotFound
from cxtext.topics.memory import (
    MEMBERS_PER_TOPIC,
    Known,
    Member,
    Memory,
    _as_json,
    forget,
    mark_of,
    with_members,
)
from cxtext.topics.places import Place, Places


def memory_of(count: int) -> Memory:
    rows = np.eye(count, dtype=np.float32)
    members = [Member(f"x:{n}", f"{n:04d}", f"Text {n} über Öl", "de", "T-0001", 0.9) for n in range(count)]
    places = {member.key: Place("T-0001", 0.9, member.mark) for member in members}
    topic = Topic(id="T-0001", label="Öl", keywords=("Öl",), quotes=("x:0", "x:1"))
    return with_members(
        Memory(
            recipe="r", space={"a": rows}, known=(Known(topic, size=count),), places=Places.of(places), next_number=2
        ),
        members,
        rows,
    )


def test_bytes_come_back_as_the_same_memory() -> None:
    memory = memory_of(5)
    again = Memory.from_bytes(memory.to_bytes())
    assert again.to_bytes() == memory.to_bytes()
    assert again.known == memory.known
    assert again.members == memory.members
    assert dict(again.places) == dict(memory.places)
    assert np.array_equal(again.vectors, memory.vectors)


def test_a_memory_of_version_1_is_read() -> None:
    memory = memory_of(3)
    told = json.loads(_as_json(memory, []))
    del told["names"]
    told["places"] = [
        [key, one.topic_id, one.confidence, one.mark, one.by_person] for key, one in memory.places.items()
    ]
    arrays = {"space/a": memory.space["a"], "vectors": memory.vectors}
    arrays["json"] = np.frombuffer(zlib.compress(json.dumps(told).encode()), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    body = buffer.getvalue()
    old = b"cxtext-memory 1 %s\n" % hashlib.sha256(body).hexdigest().encode() + body
    assert Memory.from_bytes(old).to_bytes() == memory.to_bytes()


@pytest.mark.parametrize("content", [b"", b"something else\n", b"cxtext-memory 9 00\n"])
def test_what_is_no_memory_is_refused(content: bytes) -> None:
    with pytest.raises(ModelError):
        Memory.from_bytes(content)


def test_a_damaged_memory_is_refused() -> None:
    content = bytearray(memory_of(5).to_bytes())
    content[-40] ^= 1
    with pytest.raises(ModelError, match="checksum"):
        Memory.from_bytes(bytes(content))


def test_the_sample_is_bounded_and_independent_of_order() -> None:
    count = MEMBERS_PER_TOPIC + 50
    memory = memory_of(count)
    assert len(memory.members) == MEMBERS_PER_TOPIC == len(memory.vectors)
    rows = np.eye(count, dtype=np.float32)
    members = [Member(f"x:{n}", f"{n:04d}", f"Text {n} über Öl", "de", "T-0001", 0.9) for n in range(count)]
    backwards = with_members(memory, members[::-1], rows[::-1])
    assert backwards.to_bytes() == memory.to_bytes()


def test_equal_texts_stand_for_their_topic_once() -> None:
    members = [Member(f"x:{n}", "same", "Text", "de", "T-0001", 0.9) for n in range(3)]
    assert len(with_members(memory_of(1), members, np.eye(3)).members) == 1


def test_what_is_forgotten_is_nowhere() -> None:
    memory = forget(memory_of(5), ["x:1", "x:unknown"])
    assert "x:1" not in memory.places
    assert all(member.key != "x:1" for member in memory.members)
    assert memory.known[0].topic.quotes == ("x:0",)
    assert memory.known[0].size == 4
    assert b"Text 1 " not in memory.to_bytes()
    assert not memory.vectors[:, 1].any()


def test_merged_ids_lead_on_for_ever() -> None:
    chain = tuple(
        Known(Topic(id=f"T-000{n}", label="x", keywords=(), merged_into=f"T-000{n + 1}" if n < 3 else None))
        for n in (1, 2, 3)
    )
    memory = Memory(recipe="r", known=chain)
    assert memory.resolve("T-0001") == "T-0003"
    assert memory.find("T-0002").topic.id == "T-0003"
    with pytest.raises(NotFound, match="T-0009"):
        memory.resolve("T-0009")


def test_a_mark_is_that_of_the_fold_and_hides_the_text() -> None:
    one = Case(id="1", source="x", text="Größe falsch", language="de")
    two = Case(id="2", source="x", text="GROESSE FALSCH", language="de")
    assert mark_of(one) == mark_of(two)
    assert "gr" not in mark_of(one)
