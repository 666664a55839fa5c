"""All tickets as columns of numbers, read in one pass: what metrics and drivers are computed from."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from cxtext.metrics.columns import NO_DAY, Columns, Floats, Integers, dimension_codes
from cxtext.store import tables as t

PAGE = 20_000  # rows turned into numbers at a time: bounds the memory
SECONDS_A_DAY = 86_400
EPOCH = date(1970, 1, 1).toordinal()
DONE = frozenset({
    "closed", "solved", "resolved", "done", "completed", "fixed",
    "geschlossen", "gelöst", "erledigt", "abgeschlossen", "beendet", "behoben",
})  # fmt: skip  # words of help desks for "no more work", in lower case

SCOPES = ("topic", "cause", "department", "product", "channel", "language", "version")
NUMBERS = ("created", "resolved", "answered", "reopened", "churned", "csat", "nps", "ces", "cost", "sentiment")


def read_columns(connection: Connection, run_id: int, zone: tzinfo = UTC) -> Columns:
    """Read every ticket as seen at a run; days of solution are those of `zone`. Costs about 10 CPU-seconds and 0.5 GB per million tickets."""
    names = [_Names() for _ in SCOPES]
    customers, statuses, intents = _Names(), _Names(), _Names()
    labels = _Names()
    pages: list[list[Any]] = []
    result = connection.execute(_query(run_id), execution_options={"yield_per": PAGE})
    for rows in result.partitions():
        parts = list(zip(*rows, strict=True))
        texts, numbers = parts[: len(SCOPES) + 4], parts[len(SCOPES) + 4 :]
        encoders = (*names, customers, statuses, intents, labels)
        coded = [encoder.codes(column) for encoder, column in zip(encoders, texts, strict=True)]
        pages.append(coded + [_numbers(column) for column in numbers])
    count = len(SCOPES) + 4 + 1 + len(NUMBERS)
    columns = [_joined(pages, place) for place in range(count)] if pages else []
    if not columns:
        columns = [np.zeros(0, dtype=np.int64)] * (len(SCOPES) + 4) + [np.zeros(0)] * (1 + len(NUMBERS))
    codes = {scope: columns[place] for place, scope in enumerate(SCOPES)}
    keys = {scope: names[place].known for place, scope in enumerate(SCOPES)}
    customer, status, intent, label, day, *rest = columns[len(SCOPES) :]
    dimensions = read_dimensions(connection, run_id)
    values = dict(zip(NUMBERS, rest, strict=True))
    return Columns(
        keys=keys,
        codes=codes,
        customer=_everybody(customer, len(customers.known)),
        negative=(label == labels.code("negative")).astype(np.float64),
        complaint=_complaints(codes["cause"], intent == intents.code("complaint"), keys["cause"], dimensions),
        **_states(values, day, status, statuses.known, zone),
        **{name: values[name] for name in ("reopened", "churned", "csat", "nps", "ces", "cost", "sentiment")},
    )


def read_dimensions(connection: Connection, run_id: int) -> dict[str, str]:
    """Read the RATER dimension of every cause of the taxonomy as it was."""
    query = sa.select(t.cause.c.key, t.cause.c.dimension).where(t.seen_at(t.cause, run_id)).order_by(t.cause.c.key)
    return {row.key: row.dimension for row in connection.execute(query)}


def changed_since(connection: Connection, before: int, run_id: int) -> date | None:
    """Read the earliest day of a ticket whose facts, reading or topic differ between two runs; None: no dated one."""
    days = []
    for table in (t.version, t.reading, t.assignment):
        query = sa.select(sa.func.min(t.version.c.day)).where(_between(table, before, run_id))
        if table is not t.version:
            query = query.join_from(table, t.version, t.version.c.no == table.c.no)
        days.append(connection.scalar(query))
    return min((day for day in days if day is not None), default=None)


def _between(table: sa.Table, before: int, run_id: int) -> sa.ColumnElement[bool]:
    opened = sa.and_(table.c.from_run > before, table.c.from_run <= run_id)
    return sa.or_(opened, sa.and_(table.c.to_run > before, table.c.to_run <= run_id))


def _joined(pages: list[list[Any]], place: int) -> Any:
    """One column of all pages, which are let go at once: never is everything there twice."""
    whole = np.concatenate([page[place] for page in pages])
    for page in pages:
        page[place] = None
    return whole


class _Names(dict[str | None, int]):
    """Gives each value a number, in the order they are met; -1 where there is none.

    A dictionary that fills itself: nine million values a million tickets are looked up without a line of Python.
    """

    def __init__(self) -> None:
        super().__init__({None: -1})

    def __missing__(self, value: str) -> int:
        number = self[value] = len(self) - 1
        return number

    @property
    def known(self) -> tuple[str, ...]:
        """The values by number."""
        return tuple(value for value in self if value is not None)

    def codes(self, column: Sequence[str | None]) -> Integers:
        return np.fromiter(map(self.__getitem__, column), np.int64, len(column))

    def code(self, value: str) -> int:
        return self.get(value, -2)  # that none of the codes is


def _query(run_id: int) -> Select[Any]:
    version, reading, assignment = t.version.c, t.reading.c, t.assignment.c
    released = sa.case((version.version.is_not(None), sa.func.coalesce(version.product + " ", "") + version.version))
    texts = (assignment.topic_id, reading.cause, reading.department, version.product, version.channel)
    said = (version.language, released, version.customer_id, version.status, reading.intent, reading.sentiment_label)
    moments = (version.day, version.created_at, version.resolved_at, version.first_response_at)
    numbers = (version.reopened, sa.cast(version.churned, sa.Integer), version.csat, version.nps, version.ces)
    return (
        sa.select(*texts, *said, *(sa.extract("epoch", moment) for moment in moments), *numbers)
        .add_columns(version.cost, reading.sentiment)
        .select_from(t.version)
        .outerjoin(t.reading, sa.and_(reading.no == version.no, t.seen_at(t.reading, run_id)))
        .outerjoin(t.assignment, sa.and_(assignment.no == version.no, t.seen_at(t.assignment, run_id)))
        .where(t.seen_at(t.version, run_id))
        .order_by(version.no)
    )


def _numbers(column: Sequence[Any]) -> Floats:
    return np.array(column, dtype=np.float64)  # None becomes NaN


def _everybody(codes: Integers, known: int) -> Integers:
    """Customers without a name are one each: nobody can tell them apart or together."""
    nameless = codes < 0
    codes = codes.copy()
    codes[nameless] = known + np.arange(int(nameless.sum()))
    return codes


def _complaints(
    causes: Integers,
    complaining: np.ndarray[Any, np.dtype[np.bool_]],
    keys: tuple[str, ...],
    dimensions: dict[str, str],
) -> Integers:
    found = np.full(len(causes), -1, dtype=np.int64)
    chosen = complaining & (causes >= 0)
    if keys:
        found[chosen] = dimension_codes(dimensions, keys)[causes[chosen]]
    return found


def _states(
    values: dict[str, Floats], day: Floats, status: Integers, statuses: Iterable[str], zone: tzinfo
) -> dict[str, Any]:
    """Days and hours. A ticket is tracked once its source names a state or a moment of its handling."""
    moments = (np.floor(values[name]) for name in ("created", "resolved", "answered"))  # SQLite knows whole seconds
    created, resolved, answered = moments
    closing = np.array([name.strip().lower() in DONE for name in statuses], dtype=bool)
    closed = np.zeros(len(status), dtype=bool)
    closed[status >= 0] = closing[status[status >= 0]] if len(closing) else False
    done = ~np.isnan(resolved) | closed
    with np.errstate(invalid="ignore"):
        resolution, response = (resolved - created) / 3600, (answered - created) / 3600
        return {
            "day": _ordinals(day),
            "resolved_day": _ordinals(_local(resolved, zone)),
            "resolved": done,
            "tracked": done | (status >= 0) | ~np.isnan(answered),
            "resolution": np.where(resolution >= 0, resolution, np.nan),
            "first_response": np.where(response >= 0, response, np.nan),
        }


def _local(seconds: Floats, zone: tzinfo) -> Floats:
    """Seconds as a clock of the zone would count them, by the offset of each day's noon."""
    days, place = np.unique(np.nan_to_num(seconds) // SECONDS_A_DAY, return_inverse=True)
    noons = (datetime.fromtimestamp(day * SECONDS_A_DAY + SECONDS_A_DAY / 2, zone) for day in days.tolist())
    offsets = np.array([moment.utcoffset().total_seconds() for moment in noons])  # type: ignore[union-attr]  # aware
    shifted: Floats = seconds + offsets[place] if len(days) else seconds
    return shifted


def _ordinals(seconds: Floats) -> Integers:
    known = ~np.isnan(seconds)
    out = np.full(len(seconds), NO_DAY, dtype=np.int64)
    out[known] = (seconds[known] // SECONDS_A_DAY).astype(np.int64) + EPOCH
    return out
