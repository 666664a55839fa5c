"""What goes over the wire when people change something: corrections, acts on topics, and what became of them."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, model_validator

from api.schemas import TicketOut

TopicName = Annotated[str, Field(pattern=r"^T-[0-9]{4,12}$")]
Why = Annotated[str, Field(max_length=2000, description="Why; kept in the history.")]


def _number(value: object) -> object:
    """Refuse words and truths; 3.0 is a whole number, as JSON Schema has it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("this must be a number")  # noqa: TRY004 - pydantic turns a ValueError into its own error
    return value


class Done(BaseModel):
    """The run that an act became; `POST /api/v1/runs/{run_id}/undo` takes it back while nothing else has happened."""

    run_id: int


class DoneAll(BaseModel):
    """The runs that several acts became, in their order."""

    run_ids: list[int]


class FixDone(BaseModel):
    """The fix that was recorded, and the run that it became."""

    id: str
    run_id: int


class CorrectionIn(BaseModel):
    """What is right about one ticket; null: it belongs nowhere. Fields that are not named stay as they are."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"source": "file", "id": "1000", "cause": "billing/wrong-invoice"},
                {"source": "file", "id": "1000", "topic": None},
            ],
            "anyOf": [{"required": [name]} for name in ("topic", "cause", "department", "sentiment")],
        },
    )

    source: str = Field(min_length=1, max_length=200)
    id: str = Field(min_length=1, max_length=400)
    topic: TopicName | None = None
    cause: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    department: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    sentiment: Literal["negative", "neutral", "positive"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set & {"topic", "cause", "department", "sentiment"}:
            raise ValueError("say topic, cause, department or sentiment")
        return self


class CorrectionOut(BaseModel):
    """What a person put right."""

    number: int
    at: datetime
    source: str
    id: str
    field: str
    was: str | None
    should_be: str | None
    by: str
    run_id: int


class Corrections(BaseModel):
    """A page of corrections, newest first."""

    items: list[CorrectionOut]
    next_cursor: str | None


class TopicChange(BaseModel):
    """A name of your own, whether anything may move out of it, whether there are messages about it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"label": "Parcel arrives late", "why": "as the team calls it"}, {"muted": True}]
        },
    )

    label: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")] | None = None
    pinned: StrictBool | None = None
    muted: StrictBool | None = None
    why: Why = ""


class Merge(BaseModel):
    """Topics that become part of this one, for the whole history."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"from_ids": ["T-0012"], "why": "the same"}]}
    )

    from_ids: Annotated[list[TopicName], Field(min_length=1, max_length=50)]
    why: Why = ""


class Split(BaseModel):
    """Into how many topics this one is divided."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"parts": 2}]})

    parts: Annotated[int, Field(ge=2, le=10), BeforeValidator(_number)] = 2
    why: Why = ""


class ActOut(BaseModel):
    """One act of a person."""

    run_id: int
    at: datetime
    kind: str
    by: str
    why: str
    payload: dict[str, Any]


class MoveOut(BaseModel):
    """One ticket that changed its topic."""

    at: datetime
    run_id: int
    source: str
    ticket_id: str
    from_topic: str | None
    to_topic: str | None
    reason: str
    actor: str


class History(BaseModel):
    """What people did with a topic, and a page of the tickets that moved, oldest first."""

    acts: list[ActOut]
    items: list[MoveOut]
    next_cursor: str | None


class Hit(BaseModel):
    """One ticket that was found, and where the words stand in its text (start and end in characters)."""

    ticket: TicketOut
    marks: list[tuple[int, int]]


class Hits(BaseModel):
    """A page of what was found, newest day first."""

    items: list[Hit]
    next_cursor: str | None
