"""What goes over the wire about what customers say by themselves: leaving, wishes, questions."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class Counted(BaseModel):
    """One value and its tickets."""

    key: str
    tickets: int


class VoiceOut(BaseModel):
    """One reason, wish or question of the 90 days up to the night; customers are counted, not messages."""

    model_config = ConfigDict(from_attributes=True)

    key: str = Field(description="The reason (empty: nobody said one) or the topic's id as of the night.")
    topic_id: str | None
    label: str | None
    customers: int
    tickets: int
    first: date | None
    last: date | None
    quotes: tuple[str, ...] = Field(description="Keys of at most three tickets, the newest first.")


class Reason(VoiceOut):
    """Why customers leave."""

    share: float = Field(description="Of all customers who leave, 0 to 1.")
    causes: list[Counted] = Field(description="Root causes in these tickets, the most frequent three.")


class Churn(BaseModel):
    """Reasons by falling number of customers; the last one, with an empty key, holds those who gave none."""

    items: list[Reason]


class WishOut(VoiceOut):
    """What customers wish for."""

    products: list[Counted] = Field(description="The most frequent three.")


class Wishes(BaseModel):
    """Wishes of two customers at least, by falling number of customers."""

    items: list[WishOut]


class QuestionOut(VoiceOut):
    """A question that keeps coming without a good answer."""

    hours: float | None = Field(description="Median until resolved.")
    share: float = Field(description="Badly answered: reopened, or rated under 4; 0 to 1.")
    judged: int = Field(description="Tickets that the share rests on; of none, all count as badly answered.")
    effort: float | None = Field(description="Hours that these questions take a week: the order of the list.")
    answer_from: str | None = Field(description="Key of the ticket with the best answer so far.")


class Knowledge(BaseModel):
    """Questions of three customers at least: the articles worth writing first."""

    items: list[QuestionOut]
