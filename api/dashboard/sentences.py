"""Findings as sentences, generated from the data, in the reader's language."""

import re
from collections.abc import Mapping
from typing import Any

from api.dashboard.view import Names
from api.dashboard.words import Speech
from cxtext.store.read_history import Event
from cxtext.store.read_signals import Signal

ALIKE = "alike"  # tickets of several issues, or of none, whose texts resemble each other
MOVED = {"joined a known topic": "why_joined", "moved with its text": "why_text"}  # words of cxtext/topics
NEARER, SAME = re.compile(r"new topic (T-\d+) is nearer"), re.compile(r"T-\d+ is the same issue as (T-\d+)")
BACK = "recurring"  # course of an issue that was gone and returned
Facts = Mapping[str, Any]


def about_signal(speech: Speech, signal: Signal, known: Names) -> str:
    """One signal with its size, what was expected, and how sure that is."""
    label = signal.label or speech.say("all_cases")
    if signal.slice_ and signal.slice_[0] == ALIKE:
        label = speech.say("alike_cases", words=signal.slice_[1])
    elif signal.slice_:
        label = speech.say("within", label=label, part=known.of(*signal.slice_))
    return speech.say(
        f"signal_{kind_of(signal)}", label=label, size=size_of(speech, signal), expected=speech.round(signal.expected, 1),
        days=signal.window, ratio=ratio_of(speech, signal),
    )  # fmt: skip


def kind_of(signal: Signal) -> str:
    """What people call it: an issue that returns is back, whatever the detector saw."""
    return "back" if signal.course == BACK and signal.kind in ("rising", "spike") else signal.kind


def size_of(speech: Speech, signal: Signal) -> str:
    """So many customers in so many days."""
    return f"{speech.say('customers', n=signal.count)} {speech.say('in_days', n=signal.window)}"


def ratio_of(speech: Speech, signal: Signal) -> str:
    """How many times as many as expected, with the interval; nothing where that cannot be said."""
    if signal.kind in ("new", "resolved") or signal.expected <= 0:
        return ""
    reach = speech.between((signal.ratio_low, signal.ratio_high), scale=1, digits=1)
    return f"{speech.round(signal.ratio, 1)}× {reach}"


def volume_of(speech: Speech, signal: Signal) -> str:
    """The count per 1,000 tickets of the same days, and per 1,000 units shipped where that is known."""
    rates = (("of_thousand", signal.per_thousand), ("of_shipped", signal.per_thousand_units))
    told = [speech.say(key, number=speech.round(rate, 1)) for key, rate in rates if rate is not None]
    return "" if signal.kind == "resolved" else ", ".join(told)


def about_topic(speech: Speech, topic: Facts) -> str:
    """What there is to say about an issue that gives no signal."""
    facts = {"label": topic["label"], "n": topic["size"], "since": topic["first_seen"], "last": topic["last_seen"]}
    if topic["first_seen"] is None:
        return speech.say("finding_undated", **facts)
    key = f"finding_{topic['status']}"
    return speech.say(key if speech.knows(key) else "finding_steady", **facts)


def about_event(speech: Speech, event: Event, labels: Mapping[str, str], known: Names) -> str:
    """One line of a history."""
    told = event.payload or {}

    def name(topic_id: str | None) -> str:
        return speech.say("no_topic") if topic_id is None else labels.get(topic_id, topic_id)

    if event.kind == "moved":
        return speech.say(
            "event_moved",
            n=event.tickets,
            start=name(event.from_topic),
            end=name(event.to_topic),
            why=_why(speech, event.why),
        )
    if event.kind == "corrected":
        return speech.say(
            "event_corrected", field=speech.word("field", told["field"]), was=_value(speech, told, "was", known),
            now=_value(speech, told, "should_be", known),
        )  # fmt: skip
    values = {
        "label": told.get("label", ""), "parts": told.get("parts", ""), "what": told.get("what") or event.why,
        "others": ", ".join(name(one) for one in told.get("from_ids", ())), "day": told.get("day", ""),
        "department": known.of("department", told.get("department") or "") or speech.say("nobody"),
        "undone": speech.word("act", str(told.get("undone", ""))),
    }  # fmt: skip
    key = f"event_{event.kind}" + ("_off" if told.get("on") is False else "")
    return speech.say(key, **values) if speech.knows(key) else event.kind


def _why(speech: Speech, reason: str) -> str:
    """A reason of the ledger in the reader's language; what people wrote, and what is not known, as it stands."""
    if reason in MOVED:
        return speech.say(MOVED[reason])
    found = NEARER.fullmatch(reason) or SAME.fullmatch(reason)
    if found is None:
        return reason
    return speech.say("why_nearer" if found.re is NEARER else "why_same", topic=found[1])


def _value(speech: Speech, told: Facts, name: str, known: Names) -> str:
    value = told[name]
    return speech.say("none") if value is None else speech.word("mood", known.of(told["field"], str(value)))
