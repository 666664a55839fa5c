"""Any resource of dlt (dlthub.com): rows as the resource gives them, all of them each time; equal ones change nothing."""

import os
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any

from cxtext.batches import batches
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import word
from cxtext.errors import ConfigurationError, NotInstalled

AT_ONCE = 1000


def check(visit: Visit) -> str:
    """The name of the resource."""
    return f"resource {word(getattr(_resource(visit), 'name', 'without a name'))}"


def pages(visit: Visit) -> Iterator[Page]:
    """Rows of the resource, flattened by nothing: nested fields are recognised as in JSON files."""
    rows: Iterable[Any] = _resource(visit)
    for part in batches(_objects(rows), AT_ONCE):
        yield Page(rows=tuple(part), cursor={})


def _objects(rows: Iterable[Any]) -> Iterator[Mapping[str, object]]:
    for row in rows:
        if isinstance(row, Mapping):
            yield row
        elif isinstance(row, list | tuple):  # a resource may give pages
            yield from (item for item in row if isinstance(item, Mapping))


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
