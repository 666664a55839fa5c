"""What the service does, counted for Prometheus: requests, how long they take, and how old the last run is."""

import time
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxtext.store import Store, outbox, runs

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
AT_THE_DOOR = {200: "(kept)", 304: "(unchanged)"}  # answered before any route is looked for


class Figures:
    """The counters of one application; labels are routes, verbs and statuses, never what somebody sent."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("verb", "route", "status")
        self.requests = Counter("cxtext_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram(
            "cxtext_request_seconds", "Time to the last byte.", ("route",), buckets=BUCKETS, registry=self.registry
        )
        self.run = Gauge("cxtext_published_run", "Number of the published run.", registry=self.registry)
        self.age = Gauge("cxtext_last_run_age_seconds", "Since the last night was finished.", registry=self.registry)
        self.waiting = Gauge("cxtext_alerts", "Messages by state.", ("state",), registry=self.registry)

    def told(self, store: Store, now: datetime) -> bytes:
        """All of it in Prometheus' text format."""
        with store.read() as connection:
            self.run.set(runs.current(connection))
            last = runs.last_done(connection, "night")
            states = outbox.count_by_state(connection)
        if last is not None and last.finished_at is not None:
            self.age.set((now - last.finished_at.astimezone(UTC)).total_seconds())
        for state in outbox.STATES:
            self.waiting.labels(state).set(states.get(state, 0))
        return generate_latest(self.registry)


class Meter:
    """Counts every request and how long it took."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and look at the clock."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            figures: Figures = scope["app"].state.figures
            route = _route(scope, status)
            figures.requests.labels(scope["method"], route, str(status)).inc()
            figures.seconds.labels(route).observe(time.perf_counter() - began)


def _route(scope: Scope, status: int) -> str:
    """The pattern of the route; addresses that nobody knows are one, or strangers could fill the memory."""
    route = scope.get("route")
    if route is not None:
        return str(getattr(route, "path", "(other)"))
    if status in AT_THE_DOOR:
        return AT_THE_DOOR[status]
    return "/static" if scope["path"].startswith("/static/") else "(none)"
