"""E-mails: composed as HTML and text, sent over SMTP."""

import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from cxtext.alerts.message import WORDS
from cxtext.errors import NotInstalled
from cxtext.settings import Alert

PATIENCE = 20.0  # seconds for each step of the conversation

TEXT = """\
{{ title }}

{% if where %}{{ where }}
{% endif %}{{ why }}
{% if sure %}
{{ sure }}
{% endif %}{% if link %}
{{ words.link }}: {{ link }}
{% endif %}{% if topic_id %}
{{ words.quiet.format(topic=topic_id) }}
{% endif %}"""

HTML = """\
<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body style="margin:0;padding:24px;font:15px/1.5 system-ui,sans-serif;color:#1b1f24;background:#ffffff">
<div style="max-width:600px">
<h1 style="font-size:20px;line-height:1.25;margin:0 0 12px">{{ title }}</h1>
{% if where %}<p style="margin:0 0 8px"><strong>{{ where }}</strong></p>
{% endif %}<p style="margin:0 0 12px">{{ why }}</p>
{% if sure %}<p style="margin:0 0 12px;color:#5b6470">{{ sure }}</p>
{% endif %}{% if link %}<p style="margin:0 0 12px"><a href="{{ link }}" style="color:#0b6e99">{{ words.link }}</a></p>
{% endif %}{% if topic_id %}<p style="margin:24px 0 0;font-size:13px;color:#5b6470">{{ words.quiet.format(topic=topic_id) }}</p>
{% endif %}</div></body></html>
"""


def compose(content: Mapping[str, Any], alert: Alert, message_id: str, at: datetime) -> EmailMessage:
    """One e-mail with both bodies; names from tickets can neither break a header nor bring markup."""
    try:
        from jinja2 import Environment  # noqa: PLC0415 – only where mails are sent
    except ImportError as error:
        raise NotInstalled("e-mails", "api") from error
    facts = {**content, "words": WORDS[content["language"]], "link": link_to(content, alert)}
    mail = EmailMessage()
    mail["Subject"] = " ".join(f"cxtext: {content['title']}".split())[:200]
    mail["From"] = alert.sender
    mail["To"] = ", ".join(alert.to)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}@{_domain(alert.sender)}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office replies stay away
    mail.set_content(Environment(autoescape=False, keep_trailing_newline=True).from_string(TEXT).render(facts))  # noqa: S701 – plain text
    mail.add_alternative(Environment(autoescape=True).from_string(HTML).render(facts), subtype="html")
    return mail


def send(mail: EmailMessage, alert: Alert) -> None:
    """Hand it to the mail server.

    Raises:
        smtplib.SMTPException: it does not want it.
        OSError: it does not answer.
    """
    context = ssl.create_default_context()
    if alert.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(alert.host, alert.port or 465, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(alert.host, alert.port or (587 if alert.security == "starttls" else 25), timeout=PATIENCE)
    with server:
        if alert.security == "starttls":
            server.starttls(context=context)
        if alert.user is not None and alert.password is not None:
            server.login(alert.user, alert.password.get_secret_value())
        server.send_message(mail)


def link_to(content: Mapping[str, Any], alert: Alert) -> str:
    """Where the page of the issue is, empty where nobody has said under which address the pages are."""
    if not alert.pages:
        return ""
    base = alert.pages.rstrip("/")
    return f"{base}/issues/{content['topic_id']}" if content.get("topic_id") else f"{base}/"


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].strip("> ") or "localhost"
