"""Find a part by its name: the built-in table first, then entry points of other packages."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from cxtext.errors import ConfigurationError


class Registry:
    """A table of lazy names, so that listing the parts never imports them.

    >>> Registry("sentiment", {"lexicon": "cxtext.sentiment.lexicon:Lexicon"}).names()
    ['lexicon']
    """

    def __init__(self, kind: str, table: Mapping[str, str]) -> None:
        self.kind = kind
        self._table = dict(table)

    def names(self) -> list[str]:
        """All known names, built-in and installed."""
        return sorted({*self._table, *(point.name for point in entry_points(group=f"cxtext.{self.kind}"))})

    def load(self, name: str) -> Any:
        """The class or function behind a name; importing it is what this costs."""
        if name in self._table:
            module, _, attribute = self._table[name].partition(":")
            return getattr(import_module(module), attribute)
        for point in entry_points(group=f"cxtext.{self.kind}"):
            if point.name == name:
                return point.load()
        raise ConfigurationError(f"no {self.kind} called {name!r}; known: {', '.join(self.names())}")
