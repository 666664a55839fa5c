"""Any resource of dlt (dlthub.com): rows as the resource gives them, all of them each time; equal ones change nothing."""

import os
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from itertools import islice
from typing import Any

from cxtext.connectors.given import named
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import word
from cxtext.errors import ConfigurationError, NotInstalled, SourceError

AT_ONCE = 1000


def check(visit: Visit) -> str:
    """The name of the resource."""
    return f"resource {word(getattr(_resource(visit), 'name', 'without a name'))}"


def pages(visit: Visit) -> Iterator[Page]:
    """Rows of the resource; names of fields are recognised as in the header of a file."""
    rows = _objects(_resource(visit), visit.account.name)
    while part := _next(rows, visit.account.name):
        yield Page(rows=part, cursor={})


def _next(rows: Iterator[Mapping[str, object]], name: str) -> tuple[Mapping[str, object], ...]:
    """Some rows; what a resource raises is its own and may hold keys, so only the kind of error is told."""
    try:
        return tuple(map(named, islice(rows, AT_ONCE)))
    except SourceError:
        raise
    except Exception as error:
        told = f"[sources.{name}]: the resource broke off ({type(error).__name__}); try it alone in Python"
        raise SourceError(told, permanent=False) from error


def _objects(rows: Iterable[Any], name: str) -> Iterator[Mapping[str, object]]:
    for row in rows:
        if isinstance(row, Mapping):
            yield row
        elif isinstance(row, list | tuple):  # a resource may give pages
            yield from _objects(row, name)
        elif hasattr(row, "to_pylist"):  # or tables and batches of Arrow
            yield from row.to_pylist()
        else:
            raise SourceError(f"[sources.{name}]: the resource gives {type(row).__name__}, no rows with named fields")


def _resource(visit: Visit) -> Any:
    """The resource named `module:function`; the module is the operator's own code."""
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")  # nothing phones home
    told = visit.account.required("resource", "module:function of a dlt resource or source")
    module, _, name = told.partition(":")
    try:
        import dlt as _dlt  # noqa: F401, PLC0415 – only to say it plainly where it is missing
    except ImportError as error:
        raise NotInstalled("a dlt resource", "dlt") from error
    try:
        made = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(f"[sources.{visit.account.name}] resource = {told!r}: {error}") from error
    return made() if callable(made) and not isinstance(made, Iterable) else made
