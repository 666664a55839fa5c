"""What every page starts from: one moment of the store, a reader with a language, and an address that keeps its state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from api.accounts.principal import Who
from api.dashboard.render import page
from api.dashboard.words import Speech, speech_for
from api.days import Day
from api.deps import Now
from cxtext.store import read_tally, read_topics, runs
from cxtext.store.accounts import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Who looks, at which night, in which language.

    Attributes:
        run_id: the run whose results are shown.
        as_of: the night that the reader asked for; None: the newest.
        run: what is known of that run; None before the first.
        first, last: first and last day with a ticket; None where no ticket has a date.
    """

    request: Request
    connection: Connection
    run_id: int
    as_of: date | None
    run: runs.Run | None
    who: Principal
    speech: Speech
    first: date | None
    last: date | None

    @property
    def may_act(self) -> bool:
        """People change what is, never what was; a part of the departments sees, but does not change the topics of all."""
        return self.as_of is None and self.who.may("editor") and not self.who.departments

    def link(self, path: str, **query: object) -> str:
        """An address on these pages that stays in the same night."""
        kept = {name: str(value) for name, value in query.items() if value not in (None, "")}
        if self.as_of is not None:
            kept["as_of"] = self.as_of.isoformat()
        return quote(path, safe="/:") + (f"?{urlencode(kept)}" if kept else "")

    def here(self, **changes: object) -> str:
        """This page with some parameters changed; None takes one away."""
        kept = {
            name: value for name, value in self.request.query_params.items() if name not in ("lang", "theme", "done")
        }
        kept |= {name: str(value) for name, value in changes.items() if value is not None}
        kept = {name: value for name, value in kept.items() if not (name in changes and changes[name] is None)}
        return f"?{urlencode(kept)}" if kept else self.request.url.path

    def show(self, template: str, facts: Mapping[str, Any]) -> HTMLResponse:
        """The page, filled in."""
        return page(self.request, template, {"view": self, **facts})


def view(
    request: Request,
    now: Now,
    who: Who,
    as_of: Annotated[Day | None, Query()] = None,
    _lang: Annotated[str | None, Query(alias="lang", max_length=5)] = None,
    _theme: Annotated[str | None, Query(alias="theme", max_length=5)] = None,
    _done: Annotated[int | None, Query(alias="done", ge=0)] = None,
) -> View:
    """Read everything for one page from the same state: the newest one, or that of an old evening (`as_of`)."""
    run_id = now.run_id if as_of is None else runs.at(now.connection, as_of)
    days = read_tally.span(now.connection, run_id)
    return View(
        request=request, connection=now.connection, run_id=run_id, as_of=as_of, who=who, speech=speech_for(request),
        run=runs.get(now.connection, run_id) if run_id else None,
        first=days[0] if days else None, last=days[1] if days else None,
    )  # fmt: skip


Seen = Annotated[View, Depends(view)]


@dataclass(frozen=True, slots=True)
class Names:
    """The words for causes and departments in the reader's language, and the rater dimension of each cause."""

    causes: Mapping[str, str]
    departments: Mapping[str, str]
    dimensions: Mapping[str, str]
    owners: Mapping[str, str]  # of causes

    speech: Speech

    def of(self, facet: str, value: str) -> str:
        """The name of a value; the value itself where it has none."""
        if facet in ("language", "channel"):
            return self.speech.word(facet, value)
        known = {"cause": self.causes, "department": self.departments}.get(facet, {})
        return known.get(value, value)


def names(seen: View) -> Names:
    """The names as they were that night."""
    causes = read_topics.causes(seen.connection, seen.run_id)
    departments = read_topics.departments(seen.connection, seen.run_id)
    return Names(
        causes={row["key"]: seen.speech.title(row["titles"], row["key"]) for row in causes},
        departments={row["key"]: seen.speech.title(row["titles"], row["key"]) for row in departments},
        dimensions={row["key"]: row["dimension"] for row in causes},
        owners={row["key"]: row["department"] for row in causes},
        speech=seen.speech,
    )
