"""What goes over the wire about changes: trends, signals, metrics, drivers, defects, fixes."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import Day


class TrendDay(BaseModel):
    """One day: customers who wrote, what was expected of them (95 % limits), mean sentiment, tickets."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    topic_id: str | None
    department: str | None
    product: str | None
    count: int
    expected: float | None
    lower: float | None
    upper: float | None
    sentiment: float | None
    tickets: int


class Trend(BaseModel):
    """The days of a period, oldest first; days without tickets count zero."""

    items: list[TrendDay]


class SumOut(BaseModel):
    """Sums of a period for one topic or one value; `negative_share` 0 to 1, `csat` mean of 1 to 5."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    tickets: int
    customers: int
    negative: int
    negative_share: float
    sentiment: float
    csat: float | None
    csat_answers: int


class Sums(BaseModel):
    """Sums, largest first."""

    items: list[SumOut]


class SignalOut(BaseModel):
    """One event, told once: what, since when, how much against what was expected, why, and how sure."""

    model_config = ConfigDict(from_attributes=True)

    signal_id: str
    kind: str = Field(description="new, rising, spike, seasonal or resolved.")
    topic_id: str | None
    label: str | None
    slice_: tuple[str, str] | None = Field(serialization_alias="slice", description="Such as product, X200.")
    day: date
    onset: date
    until: date | None
    window: int
    count: int
    expected: float
    lower: float
    upper: float
    ratio: float
    ratio_low: float
    ratio_high: float
    evidence_strength: float = Field(description="-log10 of the probability of this by chance.")
    chance_share: float = Field(description="Share of signals this strong that are chance, 0 to 1.")
    per_thousand: float | None = Field(description="Count per 1,000 tickets of the same days.")
    per_thousand_units: float | None = Field(description="Count per 1,000 units shipped in these days, where known.")
    course: str
    state: str = Field(description="open, closed or muted.")
    quiet: str = Field(description="Why no message was sent; empty: it was.")
    why: str
    why_de: str
    why_en: str
    examples: list[str] = Field(description="Keys of tickets, source:id.")


class Signals(BaseModel):
    """A page of signals, newest first."""

    items: list[SignalOut]
    next_cursor: str | None


class MetricOut(BaseModel):
    """One value with its 95 % interval and what it rests on; null under n = 5."""

    model_config = ConfigDict(from_attributes=True)

    scope: str
    key: str
    period: str
    metric: str
    value: float | None
    lower: float | None
    upper: float | None
    n: int


class Metrics(BaseModel):
    """A page of metrics."""

    items: list[MetricOut]
    next_cursor: str | None


class DriverOut(BaseModel):
    """What one issue does to one outcome; `harm` is what it surely takes from the overall value."""

    model_config = ConfigDict(from_attributes=True)

    outcome: str
    topic_id: str
    rank: int
    n: int
    others: int
    effect: float | None
    lower: float | None
    upper: float | None
    harm: float | None
    overall: float | None
    without: float | None
    without_lower: float | None
    without_upper: float | None
    thin: bool


class Drivers(BaseModel):
    """Issues by the harm that is sure, the worst first."""

    items: list[DriverOut]


class EstimateOut(BaseModel):
    """A value with its 95 % interval."""

    model_config = ConfigDict(from_attributes=True)

    value: float
    lower: float
    upper: float


class FixOut(BaseModel):
    """What was done about an issue, and whether it worked."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    topic_id: str
    label: str | None
    day: date
    what: str
    product: str | None
    version: str | None
    department: str | None
    by: str
    at: datetime
    state: str = Field(description="recorded, too early, resolved, improved, not resolved or regressed.")
    judged_day: date | None
    before: int
    after: int
    days_before: int
    days_after: int
    change: EstimateOut | None = Field(
        description="Percent of the tickets that would have come; -80: four fifths fewer."
    )
    relapsed_on: date | None


class Fixes(BaseModel):
    """A page of fixes, newest first."""

    items: list[FixOut]
    next_cursor: str | None


class FixIn(BaseModel):
    """What was done, when it took effect, and where (nothing said: everywhere)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"topic_id": "T-0001", "day": "2026-10-20", "what": "Firmware 2.4 is out."}]},
    )

    topic_id: str = Field(min_length=1, max_length=20)
    day: Day
    what: str = Field(default="", max_length=2000)
    product: str | None = Field(default=None, min_length=1, max_length=400)
    version: str | None = Field(default=None, min_length=1, max_length=200)
    department: str | None = Field(default=None, min_length=1, max_length=120)


class DefectOut(BaseModel):
    """A product or version that has an issue more often than what it is compared with (customers, EBGM with 90 %)."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    product: str
    version: str | None
    family: str
    kind: Literal["topic", "cause", "word"]
    issue: str
    label: str | None
    state: str
    since: date
    window: int
    count: int
    total: int
    expected: float
    others: int
    reference: int
    ratio: float
    low: float
    high: float
    unhappy: float
    first_day: date
    words: list[str]
    quotes: list[str]


class Defects(BaseModel):
    """A page of defects, surest first."""

    items: list[DefectOut]
    next_cursor: str | None


class BadRow(BaseModel):
    """A row of a source that is no ticket, with the reason; `raw` is redacted."""

    source: str
    line: int | None
    reason: str
    raw: str
    run_id: int


class Quarantine(BaseModel):
    """A page of bad rows in the order they were met."""

    items: list[BadRow]
    next_cursor: str | None


class Noted(BaseModel):
    """One act that changed something: who, when, what, and how it ended."""

    id: int
    at: datetime
    who: str
    via: str
    what: str
    path: str
    status: int


class Audit(BaseModel):
    """Acts, newest first."""

    items: list[Noted]
    next_before: int | None


class ReportOut(BaseModel):
    """One kind of report."""

    kind: str
    forms: list[str]


class Reports(BaseModel):
    """The reports of the published run."""

    run_id: int
    items: list[ReportOut]
