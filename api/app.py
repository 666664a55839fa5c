"""The application: lifespan, routes, errors, headers. It reads the store and never loads a model."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api.analyst import Analyst
from api.errors import install_handlers
from api.routes import ROUTERS
from cxtext.settings import Settings
from cxtext.store import open_store

HERE = Path(__file__).parent
LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]", "testserver"]  # others are refused: a defence against DNS rebinding
DESCRIPTION = "Recurring problems in support tickets: topics, sentiment, root causes and the departments that own them."
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(settings: Settings, *, hosts: list[str] | None = None) -> FastAPI:
    """Build the application for one database; nothing happens until its lifespan begins."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.store = open_store(settings.db)
        app.state.settings = settings
        app.state.analyst = Analyst(settings)
        try:
            yield
        finally:
            app.state.analyst.close()
            app.state.store.close()

    app = FastAPI(
        title="cxtext",
        version=version("cxtext"),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts or LOCAL_NAMES)
    app.middleware("http")(_guarded)
    app.mount("/static", StaticFiles(directory=HERE / "dashboard" / "static"), name="static")
    install_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    return app


async def _guarded(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
