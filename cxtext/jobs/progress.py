"""How long work tells somebody that it is still alive."""

from collections.abc import Mapping
from typing import Any, Protocol


class Progress(Protocol):
    """Told of every stage and of every step in it."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; `total` steps, None where nobody knows."""

    def advance(self, steps: int) -> None:
        """So many steps are done, and kept."""

    def note(self, what: str, facts: Mapping[str, Any]) -> None:
        """What the job says of itself: "began", "counted" or "published"; numbers and names of its own alone."""


class Silent:
    """Tells nobody."""

    def stage(self, name: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, steps: int) -> None:
        """Nothing."""

    def note(self, what: str, facts: Mapping[str, Any]) -> None:
        """Nothing."""
