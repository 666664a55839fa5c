"""What a server runs: `uvicorn api.main:app`, configured by cxtext.toml and the environment."""

from api.app import create_app
from cxtext.settings import Settings

app = create_app(Settings.load())
