"""From texts to signals on real complaints: known waves of one city, and surges of real texts put where none were.

Gold labels score what came out; no step before the score sees them.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from cxtext.assemble import Parts, load_parts
from cxtext.demo.generate import planted
from cxtext.domain import Facts, Ticket
from cxtext.evaluate.trend_replay import Told, replay_lines
from cxtext.settings import Settings
from cxtext.trends.closing import closing_days

KONSTANZ = Path("..") / "shared" / "data" / "konstanz_maengelmelder_2020_2022" / "konstanz.parquet"
REGION = "DE-BW"
WITHIN_DAYS, WITHIN_TICKETS = 4, 5
QUARTER = 91.3
MOST = 0.5  # share of a line's tickets that must be of the event for the line to be about it
LAMPS, WINTER = "Straßenlaternen defekt", (10, 3)  # a season: from October to March
SURGES, EXTRA, SPREAD = 8, 8, 4  # injected surges; texts of each; days over which they come
OTHER = "Hinweise"
GENERATED, DEMO_DAYS = 360, 90  # tickets of the demo and their days
DEMO_SURGES = (38, 25, 12)  # days before the end on which its surges begin
Tell = Callable[[str], None]  # hears of progress


def silent(_line: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Event:
    """A wave that should be told: its name, the gold category and its first day."""

    name: str
    category: str
    first: date


WAVES = (
    Event("found bicycles, March 2020", "Fahrrad gefunden", date(2020, 3, 30)),
    Event("storm drains, 7 June 2021", "Gullideckel/ Kanal verstopft", date(2021, 6, 7)),
    Event("storm drains, 28 June 2021", "Gullideckel/ Kanal verstopft", date(2021, 6, 28)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One complaint: the text, its day and, for scoring only, its category."""

    key: str
    text: str
    day: date
    category: str


def known_waves(path: Path = KONSTANZ, *, until: date | None = None, tell: Tell = silent) -> dict[str, object]:
    """Replay 2020 to 2022 night by night and look where the known waves were told."""
    if not path.is_file():
        return {"skipped": f"{path} is not here"}
    rows = _read(path, until)
    told, seconds = _play(rows, _parts(), tell)
    gold = {row.key: row.category for row in rows}
    lines = [one for one in told if not one.row["quiet"]]
    alarms = [one for one in lines if one.row["kind"] != "resolved"]
    quarters = ((rows[-1].day - rows[0].day).days + 1) / QUARTER
    return {
        "nights": len({row.day for row in rows}),
        "tickets": len(rows),
        "waves": {event.name: flagged(event, alarms, rows, gold) for event in WAVES if event.first <= rows[-1].day},
        "street_lamps_per_winter": _lamps(alarms, gold),
        "signals_per_quarter": round(len(lines) / quarters, 2),
        "alarms_per_quarter": round(len(alarms) / quarters, 2),
        "kinds": dict(sorted(Counter(one.row["kind"] for one in lines).items())),
        "kept_quiet": dict(sorted(Counter(one.row["quiet"] for one in told if one.row["quiet"]).items())),
        "cpu_seconds": round(seconds, 1),
    }


def injected(path: Path = KONSTANZ, *, seed: int = 500, tell: Tell = silent) -> dict[str, object]:
    """Put real texts of 2022 as surges into 2020 and 2021, and count those that are told in time."""
    if not path.is_file():
        return {"skipped": f"{path} is not here"}
    rows = _read(path, None)
    history = [row for row in rows if row.day < date(2022, 1, 1)]
    extra, events = _surges(rows, np.random.default_rng(seed))
    return _told(sorted([*history, *extra], key=lambda row: (row.day, row.key)), events, tell)


