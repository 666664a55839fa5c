"""The engine for little work: this process, one shard after the other."""

from collections.abc import Iterable, Iterator
from typing import Any

from cxtext.engine.job import Died, Done, Job, Shard


class Serial:
    """No workers, nothing to start, nothing to end.

    Args:
        models: those that this process has loaded already; without them each run loads what its job asks for.
    """

    def __init__(self, models: Any = None) -> None:
        self._models = models

    def run(self, job: Job, shards: Iterable[Shard]) -> Iterator[Done | Died]:
        """One outcome per shard, in order. What would kill a worker kills this process."""
        models = job.load(job.plan) if self._models is None else self._models
        for shard in shards:
            yield Done(job.work(models, shard))

    def close(self) -> None:
        """Nothing to end."""
