"""The nouns: what cxtext talks about. They do not know how they are found, stored or shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

SentimentLabel = Literal["negative", "neutral", "positive"]
IntentKind = Literal["complaint", "question", "wish", "praise", "cancellation", "other"]
Dimension = Literal["reliability", "assurance", "tangibles", "empathy", "responsiveness"]
Scalar = str | int | float | bool | None

NOTHING: Mapping[str, Scalar] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a source says about a ticket besides its text. Times are aware (UTC once stored)."""

    created_at: datetime | None = None
    updated_at: datetime | None = None
    language: str | None = None
    channel: str | None = None
    product: str | None = None
    version: str | None = None
    customer_id: str | None = None
    given_department: str | None = None
    given_category: str | None = None
    tags: tuple[str, ...] = ()
    priority: str | None = None
    status: str | None = None
    assignee: str | None = None
    first_response_at: datetime | None = None
    resolved_at: datetime | None = None
    reopened: int | None = None
    csat: float | None = None  # 1-5
    nps: int | None = None  # 0-10
    ces: float | None = None  # 1-7
    stars: float | None = None  # 1-5
    churned: bool | None = None
    cost: float | None = None
    extra: Mapping[str, Scalar] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One request as its source gave it: raw text, real names. It is never stored, logged or shown."""

    id: str
    text: str
    source: str = "file"
    facts: Facts = field(default_factory=Facts)
    people: tuple[str, ...] = ()  # names known from columns (requester, agent): redacted wherever they occur
    line: int | None = None  # where in its source it stood, for messages

    @property
    def key(self) -> str:
        """The identity of a ticket everywhere in cxtext: ``source:id``."""
        return f"{self.source}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that could not become a ticket, with the reason in words. `raw` is at most 2,000 characters."""

    source: str
    line: int | None
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A ticket fit to be kept: cleaned, redacted, its language known. Only cases are stored, analysed and shown."""

    id: str
    source: str
    text: str
    language: str  # ISO 639-1, "und" where nobody can tell
    facts: Facts = field(default_factory=Facts)  # customer and assignee are pseudonyms here
    fold: str = ""  # near-identical texts share it
    content_hash: str = ""  # of everything the source said: unchanged means nothing to do
    auto_reply: bool = False
    removed: tuple[str, ...] = ()  # what cleaning took out (redacted)

    @property
    def key(self) -> str:
        """The identity of a ticket everywhere in cxtext: ``source:id``."""
        return f"{self.source}:{self.id}"


@dataclass(frozen=True, slots=True)
class Mood:
    """How one text feels: score in -1…+1, the label, its confidence in 0…1, and the words that decided."""

    score: float
    label: SentimentLabel
    confidence: float = 0.0
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """One root cause found in one text. No tag without the words that gave it away."""

    cause: str
    department: str
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """An answer that may honestly be None; then `suggestions` holds the three best candidates."""

    value: str | None = None
    confidence: float = 0.0
    evidence: tuple[str, ...] = ()
    suggestions: tuple[tuple[str, float], ...] = ()
    origin: Literal["rule", "model", "person"] = "rule"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a customer wrote and who owns it: the causes found, the leading one, the department."""

    tags: tuple[Tag, ...] = ()
    cause: Guess = Guess()
    department: Guess = Guess()


@dataclass(frozen=True, slots=True)
class Aim:
    """What the customer wants (intent), how urgent it is in 0…1, and the words that say so."""

    intent: IntentKind = "other"
    urgency: float = 0.0
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one case says by itself, before it is compared with any other."""

    mood: Mood
    diagnosis: Diagnosis
    aim: Aim


@dataclass(frozen=True, slots=True, kw_only=True)
class RootCause:
    """A recurring cause of bad experiences; it lives in `models/taxonomy`, never in the database."""

    key: str  # "billing/double-charge"
    department: str  # key of a department
    titles: Mapping[str, str]  # language -> words a manager reads
    dimension: Dimension
    touchpoint: str


@dataclass(frozen=True, slots=True)
class Department:
    """Who owns causes: a key and its name per language."""

    key: str
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A recurring issue. Its id outlives runs; a name that a person gave is never overwritten."""

    id: str  # "T-0001"
    label: str
    keywords: tuple[str, ...]
    parent_id: str | None = None
    languages: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()  # keys of representative tickets, most typical first
    first_seen: date | None = None
    last_seen: date | None = None
    named_by: str | None = None  # a person
    pinned: bool = False
    muted: bool = False
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which topic one ticket belongs to. None is an honest nothing; confidence is a probability in 0…1."""

    key: str
    topic_id: str | None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a ticket's topic after its first assignment: a line of the ledger."""

    key: str
    from_topic: str | None
    to_topic: str | None
    reason: str
    actor: str = "cxtext"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person put right. It is shown at once and learned from at the next training."""

    key: str
    field: Literal["topic", "cause", "department", "sentiment"]
    was: str | None
    should_be: str | None
    by: str
    at: datetime
