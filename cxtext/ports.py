"""The verbs: what a replaceable part must be able to do."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from cxtext.domain import Aim, Case, Diagnosis, Mood, Rejected, Ticket

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]  # (texts, dimensions), rows of length 1


class Sentiment(Protocol):
    """Says how texts feel; one mood per case, in order."""

    def score(self, cases: Sequence[Case]) -> list[Mood]: ...


class Tagger(Protocol):
    """Says what caused a contact and who owns it; one diagnosis per case, in order."""

    def tag(self, cases: Sequence[Case]) -> list[Diagnosis]: ...


class IntentReader(Protocol):
    """Says what a customer wants and how urgent it is; one aim per case, in order."""

    def read(self, cases: Sequence[Case]) -> list[Aim]: ...


class Embedder(Protocol):
    """Turns texts into rows of numbers in which near means alike."""

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> None: ...

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> "Vectors": ...


class Connector(Protocol):
    """Reads one place where tickets come from; rows that are no tickets come back as `Rejected`."""

    def read(self) -> Iterator[Ticket | Rejected]: ...
