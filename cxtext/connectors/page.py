"""What an online source hands over: one page of rows at a time, with the place to go on from after it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cxtext.connectors.account import Account
from cxtext.connectors.http import Http
from cxtext.domain import Rejected, Ticket

Cursor = Mapping[str, Any]  # plain JSON; {} asks for everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to a survey that came apart from its ticket. `ticket_id` is empty where it belongs to none."""

    id: str
    ticket_id: str = ""
    at: str = ""  # ISO 8601
    csat: float | None = None  # 1-5
    nps: int | None = None  # 0-10
    ces: float | None = None  # 1-7
    comment: str = ""
    people: tuple[str, ...] = ()  # names that the source tells beside the comment: redacted wherever they occur in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows with the names of ticket fields, ids that are gone at the source, and the cursor after this page.

    `complete` are all ids that the source still has, where it cannot say which are gone: every other one is.

    Whoever stores a page stores its cursor in the same transaction: a job that is killed goes on behind the last page
    that it kept, and no ticket is lost or doubled.
    """

    cursor: Cursor
    rows: tuple[Mapping[str, object] | Ticket | Rejected, ...] = ()
    gone: tuple[str, ...] = ()
    complete: frozenset[str] | None = None
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One reading of an online source: whose, from where on, by which line, at what time."""

    account: Account
    http: Http
    now: Callable[[], datetime]
    cursor: Cursor = field(default_factory=dict)
    timezone: str = "Europe/Berlin"  # of dates that name none


Pages = Callable[[Visit], Iterator[Page]]
Check = Callable[[Visit], str]  # one cheap request; says in words what it saw
