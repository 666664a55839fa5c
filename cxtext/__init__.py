"""cxtext: the problems that keep coming back in support tickets, what causes them and who owns the cause.

The front door for Python; names are imported when they are used.

>>> from cxtext import Ticket
>>> Ticket(id="1", text="Das Paket ist nicht angekommen.").key
'file:1'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cxtext.assemble import Parts, load_parts
    from cxtext.connectors import open_source
    from cxtext.domain import Case, Facts, Ticket, Topic
    from cxtext.pipeline import Analysis, analyse
    from cxtext.recipe import load_recipe
    from cxtext.settings import Settings

_DOOR = {
    "Analysis": "cxtext.pipeline",
    "Case": "cxtext.domain",
    "Facts": "cxtext.domain",
    "Parts": "cxtext.assemble",
    "Settings": "cxtext.settings",
    "Ticket": "cxtext.domain",
    "Topic": "cxtext.domain",
    "analyse": "cxtext.pipeline",
    "load_parts": "cxtext.assemble",
    "load_recipe": "cxtext.recipe",
    "open_source": "cxtext.connectors",
}

__all__ = [
    "Analysis",
    "Case",
    "Facts",
    "Parts",
    "Settings",
    "Ticket",
    "Topic",
    "analyse",
    "load_parts",
    "load_recipe",
    "open_source",
]


def __getattr__(name: str) -> Any:
    if name not in _DOOR:
        raise AttributeError(f"cxtext has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_DOOR[name]), name)
