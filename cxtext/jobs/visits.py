"""Reads one online source into the store, page by page; each page and the place behind it are kept together."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cxtext.assemble import load_parts
from cxtext.connectors.account import Account
from cxtext.connectors.given import tickets_from_rows
from cxtext.connectors.http import Http
from cxtext.connectors.page import Answer, Page, Visit
from cxtext.connectors.services import service_of
from cxtext.connectors.shapes import time_of
from cxtext.domain import Case, Facts, Rejected, Ticket
from cxtext.errors import ConfigurationError
from cxtext.jobs.ingest import Taken
from cxtext.jobs.progress import Progress
from cxtext.jobs.sharing import Crew
from cxtext.settings import Settings
from cxtext.store import Store, cases, results, runs, sources
from cxtext.text.prepare import prepare, prepare_all

if TYPE_CHECKING:
    import httpx2

TIMEOUT = 60.0  # seconds for one answer
OWN_COLUMN = frozenset({"created_at", "updated_at", "extra", "customer_id", "assignee"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """What a visit to an online source needs to know of the run it belongs to."""

    store: Store
    crew: Crew
    run_id: int
    as_of: date | None
    zone: ZoneInfo
    now: Callable[[], datetime]
    progress: Progress


def is_online(name: str, settings: Settings) -> bool:
    """Whether a name is that of a configured source rather than of a file."""
    return name in settings.sources


def read_online(name: str, settings: Settings, stay: Stay, *, limit: int | None = None) -> Taken:
    """Read what is new or changed at a source since the last page that was kept.

    Raises:
        ConfigurationError: its options are wrong or a secret is missing.
        SourceError: the source refuses, or does not answer; pages read before stay.
    """
    account, service = service_of(name, settings.sources[name])
    with stay.store.read() as connection:
        cursor = sources.cursor_of(connection, name, stay.run_id)
    taken, complete = Taken(), True
    with client_for(account) as client:
        visit = _visit(account, client, cursor=cursor, now=stay.now, timezone=stay.zone.key)
        for page in service.pages()(visit):
            got = _keep(page, name, stay, moves=complete)
            complete = complete and not got.later  # tickets from after this night are read again by a later one
            taken += got
            stay.progress.advance(got.read)
            if limit is not None and taken.read >= limit:
                break
    return taken


@dataclass(frozen=True, slots=True)
class Tried:
    """What a test of a source showed: what the server says of itself, the first rows, how long all will take."""

    said: str
    rows: tuple[Mapping[str, str], ...]
    estimate: str


def try_source(name: str, settings: Settings, *, now: Callable[[], datetime], rows: int = 10) -> Tried:
    """Test the connection and read the first page; nothing is kept, and personal data is hidden as it would be.

    Raises:
        ConfigurationError: its options are wrong or a secret is missing.
        SourceError: the source refuses, or does not answer.
    """
    account, service = service_of(name, settings.sources[name])
    found: list[Ticket | Rejected] = []
    with client_for(account) as client:
        visit = _visit(account, client, cursor={}, now=now, timezone=settings.timezone)
        said, begun = service.check()(visit), time.perf_counter()
        for page in service.pages()(visit):
            found += list(_tickets(page, name, settings.timezone))
            if len(found) >= rows:
                break
        spent = time.perf_counter() - begun
    parts = load_parts(settings, b"nothing of this is kept", Path("/nonexistent"))
    shown = [row for row in found if isinstance(row, Ticket)][:rows]
    cases_shown = prepare_all(shown, languages=parts.languages, redactor=parts.redactor)
    pace = spent / max(len(found), 1)
    zone = ZoneInfo(settings.timezone)
    return Tried(said, tuple(_shown(case, zone) for case in cases_shown), _estimate(len(found), spent, pace))


def _shown(case: Case, zone: ZoneInfo) -> dict[str, str]:
    told = {name: getattr(case.facts, name) for name in Facts.__dataclass_fields__ if name not in OWN_COLUMN}
    facts = {name: value for name, value in told.items() if value not in (None, ())}
    return {
        "id": case.id,
        "created": f"{case.facts.created_at.astimezone(zone):%Y-%m-%d %H:%M}" if case.facts.created_at else "no date",
        "text": " ".join(case.text.split())[:120],
        "other": ", ".join(f"{key}={value}" for key, value in facts.items())[:120],
    }


def _estimate(count: int, spent: float, pace: float) -> str:
    if not count:
        return "There are no tickets yet."
    minutes = max(1, round(pace * 10_000 / 60))
    how_long = "1 minute" if minutes == 1 else f"{minutes:,} minutes"
    return f"{count:,} rows in {spent:.1f} seconds: the first 10,000 tickets take about {how_long}."


def client_for(account: Account) -> "httpx2.Client":
    """The guarded client: no private addresses unless this source says `allow_private = "yes"`, no redirects.

    Raises:
        ConfigurationError: `timeout` is no number of seconds.
    """
    from cxtext.network import guarded_client  # noqa: PLC0415 – 0.1 s that only online sources need

    told = account.option("timeout", str(TIMEOUT))
    try:
        seconds = float(told)
    except ValueError as error:
        raise ConfigurationError(f"[sources.{account.name}] timeout = {told!r}: seconds, like 60") from error
    return guarded_client(allow_private=account.flag("allow_private"), timeout=seconds)


def _visit(
    account: Account,
    client: "httpx2.Client",
    *,
    cursor: Mapping[str, object],
    now: Callable[[], datetime],
    timezone: str = "Europe/Berlin",
) -> Visit:
    http = Http(client, time.sleep, now)
    return Visit(account=account, http=http, now=now, cursor=cursor, timezone=timezone)


def _tickets(page: Page, name: str, timezone: str) -> Iterator[Ticket | Rejected]:
    """Rows of a page as tickets; an answer that belongs to no ticket is one itself where it says something."""
    alone = [_own_ticket(answer) for answer in page.answers if not answer.ticket_id and answer.comment.strip()]
    raw = [row for row in page.rows if isinstance(row, Mapping)]
    yield from (row for row in page.rows if not isinstance(row, Mapping))
    yield from tickets_from_rows([*raw, *alone], timezone=timezone, source=name)


def _keep(page: Page, name: str, stay: Stay, *, moves: bool) -> Taken:
    prepared = list(
        stay.crew.prepare(
            _tickets(page, name, stay.zone.key), as_of=stay.as_of, zone=stay.zone, boilerplate=frozenset()
        )
    )
    kept_cases = [row for row in prepared if isinstance(row, Case)]
    rejected = [row for row in prepared if isinstance(row, Rejected)]
    answers = answers_to_keep(page.answers, name, stay)
    later = prepared.count(None)
    with stay.store.write() as connection:
        kept = cases.keep(connection, kept_cases, run_id=stay.run_id, zone=stay.zone)
        fresh = results.save_rejected(connection, rejected, stay.run_id)
        gone: Sequence[str] = page.gone
        if page.complete is not None:
            gone = [*gone, *(sources.known_ids(connection, name, stay.run_id) - page.complete)]
        removed = sources.remove(connection, name, gone, run_id=stay.run_id, now=stay.now())
        sources.keep_answers(connection, answers, stay.run_id)
        sources.join_answers(connection, stay.run_id)
        if moves and not later:
            sources.read_until(connection, name, page.cursor, run_id=stay.run_id, now=stay.now())
        runs.heartbeat(connection, stay.run_id, now=stay.now())
    return Taken(
        read=len(prepared),
        new=kept.new,
        changed=kept.changed,
        unchanged=kept.unchanged,
        older=kept.older,
        undated=sum(case.facts.created_at is None for case in kept_cases),
        later=later,
        quarantined=len(rejected),
        newly_quarantined=fresh,
        removed=removed,
    )


def _own_ticket(answer: Answer) -> dict[str, object]:
    return {
        "id": f"survey-{answer.id}",
        "text": answer.comment,
        "created_at": answer.at or None,
        "channel": "form",
        "csat": answer.csat,
        "nps": answer.nps,
        "ces": answer.ces,
    }


def answers_to_keep(answers: Sequence[Answer], name: str, stay: Stay) -> list[sources.SurveyAnswer]:
    """Answers that belong to a ticket of a source, fit to be kept: their comments are prepared as texts of tickets are."""
    return [
        sources.SurveyAnswer(
            source=name,
            id=answer.id,
            ticket_id=answer.ticket_id,
            at=time_of(answer.at),
            csat=answer.csat,
            nps=answer.nps,
            ces=answer.ces,
            comment=_fit(answer, name, stay),
        )
        for answer in answers
        if answer.ticket_id
    ]


def _fit(answer: Answer, name: str, stay: Stay) -> str:
    if not answer.comment.strip():
        return ""
    said = Ticket(id=answer.id, source=name, text=answer.comment, people=answer.people)
    parts = stay.crew.parts
    return prepare(said, languages=parts.languages, redactor=parts.redactor).text
