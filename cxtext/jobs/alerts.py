"""The stage after publishing: what is new or rising is put into the outbox, and the outbox is emptied."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from cxtext.alerts.message import Message, of_relapse, of_run, of_signal
from cxtext.errors import NotFound
from cxtext.settings import Alert, Settings
from cxtext.store import Store, outbox, read_fixes, read_signals, read_topics, runs
from cxtext.store.read_signals import Signal
from cxtext.store.runs import Run

LOG = logging.getLogger("cxtext.alerts")
BACK = "regressed"
NEWS = timedelta(days=3)  # older signals are no news: a channel that is set up today does not hear of last year


def tell(store: Store, run: Run, settings: Settings, now: Callable[[], datetime]) -> dict[str, int]:
    """Tell all channels what this night brought. Nights of the past (a replay) tell nobody."""
    if not settings.alerts or _is_past(run, now()):
        return {}
    try:
        with store.write() as connection:
            put = _put_signals(connection, run, settings, now()) + _put_relapses(connection, run, settings, now())
            put += _put_run(connection, run, "done", settings, now())
        return {"alerts": put} | _deliver(store, settings, now)
    except Exception as error:  # noqa: BLE001 – the night is published; no receiver may take that back
        LOG.error("alerts failed: %s", type(error).__name__)  # noqa: TRY400 – a trace might hold addresses
        return {"alerts_failed": 1}


def tell_failure(store: Store, run: Run, settings: Settings, now: Callable[[], datetime]) -> None:
    """Tell all channels that want to know that a run has failed; `run` as it was discarded."""
    if not settings.alerts or _is_past(run, now()):
        return
    try:
        with store.write() as connection:
            _put_run(connection, run, "failed", settings, now())
        _deliver(store, settings, now)
    except Exception as error:  # noqa: BLE001 – the run's own error is what the operator has to see
        LOG.error("alerts failed: %s", type(error).__name__)  # noqa: TRY400 – a trace might hold addresses


def _deliver(store: Store, settings: Settings, now: Callable[[], datetime]) -> dict[str, int]:
    from cxtext.alerts.deliver import deliver  # noqa: PLC0415 – 0.1 s that only a company with channels pays

    return deliver(store, settings.alerts, now=now)


def message_id_of(channel: str, episode: str) -> str:
    """The id of a message: the same for the same episode and channel."""
    return f"msg_{hashlib.sha256(f'{channel} {episode}'.encode()).hexdigest()[:32]}"


def _put_signals(connection: Connection, run: Run, settings: Settings, at: datetime) -> int:
    day = run.as_of or at.date()
    fresh = read_signals.signals(connection, run.id, since=day - NEWS, until=day)
    owners = _owners(connection, run.id)
    silent = {(one.what, one.value) for one in outbox.muted(connection)}
    put = 0
    for name, alert in sorted(settings.alerts.items()):
        for signal in reversed(fresh):  # oldest first, as it happened
            message = of_signal(signal, run.id, alert.language, at)
            quiet = signal.quiet or ("topic", signal.topic_id or "") in silent or ("kind", message.kind) in silent
            if message.kind in alert.about and not quiet and _concerns(alert, signal, owners):
                put += _put(connection, name, message, at)
    return put


def _put_relapses(connection: Connection, run: Run, settings: Settings, at: datetime) -> int:
    """Issues that were fixed and are back: those that were not back yet a few nights ago."""
    day = run.as_of or at.date()
    try:
        known = {one.id for one in read_fixes.fixes(connection, runs.at(connection, day - NEWS)) if one.state == BACK}
        first = date.min
    except NotFound:  # cxtext is younger than that: what came back before is no news
        known, first = set(), day - NEWS
    silent = {(one.what, one.value) for one in outbox.muted(connection)}
    owners = _owners(connection, run.id)
    put = 0
    for fix in read_fixes.fixes(connection, run.id):
        news = fix.state == BACK and fix.id not in known and (fix.relapsed_on or day) >= first
        if not news or ("topic", fix.topic_id) in silent or ("kind", "relapse") in silent:
            continue
        for name, alert in sorted(settings.alerts.items()):
            owner = fix.department or owners.get(fix.topic_id, "")
            if "relapse" in alert.about and (not alert.departments or owner in alert.departments):
                put += _put(connection, name, of_relapse(fix, run.id, alert.language, at), at)
    return put


def _put_run(
    connection: Connection, run: Run, kind: Literal["failed", "done"], settings: Settings, at: datetime
) -> int:
    if ("kind", kind) in {(one.what, one.value) for one in outbox.muted(connection)}:
        return 0
    wanted = [(name, alert) for name, alert in sorted(settings.alerts.items()) if kind in alert.about]
    return sum(_put(connection, name, of_run(run, kind, alert.language, at), at) for name, alert in wanted)


def _put(connection: Connection, channel: str, message: Message, at: datetime) -> int:
    return int(outbox.put(connection, channel, message.content(), message_id_of(channel, message.episode), now=at))


def _owners(connection: Connection, run_id: int) -> dict[str, str]:
    return {
        row["topic_id"]: row["departments"][0][0]
        for row in read_topics.topics(connection, run_id)
        if row["departments"]
    }


def _concerns(alert: Alert, signal: Signal, owners: Mapping[str, str]) -> bool:
    wanted = alert.departments
    if not wanted:
        return True
    if signal.slice_ is not None and signal.slice_[0] == "department":
        return signal.slice_[1] in wanted
    return owners.get(signal.topic_id or "", "") in wanted


def _is_past(run: Run, at: datetime) -> bool:
    return run.as_of is not None and at.date() - run.as_of > NEWS
