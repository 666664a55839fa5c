"""What every worker does, wherever it is: load the models of a job once, then answer shard by shard."""

import copyreg
import os
import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from cxtext.engine.job import Job, Shard
from cxtext.errors import CxtextError, EngineError

FRAMES: Final = 3  # places shown of an error that is not ours
ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def answered(job: Job, shard: Shard | None) -> Any:
    """The answers of one shard, or the error that came instead; None once the models are loaded, without a shard.

    Every engine has its workers do this, wherever they are.
    """
    try:
        models = loaded(job.load, job.plan)
        return None if shard is None else job.work(models, shard)
    except Exception as error:  # noqa: BLE001 – whatever it is, it belongs to whoever asked
        return told_of(error)


def told_of(error: Exception) -> Exception:
    """Our own errors as they are; of others the kind and the place alone, for their words may quote a ticket."""
    if isinstance(error, CxtextError):
        plain = type(error).__init__ is CxtextError.__init__
        return type(error)(str(error)) if plain else EngineError(str(error))
    places = "".join(traceback.format_tb(error.__traceback__)[-FRAMES:])
    return EngineError(f"a worker failed with {type(error).__name__} at\n{places}")


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
