"""A file with answers to surveys: CSAT, NPS, CES and comments, with the ids of the tickets that they are about, or without."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cxtext.connectors.columns import Recognised, key_of, recognise
from cxtext.connectors.page import Answer
from cxtext.connectors.rows import Plan, Reading
from cxtext.connectors.source import open_table, plan_of, samples_of
from cxtext.connectors.table import Broken, Line, Table
from cxtext.domain import Rejected, Ticket
from cxtext.errors import SourceError

TICKET = tuple(map(key_of, (
    "ticket id", "ticket", "ticketnummer", "ticket number", "ticket nr", "ticket no", "case id", "case number", "fallnummer", "fall id",
    "vorgangsnummer", "vorgang", "issue key", "request id", "anfragenummer", "conversation id",
)))  # fmt: skip
ANSWER = tuple(
    map(key_of, ("answer id", "response id", "survey id", "antwort id", "antwortnummer", "umfrage id", "id"))
)
SCALES = ("csat", "nps", "ces", "stars")
COMMENT = "\0comment"  # a column of our own: an answer without a comment is one all the same
NOTHING = "(no comment)"  # a dash would count as an empty cell


@dataclass(frozen=True, slots=True)
class Survey:
    """A file of answers that is understood."""

    name: str
    description: str  # which column is what
    _plan: Plan
    _table: Table
    _ticket: str | None
    _comment: str | None

    def answers(self) -> Iterator[Answer | Ticket | Rejected]:
        """Every row: an answer that belongs to a ticket, a ticket of its own where somebody only wrote, or rejected."""
        for line, row in zip(self._table.lines(), Reading(self._plan).read(self._lines()), strict=True):
            about = self._about(line)
            if isinstance(row, Rejected):
                yield row
            elif about:
                yield _answer(row, about)
            elif row.text != NOTHING:
                yield replace(
                    row, id=f"survey-{row.id}", facts=replace(row.facts, channel="form", csat=_satisfaction(row))
                )
            else:
                yield Rejected(
                    source=self.name,
                    line=row.line,
                    reason="an answer without a ticket and without a comment says nothing to read",
                )

    def _lines(self) -> Iterator[Line | Broken]:
        for line in self._table.lines():
            if isinstance(line, Broken):
                yield line
                continue
            said = line.cells[self._table.columns.index(self._comment)] if self._comment else None
            yield Line(line.number, [*line.cells, said if said not in (None, "") else NOTHING], line.more)

    def _about(self, line: Line | Broken) -> str:
        if isinstance(line, Broken) or self._ticket is None:
            return ""
        cell = line.cells[self._table.columns.index(self._ticket)]
        return "" if cell is None else str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def open_survey(path: str, *, timezone: str) -> Survey:
    """Look at a file of answers and decide how it is read.

    Raises:
        SourceError: it cannot be read, or holds neither a scale nor a comment.
        ConfigurationError: the time zone is unknown.
    """
    content, table = open_table(path, {})
    samples = samples_of(table)
    found = recognise(table.columns, {}, samples)
    about = _named(table.columns, TICKET)
    comment = found.mapping.get("text") or found.mapping.get("body")
    own = next((name for name in _all_named(table.columns, ANSWER) if name != about), None)
    scales = {field: column for field, column in found.mapping.items() if field in SCALES and column != about}
    if not scales and comment is None:
        listed = ", ".join(table.columns[:30])
        raise SourceError(
            f"{content.name}: no answer to a survey is known in it. Columns: {listed}. Call them ticket_id, csat, nps, ces, comment, created_at"
        )
    kept = {
        field: column
        for field, column in found.mapping.items()
        if field not in ("id", "text", "body", "subject", "source") and column not in (about, own, comment)
    }
    chosen = Recognised(kept | ({"id": own} if own else {}), found.people, found.constants)
    plan, _ = plan_of(content.name, table, chosen, samples, timezone, {})
    plan = replace(
        plan,
        columns=(*table.columns, COMMENT),
        mapping={**plan.mapping, "text": COMMENT},
        source="survey",
        fixed_source=True,
    )
    shown: Mapping[str, str | None] = {"ticket": about, "comment": comment, "id": own, **kept}
    words = ", ".join(f"{field} ← {column}" for field, column in shown.items() if column)
    return Survey(content.name, f"{content.name}: {table.kind}; {words}", plan, table, about, comment)


def _answer(row: Ticket, about: str) -> Answer:
    facts = row.facts
    said = "" if row.text == NOTHING else row.text
    at = facts.created_at.isoformat() if facts.created_at else ""
    return Answer(
        id=f"{about}-{row.id}",
        ticket_id=about,
        at=at,
        csat=_satisfaction(row),
        nps=facts.nps,
        ces=facts.ces,
        comment=said,
        people=row.people,
    )


def _satisfaction(row: Ticket) -> float | None:
    return row.facts.stars if row.facts.csat is None else row.facts.csat


def _named(columns: Sequence[str], keys: Sequence[str]) -> str | None:
    return next(iter(_all_named(columns, keys)), None)


def _all_named(columns: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Columns with one of these names, the best name first."""
    return [column for key in keys for column in columns if key_of(column) == key]
