"""Thousands of damaged files, read one after the other in a process of their own."""

import json
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.hostile.mutants import damaged, legible, packed, seeds
from tests.hostile.reading import outcome, told

AT_ONCE = 250  # files to a process: one that crashes takes the others of its batch with it, and all count
COMPRESSIONS = ("", "", "", ".gz", ".zst")


def read_damaged(count: int, seed: int, *, parts: Any = None, by_hypothesis: float = 0.2) -> dict[str, object]:
    """Damage `count` files, most by lot and a share as Hypothesis thinks best; what became of them."""
    seen: Counter[str] = Counter()
    examples: list[str] = []
    clever = round(count * by_hypothesis)
    batches = [("lot", seed + at, min(AT_ONCE, count - clever - at)) for at in range(0, count - clever, AT_ONCE)]
    batches += [("hypothesis", seed + at, min(AT_ONCE, clever - at)) for at in range(0, clever, AT_ONCE)]
    for how, lot, size in batches:
        found = _apart(how, lot, size, parts)
        if found is None:
            seen["killed"] += 1
            examples.append(f"a process died over batch {how} {lot}")
            continue
        seen.update(found[0])
        examples += found[1]
    return told(seen, examples)


def _apart(how: str, lot: int, size: int, parts: Any) -> tuple[dict[str, int], list[str]] | None:
    """One batch in a child: a segmentation fault there must not end the count."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        with os.fdopen(theirs, "w") as answer, tempfile.TemporaryDirectory() as folder:
            json.dump(_batch(how, lot, size, Path(folder), parts), answer)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        content = answer.read()
    _, status = os.waitpid(child, 0)
    if status or not content:
        return None
    counts, examples = json.loads(content)
    return counts, examples


def _batch(how: str, lot: int, size: int, folder: Path, parts: Any) -> tuple[dict[str, int], list[str]]:
    seen: Counter[str] = Counter()
    examples: list[str] = []
    made = _by_lot(lot, size) if how == "lot" else _by_hypothesis(lot, size)
    for number, (name, content, wanted) in enumerate(made):
        path = folder / name.replace(".", f"{number}.", 1)
        path.write_bytes(content)
        kind, why = outcome(path, wanted, parts)
        seen["files"] += 1
        seen[kind] += 1
        seen[f"{''.join(Path(name).suffixes)}"] += 1
        if kind not in {"refused", "read"}:
            examples.append(f"{kind} {name} ({how} {lot}/{number}): {why[:200]}")
        path.unlink()
    return dict(seen), examples


def _by_lot(lot: int, size: int) -> Iterator[tuple[str, bytes, set[str]]]:
    dice, sound = random.Random(lot), seeds()
    for number in range(size):
        one, how = sound[(lot + number) % len(sound)], dice.choice(COMPRESSIONS)
        if how and dice.random() < 0.3:  # the packed bytes themselves: what is legible there nobody can say
            yield one.name + how, damaged(packed(one.plain, how), dice), set()
            continue
        plain = damaged(one.plain, dice)
        yield one.name + how, packed(plain, how), legible(one.name, plain, one.words)


def _by_hypothesis(lot: int, size: int) -> list[tuple[str, bytes, set[str]]]:
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st

    sound, made = seeds(), []
    pieces = st.lists(
        st.tuples(st.integers(0, 1 << 16), st.integers(0, 60), st.binary(max_size=40)), min_size=1, max_size=5
    )

    @seed(lot)
    @settings(
        max_examples=size, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.sampled_from(range(len(sound))), st.sampled_from(COMPRESSIONS), pieces)
    def draw(which: int, how: str, accidents: list[tuple[int, int, bytes]]) -> None:
        one, plain = sound[which], bytearray(sound[which].plain)
        for at, cut, instead in accidents:
            place = at % (len(plain) + 1)
            plain[place : place + cut] = instead
        made.append((one.name + how, packed(bytes(plain), how), legible(one.name, bytes(plain), one.words)))

    draw()
    return made[:size]
