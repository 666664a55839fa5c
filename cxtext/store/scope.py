"""Department scope: what somebody may see is a property of the connection, enforced on every statement that passes it.

A reader of some departments gets a connection on which each table stands for the rows that concern those departments.
Read functions need not know of it, and none can forget it: a table without a rule here cannot be read at all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, FromClause, Table
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.selectable import Alias

from cxtext.errors import StoreError
from cxtext.store import tables as t
from cxtext.store.live_tally import live_tally
from cxtext.store.tally_tables import tally

OPTION = "cxtext_scope"
Row = dict[str, Any]
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Cut:
    """What a topic is to some departments: their tickets in it (those of subtopics included), by department."""

    size: int = 0
    negative: int = 0
    mood: int = 0  # ten-thousandths
    departments: tuple[tuple[str, int], ...] = ()
    owned: bool = False  # most of the topic's tickets are theirs


@dataclass(frozen=True, slots=True)
class Scope:
    """Which departments, as seen at which run, and the topics that hold tickets of theirs."""

    departments: frozenset[str]
    run_id: int
    cuts: Mapping[str, Cut]


def within(connection: Connection, run_id: int, departments: frozenset[str]) -> Connection:
    """Confine a connection to departments; an empty set means all, and changes nothing.

    Everything that is read through it from now on is what concerns those departments at that run.
    """
    if departments:
        if not sa.event.contains(connection.engine, "before_execute", _before):
            sa.event.listen(connection.engine, "before_execute", _before, retval=True)
        connection.execution_options(**{OPTION: Scope(departments, run_id, _cuts(connection, run_id, departments))})
    return connection


def scope_of(connection: Connection) -> Scope | None:
    """The scope of a connection, None where it sees everything."""
    found: Scope | None = connection.get_execution_options().get(OPTION)
    return found


def _before(
    connection: Connection, statement: Any, multiparams: Any, params: Any, _options: Any
) -> tuple[Any, Any, Any]:
    scope = scope_of(connection)
    if scope is not None:
        statement = confined(statement, scope, connection.dialect.name)
    return statement, multiparams, params


def confined(statement: Any, scope: Scope, dialect: str) -> Any:
    """A statement in which every table is what the scope lets through.

    Raises:
        StoreError: it is no SELECT, or it reads a table that has no rule.
    """
    if not isinstance(statement, (sa.Select, sa.CompoundSelect)):
        raise StoreError("a connection confined to departments only reads, through SELECTs that name their tables")
    views: dict[str, FromClause] = {}

    def replace(element: Any, **_: Any) -> Any:
        if isinstance(element, ColumnClause) and (table := _guarded(element.table)) is not None:
            return _view(views, table, str(getattr(element.table, "name", "")), scope, dialect).c[element.key]
        if (table := _guarded(element)) is not None:
            return _view(views, table, str(element.name), scope, dialect)
        return None

    return visitors.replacement_traverse(statement, {}, replace)


def recut(row: Row, scope: Scope | None) -> Row:
    """A row of `topic` with the figures of the scope's own tickets; figures that cannot be cut are None or empty."""
    if scope is None:
        return row
    cut = scope.cuts.get(row["topic_id"], Cut())
    size = max(cut.size, 1)
    return row | {
        "size": cut.size,
        "sentiment": round(cut.mood / 10_000 / size, 4) if cut.size else None,
        "negative_share": round(cut.negative / size, 4) if cut.size else None,
        "departments": [[key, round(count / size, 4)] for key, count in cut.departments],
    }


def _guarded(element: Any) -> Table | None:
    if isinstance(element, Alias):
        element = element.element
    return t.metadata.tables.get(element.name) if isinstance(element, Table) else None


def _view(views: dict[str, FromClause], table: Table, name: str, scope: Scope, dialect: str) -> FromClause:
    if name not in views:
        rule = RULES.get(table.name)
        if rule is None:
            raise StoreError(f"table {table.name} has no rule for departments (cxtext/store/scope.py)")
        views[name] = rule(table, scope, dialect).subquery(name)
    return views[name]


