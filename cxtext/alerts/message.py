"""What is told: one message per episode, with its why and how sure it is, in the channel's language."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from cxtext.store.read_fixes import FixRow
from cxtext.store.read_signals import Signal
from cxtext.store.runs import Run

Kind = Literal["new", "rising", "spike", "relapse", "resolved", "failed", "done", "test"]
Language = Literal["de", "en"]

WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "new": "Neu: {label}", "rising": "Nimmt zu: {label}", "spike": "Sprunghaft mehr: {label}",
        "resolved": "Gelöst: {label}", "relapse": "Kommt wieder: {label}",
        "relapse_why": "Die Maßnahme vom {day}{what} galt als wirksam. Seit dem {back} ist das Anliegen wieder da.",
        "relapse_figures": "Vor der Maßnahme waren es {before} Kunden am Tag, danach {after}.",
        "all": "alle Fälle", "around": "Anliegen um „{words}“", "where": "Betrifft: {where}",
        "figures": "{count} Kunden in {window} Tagen seit {onset}, erwartet {expected} ({lower} bis {upper}).",
        "sure": "So sicher: Unter 100 Meldungen dieser Stärke sind etwa {chance} Zufall.",
        "failed": "Der Lauf {run} ist gescheitert", "failed_why": "Grund: {note}. Nichts davon wurde veröffentlicht; "
        "die Seiten zeigen weiter den letzten guten Stand. cxtext doctor hilft beim Finden.",
        "done": "Der Lauf {run} ist fertig", "done_why": "{new} neue Fälle, {quarantined} Zeilen in Quarantäne.",
        "test": "Testnachricht", "test_why": "Diese Nachricht prüft, ob Meldungen ankommen. Sie verlangt nichts.",
        "link": "Ansehen", "quiet": "Nicht mehr melden: cxtext alerts mute {topic}",
    },
    "en": {
        "new": "New: {label}", "rising": "Rising: {label}", "spike": "Suddenly more: {label}",
        "resolved": "Resolved: {label}", "relapse": "Back again: {label}",
        "relapse_why": "What was done on {day}{what} was taken to have worked. Since {back} the issue is back.",
        "relapse_figures": "There were {before} customers a day before it, and {after} after it.",
        "all": "all tickets", "around": "issue around “{words}”", "where": "Concerns: {where}",
        "figures": "{count} customers in {window} days since {onset}, expected {expected} ({lower} to {upper}).",
        "sure": "How sure: of 100 messages as strong as this, about {chance} are chance.",
        "failed": "Run {run} has failed", "failed_why": "Reason: {note}. Nothing of it was published; the pages "
        "still show the last good state. cxtext doctor helps to find out more.",
        "done": "Run {run} is done", "done_why": "{new} new tickets, {quarantined} rows in quarantine.",
        "test": "Test message", "test_why": "This message checks whether alerts arrive. Nothing needs to be done.",
        "link": "Have a look", "quiet": "No more about this: cxtext alerts mute {topic}",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing to be told, as plain values that JSON can hold; no text of a ticket is in it.

    Attributes:
        episode: the same for the same event, however often it is seen.
        title, why, sure: sentences in `language`; `sure` is empty where nothing was estimated.
    """

    episode: str
    kind: Kind
    language: Language
    run_id: int
    at: str
    title: str
    why: str
    sure: str = ""
    where: str = ""
    topic_id: str | None = None
    label: str | None = None
    facts: Mapping[str, Any]

    def content(self) -> dict[str, Any]:
        """What the outbox keeps."""
        return asdict(self) | {"facts": dict(self.facts)}


