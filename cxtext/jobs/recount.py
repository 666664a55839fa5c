"""What rests on topics and readings, brought up to date: by every night, and by every act of a person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cxtext.jobs.metrics import measure_all
from cxtext.jobs.screens import add_up, draw
from cxtext.jobs.signals import find_signals
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


TRENDS = (Stage("looking for what is new or rising", find_signals),)
METRICS = (Stage("measuring, with intervals", measure_all),)
SCREENS = (Stage("adding up for the screens", add_up), Stage("drawing the map of topics", draw))
AFTER_AN_ACT: tuple[Stage, ...] = (*TRENDS, *METRICS, *SCREENS)


def recount(store: Store, run: Run, settings: Settings, now: Callable[[], datetime]) -> dict[str, int]:
    """Bring up to date what a person's act changes besides topics; the act's run is not published yet."""
    counts: dict[str, int] = {}
    for stage in AFTER_AN_ACT:
        counts |= stage.work(store, run, settings, now)
    return counts
