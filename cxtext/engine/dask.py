"""The engine of many machines: a Dask cluster that is there already, or one of some processes here.

Workers need the same version of cxtext, the same models folder and, where something was trained, the folder beside the
database, all under the same paths. The key of the pseudonyms travels to them: use a scheduler behind TLS (`tls://`).
"""

from collections import deque
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, Final

from cxtext.engine.job import Died, Done, Job, Shard
from cxtext.engine.worker import answered, use_one_thread
from cxtext.errors import EngineError, NotInstalled

AHEAD: Final = 3  # shards per worker under way or waiting
PATIENCE: Final = 60  # seconds until the first worker must be there
TRIES: Final = 2


class Dask:
    """Shards as tasks of a Dask scheduler; each worker loads the models once and keeps them.

    Args:
        scheduler: the address of a scheduler, like tcp://10.0.0.5:8786; None starts a cluster of `workers` processes here.
        workers: of a cluster of one's own.

    Raises:
        NotInstalled: the package is missing.
        EngineError: no scheduler answers, or it has no workers.
    """

    def __init__(self, scheduler: str | None = None, workers: int = 2) -> None:
        try:
            dask, distributed = import_module("dask"), import_module("distributed")  # optional, half a second
        except ImportError as error:
            raise NotInstalled("the engine dask", "dask") from error
        self._cluster: Any = None
        try:
            # A shard that ends two workers is set apart; Dask itself would try it on four.
            with dask.config.set({"distributed.scheduler.allowed-failures": TRIES - 1}):
                if scheduler is None:
                    self._cluster = distributed.LocalCluster(
                        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
                    )
                self._client: Any = distributed.Client(
                    self._cluster or scheduler, timeout=PATIENCE, set_as_default=False
                )
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError) as error:
            self._close_cluster()
            where = scheduler or "this machine"
            raise EngineError(
                f"no Dask scheduler with workers at {where}: is it running, is the address right?"
            ) from error
        self._client.run(use_one_thread)

    def run(self, job: Job, shards: Iterable[Shard]) -> Iterator[Done | Died]:
        """One outcome per shard, in order; only a few shards are taken ahead."""
        under_way: deque[Any] = deque()
        try:
            for shard in shards:
                # tasks of one shard each, never taken for one another even if their shards are equal
                under_way.append(self._client.submit(answered, job, shard, pure=False))
                if len(under_way) >= AHEAD * max(1, sum(self._client.nthreads().values())):
                    yield _outcome(under_way.popleft())
            while under_way:
                yield _outcome(under_way.popleft())
        except (OSError, TimeoutError) as error:
            raise EngineError("the Dask scheduler is gone; the next run goes on where this one stopped") from error
        finally:
            for future in under_way:
                future.cancel()

    def close(self) -> None:
        """Leave the cluster; one of one's own ends."""
        self._client.close()
        self._close_cluster()

    def _close_cluster(self) -> None:
        if self._cluster is not None:
            self._cluster.close()


def _outcome(future: Any) -> Done | Died:
    from concurrent.futures import CancelledError  # noqa: PLC0415

    from distributed import KilledWorker  # noqa: PLC0415

    try:
        told = future.result()
    except KilledWorker:
        return Died("it ended two workers")
    except CancelledError as error:
        raise EngineError("the Dask scheduler is gone; the next run goes on where this one stopped") from error
    finally:
        future.release()
    if isinstance(told, Exception):
        raise told
    return Done(told)
