"""Whether every online source of the configuration answers and lets us in."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from cxtext.connectors.http import Http
from cxtext.connectors.page import Visit
from cxtext.connectors.services import service_of
from cxtext.errors import CxtextError
from cxtext.jobs.finding import Finding
from cxtext.jobs.visits import client_for
from cxtext.settings import Settings

if TYPE_CHECKING:
    from cxtext.connectors.account import Account

TRIES = 2
REFUSED = ("does not accept", "may not read tickets")
PATIENCE = "10"  # seconds for one answer; a night waits longer


def source_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """One finding for each source; nothing is read but what the test of the connection reads."""
    for name, options in settings.sources.items():
        try:
            account, service = service_of(name, {"timeout": PATIENCE, **options})
            with client_for(account) as client:
                said = service.check()(_visit(account, Http(client, time.sleep, lambda: now, tries=TRIES), now))
        except CxtextError as error:
            refused = any(words in str(error) for words in REFUSED)
            yield Finding("token" if refused else "source", "mend", {"name": name, "why": str(error)})
        else:
            yield Finding("source", "ok", {"name": name, "ok": said})


def _visit(account: "Account", http: Http, now: datetime) -> Visit:
    return Visit(account=account, http=http, now=lambda: now, cursor={})
