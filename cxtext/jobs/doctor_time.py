"""What usually goes wrong with a job that should run every night: not started, killed, failed, messages that stay."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlalchemy import Connection

from cxtext.jobs.finding import Finding
from cxtext.settings import Settings
from cxtext.store.read_sample import NightFacts, undelivered

ALIVE = timedelta(hours=2)  # between two signs of life of a run
BEHIND = timedelta(days=3)
WAITED = timedelta(days=1)


def run_findings(
    nights: Sequence[NightFacts], read_at: Mapping[str, datetime], settings: Settings, now: datetime
) -> Iterator[Finding]:
    """The newest run, the pace of the nights, and sources that fell behind."""
    if not nights:
        yield Finding("no-run", "mend")
        return
    last = nights[-1]
    if last.started_at > now + timedelta(minutes=5):
        yield Finding("clock", "mend", {"id": last.id, "moment": f"{last.started_at:%Y-%m-%d %H:%M}"})
    elif last.state == "failed":
        yield Finding("failed-run", "mend", {"id": last.id, "note": last.note or "–"})
    elif last.state == "running" and now - last.heartbeat_at > ALIVE:
        yield Finding(
            "stale-run", "mend", {"id": last.id, "hours": int((now - last.heartbeat_at).total_seconds() // 3600)}
        )
    else:
        yield from _pace(nights, now)
    for name in settings.sources:
        if (
            name in read_at
            and now - read_at[name] > BEHIND
            and any(night.state == "done" and night.started_at > read_at[name] + BEHIND for night in nights)
        ):
            yield Finding("source-behind", "mend", {"name": name, "days": (now - read_at[name]).days})


def _pace(nights: Sequence[NightFacts], now: datetime) -> Iterator[Finding]:
    """Whether the next night is long overdue, measured by the nights before; a few runs by hand make no pace."""
    last = nights[-1]
    begun = sorted(night.started_at for night in nights[-15:])
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(begun)]
    usual = median(gaps) if len(gaps) >= 5 else 0.0
    silent = (now - begun[-1]).total_seconds()
    if usual > 43_200 and silent > 2.5 * usual + 43_200:
        yield Finding("overdue", "mend", {"days": round(silent / 86_400), "usual": max(round(usual / 86_400), 1)})
    else:
        yield Finding("failed-run", "ok", {"ok": f"{last.id}, {last.started_at:%Y-%m-%d %H:%M}, {last.state}"})


def undelivered_findings(connection: Connection, now: datetime) -> list[Finding]:
    """Channels with messages that were given up, or wait for more than a day."""
    found = undelivered(connection, now - WAITED)
    return [Finding("alerts", "mend", {"name": name, "count": count}) for name, count in found.items()]
