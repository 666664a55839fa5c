"""What usually goes wrong with the tickets themselves, seen in a sample of what was kept."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from statistics import median
from typing import Any

from cxtext.jobs.finding import Finding
from cxtext.store.read_sample import Sample

FEW, SOME, MANY = 0.01, 0.05, 0.2  # shares of the sample
LEAST = 20  # tickets; fewer say nothing about a column
BROKEN = re.compile(r"Ã[\u0080-¿¤¶¼„–œŸ]|â€[\u0080-ÿœž™“”]|\ufffd")  # UTF-8 read as Latin-1, or lost letters
SEPARATORS = ";\t|"
AGENT = re.compile(
    r"(?i)vielen dank für ihre (?:anfrage|nachricht|e-?mail|kontaktaufnahme)|wir haben ihre (?:anfrage|nachricht) erhalten|"
    r"(?:gerne?|ich) helfe(?:n wir)? (?:ich )?ihnen|ihr (?:support|service|kundenservice)-?team|"
    r"thank you for (?:contacting|reaching out|your (?:message|request|e-?mail))|we have received your (?:request|message)|"
    r"happy to (?:help|assist) you|your (?:support|service) team"
)
SENTENCE = re.compile(r"[^.!?\n]{40,}[.!?]")


def data_findings(
    sample: Sample, rejected: dict[str, int], languages: Sequence[str], *, now: datetime
) -> Iterator[Finding]:
    """Every mistake that the sample shows.

    Args:
        sample: tickets as they were kept: cleaned and redacted.
        rejected: rows in quarantine by the field that was wrong; "" counts all.
        languages: those that cxtext was told to read.
        now: the clock.
    """
    yield from _scales(sample, rejected)
    if sample.total == 0:
        return
    rows = sample.rows
    for look in (_encoding, _delimiter, _columns, _dates, _order_of_dates, _same, _length, _voices, _repeated):
        yield from look(sample)
    yield from _times(rows, now)
    yield from _languages(sample, languages)
    if sample.total < 100:
        yield Finding("few-tickets", "look", {"count": sample.total})
    if not any(row.given_department or row.given_category for row in rows):
        yield Finding("no-labels", "look", {})


def repeats(counts: dict[str, Any]) -> Iterator[Finding]:
    """Ids that came more than once, seen in the counts of the first reading of a store."""
    read = int(counts.get("read", 0))
    known = sum(int(counts.get(name, 0)) for name in ("changed", "unchanged", "older"))
    if read >= LEAST and known > SOME * read:
        yield Finding("repeated-ids", "mend", {"count": known, "read": read})


def _encoding(sample: Sample) -> Iterator[Finding]:
    broken = sum(bool(BROKEN.search(row.text)) for row in sample.rows)
    if broken and sample.share(broken) > FEW:
        yield Finding("encoding", "mend", {"share": sample.share(broken)})


def _delimiter(sample: Sample) -> Iterator[Finding]:
    """Whole lines in the text: the same number of separators in nearly every one."""
    for mark in SEPARATORS:
        counts = Counter(row.text.count(mark) for row in sample.rows)
        count, times = counts.most_common(1)[0]
        if count >= 3 and times >= LEAST and sample.share(times) > 0.8:
            yield Finding("delimiter", "mend", {"mark": "TAB" if mark == "\t" else mark, "count": count})
            return


def _columns(sample: Sample) -> Iterator[Finding]:
    """A text that is a category or a number, or a category that is a text."""
    rows = sample.rows
    if len(rows) < LEAST:
        return
    words = median(len(row.text.split()) for row in rows)
    category = [len(row.given_category) for row in rows if row.given_category]
    if words <= 2 or (len(category) > len(rows) / 2 and median(category) > 60):
        yield Finding("columns", "mend", {"words": words})


def _dates(sample: Sample) -> Iterator[Finding]:
    undated = sum(row.created_at is None for row in sample.rows)
    if sample.share(undated) > MANY:
        yield Finding("no-dates", "mend", {"share": sample.share(undated)})
    days = Counter(row.created_at.date() for row in sample.rows if row.created_at)
    if not days:
        return
    day, most = days.most_common(1)[0]
    if most >= 100 and most > sum(days.values()) / 2:
        yield Finding("one-day", "mend", {"day": day, "share": sample.share(most)})
    if sample.total >= 100 and (max(days) - min(days)).days < 28:
        yield Finding("short-history", "look", {"days": (max(days) - min(days)).days + 1})


def _order_of_dates(sample: Sample) -> Iterator[Finding]:
    """Day and month exchanged: no day after the twelfth in half a year, or answers before questions."""
    moments = [row.created_at for row in sample.rows if row.created_at]
    months = {(moment.year, moment.month) for moment in moments}
    early = len(moments) >= 60 and len(months) >= 6 and all(moment.day <= 12 for moment in moments)
    pairs = [
        (row.created_at, later)
        for row in sample.rows
        for later in (row.first_response_at, row.resolved_at)
        if row.created_at and later
    ]
    before = sum(later < created - timedelta(hours=1) for created, later in pairs)
    if early or (len(pairs) >= LEAST and before > 0.1 * len(pairs)):
        yield Finding("dates-swapped", "mend", {"share": before / len(pairs) if pairs else 0.0})


def _times(rows: Sequence[Any], now: datetime) -> Iterator[Finding]:
    moments = [moment.astimezone(UTC) for row in rows if (moment := row.created_at)]
    soon = sum(now < moment <= now + timedelta(hours=14) for moment in moments)
    far = sum(moment > now + timedelta(hours=14) for moment in moments)
    old = sum(moment.year < 1995 for moment in moments)
    if far:
        yield Finding("future-dates", "mend", {"count": far, "newest": max(moments).date()})
    if soon >= 3:
        yield Finding("time-zone", "mend", {"count": soon})
    if old > FEW * len(rows):
        yield Finding("placeholder-dates", "mend", {"count": old, "oldest": min(moments).date()})


def _same(sample: Sample) -> Iterator[Finding]:
    folds = Counter(row.fold or row.text for row in sample.rows)
    _, most = folds.most_common(1)[0]
    if most >= LEAST and sample.share(most) > 0.5:
        yield Finding("equal-texts", "mend", {"share": sample.share(most)})
        return
    twins = Counter(
        (row.fold, row.customer_id, row.created_at) for row in sample.rows if row.customer_id and row.created_at
    )
    doubled = sum(count - 1 for count in twins.values() if count > 1)
    if doubled >= LEAST and sample.share(doubled) > SOME:
        yield Finding("doubled-tickets", "mend", {"share": sample.share(doubled)})


def _length(sample: Sample) -> Iterator[Finding]:
    """Texts heaped at one greatest length: a column that was too short."""
    longest = max(len(row.text) for row in sample.rows)
    heaped = sum(len(row.text) >= longest - 3 for row in sample.rows)
    if longest >= 60 and heaped >= LEAST and sample.share(heaped) > SOME and not _is_one_text(sample, longest):
        yield Finding("truncated", "mend", {"length": longest, "share": sample.share(heaped)})


def _is_one_text(sample: Sample, longest: int) -> bool:
    return len({row.fold or row.text for row in sample.rows if len(row.text) >= longest - 3}) <= 2


def _voices(sample: Sample) -> Iterator[Finding]:
    agents = sum(bool(AGENT.search(row.text)) for row in sample.rows)
    if agents >= LEAST and sample.share(agents) > MANY:
        yield Finding("agent-texts", "mend", {"share": sample.share(agents)})


def _repeated(sample: Sample) -> Iterator[Finding]:
    """One long sentence in texts that otherwise differ: a disclaimer, a form, a footer."""
    sentences = Counter(chain.from_iterable(set(SENTENCE.findall(row.text)) for row in sample.rows))
    if not sentences:
        return
    sentence, most = min(sentences.items(), key=lambda item: (-item[1], item[0]))
    different = {row.fold or row.text for row in sample.rows if sentence in row.text}
    if most >= LEAST and sample.share(most) > 0.3 and len(different) > most / 2:
        yield Finding("boilerplate", "mend", {"share": sample.share(most), "letters": len(sentence)})


def _languages(sample: Sample, languages: Sequence[str]) -> Iterator[Finding]:
    found = Counter(row.language for row in sample.rows)
    others = {name: count for name, count in found.items() if name not in languages and name != "und"}
    if others and sample.share(sum(others.values())) > MANY:
        name = min(others, key=lambda one: (-others[one], one))
        yield Finding("language", "look", {"name": name, "share": sample.share(sum(others.values()))})


def _scales(sample: Sample, rejected: dict[str, int]) -> Iterator[Finding]:
    answers = [row.csat for row in sample.rows if row.csat is not None]
    only_one = len(answers) >= LEAST and set(answers) == {1.0}
    if rejected.get("csat", 0) or only_one:
        yield Finding("csat-scale", "mend", {"count": rejected.get("csat", 0)})
    if rejected.get("nps", 0):
        yield Finding("nps-scale", "mend", {"count": rejected["nps"]})
    everything = rejected.get("", 0)
    if everything >= LEAST and everything > SOME * (everything + sample.total):
        yield Finding("quarantine", "mend", {"count": everything})