def of_signal(signal: Signal, run_id: int, language: Language, at: datetime) -> Message:
    """What there is to say about one signal."""
    words = WORDS[language]
    beside = signal.slice_ is not None and signal.slice_[0] == "alike"
    label = words["around"].format(words=signal.slice_[1]) if signal.slice_ and beside else signal.label or words["all"]
    why = signal.why_de if language == "de" else signal.why_en
    kind: Kind = signal.kind if signal.kind in ("new", "rising", "spike", "resolved") else "spike"  # type: ignore[assignment]
    figures = words["figures"].format(
        count=signal.count, window=signal.window, onset=_day(signal.onset.isoformat(), language),
        expected=_number(signal.expected, language), lower=_number(signal.lower, language),
        upper=_number(signal.upper, language),
    )  # fmt: skip
    return Message(
        episode=f"signal:{signal.signal_id}", kind=kind, language=language, run_id=run_id, at=at.isoformat(),
        title=words[kind].format(label=label), why=f"{why} {figures}".strip(),
        sure=words["sure"].format(chance=_number(100 * signal.chance_share, language)),
        where=words["where"].format(where=signal.slice_[1]) if signal.slice_ and not beside else "",
        topic_id=signal.topic_id, label=signal.label,
        facts={
            "signal_id": signal.signal_id, "day": signal.day.isoformat(), "onset": signal.onset.isoformat(),
            "count": signal.count, "expected": signal.expected, "lower": signal.lower, "upper": signal.upper,
            "evidence_strength": signal.evidence_strength, "chance_share": signal.chance_share,
            "slice": list(signal.slice_) if signal.slice_ else None,
        },
    )  # fmt: skip


def of_relapse(fix: FixRow, run_id: int, language: Language, at: datetime) -> Message:
    """What there is to say about an issue that has come back after it was fixed; `fix` is regressed."""
    words = WORDS[language]
    where = " · ".join(one for one in (fix.product, fix.version, fix.department) if one)
    back = fix.relapsed_on or fix.day
    why = words["relapse_why"].format(
        day=_day(fix.day.isoformat(), language), back=_day(back.isoformat(), language),
        what=f" ({fix.what})" if fix.what else "",
    )  # fmt: skip
    if fix.days_before and fix.days_after:
        daily = (fix.before / fix.days_before, fix.after / fix.days_after)
        before, after = (_number(value, language) for value in daily)
        why += " " + words["relapse_figures"].format(before=before, after=after)
    label = fix.label or fix.topic_id
    return Message(
        episode=f"relapse:{fix.id}", kind="relapse", language=language, run_id=run_id, at=at.isoformat(),
        title=words["relapse"].format(label=label), why=why, topic_id=fix.topic_id, label=label,
        where=words["where"].format(where=where) if where else "",
        facts={
            "fix_id": fix.id, "day": fix.day.isoformat(), "relapsed_on": back.isoformat(), "state": fix.state,
            "before": fix.before, "days_before": fix.days_before, "after": fix.after, "days_after": fix.days_after,
        },
    )  # fmt: skip


def of_run(run: Run, kind: Literal["failed", "done"], language: Language, at: datetime) -> Message:
    """What there is to say about a run that ended."""
    words = WORDS[language]
    numbers = {name: run.counts.get(name, 0) for name in ("new", "changed", "quarantined")}
    why = words[f"{kind}_why"].format(note=run.note or "?", **numbers)
    return Message(
        episode=f"run:{run.id}:{kind}", kind=kind, language=language, run_id=run.id, at=at.isoformat(),
        title=words[kind].format(run=run.id), why=why, facts={"run_id": run.id, "note": run.note, **numbers},
    )  # fmt: skip


def of_test(name: str, language: Language, at: datetime) -> Message:
    """A message that only tries the channel."""
    words = WORDS[language]
    return Message(
        episode=f"test:{name}:{at.isoformat()}", kind="test", language=language, run_id=0, at=at.isoformat(),
        title=words["test"], why=words["test_why"], facts={},
    )  # fmt: skip


def _number(value: float, language: Language) -> str:
    told = f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")
    return told.replace(".", ",") if language == "de" else told


def _day(iso: str, language: Language) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)}.{int(month)}.{year}" if language == "de" else iso
