"""The application: lifespan, routes, errors, headers. It reads the store and never loads a model."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api.accounts.door import Door
from api.analyst import Analyst
from api.dashboard.render import error_page
from api.errors import install_handlers
from api.guard import HEADERS, LOCAL_NAMES, Guard, allowed
from api.interface import describe, described
from api.meter import Figures, Meter
from api.routes import ROUTERS
from cxtext.settings import Settings
from cxtext.store import open_store
from cxtext.store.connect import tenant_key

HERE = Path(__file__).parent
DESCRIPTION = (
    "Recurring problems in support tickets: topics, sentiment, root causes and the departments that own them. "
    "Times are UTC, shares 0 to 1, sentiment -1 to 1; what the product does not know is null. Lists of tickets come in "
    "pages (`next_cursor`); answers carry an `ETag`; errors are problem documents (RFC 9457)."
)


def create_app(settings: Settings, *, hosts: Sequence[str] = LOCAL_NAMES) -> FastAPI:
    """Build the application for one database; nothing happens until its lifespan begins.

    Args:
        settings: names the database and what the analysis process needs.
        hosts: names in the Host header that are answered; the others are refused.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.store = open_store(settings.db)
        app.state.settings = settings
        app.state.analyst = Analyst(settings)
        app.state.csrf_key = hashlib.sha256(tenant_key(app.state.store, _secret(settings)) + b"csrf").digest()
        try:
            yield
        finally:
            app.state.analyst.close()
            app.state.store.close()

    app = FastAPI(
        title="cxtext",
        version=version("cxtext"),
        summary="What keeps coming back, and who owns it",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=described(400, 401, 422, 503),
    )
    app.state.figures = Figures()
    app.add_middleware(Door)
    app.add_middleware(Meter)
    app.add_middleware(Guard, hosts=hosts)  # added last, passed first
    app.mount("/static", StaticFiles(directory=HERE / "dashboard" / "static"), name="static")
    install_handlers(app, error_page, allowed, HEADERS)
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = describe(app)  # type: ignore[method-assign]  # FastAPI's own way to change the document
    return app


def _secret(settings: Settings) -> str | None:
    return settings.secret.get_secret_value() if settings.secret else None
