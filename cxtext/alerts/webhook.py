"""Webhooks: signed after Standard Webhooks (standardwebhooks.com, 1.0), or as chat programs want them."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx2

from cxtext.alerts.mail import link_to
from cxtext.errors import ConfigurationError, CxtextError
from cxtext.network import Blocked, guarded_client
from cxtext.settings import Alert

PATIENCE = 10.0  # seconds for each step
IN_ALL = 20.0  # seconds from connecting to the answer: a receiver that drips is given up
MOST = 65_536  # bytes of an answer; nobody reads it, its status says all
PREFIX = "whsec_"


class Refused(CxtextError):
    """The receiver did not take it. `gone`: it never will; `after`: seconds that it asks to wait."""

    def __init__(self, words: str, *, gone: bool = False, after: int | None = None) -> None:
        super().__init__(words)
        self.gone = gone
        self.after = after


def signature(message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> str:
    """The header `webhook-signature`: one `v1,` per secret, so that secrets can be changed without a gap.

    Raises:
        ConfigurationError: a secret is not base64 of at least 24 bytes.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(
        "v1," + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode() for secret in secrets
    )


def body_of(content: Mapping[str, Any], alert: Alert) -> bytes:
    """What is posted, as the receiver wants it."""
    link = link_to(content, alert)
    if alert.form == "slack":
        lines = [
            f"*{_plain(content['title'])}*",
            _plain(content["where"]),
            _plain(content["why"]),
            _plain(content["sure"]),
        ]
        told: dict[str, Any] = {"text": "\n".join([*filter(None, lines), *([f"<{link}>"] if link else [])])}
    elif alert.form == "teams":
        told = {"type": "message", "attachments": [_card(content, link)]}
    else:
        data = {name: content[name] for name in ("title", "why", "sure", "topic_id", "label", "run_id", "facts")}
        told = {"type": f"cxtext.{content['kind']}", "timestamp": content["at"], "data": data | {"link": link or None}}
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def post(content: Mapping[str, Any], alert: Alert, message_id: str, at: datetime) -> None:
    """Send it to the receiver, whose address is checked and pinned; redirects are not followed.

    Raises:
        Refused: the receiver answers anything but 2xx, or the address is not allowed.
        httpx2.HTTPError: it does not answer.
        ConfigurationError: a secret is none.
    """
    if not alert.allow_private and not alert.url.lower().startswith("https://"):
        raise Refused("only https:// addresses; allow_private = true permits others", gone=True)
    body, timestamp = body_of(content, alert), int(at.timestamp())
    headers = {"Content-Type": "application/json", "webhook-id": message_id, "webhook-timestamp": str(timestamp)}
    secrets = [secret.get_secret_value() for secret in alert.secrets]
    if secrets:
        headers["webhook-signature"] = signature(message_id, timestamp, body, secrets)
    try:
        with (
            guarded_client(allow_private=alert.allow_private, timeout=PATIENCE, in_all=IN_ALL, most=MOST) as client,
            client.stream("POST", alert.url, content=body, headers=headers) as answer,
        ):
            status, wait = answer.status_code, answer.headers.get("retry-after", "")
    except Blocked as error:
        raise Refused(str(error), gone=True) from error
    except httpx2.InvalidURL as error:
        raise Refused("the address is none", gone=True) from error
    if not 200 <= status < 300:
        after = min(int(wait), 86_400) if wait.isascii() and wait.isdecimal() else None
        raise Refused(f"the receiver answered {status}", gone=status == 410, after=after)


def _card(content: Mapping[str, Any], link: str) -> dict[str, Any]:
    """An adaptive card; its texts are plain, so that names from tickets bring no markup."""
    lines = [{"type": "TextBlock", "text": _plain(content["title"]), "weight": "bolder", "wrap": True}]
    lines += [
        {"type": "TextBlock", "text": _plain(content[name]), "wrap": True}
        for name in ("where", "why", "sure")
        if content[name]
    ]
    card: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.4", "body": lines}
    if link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "cxtext", "url": link}]
    return {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("](", "] (")


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ConfigurationError("a secret of a webhook is whsec_ and base64: `openssl rand -base64 32`") from error
    if len(key) < 24:
        raise ConfigurationError("a secret of a webhook has 24 bytes at least: `openssl rand -base64 32`")
    return key
