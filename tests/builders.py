"""Small things to test with."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from cxtext.domain import Aim, Case, Diagnosis, Facts, Guess, Mood, Reading, Tag, Ticket, Topic
from cxtext.store.read_signals import Signal

DAY = date(2026, 5, 4)  # a Monday
MOMENT = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)


def ticket(number: int = 1, text: str = "Das Paket ist nicht angekommen.", **facts: Any) -> Ticket:
    """A ticket of 4 May 2026 unless `created_at` says otherwise."""
    return Ticket(id=str(number), text=text, facts=Facts(**{"created_at": MOMENT, **facts}))


def case(number: int = 1, text: str = "Das Paket ist nicht angekommen.", language: str = "de", **facts: Any) -> Case:
    """A case that has gone through `prepare`, so to say."""
    return Case(
        id=str(number),
        source="file",
        text=text,
        language=language,
        facts=Facts(**{"created_at": MOMENT + timedelta(minutes=number), **facts}),
        fold=f"f{hash_of(text)}",
        content_hash=hash_of(text + repr(sorted(facts.items()))),
    )


def hash_of(text: str) -> str:
    """A short name for a text, the same in every process."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]


def reading(score: float = -0.6, cause: str | None = "delivery/late", department: str | None = "logistics") -> Reading:
    """What a text says: by default that a parcel is late."""
    label = "negative" if score < 0 else "positive" if score > 0 else "neutral"
    tags = (Tag(cause, department or "", 0.9, ("nicht angekommen",)),) if cause else ()
    guesses = (Guess(cause, 0.9, ("nicht angekommen",)), Guess(department, 0.8, ("Paket",)))
    return Reading(Mood(score, label, 0.7, ("nicht",)), Diagnosis(tags, *guesses), Aim("complaint", 0.25))  # type: ignore[arg-type]


def topic(number: int = 1, **changes: Any) -> Topic:
    """A topic called "Paket verspätet"."""
    return Topic(**{"id": f"T-{number:04d}", "label": "Paket verspätet", "keywords": ("Paket", "verspätet")} | changes)


def a_signal(**changed: Any) -> Signal:
    """A rise of a topic, as screens read it."""
    facts: dict[str, Any] = {
        "signal_id": "S-1", "kind": "rising", "topic_id": "T-0007", "label": "Paket", "slice_": None,
        "day": date(2026, 11, 21), "onset": date(2026, 11, 15), "until": None, "window": 7, "count": 41,
        "expected": 12.3, "lower": 6.0, "upper": 19.0, "ratio": 3.3, "ratio_low": 2.4, "ratio_high": 4.4,
        "evidence_strength": 6.1, "chance_share": 0.02, "course": "open", "state": "open", "quiet": "",
        "language": "de", "why_de": "Mehr.", "why_en": "More.", "examples": (), "per_thousand": 17.25,
        "per_thousand_units": None,
    }  # fmt: skip
    return Signal(**facts | changed)
