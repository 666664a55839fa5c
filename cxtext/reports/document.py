"""A report before it has a form: the finding, three figures, sections of tables, charts, voices and forms.

Every renderer shows the same document, so the same figures stand in HTML, PDF, Markdown, CSV and JSON.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Kind = Literal["weekly", "department", "defect"]
KINDS: tuple[Kind, ...] = ("weekly", "department", "defect")


@dataclass(frozen=True, slots=True)
class Number:
    """One figure as people read it, with what it rests on.

    Attributes:
        text: in the language of the report, unit included.
        value: bare, for machines; None where it is hidden.
        interval: bare bounds, and `level` percent of which they hold.
        n: what it rests on.
        thin: too little to rely on.
    """

    text: str
    value: float | None = None
    interval: tuple[float, float] | None = None
    interval_text: str = ""
    level: int = 95
    n: int | None = None
    thin: bool = False


Cell = str | Number


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the three figures of the first page: its name, its value, and a line below it."""

    name: str
    value: Number
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; `key` names it in CSV and JSON. An empty one shows `empty` instead."""

    key: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One bar of a trend: its first day, its count, and what was expected of it (None: not looked at)."""

    day: date
    count: float
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None
    whole: bool = True  # the bar covers its whole period


@dataclass(frozen=True, slots=True)
class Trend:
    """Counts over time with the expected band and marks (day, word)."""

    title: str
    points: tuple[Point, ...]
    marks: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares of a whole, longest first, with the cumulative share where `cumulative`."""

    title: str
    rows: tuple[tuple[str, Number], ...]


@dataclass(frozen=True, slots=True)
class Intervals:
    """Ratios with their intervals on a logarithmic axis; 1 is "as everywhere else"."""

    title: str
    rows: tuple[tuple[str, Number], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A customer's words, redacted, with the ticket they come from."""

    text: str
    ticket: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Voices:
    """What customers say."""

    quotes: tuple[Quote, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Lines that people fill in by hand: what is asked, and what is known already."""

    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


Block = Table | Trend | Bars | Intervals | Voices | Form | Text


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its blocks."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report. `title` is the finding; `summary` a line or two below it."""

    kind: Kind
    language: str
    name: str  # "Qualitätsbericht der Woche"
    title: str
    summary: tuple[str, ...]
    period: str
    run_id: int
    made_at: datetime  # when the run was done, never when the report was printed
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    method: tuple[str, ...]
    labels: tuple[str, ...] = ()  # for issue trackers
    subject: str = ""  # what the report is about: a topic, a product, a department
    words: dict[str, str] = field(default_factory=dict)  # fixed words that renderers need, in the language
