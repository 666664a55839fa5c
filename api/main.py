"""What a server runs: `uvicorn api.main:app`, configured by cxtext.toml and the environment.

There is no login yet. Where a proxy in front asks for one, `CXTEXT_API_HOSTS` names the hosts that it passes on,
separated by commas; without it only the machine itself is answered.
"""

import os

from api.app import LOCAL_NAMES, create_app
from cxtext.settings import Settings

named = [host.strip() for host in os.environ.get("CXTEXT_API_HOSTS", "").split(",") if host.strip()]
app = create_app(Settings.load(), hosts=named or LOCAL_NAMES)
