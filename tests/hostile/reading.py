"""Reads a damaged file as a night does and says what became of it."""

import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from cxtext.connectors import open_source
from cxtext.domain import Rejected
from cxtext.errors import CxtextError
from cxtext.jobs.sharing import prepare_rows

SLOW = 20.0  # seconds for a file of a few kilobytes


def outcome(path: Path, wanted: Collection[str], parts: Any = None) -> tuple[str, str]:
    """ "refused", "read", "crash", "swallowed" or "slow", and what there is to say about it.

    A file is read in whole or not at all: where reading ends with an error, the night takes nothing and says so.
    """
    started = time.monotonic()
    said: list[str] = []
    try:
        source = open_source(str(path), mapping={}, timezone="Europe/Berlin")
        rows = list(source.rows())
        if parts is not None:
            prepare_rows(parts, rows, as_of=None, zone=_zone(), boilerplate=frozenset())
    except CxtextError as error:
        return ("refused", str(error)) if str(error) else ("crash", f"no words: {error!r}")
    except Exception as error:  # noqa: BLE001 – what we look for
        return "crash", f"{type(error).__name__}: {error}"
    if time.monotonic() - started > SLOW:
        return "slow", f"{time.monotonic() - started:.0f} seconds"
    cut = False
    for row in rows:
        if isinstance(row, Rejected):
            said += [row.raw, row.reason]
            cut = cut or len(row.raw) >= 1_999 or not row.raw
        else:
            said += [row.id, row.text, row.source, repr(row.facts), *row.people]
    told = " ".join(said)
    wide = told.encode("utf-16-le", "surrogatepass")  # a byte lost in UTF-16 turns all that follows into other letters
    lost = [word for word in wanted if word not in told and word.encode("utf-16-le")[:-1] not in wide]
    if lost and not cut:
        return "swallowed", f"{lost} of {len(wanted)}; {len(rows)} rows, columns {source.mapping}"
    return "read", ""


def told(seen: Counter[str], examples: list[str]) -> dict[str, object]:
    """For one line of JSON."""
    wrong = seen["crash"] + seen["swallowed"] + seen["slow"] + seen["killed"]
    return {**sorted_counts(seen), "wrong": wrong, "examples": examples[:5]}


def sorted_counts(seen: Counter[str]) -> dict[str, int]:
    """By name."""
    return {name: seen[name] for name in sorted(seen)}


def _zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("Europe/Berlin")
