"""Backfill: night after night in the order of the dates, as if cxtext had run then. No night knows a later one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cxtext.connectors import describe, open_source
from cxtext.domain import Rejected, Ticket
from cxtext.errors import ConfigurationError, SourceError
from cxtext.jobs.nightly import Order, Outcome, run_night
from cxtext.jobs.progress import Progress
from cxtext.jobs.sharing import crew
from cxtext.settings import Settings
from cxtext.store import Store

STEPS = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """What somebody asked of a replay; the first and last night default to those of the tickets."""

    sources: Sequence[str]
    mapping: Mapping[str, str]
    first: date | None = None
    last: date | None = None
    every: Literal["day", "week"] = "day"


def replay(
    store: Store,
    settings: Settings,
    asked: Backfill,
    *,
    now: Callable[[], datetime],
    progress: Progress,
    tell: Callable[[str], None] = lambda _line: None,
) -> list[Outcome]:
    """Do all nights; killed, the same command goes on where it stopped.

    Raises:
        SourceError: no ticket has a date.
        ConfigurationError: the first night is after the last.
    """
    zone = ZoneInfo(settings.timezone)
    dated, others = _rows(asked, settings, tell)
    if not dated:
        raise SourceError("replay needs dates, and no ticket has one: `cxtext run` does without")
    days = [_day(ticket, zone) for ticket in dated]
    first, last = asked.first or min(days), asked.last or max(days)
    if first > last:
        raise ConfigurationError(f"--from {first} is after --to {last}")
    nights = list(_nights(first, last, STEPS[asked.every]))
    progress.stage("nights", len(nights))
    outcomes, place = [], 0
    with crew(store, settings) as hired:
        for number, night in enumerate(nights):
            start = place
            while place < len(dated) and _day(dated[place], zone) <= night:
                place += 1
            given: list[Ticket | Rejected] = [*(others if number == 0 else ()), *dated[start:place]]
            outcomes.append(run_night(store, settings, Order(given=given, as_of=night), now=now, hired=hired))
            progress.advance(1)
    return outcomes


def _rows(
    asked: Backfill, settings: Settings, tell: Callable[[str], None]
) -> tuple[list[Ticket], list[Ticket | Rejected]]:
    dated: list[Ticket] = []
    others: list[Ticket | Rejected] = []
    for name in asked.sources:
        source = open_source(name, mapping=asked.mapping, timezone=settings.timezone)
        for line in describe(source):
            tell(line)
        for row in source.rows():
            if isinstance(row, Ticket) and row.facts.created_at is not None:
                dated.append(row)
            else:
                others.append(row)
    dated.sort(key=lambda ticket: (ticket.facts.created_at or datetime.min, ticket.source, ticket.id))  # noqa: DTZ901 – never: all are dated
    return dated, others


def _day(ticket: Ticket, zone: ZoneInfo) -> date:
    assert ticket.facts.created_at is not None
    return ticket.facts.created_at.astimezone(zone).date()


def _nights(first: date, last: date, step: int) -> Iterator[date]:
    night = first + timedelta(days=step - 1)
    while night < last:
        yield night
        night += timedelta(days=step)
    yield last
