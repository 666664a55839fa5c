"""One file per noun."""

from api.accounts import login
from api.dashboard import pages
from api.routes import analyze, causes, departments, documentation, exports, health, runs, tickets, topics

ROUTERS = (
    health.router,
    tickets.router,
    topics.router,
    causes.router,
    departments.router,
    runs.router,
    analyze.router,
    exports.router,
    documentation.router,
    login.router,
    pages.router,
)
