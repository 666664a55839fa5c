"""Cut a stream into pieces that fit into memory and into one transaction."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Tuples of `size` items, the last one shorter."""
    stream = iter(items)
    while piece := tuple(islice(stream, size)):
        yield piece
