"""Send what is due: each message is claimed first, tried again later and later, and given up visibly in the end."""

import hashlib
import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import httpx2

from cxtext.alerts import mail, webhook
from cxtext.alerts.webhook import Refused
from cxtext.errors import CxtextError
from cxtext.settings import Alert
from cxtext.store import Store, outbox
from cxtext.store.outbox import Waiting

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)  # as Standard Webhooks proposes
)
JITTER = 0.1  # of a wait, so that a receiver that was down is not asked by all at once


def deliver(store: Store, alerts: Mapping[str, Alert], *, now: Callable[[], datetime]) -> dict[str, int]:
    """Send all that is due; returns how many were sent, will be tried again, and were given up.

    A message that a process was sending when it died: a webhook goes out again under the same id, which receivers
    know; an e-mail does not, because nobody could tell the second from the first (`cxtext alerts retry` sends it).
    """
    _settle_orphans(store, alerts, now())
    counts = {"alerts_sent": 0, "alerts_later": 0, "alerts_dead": 0}
    with store.read() as connection:
        waiting = outbox.due(connection, now=now())
    for one in waiting:
        with store.write() as connection:
            if not outbox.claim(connection, one.id, now=now()):
                continue
        state, next_at, problem = _attempt(one, alerts.get(one.channel), now())
        with store.write() as connection:
            outbox.finish(connection, one.id, state, now=now(), next_at=next_at, problem=problem)
        counts[{"sent": "alerts_sent", "waiting": "alerts_later", "dead": "alerts_dead"}[state]] += 1
    return counts


def send(content: Mapping[str, object], alert: Alert, message_id: str, at: datetime) -> None:
    """One message to one channel, now.

    Raises:
        CxtextError: it was refused or the channel is wrong.
        OSError: nobody answers.
        smtplib.SMTPException: the mail server does not want it.
        httpx2.HTTPError: the receiver does not answer as it should.
    """
    if alert.kind == "email":
        mail.send(mail.compose(content, alert, message_id, at), alert)
    else:
        webhook.post(content, alert, message_id, at)


def _attempt(one: Waiting, alert: Alert | None, at: datetime) -> tuple[str, datetime | None, str]:
    if alert is None:
        return "dead", None, f"there is no [alerts.{one.channel}] any more"
    try:
        send(one.content, alert, one.message_id, at)
    except smtplib.SMTPRecipientsRefused as error:
        final = all(500 <= code < 600 for code, _ in error.recipients.values())
        return _later(one, at, "the mail server refuses the recipients", gone=final)
    except smtplib.SMTPResponseException as error:
        return _later(one, at, f"the mail server answered {error.smtp_code}", gone=500 <= error.smtp_code < 600)
    except Refused as error:
        return _later(one, at, str(error), gone=error.gone, after=error.after)
    except CxtextError as error:
        return "dead", None, str(error)
    except (OSError, smtplib.SMTPException, httpx2.HTTPError, ValueError) as error:
        return _later(one, at, f"nobody answers as they should ({type(error).__name__})")
    return "sent", None, ""


def _later(
    one: Waiting, at: datetime, problem: str, *, gone: bool = False, after: int | None = None
) -> tuple[str, datetime | None, str]:
    if gone or one.attempts >= len(WAITS):
        return "dead", None, problem
    wait = WAITS[one.attempts]
    share = int.from_bytes(hashlib.sha256(f"{one.message_id} {one.attempts}".encode()).digest()[:4]) / 2**32
    wait += wait * JITTER * share  # the same for the same message: a repeated night waits alike
    return "waiting", at + max(wait, timedelta(seconds=after or 0)), problem


def _settle_orphans(store: Store, alerts: Mapping[str, Alert], at: datetime) -> None:
    with store.write() as connection:
        for one in outbox.orphans(connection, now=at):
            alert = alerts.get(one.channel)
            safe = alert is not None and alert.kind == "webhook"
            words = "the process died while sending; nobody knows whether it arrived"
            outbox.finish(connection, one.id, "waiting" if safe else "unsure", now=at, problem=words)
