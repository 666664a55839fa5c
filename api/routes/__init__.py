"""One file per noun."""

from api.accounts import login
from api.dashboard import pages
from api.routes import (
    analyze,
    causes,
    corrections,
    defects,
    departments,
    documentation,
    exports,
    fixes,
    health,
    ledgers,
    reports,
    runs,
    search,
    tickets,
    topics,
    voices,
    watch,
)

ROUTERS = (
    health.router,
    tickets.router,
    topics.router,
    watch.router,
    voices.router,
    search.router,
    corrections.router,
    fixes.router,
    defects.router,
    ledgers.router,
    reports.router,
    causes.router,
    departments.router,
    runs.router,
    analyze.router,
    exports.router,
    documentation.router,
    login.router,
    pages.router,
)
