"""Look for what usually goes wrong, and say how to mend it. Looking changes nothing, not even an old schema."""

import contextlib
import importlib.util
import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cxtext.assemble import load_parts
from cxtext.errors import ConfigurationError, CxtextError
from cxtext.jobs.doctor_data import data_findings, repeats
from cxtext.jobs.doctor_place import key_findings, place_findings, secret_findings
from cxtext.jobs.doctor_time import run_findings, undelivered_findings
from cxtext.jobs.doctor_visits import source_findings
from cxtext.jobs.finding import Finding
from cxtext.jobs.signals import check_settings
from cxtext.recipe import load_recipe
from cxtext.resources import models_dir, own_models_dir
from cxtext.settings import DEFAULT_FILE, Settings
from cxtext.store import Store, read_sample, read_tickets, runs
from cxtext.store.connect import connect
from cxtext.store.schema import HEAD, schema_version


def examine(config: Path | None, db: str | None, *, now: datetime, offline: bool = False) -> list[Finding]:
    """All findings; the first that is wrong is usually the reason for the next.

    Args:
        config: the configuration; None takes `cxtext.toml` if it is there.
        db: the database, over the one of the configuration.
        now: the clock.
        offline: leave online sources alone.
    """
    try:
        settings = Settings.load(config, db=db)
        check_settings(settings, now.date())
    except CxtextError as error:
        return [Finding("configuration", "mend", {"why": str(error)})]
    findings = [Finding("configuration", "ok", {"ok": f"{settings.db}, {settings.recipe}"})]
    findings += secret_findings(settings, config or DEFAULT_FILE)
    findings += _installed(settings)
    findings += store_findings(settings, now)
    if not offline:
        findings += source_findings(settings, now)
    return findings


def _installed(settings: Settings) -> Iterator[Finding]:
    try:
        yield Finding("recipe", "ok", {"ok": load_recipe(settings.recipe).title})
        load_parts(settings, b"doctor")
        own = own_models_dir()
        yield Finding("models", "ok", {"ok": f"{models_dir()}" + (f", {own}" if own else "")})
    except ConfigurationError as error:
        yield Finding("recipe", "mend", {"why": str(error)})
    except (CxtextError, OSError) as error:
        yield Finding("models", "mend", {"why": str(error)})
    yield _packages("topics", ("bertopic", "graspologic_native", "sklearn"))
    yield _packages("dashboard", ("fastapi", "uvicorn", "jinja2"))
    yield from _pdf()


def _packages(key: str, names: tuple[str, ...]) -> Finding:
    missing = ", ".join(name for name in names if importlib.util.find_spec(name) is None)
    return Finding(key, "mend", {"why": missing}) if missing else Finding(key, "ok", {"ok": ", ".join(names)})


def _pdf() -> Iterator[Finding]:
    if importlib.util.find_spec("weasyprint") is None:
        return  # an extra that nobody asked for
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints what it misses; stdout belongs to our own answer
            importlib.import_module("weasyprint")
        yield Finding("pdf", "ok", {"ok": "WeasyPrint, Pango"})
    except OSError as error:
        yield Finding("pdf", "look", {"why": re.split(r"\n|\. ", str(error))[0][:160]})


def store_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What the database and its surroundings show; its schema is left as it is."""
    try:
        store = connect(settings.db, create=False)
    except CxtextError as error:
        yield Finding("database", "mend", {"why": str(error)})
        return
    try:
        found = schema_version(store)
        if found != HEAD:
            key = "old-schema" if found is None or found < HEAD else "newer-schema"
            yield Finding(key, "mend", {"url": store.url, "found": found or "–", "wanted": HEAD})
        else:
            yield from _contents(store, settings, now)
        yield from place_findings(store, settings, now=now)
    except CxtextError as error:
        yield Finding("database", "mend", {"why": str(error)})
    finally:
        store.close()


def _contents(store: Store, settings: Settings, now: datetime) -> Iterator[Finding]:
    with store.read() as connection:
        run_id = runs.current(connection)
        totals = read_tickets.totals(connection, run_id)
        drawn = read_sample.sample(connection, run_id)
        rejected = read_sample.reject_counts(connection, ("csat", "nps"))
        nights = read_sample.nights(connection)
        waiting = undelivered_findings(connection, now)
        read_at = read_sample.read_at(connection, run_id)
    yield Finding(
        "database", "ok", {"ok": f"{totals['tickets']:,} / {totals['with_topic']:,} / {totals['quarantined']:,}"}
    )
    yield from run_findings(nights, read_at, settings, now)
    yield from waiting
    named = any(row.customer_id for row in drawn.rows)
    yield from key_findings(store, settings, named=named)
    wrong = list(data_findings(drawn, rejected, settings.languages, now=now))
    first = next((night.counts for night in nights if night.counts.get("read")), {})
    wrong += repeats(dict(first))
    yield from wrong or [Finding("tickets", "ok", {"ok": f"{drawn.total:,}"})]
