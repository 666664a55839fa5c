"""Look into the store for a report: the run, its period, and the names of departments, causes and topics then."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from cxtext.reports.document import Number, Quote
from cxtext.reports.speech import Speech
from cxtext.store import read_tickets, read_topics, read_trends, runs
from cxtext.store.read_trends import Tally, TrendDay
from cxtext.store.scope import scope_of

WEEK, MONTH = 7, 28  # days
QUOTE = 320  # characters of a quote


@dataclass(frozen=True)
class Look:
    """One run as one report sees it."""

    connection: Connection
    run_id: int
    say: Speech

    @cached_property
    def run(self) -> runs.Run:
        """The run."""
        return runs.get(self.connection, self.run_id)

    @cached_property
    def totals(self) -> dict[str, Any]:
        """Tickets, first and last day."""
        return read_tickets.totals(self.connection, self.run_id)

    @cached_property
    def end(self) -> date:
        """Last day that the report speaks of: that of the newest ticket, never later than the run's."""
        last = self.totals["last_day"]
        day = self.run.as_of or self.run.started_at.date()
        return min(last, day) if last else day

    @cached_property
    def departments(self) -> tuple[str, ...]:
        """The departments that the reader is confined to; empty: all."""
        scope = scope_of(self.connection)
        return () if scope is None else tuple(sorted(scope.departments))

    def sums(self, days: tuple[date, date], topic: str | None = None) -> Tally | None:
        """Sums of all tickets of a topic (None: of all), or of those that the reader may see."""
        dimension = "department" if self.departments else "all"
        found = read_trends.by_dimension(
            self.connection, self.run_id, dimension, topic_id=topic, since=days[0], until=days[1]
        )
        if len(found) < 2:
            return found[0] if found else None
        tickets, negative = sum(one.tickets for one in found), sum(one.negative for one in found)
        return replace(found[0], key="", tickets=tickets, negative=negative)

    def course(
        self, days: tuple[date, date], topic: str | None, *, department: str | None, product: str | None
    ) -> list[TrendDay]:
        """The days of a period; for a reader of some departments those departments together, without expectation."""
        since, until = days
        if department is not None or len(self.departments) == 1:
            chosen = department or self.departments[0]
            return read_trends.trend(self.connection, self.run_id, topic, since=since, until=until, department=chosen)
        if not self.departments:
            return read_trends.trend(self.connection, self.run_id, topic, since=since, until=until, product=product)
        parts = [
            read_trends.trend(self.connection, self.run_id, topic, since=since, until=until, department=name)
            for name in self.departments
        ]
        return [
            replace(same[0], count=sum(day.count for day in same), expected=None, lower=None, upper=None)
            for same in zip(*parts, strict=True)
        ]

    @property
    def week(self) -> tuple[date, date]:
        """The seven days up to the last one."""
        return self.end - timedelta(WEEK - 1), self.end

    @property
    def week_before(self) -> tuple[date, date]:
        """The seven days before those."""
        return self.end - timedelta(2 * WEEK - 1), self.end - timedelta(WEEK)

    @property
    def month(self) -> tuple[date, date]:
        """The 28 days up to the last one."""
        return self.end - timedelta(MONTH - 1), self.end

    @cached_property
    def topics(self) -> dict[str, dict[str, Any]]:
        """All topics by id."""
        return {row["topic_id"]: row for row in read_topics.topics(self.connection, self.run_id)}

    @cached_property
    def _titles(self) -> dict[str, dict[str, str]]:
        rows = read_topics.departments(self.connection, self.run_id) + read_topics.causes(self.connection, self.run_id)
        return {row["key"]: row["titles"] for row in rows}

    def title(self, key: str | None) -> str:
        """A department or cause as people call it; its key where it has no name."""
        if not key:
            return self.say("unknown")
        titles = self._titles.get(key, {})
        return str(titles.get(self.say.language) or titles.get("en") or key)

    def label(self, topic_id: str | None) -> str:
        """A topic as it was called then."""
        if topic_id is None:
            return self.say("all_tickets")
        row = self.topics.get(topic_id)
        return str(row["label"]) if row else topic_id

    def owner(self, topic_id: str) -> str | None:
        """Key of the department that most tickets of a topic belong to."""
        row = self.topics.get(topic_id)
        return str(row["departments"][0][0]) if row and row["departments"] else None

    def mood(self, value: float | None, n: int) -> Number:
        """A mean sentiment."""
        if value is None or n < 5:
            return Number(self.say("thin", n=n), n=n, thin=True)
        return Number(self.say.number(value, 2, sign=True), value, n=n)

    def period(self, days: tuple[date, date]) -> str:
        """A period in words."""
        first, last = days
        return f"{self.say.day(first, year=first.year != last.year)} – {self.say.day(last)}"

    def quotes(self, keys: list[str], most: int) -> tuple[Quote, ...]:
        """The texts of tickets, each text once, in the order given."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, Quote] = {}
        for key, row in read_tickets.texts(self.connection, self.run_id, wanted).items():
            text = " ".join(row["text"].split())
            short = text if len(text) <= QUOTE else text[:QUOTE].rsplit(" ", 1)[0].rstrip(",;:") + " …"
            found.setdefault(short.casefold(), Quote(short, key, row["day"]))
        return tuple(found.values())[:most]
