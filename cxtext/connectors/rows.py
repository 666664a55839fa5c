"""Turns one line of cells into a ticket, or says in words why it cannot."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, ValidationInfo
from typing_extensions import TypedDict

from cxtext.connectors import values
from cxtext.connectors.columns import fields_of
from cxtext.connectors.dates import Reader
from cxtext.connectors.people import names_of
from cxtext.connectors.table import Broken, Line
from cxtext.domain import Facts, Rejected, Scalar, Ticket

MOST_TEXT = 200_000  # characters of one text
MOST_RAW = 2_000  # characters of `Rejected.raw`
MOST_EXTRA = 2_000  # characters of one cell kept as extra; longer ones are cut
_PERSONS = frozenset({"assignee"})
_FACTS = frozenset(Facts.__dataclass_fields__)


@dataclass(frozen=True)
class Plan:
    """How the lines of one table are read: which column is which field, and what was decided about its values."""

    name: str  # of the file, for messages
    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    people: tuple[str, ...]
    dates: Mapping[str, Reader]
    default_date: Reader
    source: str = "file"
    fixed_source: bool = False  # the caller named the source: a column does not count
    csat_max: float | None = None
    decimal: str = "."
    off: frozenset[str] = frozenset()


def _date(value: object, info: ValidationInfo[Any]) -> datetime:
    plan: Plan = info.context
    return plan.dates.get(info.field_name or "", plan.default_date).read(value)


def _cost(value: object, info: ValidationInfo[Any]) -> float:
    return values.number(value, decimal=info.context.decimal)


# The limits stand before the validators so that pydantic checks them without a call back into Python.
Word = Annotated[str, Field(max_length=500), BeforeValidator(values.plain)]
Text = Annotated[str, BeforeValidator(values.plain)]
Moment = Annotated[datetime, BeforeValidator(_date)]
Scored = BeforeValidator(values.score)


class Cells(TypedDict, total=False):
    """The cells of one row that say something, and the types they must have."""

    id: Word
    source: Word
    text: Text
    subject: Text
    body: Text
    created_at: Moment
    updated_at: Moment
    language: Annotated[str, Field(max_length=35), BeforeValidator(lambda value: values.plain(value).casefold())]
    channel: Annotated[str, Field(max_length=100), BeforeValidator(values.channel)]
    product: Word
    version: Word
    customer_id: Word
    department: Word
    category: Word
    tags: Annotated[tuple[str, ...], Field(max_length=500), BeforeValidator(values.tags)]
    priority: Word
    status: Word
    assignee: Word
    first_response_at: Moment
    resolved_at: Moment
    reopened: Annotated[int, Field(ge=0, le=10_000), BeforeValidator(values.whole)]
    csat: Annotated[float | None, BeforeValidator(values.satisfaction)]
    csat_max: Annotated[float, Field(gt=0), Scored]
    nps: Annotated[int, Field(ge=0, le=10), BeforeValidator(values.whole)]
    ces: Annotated[float, Field(ge=1, le=7), Scored]
    stars: Annotated[float, Field(ge=1, le=5), Scored]
    churned: Annotated[bool, BeforeValidator(values.yes)]
    cost: Annotated[float, BeforeValidator(_cost)]


_CELLS: TypeAdapter[Cells] = TypeAdapter(Cells)


@dataclass
class Reading:
    """One pass over a table. It remembers content without ids (about 100 bytes a row) so that equal rows stay apart."""

    plan: Plan
    seen: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        position = {name: at for at, name in enumerate(self.plan.columns)}
        self._fields = [(name, position[column]) for name, column in self.plan.mapping.items() if column in position]
        self._people = [position[name] for name in self.plan.people if name in position]
        used = {at for _, at in self._fields} | set(self._people)
        self._rest = [(at, name) for at, name in enumerate(self.plan.columns) if at not in used]

    def read(self, lines: Iterator[Line | Broken]) -> Iterator[Ticket | Rejected]:
        """One ticket or one rejected row for each line, in order."""
        for line in lines:
            if isinstance(line, Broken):
                yield Rejected(source=self.plan.name, line=line.number, reason=line.reason, raw=_short(line.raw))
            else:
                yield self._one(line)

    def _one(self, line: Line) -> Ticket | Rejected:
        cells = line.cells
        raw = {name: cells[at] for name, at in self._fields if not values.is_absent(cells[at])}
        people = [cells[at] for at in self._people]
        extra: dict[str, Scalar] = {}
        for at, name in self._rest:
            if (value := cells[at]) is not None and value != "":
                extra[name] = _scalar(value)
        for name, value in line.more.items():
            self._late(name, value, raw, people, extra)
        try:
            known: dict[str, Any] = dict(_CELLS.validate_python(raw, context=self.plan))
            return self._ticket(line, known, people, extra)
        except ValidationError as error:
            return self._rejected(line, self._why(error, raw))
        except ValueError as error:
            return self._rejected(line, str(error))

    def _late(
        self, name: str, value: object, raw: dict[str, object], people: list[object], extra: dict[str, Scalar]
    ) -> None:
        """A column that the first rows did not have, as in JSON where empty fields are left out."""
        if values.is_absent(value):
            return
        for known in sorted(fields_of(name), key=fields_of(name).__getitem__):
            if known == "people" and known not in self.plan.off:
                people.append(value)
                return
            if known not in self.plan.mapping and known not in raw and known not in self.plan.off:
                raw[known] = value
                return
        extra[name] = _scalar(value)

    def _ticket(self, line: Line, known: dict[str, Any], people: list[object], extra: dict[str, Scalar]) -> Ticket:
        text = _text(known.pop("subject", ""), known.pop("text", ""), known.pop("body", ""))
        if not text:
            raise ValueError("no text")
        if len(text) > MOST_TEXT:
            raise ValueError(f"the text is {len(text):,} characters long; at most {MOST_TEXT:,} are read")
        given_id = known.pop("id", "")
        given_source = known.pop("source", "").replace(":", "-")
        source = self.plan.source if self.plan.fixed_source or not given_source else given_source
        _scale(known, self.plan.csat_max)
        for name in ("department", "category"):
            if name in known:
                known[f"given_{name}"] = known.pop(name)
        names = names_of([*people, known.get("assignee")], known.get("customer_id", ""))
        facts = Facts(extra=MappingProxyType(extra), **known)
        return Ticket(
            id=given_id or self._made_id(text, facts.created_at),
            text=text,
            source=source,
            facts=facts,
            people=names,
            line=line.number,
        )

    def _made_id(self, text: str, moment: datetime | None) -> str:
        content = f"{text}\0{moment.isoformat() if moment else ''}".encode("utf-8", "replace")
        digest = hashlib.sha256(content).hexdigest()[:16]
        key = int(digest, 16)
        count = self.seen[key] = self.seen.get(key, 0) + 1
        return digest if count == 1 else f"{digest}-{count}"

    def _why(self, error: ValidationError, raw: Mapping[str, object]) -> str:
        problem = error.errors(include_url=False)[0]
        name = str(problem["loc"][0])
        column = self.plan.mapping.get(name, name)
        shown = values.plain(raw.get(name, ""))[:60]
        expected = str(problem.get("ctx", {}).get("error", "")) or _limit(
            problem["type"], problem.get("ctx", {}), problem["msg"]
        )
        return f"{name} (column {column!r}): {shown!r} is not {expected}"

    def _rejected(self, line: Line, reason: str) -> Rejected:
        known = {at for name, at in self._fields if name in _PERSONS} | set(self._people)
        cells = [line.cells[at] for at in sorted(known) if at < len(line.cells)]
        others = (
            (name, cell)
            for at, (name, cell) in enumerate(zip(self.plan.columns, line.cells, strict=False))
            if at not in known
        )
        pairs = [*others, *line.more.items()]
        raw = "; ".join(f"{name}: {str(value)[:MOST_RAW]}" for name, value in pairs[:200] if value not in (None, ""))
        hide = _hiding(names_of(cells, ""))
        return Rejected(source=self.plan.name, line=line.number, reason=hide(reason), raw=hide(_short(raw)))


def _hiding(names: Sequence[str]) -> Callable[[str], str]:
    """Takes the people that columns name out of a row that becomes no ticket: redaction will not hear of them."""
    words = {word for name in names for word in [name, *re.findall(r"[^\W\d_]{3,}", name)]}
    if not words:
        return str
    longest = sorted(words, key=lambda word: (-len(word), word))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub("<NAME>", text)


def _text(subject: str, text: str, body: str) -> str:
    """`text` says everything where there is a body too; else the subject stands above it unless it is repeated there."""
    if text and body:
        return text
    main = text or body
    if not subject or main.startswith(subject):
        return main
    return f"{subject}\n\n{main}" if main else subject


def _scale(known: dict[str, Any], constant: float | None) -> None:
    most = known.pop("csat_max", None) or constant
    value = known.get("csat")
    if value is None:
        return
    if most is not None and most != 5:
        if not 0 <= value <= most:
            raise ValueError(f"csat: {value:g} is not between 0 and its maximum {most:g}")
        known["csat"] = round(1 + 4 * value / most, 6)
    elif not 1 <= value <= 5:
        raise ValueError(f"csat: {value:g} is not between 1 and 5; for another scale: --map csat_max=100")


def _limit(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind == "too_long":
        return f"at most {context['max_length']} of them"
    if kind == "string_too_long":
        return f"at most {context['max_length']} characters long"
    if kind == "greater_than_equal":
        return f"{context['ge']:g} or more"
    if kind == "less_than_equal":
        return f"{context['le']:g} or less"
    return message


def _scalar(value: object) -> Scalar:
    if isinstance(value, bool | int):
        return value if isinstance(value, bool) or abs(value) < 1 << 63 else str(value)
    if isinstance(value, float):
        return value if value - value == 0 else None
    text = value.isoformat() if isinstance(value, date | datetime) else values.plain(value)
    return text if len(text) <= MOST_EXTRA else text[: MOST_EXTRA - 1] + "…"


def _short(raw: str) -> str:
    clean = values.plain(raw)
    return clean if len(clean) <= MOST_RAW else clean[: MOST_RAW - 1] + "…"


Rows = Callable[[], Iterator[Ticket | Rejected]]
