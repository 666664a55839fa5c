"""What the help desk's columns say about a demo ticket: answers to surveys, times, status, the department it was given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cxtext.demo.phrases import pick
from cxtext.domain import Facts

CHANNELS = ("email", "chat", "review", "form", "phone", "social")
CHANNEL_SHARES = (0.42, 0.62, 0.78, 0.92, 0.97)  # cumulated

_DEPARTMENTS = ("customer service", "logistics", "billing", "technical service", "online shop", "sales")
# The help desk has its own names, as everywhere: they are neither the taxonomy's keys nor always right.
_GIVEN = {
    "customer-service": "customer service",
    "logistics": "logistics",
    "billing": "billing",
    "quality": "technical service",
    "product-development": "technical service",
    "it": "online shop",
    "sales": "sales",
    "marketing": "sales",
    "legal": "customer service",
    "training": "customer service",
    "management": "customer service",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of one contact before its text is written."""

    created_at: datetime
    end: datetime  # nothing is known after it
    channel: str
    language: str
    number: int  # of the customer
    product: str | None
    version: str | None
    severity: float
    department: str | None
    surveyed: bool
    agents: tuple[str, ...]


def history(contact: Contact, random: Random) -> Facts:
    """The columns of one ticket; angry customers answer surveys more often, wait longer and leave more often."""
    severity = min(1.0, max(0.0, contact.severity + random.gauss(0, 0.16)))
    answered, resolved, status = _course(contact, severity, random)
    reopened = int(random.random() < 0.05 + 0.14 * severity) + int(random.random() < 0.02) if resolved else 0
    known = random.random() < 0.8
    asked = contact.surveyed and contact.channel not in {"review", "social"}
    return Facts(
        created_at=contact.created_at,
        language=contact.language if random.random() < 0.25 else None,
        channel=contact.channel,
        product=contact.product if known else None,
        version=contact.version if known and random.random() < 0.8 else None,
        customer_id=f"C-{contact.number:06d}",
        given_department=_given(contact.department, random) if contact.channel not in {"review", "social"} else None,
        priority=_priority(severity, random),
        status=status,
        assignee=pick(contact.agents, random) if answered else None,
        first_response_at=answered,
        resolved_at=resolved,
        reopened=reopened,
        csat=_answer(1, 5, severity, random)
        if resolved and asked and random.random() < 0.3 + 0.15 * severity
        else None,
        nps=int(_answer(0, 10, severity, random)) if resolved and contact.surveyed and random.random() < 0.13 else None,
        ces=_answer(1, 7, severity, random) if resolved and asked and random.random() < 0.1 else None,
        stars=_stars(severity, random) if contact.channel == "review" else None,
        churned=random.random() < 0.02 + 0.13 * severity**2,
        cost=round(3.2 + 9 * random.random() + (14 * random.random() if reopened else 0) + 6 * severity, 2),
    )


def _course(contact: Contact, severity: float, random: Random) -> tuple[datetime | None, datetime | None, str]:
    """First answer, solution and status as they stand at the end of the period."""
    quick = 0.15 if contact.channel in {"chat", "phone"} else 7.0
    answered = contact.created_at + timedelta(hours=quick * random.lognormvariate(0, 0.9) * (0.6 + severity))
    resolved = answered + timedelta(hours=20 * random.lognormvariate(0, 1.0) * (0.4 + severity))
    if answered > contact.end:
        return None, None, "new"
    answered = answered.replace(microsecond=0)
    if resolved > contact.end or random.random() < 0.04:
        return answered, None, "open" if random.random() < 0.7 else "pending"
    return answered, resolved.replace(microsecond=0), "closed" if random.random() < 0.7 else "solved"


def _given(department: str | None, random: Random) -> str | None:
    luck = random.random()
    if luck < 0.1:
        return None
    if luck < 0.24 or department is None:
        return pick(_DEPARTMENTS, random)
    return _GIVEN.get(department, "customer service")


def _priority(severity: float, random: Random) -> str:
    level = severity + random.gauss(0, 0.2)
    return "urgent" if level > 1.0 else "high" if level > 0.75 else "normal" if level > 0.25 else "low"


def _stars(severity: float, random: Random) -> float:
    """Who complains in public gives three stars at most."""
    stars = _scale(1, 5, severity, random)
    return min(3.0, stars) if severity > 0.3 else stars


def _answer(low: int, high: int, severity: float, random: Random) -> float:
    """An answer to a survey after the case was solved: most troubles are forgiven, the worst are not."""
    happy = 1 - 0.75 * severity**1.8 + random.gauss(0, 0.13)
    return float(min(high, max(low, round(low + happy * (high - low)))))


def _scale(low: int, high: int, severity: float, random: Random) -> float:
    """An answer on a scale; the worse the experience the lower, with people's usual spread."""
    happy = (1 - severity) ** 1.5 + random.gauss(0, 0.13)
    return float(min(high, max(low, round(low + happy * (high - low)))))
