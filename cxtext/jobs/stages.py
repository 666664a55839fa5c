"""What a night does once the topics stand: the stages in their order, one line each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cxtext.jobs.alerts import tell
from cxtext.jobs.defects import look_for_defects
from cxtext.jobs.erase import erase_old
from cxtext.jobs.fixes import judge_fixes
from cxtext.jobs.metrics import measure_all
from cxtext.jobs.screens import add_up, draw
from cxtext.jobs.search_index import add_to_shelf, index_words_of_new
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


SEARCH = (Stage("making new tickets findable", index_words_of_new),)
SCREENS = (Stage("adding up for the screens", add_up), Stage("drawing the map of topics", draw))
METRICS = (Stage("measuring, with intervals", measure_all),)
DEFECTS = (Stage("comparing products and versions", look_for_defects),)
FIXES = (Stage("judging fixes", judge_fixes),)
TRENDS = (Stage("looking for what is new or rising", find_signals),)
BEFORE_PUBLISHING: tuple[Stage, ...] = (
    *TRENDS,
    *METRICS,
    *DEFECTS,
    *FIXES,  # after the counts, which it reads; what it finds is in the status of topics the next night
    *SEARCH,
    *SCREENS,
)
AFTER_AN_ACT: tuple[Stage, ...] = (
    *TRENDS,
    *METRICS,
    *SCREENS,
)  # what a person's act changes besides topics, before it is published
KEPT = (Stage("adding to similar cases", add_to_shelf), Stage("erasing what is too old", erase_old))
AFTER_PUBLISHING: tuple[Stage, ...] = (Stage("telling people", tell), *KEPT)


def after_an_act(store: Store, run: Run, settings: Settings, now: Callable[[], datetime]) -> dict[str, int]:
    """Bring up to date what rests on topics and readings; the act's run is not published yet."""
    counts: dict[str, int] = {}
    for stage in AFTER_AN_ACT:
        counts |= stage.work(store, run, settings, now)
    return counts
