"""Work for workers: at the top level of a module, so that a spawned process finds it."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cxtext.errors import ConfigurationError, SourceError


def load(plan: str) -> Mapping[str, Any]:
    """Models that remember who loaded them; each loading leaves a line in the folder `plan`."""
    with (Path(plan) / "loaded").open("a") as file:
        file.write(f"{os.getpid()}\n")
    return {"pid": os.getpid(), "folder": Path(plan)}


def dies_on_load(_plan: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fails_on_load(_plan: str) -> None:
    raise ConfigurationError("there is no such recipe")


def double(_models: Any, numbers: Sequence[int]) -> list[int]:
    return [number * 2 for number in numbers]


def pids(models: Mapping[str, Any], numbers: Sequence[int]) -> list[int]:
    time.sleep(0.02)
    assert models["pid"] == os.getpid()
    return [os.getpid()] * len(numbers)


def poisoned(_models: Any, numbers: Sequence[int]) -> list[int]:
    """13 kills whoever looks at it."""
    if 13 in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return [number * 2 for number in numbers]


def all_poison(_models: Any, _numbers: Sequence[int]) -> list[int]:
    os._exit(7)


def dies_once(models: Mapping[str, Any], numbers: Sequence[int]) -> list[int]:
    """Dies over its first shard with a 13, and never again."""
    mark = models["folder"] / "died"
    if 13 in numbers and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return [number * 2 for number in numbers]


def our_error(_models: Any, _numbers: Sequence[int]) -> list[int]:
    raise SourceError("no rows. Is this the right file?")


def quoting_error(_models: Any, texts: Sequence[str]) -> list[int]:
    raise ValueError(f"cannot parse {texts[0]!r}")


def unsendable(_models: Any, numbers: Sequence[int]) -> list[Any]:
    return [lambda: None for _ in numbers]


def too_few(_models: Any, numbers: Sequence[int]) -> list[int]:
    return [0] * (len(numbers) - 1)


def sleeps(models: Mapping[str, Any], numbers: Sequence[int]) -> list[int]:
    (models["folder"] / f"asleep-{os.getpid()}").touch()
    time.sleep(60)
    return list(numbers)


def threads(_models: Any, numbers: Sequence[int]) -> list[str | None]:
    return [os.environ.get("OMP_NUM_THREADS")] * len(numbers)


def back(_models: Any, items: Sequence[Any]) -> list[Any]:
    return list(items)
