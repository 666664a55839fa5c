"""Items in, answers out, in order and independent of how many workers there are; what kills workers is set apart."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

from cxtext.batches import batches
from cxtext.engine.job import Died, Done, Engine, Job, Lost, Shard
from cxtext.errors import EngineError

MOST_LOST: Final = 10  # items; more means that the machine is at fault (memory, disk) and not what is read


def map_shards(job: Job, items: Iterable[Any], *, engine: Engine, size: int) -> Iterator[Any]:
    """Answer every item, `size` of them in one shard; yields the answers one by one, in order.

    A shard that ended two workers is cut into its items, each tried by itself; an item that still ends its workers is
    answered by `Lost`, all others as if it had not been there.

    Raises:
        EngineError: workers cannot start, more than `MOST_LOST` items end them, or the work broke its promise.
    """
    lost = 0
    for shard, outcome in _beside(job, batches(items, size), engine):
        if isinstance(outcome, Done):
            yield from _one_each(job, shard, outcome)
            continue
        for single, alone in _beside(job, [(item,) for item in shard], engine):
            if isinstance(alone, Done):
                yield from _one_each(job, single, alone)
                continue
            lost += 1
            if lost > MOST_LOST:
                raise EngineError(
                    f"more than {MOST_LOST} single items ended their workers ({alone.reason}): the machine may be short "
                    "of memory. Use fewer workers (--workers 1), or look at the system log"
                )
            yield Lost(single[0], alone.reason)


def _beside(job: Job, shards: Iterable[Shard], engine: Engine) -> Iterator[tuple[Shard, Done | Died]]:
    """Each outcome beside its shard; no more shards are kept than the engine is ahead."""
    asked: deque[Shard] = deque()

    def remembered() -> Iterator[Shard]:
        for shard in shards:
            asked.append(shard)
            yield shard

    for outcome in engine.run(job, remembered()):
        yield asked.popleft(), outcome


def _one_each(job: Job, shard: Shard, outcome: Done) -> Iterable[Any]:
    if len(outcome.answers) != len(shard):
        raise EngineError(f"{job.work} gave {len(outcome.answers)} answers to {len(shard)} items: it owes one for each")
    return outcome.answers
