"""Three lists that a product team reads: why customers leave, what they wish for, what they keep asking.

Everything is counted in customers, not in messages, and every list shows how thin it is. Pure: tickets in, rows out.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

QUOTES = 3
GOOD = 4.0  # CSAT from which an answer counts as good
EFFORT = 24.0  # hours taken for a question whose resolution nobody recorded: one day, so that volume decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One ticket of somebody who leaves, wishes or asks. `csat` is 1-5; `answer` is the agent's."""

    key: str
    customer: str  # a pseudonym; the fold of the text where the source names none
    text: str = ""
    language: str = "und"
    day: date | None = None
    topic_id: str | None = None
    topic_label: str | None = None
    cause: str | None = None
    product: str | None = None
    csat: float | None = None
    reopened: int | None = None
    hours: float | None = None  # until it was resolved
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """One reason for which customers leave."""

    reason: str  # of the cue files, such as "price"; "" where nobody said one
    customers: int
    tickets: int
    share: float  # of all customers who leave, 0…1
    causes: tuple[tuple[str, int], ...]
    last: date | None
    quotes: tuple[str, ...]  # keys of tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One thing that customers wish for: the topic of their wishes."""

    topic_id: str
    label: str
    customers: int
    tickets: int
    products: tuple[tuple[str, int], ...]
    first: date | None
    last: date | None
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A question that keeps coming and has no good answer yet: an article worth writing."""

    topic_id: str
    label: str
    questions: int
    customers: int
    hours: float | None  # median until resolved; None where nobody recorded it
    badly_answered: float  # share that was reopened or rated under 4, of those with either; 0…1
    judged: int  # tickets that the share rests on; of none, all count as badly answered
    effort: float  # hours a week's worth of these questions takes: the rank
    answer: str | None  # of an agent, the best rated and quickest
    answer_from: str | None  # key of its ticket
    quotes: tuple[str, ...]


def why_they_leave(voices: Iterable[Voice], reason_of: Callable[[Voice], str | None]) -> list[Leaving]:
    """Reasons by falling number of customers; each customer counts once, with the reason named first."""
    told = [(voice, reason_of(voice) or "") for voice in voices]
    named: dict[str, str] = {}
    for voice, reason in told:
        named[voice.customer] = named.get(voice.customer) or reason
    groups: defaultdict[str, list[Voice]] = defaultdict(list)
    for voice, reason in told:
        if reason in ("", named[voice.customer]):
            groups[named[voice.customer]].append(voice)
    rows = [_leaving(reason, group, len(named)) for reason, group in groups.items()]
    return sorted(rows, key=lambda row: (row.reason == "", -row.customers, row.reason))


def wishes(voices: Iterable[Voice]) -> list[Wish]:
    """Wishes of two customers at least, by falling number; wishes without a topic are single ones and left out."""
    rows = (_wish(name, group) for name, group in _by_topic(voices).items() if _customers(group) >= 2)
    return sorted(rows, key=lambda row: (-row.customers, row.topic_id))


def unanswered(voices: Iterable[Voice], days: int) -> list[Candidate]:
    """Recurring questions (three customers at least) by the hours that they take a week, if their answers are no good.

    Args:
        voices: tickets that ask.
        days: the length of the period they come from.
    """
    rows = [_candidate(name, group, days) for name, group in _by_topic(voices).items() if _customers(group) >= 3]
    return sorted(rows, key=lambda row: (-row.effort, row.topic_id))


def _by_topic(voices: Iterable[Voice]) -> Mapping[str, list[Voice]]:
    groups: defaultdict[str, list[Voice]] = defaultdict(list)
    for voice in voices:
        if voice.topic_id is not None:
            groups[voice.topic_id].append(voice)
    return groups


def _leaving(reason: str, group: Sequence[Voice], everybody: int) -> Leaving:
    customers = _customers(group)
    return Leaving(
        reason=reason,
        customers=customers,
        tickets=len(group),
        share=customers / everybody,
        causes=_most([voice.cause for voice in group]),
        last=max((voice.day for voice in group if voice.day), default=None),
        quotes=_quotes(group),
    )


def _wish(topic_id: str, group: Sequence[Voice]) -> Wish:
    days = [voice.day for voice in group if voice.day]
    return Wish(
        topic_id=topic_id,
        label=group[0].topic_label or topic_id,
        customers=_customers(group),
        tickets=len(group),
        products=_most([voice.product for voice in group]),
        first=min(days, default=None),
        last=max(days, default=None),
        quotes=_quotes(group),
    )


def _candidate(topic_id: str, group: Sequence[Voice], days: int) -> Candidate:
    hours = [voice.hours for voice in group if voice.hours is not None]
    judged = [voice for voice in group if voice.csat is not None or voice.reopened]
    bad = sum(1 for voice in judged if voice.reopened or (voice.csat is not None and voice.csat < GOOD))
    badly = bad / len(judged) if judged else 1.0  # nobody says that the answers are good
    typical = median(hours) if hours else None
    best = _best_answer(group)
    return Candidate(
        topic_id=topic_id,
        label=group[0].topic_label or topic_id,
        questions=len(group),
        customers=_customers(group),
        hours=None if typical is None else round(typical, 1),
        badly_answered=round(badly, 3),
        judged=len(judged),
        effort=round(_customers(group) * (EFFORT if typical is None else typical) * badly * 7 / max(days, 1), 1),
        answer=best.answer if best else None,
        answer_from=best.key if best else None,
        quotes=_quotes(group),
    )


def _best_answer(group: Sequence[Voice]) -> Voice | None:
    answered = [voice for voice in group if voice.answer]
    return min(
        answered,
        key=lambda voice: (
            -(voice.csat if voice.csat is not None else 3.0),
            voice.reopened or 0,
            voice.hours if voice.hours is not None else 1e9,
            voice.key,
        ),
        default=None,
    )


def _customers(group: Sequence[Voice]) -> int:
    return len({voice.customer for voice in group})


def _most(values: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    counts = Counter(value for value in values if value)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:QUOTES])


def _quotes(group: Sequence[Voice]) -> tuple[str, ...]:
    """The newest of different customers."""
    firsts: dict[str, str] = {}
    for voice in group:
        firsts.setdefault(voice.customer, voice.key)
    return tuple(firsts.values())[:QUOTES]
