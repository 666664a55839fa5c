"""What a server runs: `uvicorn api.main:app`, configured by cxtext.toml and the environment.

`CXTEXT_API_HOSTS` names the hosts that are answered, separated by commas; without it only the machine itself is. Others
than this machine need a user or a key: `cxtext users add`, `cxtext keys create`.
"""

from api.app import create_app
from api.guard import hosts_for
from cxtext.settings import Settings

app = create_app(Settings.load(), hosts=hosts_for("127.0.0.1"))
