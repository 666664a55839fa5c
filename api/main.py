"""What a server runs: `uvicorn api.main:app`, configured by cxtext.toml and the environment.

`CXTEXT_API_HOSTS` names the hosts that are answered, separated by commas; without it only the machine itself is. Others
than this machine need a user or a key: `cxtext users add`, `cxtext keys create`.
"""

import os

from api.app import create_app
from api.guard import LOCAL_NAMES
from cxtext.settings import Settings

named = [host.strip() for host in os.environ.get("CXTEXT_API_HOSTS", "").split(",") if host.strip()]
app = create_app(Settings.load(), hosts=named or LOCAL_NAMES)
