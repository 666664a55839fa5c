"""How long work tells somebody that it is still alive."""

from typing import Protocol


class Progress(Protocol):
    """Told of every stage and of every step in it."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; `total` steps, None where nobody knows."""

    def advance(self, steps: int) -> None:
        """So many steps are done."""


class Silent:
    """Tells nobody."""

    def stage(self, name: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, steps: int) -> None:
        """Nothing."""
