"""What an engine is asked to do, and what it answers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Shard = Sequence[Any]  # items of plain data: numbers, strings, and frozen dataclasses of these
Work = Callable[[Any, Shard], Sequence[Any]]  # (what `load` returned, a shard) -> one answer per item, in order


@dataclass(frozen=True, slots=True)
class Job:
    """Work on shards with models that each worker loads once.

    `work` and `load` are functions at the top level of a module (or `functools.partial` of one with plain arguments), so
    that another process, or another machine with the same version of cxtext, finds them by their names. `plan` is plain,
    hashable data. Jobs that share `load` and `plan` share the loaded models.
    """

    work: Work
    load: Callable[[Any], Any]  # plan -> models
    plan: Any


@dataclass(frozen=True, slots=True)
class Done:
    """The answers of one shard, one per item, in order."""

    answers: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Died:
    """A shard that took its worker along, and another worker when it was tried again."""

    reason: str  # "signal 9"


@dataclass(frozen=True, slots=True)
class Lost:
    """What stands in the place of an answer: this one item ends every worker that touches it."""

    item: Any
    reason: str


class Engine(Protocol):
    """Does a job shard by shard."""

    def run(self, job: Job, shards: Iterable[Shard]) -> Iterator[Done | Died]:
        """One outcome per shard, in their order; shards are taken from their source only a few ahead.

        An exception of the work ends the iteration and is raised here. A worker that dies is replaced and its shard
        tried once more; if that fails too, the shard is `Died` and the others go on.
        """
        ...

    def close(self) -> None:
        """End all workers at once. A closed engine does no more work."""
        ...
