"""What a night does once the topics stand: the stages in their order, one line each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cxtext.settings import Settings
from cxtext.store import Store
from cxtext.store.runs import Run

Work = Callable[[Store, Run, Settings, Callable[[], datetime]], dict[str, int]]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: its title for the progress line, and work that returns what it counted.

    Work before publishing writes rows of its run alone, so that a killed or failed run leaves nothing. It may be
    repeated after a kill and then writes the same.
    """

    title: str
    work: Work


BEFORE_PUBLISHING: tuple[Stage, ...] = ()
AFTER_PUBLISHING: tuple[Stage, ...] = ()
