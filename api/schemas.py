"""What goes over the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SentimentLabel = Literal["negative", "neutral", "positive"]


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="`urn:cxtext:error:` and the name of the error.")
    title: str
    status: int
    detail: str = Field(description="What, where, and what to do.")
    errors: list[dict[str, str]] = Field(default=[], description="Places and reasons, where a request does not fit.")


class TicketOut(BaseModel):
    """One ticket with all that is known of it; the text is cleaned and redacted."""

    id: str
    source: str
    created_at: datetime | None
    language: str
    channel: str | None
    product: str | None
    version: str | None
    text: str
    topic_id: str | None
    topic_label: str | None
    parent_topic_id: str | None
    topic_confidence: float | None
    sentiment: float | None
    sentiment_label: SentimentLabel | None
    sentiment_confidence: float | None
    cause: str | None
    department: str | None
    department_confidence: float | None
    evidence: list[str] | None
    intent: str | None
    urgency: float | None
    csat: float | None
    nps: int | None
    ces: float | None
    repeats: int
    run_id: int


class AnswerOut(BaseModel):
    """One answer to a survey that came apart from its ticket; the comment is redacted."""

    at: datetime | None
    csat: float | None = Field(description="1 to 5")
    nps: int | None = Field(description="0 to 10")
    ces: float | None = Field(description="1 to 7")
    comment: str


class TicketDetail(TicketOut):
    """One ticket with the answers to surveys about it, the newest first."""

    answers: list[AnswerOut]


class TicketPage(BaseModel):
    """A page of tickets."""

    items: list[TicketOut]
    next_cursor: str | None


class TicketIn(BaseModel):
    """One ticket to be taken in: only a text is required, `text` or `subject` and `body`.

    Dates in ISO 8601 or as people write them. Fields that cxtext does not know are kept with the ticket. What does not
    fit (no text, an impossible date) sends this one ticket to quarantine, not the request away.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {"id": "4711", "text": "Das Paket ist nicht angekommen.", "created_at": "2026-05-03T08:30:00+02:00"},
                {"subject": "Charged twice", "body": "You took the money twice.", "csat": 1, "channel": "email"},
            ]
        },
    )

    id: Any = Field(default=None, description="Unique within `source`; made from the content where it is missing.")
    source: Any = Field(default=None, description="Where it comes from; `api` where nothing is said.")
    text: Any = Field(default=None, description="What the customer wrote, at most 200,000 characters.")
    subject: Any = None
    body: Any = None
    created_at: Any = None
    updated_at: Any = Field(default=None, description="An older version never replaces a newer one.")
    language: Any = Field(default=None, description="ISO 639-1; recognised where it is missing.")
    channel: Any = Field(default=None, description="email, chat, phone, social, review, form, sms.")
    product: Any = None
    version: Any = None
    customer_id: Any = Field(default=None, description="Kept as a pseudonym.")
    department: Any = Field(default=None, description="As given by the source; the product finds its own.")
    csat: Any = Field(default=None, description="1 to 5, or 0 to `csat_max`.")
    nps: Any = Field(default=None, description="0 to 10.")


class TicketsIn(BaseModel):
    """Up to 10,000 tickets."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tickets": [{"id": "4711", "text": "Das Paket ist nicht angekommen."}]}]}
    )

    tickets: Annotated[list[TicketIn], Field(min_length=1, max_length=10_000)]


class Taken(BaseModel):
    """What became of the tickets that came in."""

    run_id: int
    read: int
    new: int
    changed: int
    unchanged: int
    older: int
    quarantined: int


class TopicOut(BaseModel):
    """A recurring issue with its figures."""

    topic_id: str
    parent_id: str | None
    label: str
    keywords: list[str]
    languages: list[str]
    size: int
    first_seen: date | None
    last_seen: date | None
    status: str
    sentiment: float | None
    negative_share: float | None
    csat_impact: float | None
    departments: list[tuple[str, float]]
    causes: list[tuple[str, float]]
    named_by: str | None
    pinned: bool
    muted: bool


class Quote(BaseModel):
    """A representative ticket."""

    source: str
    id: str
    day: date | None
    language: str
    text: str


class Day(BaseModel):
    """Tickets of one day."""

    day: date
    count: int


class TopicDetail(TopicOut):
    """A topic with quotes and days."""

    quotes: list[Quote]
    days: list[Day]


class Topics(BaseModel):
    """All topics, largest first."""

    items: list[TopicOut]


class CauseOut(BaseModel):
    """A root cause and how often it was found."""

    cause: str
    title: str
    title_en: str
    department: str | None
    dimension: str | None
    touchpoint: str | None
    size: int
    share: float
    sentiment: float
    negative_share: float
    topics: list[str]


class Causes(BaseModel):
    """All causes that were found, most frequent first."""

    items: list[CauseOut]


class DepartmentOut(BaseModel):
    """A department and how many tickets it owns."""

    department: str
    title: str
    title_en: str
    size: int
    share: float
    sentiment: float
    negative_share: float
    topics: list[str]


class Departments(BaseModel):
    """All departments that own tickets, most first."""

    items: list[DepartmentOut]


class RunOut(BaseModel):
    """One run."""

    id: int
    kind: str
    as_of: date | None
    recipe: str | None
    state: str
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, Any]
    note: str


class Runs(BaseModel):
    """Runs, newest first."""

    items: list[RunOut]
    next_before: int | None


class AnalyzeIn(BaseModel):
    """One text to be understood."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Sie haben zweimal abgebucht!"}]}
    )

    text: Annotated[str, Field(min_length=1, max_length=200_000)]
    language: Annotated[str | None, Field(pattern="^[a-z]{2}$")] = None


class TagOut(BaseModel):
    """One cause with the words that gave it away."""

    cause: str
    department: str
    confidence: float
    evidence: list[str]


class SentenceOut(BaseModel):
    """One sentence with its own mood, so that the bad half of a text can be told from the good one."""

    text: str
    language: str
    score: float
    label: SentimentLabel
    cause: str | None


class AnalyzeOut(BaseModel):
    """What one text says; nothing of it is stored."""

    text: str
    language: str
    topic_id: str | None
    topic_label: str | None
    topic_confidence: float
    sentiment: float
    sentiment_label: SentimentLabel
    sentiment_confidence: float
    sentiment_evidence: list[str]
    sentences: list[SentenceOut]
    causes: list[TagOut]
    cause: str | None
    department: str | None
    department_confidence: float
    suggestions: dict[str, list[tuple[str, float]]]
    intent: str
    urgency: float
    evidence: list[str]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """There is something to show."""

    status: Literal["ready"]
    run_id: int