def _everything(table: Table, _scope: Scope, _dialect: str) -> sa.Select[Any]:
    return sa.select(table)


def _nothing(table: Table, _scope: Scope, _dialect: str) -> sa.Select[Any]:
    return sa.select(table).where(sa.false())


def _own_readings(table: Table, scope: Scope, _dialect: str) -> sa.Select[Any]:
    return sa.select(table).where(t.seen_at(table, scope.run_id), table.c.department.in_(sorted(scope.departments)))


def _by_ticket(table: Table, scope: Scope, _dialect: str) -> sa.Select[Any]:
    mine = t.reading.alias("mine")
    seen = sa.and_(mine.c.from_run <= scope.run_id, sa.or_(mine.c.to_run.is_(None), mine.c.to_run > scope.run_id))
    own = sa.exists().where(mine.c.no == table.c.no, seen, mine.c.department.in_(sorted(scope.departments)))
    return sa.select(table).where(own)


def _answers(table: Table, scope: Scope, _dialect: str) -> sa.Select[Any]:
    """Answers to surveys about tickets of theirs."""
    ticket, mine = t.ticket.alias("asked"), t.reading.alias("mine")
    seen = sa.and_(mine.c.from_run <= scope.run_id, sa.or_(mine.c.to_run.is_(None), mine.c.to_run > scope.run_id))
    own = (
        sa.select(sa.literal(1))
        .select_from(ticket.join(mine, mine.c.no == ticket.c.no))
        .where(ticket.c.source == table.c.source, ticket.c.id == table.c.ticket_id, seen)
        .where(mine.c.department.in_(sorted(scope.departments)))
    )
    return sa.select(table).where(own.exists())


def _topics(table: Table, scope: Scope, _dialect: str) -> sa.Select[Any]:
    """Topics that hold own tickets, without the figures that count those of others; `recut` gives them their own."""
    hidden: dict[str, Any] = {
        "size": 0, "first_seen": None, "last_seen": None, "sentiment": None, "negative_share": None,
        "csat_impact": None, "departments": [], "causes": [],
    }  # fmt: skip
    columns = [
        sa.literal(hidden[column.name], column.type).label(column.name) if column.name in hidden else column
        for column in table.c
    ]
    return sa.select(*columns).where(table.c.id.in_(sorted(scope.cuts)))


def by_topic(column: str) -> "Rule":
    """Rows that name a topic: those of topics that hold own tickets."""

    def rule(table: Table, scope: Scope, _dialect: str) -> sa.Select[Any]:
        return sa.select(table).where(table.c[column].in_(sorted(scope.cuts)))

    return rule


def _runs(table: Table, _scope: Scope, _dialect: str) -> sa.Select[Any]:
    """When something ran, without how much."""
    hidden: dict[str, Any] = {"counts": {}, "note": ""}
    columns = [
        sa.literal(hidden[column.name], column.type).label(column.name) if column.name in hidden else column
        for column in table.c
    ]
    return sa.select(*columns)


def _own_metrics(table: Table, scope: Scope, _dialect: str) -> sa.Select[Any]:
    return sa.select(table).where(table.c.scope == "department", table.c.key.in_(sorted(scope.departments)))


def owned_topic(column: str, *, hidden: Mapping[str, Any] = NOTHING, where: Mapping[str, str] = NOTHING) -> "Rule":
    """Rows with figures of a whole topic: those of topics that are mostly their own; `hidden` columns are emptied."""

    def rule(table: Table, scope: Scope, _dialect: str) -> sa.Select[Any]:
        columns = [
            sa.literal(hidden[one.name], one.type).label(one.name) if one.name in hidden else one for one in table.c
        ]
        owned = sorted(topic_id for topic_id, cut in scope.cuts.items() if cut.owned)
        conditions = [table.c[name] == value for name, value in where.items()]
        return sa.select(*columns).where(table.c[column].in_(owned), *conditions)

    return rule


