"""Small readings of JSON that all online sources need: lists that may be missing, words, times, cursors that loop."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cxtext.connectors.page import Visit
from cxtext.errors import ConfigurationError, SourceError

OVERLAP = timedelta(hours=1)  # read again at the next run: clocks differ, and some servers index late
FEW = 20  # tickets kept together where each costs requests of its own: a killed visit asks again for these at most


def items(told: object, name: str) -> list[dict[str, Any]]:
    """The list of objects under a name.

    Raises:
        SourceError: the answer has another shape than the documented one.
    """
    found = told.get(name) if isinstance(told, Mapping) else None
    if found is None:
        return []
    return objects(found, name)


def objects(told: object, name: str) -> list[dict[str, Any]]:
    """A list of objects.

    Raises:
        SourceError: it is something else.
    """
    if not isinstance(told, list) or not all(isinstance(item, dict) for item in told):
        raise SourceError(f"the answer's {name} is no list of objects: is this address the right one?")
    return told


def word(value: object) -> str:
    """A value as text; nothing for what is missing."""
    return "" if value is None else str(value)


def since(visit: Visit) -> datetime:
    """From when on tickets are wanted: the option `since` (a date), else everything.

    Raises:
        ConfigurationError: it is no date.
    """
    told = visit.account.option("since")
    if not told:
        return datetime(1970, 1, 2, tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise ConfigurationError(
            f"[sources.{visit.account.name}] since = {told!r}: write it like 2026-01-31"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def changed_since(visit: Visit) -> datetime:
    """From when on changes are wanted: an hour before the newest change that is known, else the option `since`."""
    known = time_of(visit.cursor.get("changed"))
    return max(since(visit), known - OVERLAP) if known else since(visit)


def time_of(value: object) -> datetime | None:
    """A time of ISO 8601; one without a zone is UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def slide(
    start: datetime, ask: Callable[[datetime, int], list[dict[str, Any]]], changed: str, size: int
) -> Iterator[tuple[list[dict[str, Any]], datetime]]:
    """Pages of a listing sorted by the time of change, each asked for from the newest time seen so far.

    Page numbers alone would lose tickets: one that changes while we read moves to the end and pulls all others forward.
    They count on only where a whole page changed in the same second.

    Args:
        start: the first time wanted.
        ask: the objects changed at a time or later, and the number of the page, from 1.
        changed: the name of the field with the time of change.
        size: objects on a full page.

    Yields: the objects of a page, and the newest time seen.
    """
    at, page = start, 1
    while True:
        found = ask(at, page)
        newest = max([at, *(moment for item in found if (moment := time_of(item.get(changed))))])
        yield found, newest
        if len(found) < size:
            return
        nearly = newest - timedelta(seconds=1)
        at, page = (nearly, 1) if nearly > at else (at, page + 1)


def in_order(
    pages: Iterable[list[dict[str, Any]]], moment: Callable[[Mapping[str, Any]], datetime | None]
) -> Iterator[tuple[list[dict[str, Any]], datetime | None]]:
    """Pages of a listing sorted by the time of change, each with the newest change until then.

    From a page on that goes back behind the one before it, None: the server does not sort, so a visit that is killed
    must begin anew.
    """
    newest, sorted_so_far = None, True
    for found in pages:
        times = [told for item in found if (told := moment(item))]
        sorted_so_far = sorted_so_far and (newest is None or not times or min(times) >= newest)
        newest = max([*times, newest] if newest else times, default=None)
        yield found, newest if sorted_so_far else None


@dataclass(frozen=True, slots=True)
class Recent:
    """The tickets of the last hours with the time of their last change, so that the overlap costs no request a ticket."""

    changes: Mapping[str, str]

    def unseen(self, found: Sequence[Mapping[str, Any]], changed: str) -> list[Mapping[str, Any]]:
        """Those that are new, or have changed since they were read."""
        return [item for item in found if self.changes.get(word(item.get("id"))) != word(item.get(changed))]

    def with_these(
        self, found: Sequence[Mapping[str, Any]], changed: str, *, newest: datetime, now: datetime, window: timedelta
    ) -> "Recent":
        """These too; without those older than the window, and without the last seconds, which may not be over."""
        both = {**self.changes, **{word(item.get("id")): word(item.get(changed)) for item in found}}
        kept = {
            name: told
            for name, told in both.items()
            if (moment := moment_of(told)) and newest - window <= moment < now - timedelta(seconds=5)
        }
        return Recent(dict(sorted(kept.items())))


def reached_before(visit: Visit) -> datetime:
    """The newest change that earlier visits have read; where there was none, the beginning of what is wanted."""
    return time_of(visit.cursor.get("changed")) or since(visit)


def recent(visit: Visit) -> Recent:
    """What the cursor remembers of the last hours."""
    return Recent(dict(visit.cursor.get("recent") or {}))


def weekly(visit: Visit) -> bool:
    """Whether a week has passed since all ids of the source were compared with ours; the first time always waits a week."""
    last = time_of(visit.cursor.get("compared"))
    return last is not None and visit.now() - last >= timedelta(days=7)


def compared(visit: Visit, *, now: bool) -> dict[str, str]:
    """The part of the cursor that says when all ids were last compared."""
    return {"compared": visit.now().isoformat() if now else visit.cursor.get("compared") or visit.now().isoformat()}


def moment_of(value: object) -> datetime | None:
    """A time of ISO 8601, or in seconds since 1970."""
    told = word(value)
    return datetime.fromtimestamp(int(told), tz=UTC) if told.isdecimal() else time_of(told)


def seconds(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(moment.timestamp())


def zulu(moment: datetime) -> str:
    """A time as most servers want it: 2026-01-31T08:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def no_loop(name: str) -> Callable[[str], str]:
    """A function that passes cursors on, each once.

    Raises (the function):
        SourceError: this cursor was there before: the server would send us round for ever.
    """
    seen: set[str] = set()

    def fresh(cursor: str) -> str:
        if cursor in seen:
            raise SourceError(f"{name} sends the same cursor twice; what came until here is kept")
        seen.add(cursor)
        return cursor

    return fresh
