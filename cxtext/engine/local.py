"""The engine of one machine: a pool of spawned processes that load their models once and are replaced if they die."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import Final

from cxtext.engine.job import Died, Done, Job, Shard
from cxtext.engine.process import Process
from cxtext.errors import EngineError

AHEAD: Final = 3  # shards per worker taken from their source before the first of them is asked for
TRIES: Final = 2


class Local:
    """A pool of `workers` processes; one thread of this process looks after each.

    Processes start with the first shard. They end with `close`, or by themselves when this process is gone, however
    that came about. Each holds its own models: about 420 MB.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise EngineError(f"{workers} workers: one is the least")
        self.workers = workers
        self._processes = [Process() for _ in range(workers)]
        self._idle: SimpleQueue[Process] = SimpleQueue()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="cxtext-worker")
        self._closed = Event()
        for process in self._processes:
            self._idle.put(process)

    def run(self, job: Job, shards: Iterable[Shard]) -> Iterator[Done | Died]:
        """One outcome per shard, in order; at most `AHEAD` shards per worker are under way or waiting."""
        under_way: deque[Future[Done | Died]] = deque()
        try:
            for shard in shards:
                self._must_be_open()
                under_way.append(self._threads.submit(self._try, job, shard))
                if len(under_way) >= AHEAD * self.workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()

    def close(self) -> None:
        """End all workers at once, also those in the middle of a shard: they hold nothing that must be finished."""
        self._closed.set()
        for process in self._processes:
            process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._processes:
            process.bury()

    def _try(self, job: Job, shard: Shard) -> Done | Died:
        process = self._idle.get()
        try:
            for _ in range(TRIES):
                self._must_be_open()
                outcome = process.ask(job, shard)
                if isinstance(outcome, Done):
                    return outcome
            self._must_be_open()
            return outcome
        finally:
            self._idle.put(process)

    def _must_be_open(self) -> None:
        if self._closed.is_set():
            raise EngineError("this engine is closed: it does no more work")