def _signals(table: Table, scope: Scope, _dialect: str) -> sa.Select[Any]:
    """Signals of their departments, and those of a whole topic that is mostly theirs; without examples of others."""
    columns = [sa.literal([], one.type).label(one.name) if one.name == "examples" else one for one in table.c]
    owned = sorted(topic_id for topic_id, cut in scope.cuts.items() if cut.owned)
    whole = sa.and_(table.c.dimension == "all", table.c.topic_id.in_(owned))
    return sa.select(*columns).where(sa.or_(_slice(table, scope), whole))


def _slices(table: Table, scope: Scope, _dialect: str) -> sa.Select[Any]:
    return sa.select(table).where(_slice(table, scope))


def _slice(table: Table, scope: Scope) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.dimension == "department", table.c.value.in_(sorted(scope.departments)))


def _fix_checks(table: Table, scope: Scope, _dialect: str) -> sa.Select[Any]:
    fix = t.metadata.tables["fix"]
    owned = sorted(topic_id for topic_id, cut in scope.cuts.items() if cut.owned)
    return sa.select(table).where(table.c.fix_id.in_(sa.select(fix.c.id).where(fix.c.topic_id.in_(owned))))


def _tally(_table: Table, scope: Scope, dialect: str) -> Any:
    return live_tally(scope.run_id, scope.departments, dialect)


Rule = Callable[[Table, Scope, str], Any]
RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("published", "cause", "department"), _everything),
    **dict.fromkeys(
        ("ticket", "version", "assignment", "ledger", "correction", "search_entry", "ticket_check"), _by_ticket
    ),
    **dict.fromkeys(("quarantine", "memory", "request", "driver"), _nothing),
    **dict.fromkeys(("account", "api_key", "session", "login_attempt", "audit", "outbox", "alert_mute"), _nothing),
    "run": _runs,
    "reading": _own_readings,
    "topic": _topics,
    "topic_place": by_topic("id"),
    "act": by_topic("topic_id"),
    "tally": _tally,
    "metric": _own_metrics,
    "signal": _signals,
    **dict.fromkeys(("day_tally", "expectation"), _slices),
    **dict.fromkeys(("arrival", "watermark", "erasure", "erased_ticket"), _nothing),
    "survey_answer": _answers,
    "defect": owned_topic("issue", hidden={"quotes": [], "words": []}, where={"kind": "topic"}),
    "fix": owned_topic("topic_id"),
    "voice": owned_topic("topic_id", hidden={"quotes": [], "answer_from": None}),
    "fix_check": _fix_checks,
}


def _cuts(connection: Connection, run_id: int, departments: Iterable[str]) -> dict[str, Cut]:
    """What every topic holds of these departments; parents hold what is below them."""
    query = (
        sa.select(tally.c.topic_id, tally.c.value, tally.c.count, tally.c.negative, tally.c.mood)
        .where(tally.c.facet == "department", tally.c.topic_id != "", t.seen_at(tally, run_id))
        .order_by(tally.c.topic_id, tally.c.value)
    )
    tree = sa.select(t.topic.c.id, t.topic.c.parent_id).where(t.seen_at(t.topic, run_id))
    above = {row.id: row.parent_id for row in connection.execute(tree)}
    sums: dict[str, dict[str, list[int]]] = {}
    for topic_id, value, count, negative, mood in connection.execute(query):
        place: str | None = topic_id
        for _ in range(100):
            if place is None:
                break
            kept = sums.setdefault(place, {}).setdefault(value, [0, 0, 0])
            for index, one in enumerate((count, negative, mood)):
                kept[index] += one
            place = above.get(place)
    cuts = {topic_id: _cut(by_department, frozenset(departments)) for topic_id, by_department in sums.items()}
    return {topic_id: cut for topic_id, cut in cuts.items() if cut.size}


def _cut(by_department: Mapping[str, list[int]], departments: frozenset[str]) -> Cut:
    own = {key: values for key, values in by_department.items() if key in departments}
    size, negative, mood = (sum(values[place] for values in own.values()) for place in range(3))
    largest = sorted(((key, values[0]) for key, values in own.items()), key=lambda pair: (-pair[1], pair[0]))
    total = sum(values[0] for values in by_department.values())
    return Cut(size, negative, mood, tuple(largest), owned=2 * size > total)
