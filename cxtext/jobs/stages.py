"""What a night does once the topics stand: the stages in their order, one line each."""

from cxtext.jobs.alerts import tell
from cxtext.jobs.defects import look_for_defects
from cxtext.jobs.erase import erase_old
from cxtext.jobs.fixes import judge_fixes
from cxtext.jobs.recount import METRICS, SCREENS, TRENDS, Stage
from cxtext.jobs.search_index import add_to_shelf, index_words_of_new
from cxtext.jobs.voices import listen

DEFECTS = (Stage("comparing products and versions", look_for_defects),)
FIXES = (Stage("judging fixes", judge_fixes),)
SEARCH = (Stage("making new tickets findable", index_words_of_new),)
VOICES = (Stage("listing who leaves, wishes or asks", listen),)
KEPT = (Stage("adding to similar cases", add_to_shelf), Stage("erasing what is too old", erase_old))
BEFORE_PUBLISHING: tuple[Stage, ...] = (
    *TRENDS,
    *METRICS,
    *DEFECTS,
    *FIXES,  # after the counts, which it reads; what it finds is in the status of topics the next night
    *VOICES,
    *SEARCH,
    *SCREENS,
)
AFTER_PUBLISHING: tuple[Stage, ...] = (Stage("telling people", tell), *KEPT)
