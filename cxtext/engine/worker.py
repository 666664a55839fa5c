"""What every worker does, wherever it is: load the models of a job once, then answer shard by shard."""

import copyreg
import os
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from cxtext.engine.job import Job, Shard

ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def answer(job: Job, shard: Shard) -> Sequence[Any]:
    """The answers of one shard. An engine that sends functions to other machines sends this one."""
    return job.work(loaded(job.load, job.plan), shard)


@lru_cache(maxsize=1)
def loaded(load: Callable[[Any], Any], plan: Any) -> Any:
    """What `load` makes of `plan`, made once per worker and kept until another plan comes."""
    return load(plan)


def use_one_thread() -> None:
    """Workers share the cores: a library with threads of its own would only stand in their way."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))


def _read_only(entries: Mapping[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(entries)


# Facts hold read-only mappings, which Python sends to no other process unless it is told how.
copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))