def generated(*, seed: int = 500) -> dict[str, object]:
    """The same with the demo's own tickets: issues that nobody had in a quarter of a year come at once, one by one.

    A smoke test of the whole way from texts to lines that needs no data: about 15 CPU-seconds.
    """
    until = date(2026, 3, 31)
    donors: dict[str, list[str]] = {}
    for one, secret in planted(4 * GENERATED, DEMO_DAYS, seed=seed + 1, until=until):
        if secret.issue and secret.language == "de" and not secret.repeat and not secret.also:
            donors.setdefault(secret.issue, []).append(one.text)
    chosen = sorted(donors, key=lambda issue: (-len(donors[issue]), issue))[: len(DEMO_SURGES)]
    usual = planted(GENERATED, DEMO_DAYS, seed=seed, until=until)
    rows = [
        Row(f"file:{one.id}", one.text, one.facts.created_at.date(), secret.issue or "")
        for one, secret in usual if one.facts.created_at and not {secret.issue, secret.also} & {*chosen}
    ]  # fmt: skip
    events = []
    for issue, before_end in zip(chosen, DEMO_SURGES, strict=True):
        first = until - timedelta(before_end)
        events.append(Event(issue, issue, first))
        rows += [
            Row(f"file:{issue}-{number}", text, first + timedelta(number * SPREAD // EXTRA), issue)
            for number, text in enumerate(donors[issue][:EXTRA])
        ]
    return _told(sorted((row for row in rows if row.text), key=lambda row: (row.day, row.key)), events)


def _told(rows: Sequence[Row], events: Sequence[Event], tell: Tell = silent) -> dict[str, object]:
    """Replay the rows and say which events were told, and in time."""
    told, seconds = _play(rows, _parts(), tell)
    gold = {row.key: row.category for row in rows}
    alarms = [one for one in told if not one.row["quiet"] and one.row["kind"] != "resolved"]
    found = {event.name: flagged(event, alarms, rows, gold) for event in events}
    return {
        "surges": len(events),
        "texts_of_each": EXTRA,
        "days_of_each": SPREAD,
        "told_in_time": sum(bool(one["in_time"]) for one in found.values()),
        "told_within_14_days": sum(one["days"] is not None for one in found.values()),
        "alarms": len(alarms),
        "each": found,
        "cpu_seconds": round(seconds, 1),
    }


def flagged(
    event: Event, told: Sequence[Told], rows: Sequence[Row], gold: Mapping[str, str]
) -> dict[str, str | int | float | bool | None]:
    """Say when a line about the event was first told: at least half of its tickets are of the event's category."""
    for one in sorted(told, key=lambda one: one.night):
        days = (one.night - event.first).days
        if not 0 <= days < 14:
            continue
        share = sum(gold[key] == event.category for key in one.keys) / max(len(one.keys), 1)
        if share >= MOST:
            seen = sum(row.category == event.category and event.first <= row.day <= one.night for row in rows)
            return {
                "in_time": days <= WITHIN_DAYS or seen <= WITHIN_TICKETS,
                "days": days,
                "tickets": seen,
                "kind": one.row["kind"],
                "topic": one.row["topic_id"] or one.row["value"] or "all",
                "share": round(share, 2),
            }
    return {"in_time": False, "days": None, "tickets": None, "kind": None, "topic": None, "share": None}


def _lamps(told: Sequence[Told], gold: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Count the lines about street lamps of each winter, by kind."""
    found: dict[str, Counter[str]] = {}
    for one in told:
        about = sum(gold[key] == LAMPS for key in one.keys) / max(len(one.keys), 1) >= MOST
        if about and (one.night.month >= WINTER[0] or one.night.month <= WINTER[1]):
            start = one.night.year if one.night.month >= WINTER[0] else one.night.year - 1
            found.setdefault(f"{start}/{start + 1}", Counter())[one.row["kind"]] += 1
    return {winter: dict(sorted(kinds.items())) for winter, kinds in sorted(found.items())}


def _surges(rows: Sequence[Row], draw: np.random.Generator) -> tuple[list[Row], list[Event]]:
    donors: dict[str, list[Row]] = {}
    for row in rows:
        if row.day >= date(2022, 1, 1) and row.category != OTHER:
            donors.setdefault(row.category, []).append(row)
    able = sorted(category for category, texts in donors.items() if len(texts) >= EXTRA)
    chosen = [able[place] for place in draw.permutation(len(able))[:SURGES]]
    extra: list[Row] = []
    events: list[Event] = []
    for number, category in enumerate(chosen):
        first = date(2020, 8, 1) + timedelta(60 * number + int(draw.integers(0, 20)))
        texts = [donors[category][place] for place in draw.permutation(len(donors[category]))[:EXTRA]]
        offsets = sorted([0, *draw.integers(0, SPREAD, EXTRA - 1).tolist()])
        extra += [
            Row(f"{one.key}+", one.text, first + timedelta(offset), category)
            for one, offset in zip(texts, offsets, strict=True)
        ]
        events.append(Event(f"{category}, {first}", category, first))
    return extra, events


def _play(rows: Sequence[Row], parts: Parts, tell: Tell) -> tuple[list[Told], float]:
    start = time.process_time()
    tickets = [
        Ticket(
            id=row.key.removeprefix("file:"), text=row.text,
            facts=Facts(created_at=datetime(row.day.year, row.day.month, row.day.day, 12, tzinfo=UTC)),
        )
        for row in rows
    ]  # fmt: skip
    holidays = closing_days(REGION, rows[0].day, rows[-1].day)
    told, _ = replay_lines(tickets, parts, holidays=holidays, tell_progress=tell)
    return told, time.process_time() - start


def _parts() -> Parts:
    return load_parts(Settings(), key=b"measuring")


def _read(path: Path, until: date | None) -> list[Row]:
    import pyarrow.parquet as pq  # noqa: PLC0415 – 0.1 s that only a measurement pays

    table = pq.read_table(path, columns=["id", "date", "text", "sub_category"]).to_pylist()
    rows = [Row(f"file:{one['id']}", one["text"], one["date"].date(), one["sub_category"]) for one in table]
    return sorted(
        (row for row in rows if row.text and (until is None or row.day <= until)), key=lambda row: (row.day, row.key)
    )
